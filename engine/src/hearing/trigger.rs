//! From how likely a network finds a hit to hits.

/// What is surely one, and what is none any more.
const NONE: f32 = 0.6;
/// A rise by this much above the lowest since the last hit is another one, before the first has faded: rolls.
const AGAIN: f32 = 0.25;
/// No second hit sooner, in frames.
const REFRACTORY_FRAMES: u32 = 2;

/// Fires when what it follows rises above a threshold.
pub(super) struct Trigger {
    threshold: f32,
    is_armed: bool,
    lowest: f32,
    since: u32,
}

impl Trigger {
    pub(super) fn new(threshold: f32) -> Self {
        Self { threshold, is_armed: true, lowest: 0.0, since: u32::MAX }
    }

    /// How likely a hit must be.
    pub(super) fn threshold(&self) -> f32 {
        self.threshold
    }

    /// The next frame; true where a hit begins.
    pub(super) fn frame(&mut self, likely: f32) -> bool {
        self.since = self.since.saturating_add(1);
        self.lowest = self.lowest.min(likely);
        self.is_armed |= likely < NONE * self.threshold || likely > self.lowest + AGAIN;
        let fires = self.is_armed && likely >= self.threshold && self.since >= REFRACTORY_FRAMES;
        if fires {
            (self.is_armed, self.lowest, self.since) = (false, likely, 0);
        }
        fires
    }
}
