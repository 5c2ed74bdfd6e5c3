//! The time that a frame stands for: the audio's, running smoothly although hearing comes in bursts.

use std::time::{Duration, Instant};

/// How much of the difference is taken over at each look.
const FOLLOW: f64 = 0.05;
/// A difference of more than this is a jump.
const JUMP_S: f64 = 0.15;

/// Follows the audio's clock on the wall's.
#[derive(Default)]
pub struct Clock {
    /// Wall time of the first look, and audio time at it as far as known.
    start: Option<(Instant, f64)>,
    shown_s: f64,
}

impl Clock {
    /// The audio time at `now`, given that the hearing of `heard_s` was published at `published`. Never goes back, except
    /// where the audio's time itself begins again.
    pub fn time_s(&mut self, now: Instant, heard_s: f64, published: Instant) -> f64 {
        let age = now.saturating_duration_since(published).min(Duration::from_secs_f64(JUMP_S));
        let told_s = heard_s + age.as_secs_f64();
        let (start, at_start_s) = self.start.get_or_insert((now, told_s));
        let own_s = *at_start_s + now.saturating_duration_since(*start).as_secs_f64();
        let off_s = told_s - own_s;
        if off_s.abs() > JUMP_S {
            *at_start_s += off_s;
            self.shown_s = told_s;
        } else {
            *at_start_s += FOLLOW * off_s;
            self.shown_s = self.shown_s.max(own_s + FOLLOW * off_s);
        }
        self.shown_s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bursts_come_out_as_a_steady_flow() {
        let mut clock = Clock::default();
        let begin = Instant::now();
        let mut last_s = 0.0;
        for frame in 0..600_u32 {
            let at_s = f64::from(frame) / 60.0;
            // Blocks of 21 ms are heard whenever they are complete.
            let block_s = (at_s / 0.0213).floor() * 0.0213;
            let now = begin + Duration::from_secs_f64(at_s);
            let time_s = clock.time_s(now, block_s, begin + Duration::from_secs_f64(block_s));
            let step_s = time_s - last_s;
            assert!(frame < 2 || (step_s - 1.0 / 60.0).abs() < 0.003, "frame {frame}: {step_s}");
            last_s = time_s;
        }
        assert!((last_s - 599.0 / 60.0).abs() < 0.03);
    }

    #[test]
    fn a_jump_is_taken_over_at_once() {
        let mut clock = Clock::default();
        let begin = Instant::now();
        clock.time_s(begin, 100.0, begin);
        let later = begin + Duration::from_millis(16);
        assert!((clock.time_s(later, 3.0, later) - 3.0).abs() < 1e-9);
    }
}
