//! How much begins in one part of the spectrum: the mean rise of its bands.
//!
//! A spectral flux on a logarithmic scale (Böck and Widmer, "Maximum filter vibrato suppression for onset detection",
//! 2013), with a maximum over some past hops: a low tone fluctuates within its own period when the window is short, and
//! that is no beginning.

use super::filterbank::FilterBank;
use super::spectrum::Spectrum;

/// Width of the bands.
const BANDS_PER_OCTAVE: f32 = 6.0;
/// What is compared lies this many hops and more in the past, and how many hops the maximum runs over.
const LAG: usize = 3;
const MEMORY: usize = 4;
/// Magnitudes are compressed as ln(1 + SENSITIVITY x), where x = 1 is as loud as the recording gets.
const SENSITIVITY: f32 = 100.0;

/// One part of the spectrum.
pub(super) struct Rise {
    bank: FilterBank,
    /// The newest hops of every band, as a ring.
    past: [Vec<f32>; LAG + MEMORY],
    next: usize,
}

impl Rise {
    /// From `from_hz` to `to_hz`, in bands of at least a bin.
    pub(super) fn new(from_hz: f32, to_hz: f32, spectrum: &Spectrum) -> Self {
        let step = 2_f32.powf(1.0 / BANDS_PER_OCTAVE);
        let mut edges_hz = vec![from_hz];
        while let Some(last) = edges_hz.last().copied()
            && last < to_hz
        {
            edges_hz.push((last * step).max(last + spectrum.bin_hz()).min(to_hz));
        }
        let count = edges_hz.len() - 1;
        Self {
            bank: FilterBank::between(&edges_hz, spectrum.bin_hz(), spectrum.bin_count()),
            past: std::array::from_fn(|_| vec![0.0; count]),
            next: 0,
        }
    }

    /// The mean rise in nepers of compressed magnitude; what falls counts nothing. `loud` is the amplitude that the
    /// recording reaches.
    pub(super) fn hop(&mut self, spectrum: &Spectrum, loud: f32) -> f32 {
        let gain = SENSITIVITY / loud;
        let ring = self.past.len();
        for (now, power) in self.past[self.next].iter_mut().zip(self.bank.gather(spectrum.power())) {
            *now = (gain * power.sqrt()).ln_1p();
        }
        let bands = self.past[self.next].len();
        let rise = (0..bands).map(|band| {
            let aged = |age: usize| self.past[(self.next + ring - age) % ring][band];
            let before = (LAG..LAG + MEMORY).map(aged).fold(0.0, f32::max);
            (aged(0) - before).max(0.0)
        });
        let mean = rise.sum::<f32>() / bands.max(1) as f32;
        self.next = (self.next + 1) % ring;
        mean
    }
}
