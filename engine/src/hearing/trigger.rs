//! From how likely a network finds a hit to hits.

/// What is surely one, and what is none any more.
const NONE: f32 = 0.6;
/// A rise by this much above the lowest since the last hit is another one, before the first has faded: rolls.
const AGAIN: f32 = 0.25;
/// No second hit sooner, in frames.
const REFRACTORY_FRAMES: u32 = 2;

/// How likely a hit must be, where there may be a peak of another curve beside it.
#[derive(Clone, Copy)]
pub(super) struct Least {
    /// Where there is no peak.
    pub alone: f32,
    /// Where the peak is there already.
    pub after_a_peak: f32,
    /// Where it comes yet.
    pub before_a_peak: f32,
}

/// Fires when what it follows rises above a threshold.
pub(super) struct Trigger {
    least: Least,
    is_armed: bool,
    lowest: f32,
    since: u32,
}

impl Trigger {
    pub(super) fn new(least: Least) -> Self {
        Self { least, is_armed: true, lowest: 0.0, since: u32::MAX }
    }

    /// How likely a hit must be.
    pub(super) fn least(&self) -> Least {
        self.least
    }

    /// The next frame; true where a hit begins. `is_after_a_peak`: the other curve has peaked there.
    pub(super) fn frame(&mut self, likely: f32, is_after_a_peak: bool) -> bool {
        let threshold = if is_after_a_peak { self.least.after_a_peak } else { self.least.alone };
        self.since = self.since.saturating_add(1);
        self.lowest = self.lowest.min(likely);
        self.is_armed |= likely < NONE * threshold || likely > self.lowest + AGAIN;
        let fires = self.is_armed && likely >= threshold && self.since >= REFRACTORY_FRAMES;
        if fires {
            (self.is_armed, self.lowest, self.since) = (false, likely, 0);
        }
        fires
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many hits there are in three rises to this likelihood.
    fn hits(likely: f32, is_after_a_peak: bool) -> usize {
        let mut trigger = Trigger::new(Least { alone: 0.6, after_a_peak: 0.2, before_a_peak: 0.2 });
        (0..30)
            .filter(|frame| trigger.frame(if frame % 10 == 5 { likely } else { 0.01 }, is_after_a_peak))
            .count()
    }

    #[test]
    fn what_peaks_elsewhere_too_may_be_less_likely() {
        assert_eq!((hits(0.1, false), hits(0.1, true)), (0, 0));
        assert_eq!((hits(0.4, false), hits(0.4, true)), (0, 3));
        assert_eq!((hits(0.7, false), hits(0.7, true)), (3, 3));
    }
}
