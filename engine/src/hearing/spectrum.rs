//! Windowed power spectra of a stereo signal.

use std::f32::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};

/// A Hann-windowed power spectrum, mean of both channels.
///
/// The power of the channels is added, not their samples, so that nothing cancels out of phase.
pub(super) struct Spectrum {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    windowed: Vec<f32>,
    bins: Vec<Complex32>,
    scratch: Vec<Complex32>,
    power: Vec<f32>,
    scale: f32,
    bin_hz: f32,
}

impl Spectrum {
    /// A window of about `window_ms`, rounded up to a length that the FFT is fast at.
    pub(super) fn new(sample_rate_hz: f32, window_ms: f32) -> Self {
        let length = fast_length((sample_rate_hz * window_ms * 1e-3) as usize);
        let fft = RealFftPlanner::new().plan_fft_forward(length);
        let window: Vec<f32> =
            (0..length).map(|i| 0.5 - 0.5 * (TAU * (i as f32 + 0.5) / length as f32).cos()).collect();
        let window_energy: f32 = window.iter().map(|w| w * w).sum();
        Self {
            windowed: fft.make_input_vec(),
            bins: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            power: vec![0.0; length / 2 + 1],
            // By Parseval, with both halves of the spectrum and two channels: bins add up to the mean square.
            scale: 1.0 / (length as f32 * window_energy),
            bin_hz: sample_rate_hz / length as f32,
            fft,
            window,
        }
    }

    /// Window length in samples.
    pub(super) fn length(&self) -> usize {
        self.window.len()
    }

    /// Distance between bins.
    pub(super) fn bin_hz(&self) -> f32 {
        self.bin_hz
    }

    /// Number of bins, from 0 Hz to Nyquist.
    pub(super) fn bin_count(&self) -> usize {
        self.power.len()
    }

    /// Power by bin; the sum over all bins is the mean square of the windowed signal.
    pub(super) fn power(&self) -> &[f32] {
        &self.power
    }

    /// Analyses one window of each channel, [`length`](Self::length) samples.
    pub(super) fn analyse(&mut self, (left, right): (&[f32], &[f32])) {
        self.power.fill(0.0);
        if left == right {
            self.add(left, 2.0 * self.scale);
        } else {
            self.add(left, self.scale);
            self.add(right, self.scale);
        }
    }

    fn add(&mut self, samples: &[f32], scale: f32) {
        for ((out, x), w) in self.windowed.iter_mut().zip(samples).zip(&self.window) {
            *out = x * w;
        }
        // The only error is a wrong buffer length, and all three were made by the plan itself.
        if self.fft.process_with_scratch(&mut self.windowed, &mut self.bins, &mut self.scratch).is_ok() {
            for (power, bin) in self.power.iter_mut().zip(&self.bins) {
                *power += scale * bin.norm_sqr();
            }
        }
    }
}

/// The smallest even number from `at_least` up whose only prime factors are 2, 3 and 5.
fn fast_length(at_least: usize) -> usize {
    let is_fast = |n: usize| {
        let mut rest = n;
        for factor in [2, 3, 5] {
            while rest.is_multiple_of(factor) {
                rest /= factor;
            }
        }
        rest == 1
    };
    let mut length = at_least.max(16).next_multiple_of(2);
    while !is_fast(length) {
        length += 2;
    }
    length
}
