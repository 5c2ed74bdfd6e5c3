//! Whether a host still plays: some send a block every few milliseconds, some work a tenth of a second ahead in bursts, and
//! all of them may stop calling without a word.

use std::time::{Duration, Instant};

/// Silence of the host beyond what its rhythm explains.
const PATIENCE_S: f64 = 0.06;
/// Sound that comes within this time belongs together.
const TOGETHER: Duration = Duration::from_millis(12);
/// A rhythm is forgotten over this time.
const FORGET_S: f64 = 10.0;

/// Follows the rhythm in which sound comes.
pub(super) struct Pulse {
    last: Instant,
    /// When the newest burst began, and how much sound has come with it, in seconds.
    burst: (Instant, f64),
    /// By how much the host has been ahead of the clock lately, in seconds.
    ahead_s: f64,
}

impl Pulse {
    pub(super) fn new(now: Instant) -> Self {
        Self { last: now, burst: (now, 0.0), ahead_s: 0.0 }
    }

    /// So much sound has come, in seconds.
    pub(super) fn came(&mut self, now: Instant, sound_s: f64) {
        let pause = now.saturating_duration_since(self.last);
        if pause > TOGETHER {
            self.burst = (now, 0.0);
        }
        self.burst.1 += sound_s;
        let ahead_s = self.burst.1 - now.saturating_duration_since(self.burst.0).as_secs_f64();
        self.ahead_s = (self.ahead_s * (-pause.as_secs_f64() / FORGET_S).exp()).max(ahead_s);
        self.last = now;
    }

    /// For how long the host has stood, in seconds, if it does.
    pub(super) fn stands_for_s(&self, now: Instant) -> Option<f64> {
        let quiet_s = now.saturating_duration_since(self.last).as_secs_f64();
        (quiet_s > PATIENCE_S + 1.5 * self.ahead_s).then_some(quiet_s - self.ahead_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 48_000.0;

    /// Plays 8 s in bursts of blocks, looked at every 2 ms; then stops. How often it was said to stand meanwhile, and after
    /// how long it was seen that it does.
    fn play(burst: usize, block: usize) -> (usize, f64) {
        let begin = Instant::now();
        let at = |time_s: f64| begin + Duration::from_secs_f64(time_s);
        let mut pulse = Pulse::new(begin);
        let (mut stood, mut played, mut look_s) = (0, 0_usize, 0.0);
        while look_s < 8.0 {
            while played as f64 / RATE_HZ <= look_s {
                for _ in 0..burst / block {
                    pulse.came(at(look_s), block as f64 / RATE_HZ);
                    played += block;
                }
            }
            stood += usize::from(pulse.stands_for_s(at(look_s)).is_some());
            look_s += 0.002;
        }
        while pulse.stands_for_s(at(look_s)).is_none() {
            look_s += 0.002;
        }
        (stood, look_s - played as f64 / RATE_HZ)
    }

    #[test]
    fn no_rhythm_is_taken_for_a_halt_and_a_halt_is_seen_soon() {
        for (burst, block) in
            [(64, 64), (1, 1), (96, 1), (4096, 4096), (4864, 256), (16_384, 16_384), (48_000, 512)]
        {
            let (stood, seen_s) = play(burst, block);
            assert_eq!(stood, 0, "{burst} frames at once in blocks of {block}");
            assert!(seen_s < 0.1 + 0.6 * burst as f64 / RATE_HZ, "{burst} by {block}: {seen_s}");
        }
    }
}
