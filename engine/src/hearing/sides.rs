//! The waveform itself: how much its peaks stand out, and on which side it is louder.

use super::envelope::approach;

const CREST_S: f32 = 0.4;
const BALANCE_S: f32 = 0.3;
/// A crest of this many decibels is 1: single hits in a quiet room.
const MOST_CREST_DB: f32 = 24.0;
/// Quieter than that there is nothing to tell.
const LEAST_POWER: f32 = 1e-12;

/// Follows both channels.
pub(super) struct Sides {
    /// Highest samples of the newest hops of both channels, as a ring, and mean squares.
    peaks: Vec<[f32; 2]>,
    powers: Vec<[f32; 2]>,
    next: usize,
    balance_power: [f32; 2],
    balance_rate: f32,
}

impl Sides {
    pub(super) fn new(hop_s: f32) -> Self {
        let hops = (CREST_S / hop_s).round().max(1.0) as usize;
        Self {
            peaks: vec![[0.0; 2]; hops],
            powers: vec![[0.0; 2]; hops],
            next: 0,
            balance_power: [0.0; 2],
            balance_rate: approach(hop_s, BALANCE_S),
        }
    }

    /// Takes one hop of left and right; gives crest (0 to 1) and balance (-1, left, to 1, right), as far as there is music.
    pub(super) fn hop(&mut self, (left, right): (&[f32], &[f32]), presence: f32) -> (f32, f32) {
        let sides = [left, right];
        let powers = sides.map(|side| side.iter().map(|x| x * x).sum::<f32>() / side.len().max(1) as f32);
        self.peaks[self.next] = sides.map(|side| side.iter().fold(0.0, |peak: f32, x| peak.max(x.abs())));
        self.powers[self.next] = powers;
        self.next = (self.next + 1) % self.powers.len();
        for (smooth, power) in self.balance_power.iter_mut().zip(powers) {
            *smooth += self.balance_rate * (power - *smooth);
        }
        let [left, right] = self.balance_power;
        let both = left + right;
        let balance = if both < LEAST_POWER { 0.0 } else { (right - left) / both };
        (presence * self.crest(), presence * balance)
    }

    /// Of the louder channel, so that sound on one side has the crest that it has in the middle.
    fn crest(&self) -> f32 {
        let side = |side: usize| {
            let peak = self.peaks.iter().map(|peaks| peaks[side]).fold(0.0, f32::max);
            let power = self.powers.iter().map(|powers| powers[side]).sum::<f32>() / self.powers.len() as f32;
            (power, peak * peak)
        };
        let (left, right) = (side(0), side(1));
        let (power, peak_power) = if left.0 >= right.0 { left } else { right };
        if power < LEAST_POWER {
            return 0.0;
        }
        (10.0 * (peak_power / power).log10() / MOST_CREST_DB).clamp(0.0, 1.0)
    }
}
