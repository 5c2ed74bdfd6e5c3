//! Spectral flux: where in the spectrum something begins.
//!
//! After SuperFlux (Böck and Widmer, "Maximum filter vibrato suppression for onset detection", 2013): logarithmic
//! magnitudes in bands, and the rise above the largest of the neighbouring bands some hops earlier, so that a
//! tone that slides into the next band is no onset. The maximum also runs over [`MEMORY`] hops in time: a low
//! tone fluctuates within its own period when the window is short, and that is no onset either.

use super::filterbank::FilterBank;
use super::spectrum::Spectrum;

const BANDS_PER_OCTAVE: f32 = 8.0;
const HIGHEST_HZ: f32 = 16_000.0;
/// The rise is measured against hops this much older and more.
pub(super) const LAG: usize = 3;
/// How many past hops the maximum runs over.
pub(super) const MEMORY: usize = 4;
/// Band magnitudes are compressed as ln(1 + SENSITIVITY x), where x = 1 is as loud as the recording gets.
const SENSITIVITY: f32 = 100.0;

/// Rise of every band since some hops ago.
pub(super) struct Flux {
    bank: FilterBank,
    centres_hz: Vec<f32>,
    now: Vec<f32>,
    /// Each past hop, already widened by one band to both sides, as a ring.
    past: Vec<Vec<f32>>,
    next: usize,
    rise: Vec<f32>,
}

impl Flux {
    pub(super) fn new(nyquist_hz: f32, spectrum: &Spectrum) -> Self {
        let mut centres_hz = vec![spectrum.bin_hz()];
        let step = 2_f32.powf(1.0 / BANDS_PER_OCTAVE);
        loop {
            let last = centres_hz[centres_hz.len() - 1];
            let next = (last * step).max(last + spectrum.bin_hz());
            if next * step > HIGHEST_HZ.min(nyquist_hz) {
                break;
            }
            centres_hz.push(next);
        }
        let count = centres_hz.len();
        Self {
            bank: FilterBank::triangles(&centres_hz, spectrum.bin_hz(), spectrum.bin_count()),
            centres_hz,
            now: vec![0.0; count],
            past: vec![vec![0.0; count]; LAG + MEMORY - 1],
            next: 0,
            rise: vec![0.0; count],
        }
    }

    /// Centre frequencies of the bands, ascending.
    pub(super) fn centres_hz(&self) -> &[f32] {
        &self.centres_hz
    }

    /// Rise of each band in nepers of compressed magnitude, 0 where it falls. `loud` is the amplitude that the
    /// recording reaches.
    pub(super) fn hop(&mut self, spectrum: &Spectrum, loud: f32) -> &[f32] {
        let gain = SENSITIVITY / loud;
        for (now, power) in self.now.iter_mut().zip(self.bank.gather(spectrum.power())) {
            *now = (gain * power.sqrt()).ln_1p();
        }
        self.rise.copy_from_slice(&self.now);
        let ring = self.past.len();
        for age in LAG..LAG + MEMORY {
            let past = &self.past[(self.next + ring - age.min(ring)) % ring];
            for (rise, (now, past)) in self.rise.iter_mut().zip(self.now.iter().zip(past)) {
                *rise = rise.min(now - past);
            }
        }
        let widened = &mut self.past[self.next];
        for (band, wide) in widened.iter_mut().enumerate() {
            let near = band.saturating_sub(1)..(band + 2).min(self.now.len());
            *wide = self.now[near].iter().copied().fold(0.0, f32::max);
        }
        self.next = (self.next + 1) % ring;
        self.rise.iter_mut().for_each(|rise| *rise = rise.max(0.0));
        &self.rise
    }
}
