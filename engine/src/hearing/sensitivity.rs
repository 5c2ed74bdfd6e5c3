//! How strongly the picture answers to the sound.

use super::Heard;

/// How strongly the picture answers to the sound: 0 hardly, 1 normally, up to 10 wildly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sensitivity {
    /// To all of it; the bands' own values multiply it.
    pub all: f32,
    /// To the bass and the kick.
    pub bass: f32,
    /// To the middle and the snare.
    pub mid: f32,
    /// To the treble and the hat.
    pub treble: f32,
}

impl Default for Sensitivity {
    fn default() -> Self {
        Self { all: 1.0, bass: 1.0, mid: 1.0, treble: 1.0 }
    }
}

impl Heard {
    /// The same snapshot as a more (`sensitivity` > 1) or less (< 1) sensitive listener would take it; 0 hears only
    /// that there is music. Values keep their range of 0 to 1 and their order; measurements in units (LUFS, Hz, beats per
    /// minute) and the clock stay as they are.
    pub fn with_sensitivity(mut self, sensitivity: f32) -> Self {
        if sensitivity == 1.0 {
            return self;
        }
        let bend = |x: &mut f32| *x = 1.0 - (1.0 - x.clamp(0.0, 1.0)).powf(sensitivity.max(0.0));
        for drum in [&mut self.kick, &mut self.snare, &mut self.hat, &mut self.onset] {
            bend(&mut drum.pulse);
            bend(&mut drum.strength);
        }
        for value in [&mut self.loudness, &mut self.level, &mut self.bass, &mut self.mid, &mut self.treble] {
            bend(value);
        }
        self.bands.iter_mut().for_each(bend);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_more_less_is_less_and_the_ends_stay() {
        let heard = Heard { loudness: 0.5, bass: 1.0, treble: 0.0, ..Heard::default() };
        assert_eq!(heard.with_sensitivity(1.0), heard);
        let (more, less) = (heard.with_sensitivity(2.0), heard.with_sensitivity(0.5));
        assert!(less.loudness < 0.5 && 0.5 < more.loudness);
        assert_eq!((more.bass, more.treble), (1.0, 0.0));
        assert_eq!(heard.with_sensitivity(0.0).loudness, 0.0);
    }
}
