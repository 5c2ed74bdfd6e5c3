//! The beat as the picture takes it: in steps that may be longer or shorter than the music's beats.

use super::Heard;
use super::cycles::beat_hit;

/// The shortest and the longest step, in beats.
const SHORTEST_BEATS: f32 = 0.25;
const LONGEST_BEATS: f32 = 8.0;

impl Heard {
    /// The same snapshot with a beat that is `beats` (0.25 to 8) times as long: phase, count and hit are those of steps. Where
    /// the host leads, a step of four beats begins on the bar line of a song in 4/4. The tempo stays the music's.
    #[must_use]
    pub fn with_beats_per_step(mut self, beats: f32) -> Self {
        if beats == 1.0 || !beats.is_finite() {
            return self;
        }
        // A host's count is negative before the song's start.
        let beat = f64::from(self.beat_count.cast_signed()) + f64::from(self.beat_phase);
        let beats = beats.clamp(SHORTEST_BEATS, LONGEST_BEATS);
        (self.beat_count, self.beat_phase) = place_in(beat / f64::from(beats));
        self.beat_hit = beat_hit(&self, beats);
        self
    }
}

/// A running number of beats as count (which wraps) and phase (0 to below 1).
pub(super) fn place_in(beat: f64) -> (u32, f32) {
    let whole = beat.floor();
    (whole as i64 as u32, ((beat - whole) as f32).min(1.0 - f32::EPSILON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_four_beats_rises_once_a_bar() {
        let at = |count: u32, phase: f32| Heard { beat_count: count, beat_phase: phase, ..Heard::default() };
        let place = |heard: Heard| (heard.beat_count, heard.beat_phase);
        assert_eq!(place(at(6, 0.5).with_beats_per_step(1.0)), (6, 0.5));
        assert_eq!(place(at(6, 0.5).with_beats_per_step(4.0)), (1, 0.625));
        assert_eq!(place(at(8, 0.0).with_beats_per_step(4.0)), (2, 0.0));
        assert_eq!(place(at(6, 0.5).with_beats_per_step(0.25)), (26, 0.0));
        let last_of_pre_roll = at(u32::MAX, 0.5).with_beats_per_step(2.0);
        assert_eq!(place(last_of_pre_roll), (u32::MAX, 0.75));
        assert_eq!(place(at(6, 0.5).with_beats_per_step(f32::NAN)), (6, 0.5));
        let sure = |count, phase| Heard { tempo_bpm: 120.0, beat_confidence: 1.0, ..at(count, phase) };
        assert_eq!(sure(8, 0.0).with_beats_per_step(4.0).beat_hit, 1.0);
        let late = sure(9, 0.0).with_beats_per_step(4.0).beat_hit;
        assert!((0.01..0.2).contains(&late), "half a second into a step: {late}");
    }
}
