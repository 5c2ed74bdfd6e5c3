//! Which of the twelve pitch classes sound.
//!
//! Peaks of a long spectrum, each counted for the pitch class it is nearest to, as in the harmonic pitch class
//! profile (Gómez, "Tonal description of music audio signals", 2006). Peaks rather than bins keep noise and the
//! skirts of loud tones out.

use super::envelope::approach;
use super::spectrum::Spectrum;

const LOWEST_HZ: f32 = 110.0;
const HIGHEST_HZ: f32 = 4000.0;
/// Peaks that are weaker than the strongest by more than this factor in power are left out.
const WEAKEST: f32 = 1e-4;
const C_HZ: f32 = 261.625_58;

/// Energy by pitch class, smoothed.
pub(super) struct Chroma {
    goal: [f32; 12],
    smooth: [f32; 12],
    rate: f32,
}

impl Chroma {
    pub(super) fn new(hop_s: f32) -> Self {
        Self { goal: [0.0; 12], smooth: [0.0; 12], rate: approach(hop_s, 0.12) }
    }

    /// Takes a new long spectrum.
    pub(super) fn look(&mut self, spectrum: &Spectrum) {
        let power = spectrum.power();
        let first = ((LOWEST_HZ / spectrum.bin_hz()) as usize).clamp(1, power.len() - 1);
        let last = ((HIGHEST_HZ / spectrum.bin_hz()) as usize).clamp(first, power.len() - 1);
        // Compared with everything that sounds: the skirt of a bass note below is no pitch.
        let strongest = power[1..last].iter().copied().fold(0.0, f32::max);
        self.goal = [0.0; 12];
        for bin in first..last {
            let [before, at, after] = [bin - 1, bin, bin + 1].map(|i| power[i]);
            if at <= before || at < after || at < WEAKEST * strongest || at <= f32::MIN_POSITIVE {
                continue;
            }
            let [before, at_log, after] = [before, at, after].map(|p| p.max(f32::MIN_POSITIVE).ln());
            let offset = 0.5 * (before - after) / (before - 2.0 * at_log + after).min(-1e-6);
            let hz = (bin as f32 + offset.clamp(-0.5, 0.5)) * spectrum.bin_hz();
            let semitone = 12.0 * (hz / C_HZ).log2();
            let nearest = semitone.round();
            // A peak between two pitch classes counts little for either: 1 in tune, 0 a quarter tone off.
            let in_tune = (std::f32::consts::PI * (semitone - nearest)).cos().max(0.0);
            self.goal[(nearest as i32).rem_euclid(12) as usize] += in_tune * at.sqrt();
        }
        let largest = self.goal.iter().copied().fold(0.0, f32::max);
        if largest > 0.0 {
            self.goal.iter_mut().for_each(|class| *class /= largest);
        }
    }

    /// Moves on by one hop: C first, the largest being `presence`.
    pub(super) fn hop(&mut self, presence: f32) -> [f32; 12] {
        for (smooth, goal) in self.smooth.iter_mut().zip(self.goal) {
            *smooth += self.rate * (goal - *smooth);
        }
        let largest = self.smooth.iter().copied().fold(0.0, f32::max);
        if largest < 1e-6 { [0.0; 12] } else { self.smooth.map(|class| presence * class / largest) }
    }
}
