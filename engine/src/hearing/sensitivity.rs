//! How strongly the picture answers to the sound.

use super::Heard;
use crate::knobs::table::Controls;

/// Bands of [`Heard::bands`] that lie below 150 Hz, and those below 2 kHz, at sample rates from 32 kHz on (below, the
/// bands are narrower and the borders lower).
const BASS_BANDS: usize = 6;
const BASS_AND_MID_BANDS: usize = 16;

impl Heard {
    /// The same snapshot as a more (sensitivities above 1) or less (below 1) sensitive listener would take it; 0 hears only
    /// that there is music, and what a part of the sound has multiplies what all of it has. Values keep their range of 0 to 1 and their order; measurements in units (LUFS, Hz, beats per minute, the
    /// seconds that levels add up to) and the clock stay as they are. Both middle ranges answer to the sensitivity of the middle.
    #[must_use]
    pub fn with_sensitivity(mut self, controls: &Controls) -> Self {
        let all = controls.sensitivity;
        let bass = all * controls.bass_sensitivity;
        let mid = all * controls.mid_sensitivity;
        let treble = all * controls.treble_sensitivity;
        for (value, drum, part) in [
            (&mut self.bass, &mut self.kick, bass),
            (&mut self.mid, &mut self.snare, mid),
            (&mut self.treble, &mut self.hat, treble),
            (&mut self.loudness, &mut self.onset, all),
        ] {
            bend(value, part);
            bend(&mut drum.pulse, part);
            bend(&mut drum.strength, part);
        }
        bend(&mut self.level, all);
        for (values, drum, part) in [
            ([&mut self.all_level, &mut self.all_presence], &mut self.all_hit, all),
            ([&mut self.bass_level, &mut self.bass_presence], &mut self.bass_hit, bass),
            ([&mut self.low_mid_level, &mut self.low_mid_presence], &mut self.low_mid_hit, mid),
            ([&mut self.high_mid_level, &mut self.high_mid_presence], &mut self.high_mid_hit, mid),
            ([&mut self.high_level, &mut self.high_presence], &mut self.high_hit, treble),
        ] {
            values.into_iter().for_each(|value| bend(value, part));
            bend(&mut drum.pulse, part);
            bend(&mut drum.strength, part);
        }
        bend(&mut self.other.pulse, all);
        bend(&mut self.other.strength, all);
        for (i, band) in self.bands.iter_mut().enumerate() {
            bend(
                band,
                if i < BASS_BANDS {
                    bass
                } else if i < BASS_AND_MID_BANDS {
                    mid
                } else {
                    treble
                },
            );
        }
        self
    }
}

/// Raises or lowers `value` (0 to 1) without leaving its range. 1 leaves it bit for bit.
fn bend(value: &mut f32, sensitivity: f32) {
    if sensitivity != 1.0 {
        *value = 1.0 - (1.0 - value.clamp(0.0, 1.0)).powf(sensitivity.max(0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hearing::{BANDS, Drum};

    fn all(sensitivity: f32) -> Controls {
        Controls { sensitivity, ..Controls::default() }
    }

    #[test]
    fn more_is_more_less_is_less_and_the_ends_stay() {
        let heard = Heard { loudness: 0.5, bass: 1.0, treble: 0.0, ..Heard::default() };
        assert_eq!(heard.with_sensitivity(&Controls::default()), heard);
        let (more, less) = (heard.with_sensitivity(&all(2.0)), heard.with_sensitivity(&all(0.5)));
        assert!(less.loudness < 0.5 && 0.5 < more.loudness);
        assert_eq!((more.bass, more.treble), (1.0, 0.0));
        assert_eq!(heard.with_sensitivity(&all(0.0)).loudness, 0.0);
    }

    #[test]
    fn each_part_of_the_spectrum_has_a_sensitivity_of_its_own() {
        let drum = Drum { pulse: 0.5, strength: 0.5, ..Drum::default() };
        let heard = Heard {
            loudness: 0.5,
            level: 0.5,
            bass: 0.5,
            mid: 0.5,
            treble: 0.5,
            bands: [0.5; BANDS],
            kick: drum,
            snare: drum,
            hat: drum,
            onset: drum,
            bass_level: 0.5,
            bass_hit: drum,
            bass_time_s: 7.0,
            high_mid_hit: drum,
            high_presence: 0.5,
            other: drum,
            ..Heard::default()
        };
        let deaf_to_bass = heard.with_sensitivity(&Controls { bass_sensitivity: 0.0, ..Controls::default() });
        assert_eq!((deaf_to_bass.bass, deaf_to_bass.kick.pulse, deaf_to_bass.bands[5]), (0.0, 0.0, 0.0));
        assert_eq!(
            (deaf_to_bass.bass_level, deaf_to_bass.bass_hit.pulse, deaf_to_bass.bass_time_s),
            (0.0, 0.0, 7.0)
        );
        let rest = Heard {
            bass: 0.5,
            kick: drum,
            bass_level: 0.5,
            bass_hit: drum,
            bands: heard.bands,
            ..deaf_to_bass
        };
        assert_eq!(rest, heard, "nothing else changed");
        let keen = heard.with_sensitivity(&Controls { treble_sensitivity: 2.0, ..all(2.0) });
        assert!(keen.hat.pulse > keen.snare.pulse && keen.snare.pulse == keen.onset.pulse);
        assert!(keen.high_mid_hit.pulse == keen.snare.pulse && keen.other.pulse == keen.snare.pulse);
        assert!(
            keen.high_presence == keen.treble
                && keen.bands[16] > keen.bands[15]
                && keen.treble > keen.mid
                && keen.level > 0.5
        );
    }
}
