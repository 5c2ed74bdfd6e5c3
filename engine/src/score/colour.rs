//! Hues, saturation, and how light is spread.

use super::{Score, quantile};
use crate::stage::oklab;

/// How finely hues are told apart.
const HUES: usize = 36;
/// Every which pixel is looked at, across and down.
const STRIDE_PX: usize = 4;
/// Luma under this is black.
const BLACK: f64 = 0.04;

pub(super) struct Colour {
    /// Effective hues, frame by frame.
    hues: Vec<f32>,
    /// Chroma by hue, of all frames.
    overall: [f64; HUES],
    saturation: f64,
    saturation_squares: f64,
    /// Pixels by luma's byte.
    lumas: [u64; 256],
    linear: [f32; 256],
}

impl Default for Colour {
    fn default() -> Self {
        let linear = |byte: usize| {
            let value = byte as f32 / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        Self {
            hues: Vec::new(),
            overall: [0.0; HUES],
            saturation: 0.0,
            saturation_squares: 0.0,
            lumas: [0; 256],
            linear: std::array::from_fn(linear),
        }
    }
}

impl Colour {
    pub fn add(&mut self, rgb: &[u8], [width, _]: [usize; 2]) {
        let mut by_hue = [0.0_f64; HUES];
        for row in rgb.chunks_exact(3 * width).step_by(STRIDE_PX) {
            for &pixel in row.as_chunks::<3>().0.iter().step_by(STRIDE_PX) {
                let [_, a, b, _] = oklab(pixel.map(|byte| self.linear[usize::from(byte)]));
                let turn = f64::from(b).atan2(f64::from(a)) / std::f64::consts::TAU;
                by_hue[(turn.rem_euclid(1.0) * HUES as f64) as usize % HUES] += f64::from(a.hypot(b));
                let [r, g, b] = pixel.map(f64::from);
                let most = r.max(g).max(b);
                let saturation = if most > 0.0 { 1.0 - r.min(g).min(b) / most } else { 0.0 };
                self.saturation += saturation;
                self.saturation_squares += saturation * saturation;
                self.lumas[(0.2126 * r + 0.7152 * g + 0.0722 * b).round() as usize] += 1;
            }
        }
        self.hues.push(effective(&by_hue) as f32);
        for (sum, chroma) in self.overall.iter_mut().zip(by_hue) {
            *sum += chroma;
        }
    }

    pub fn tell(mut self, score: &mut Score) {
        self.hues.sort_by(f32::total_cmp);
        score.hues = quantile(&self.hues, 0.5).unwrap_or_default();
        score.hues_overall = effective(&self.overall);
        let count = self.lumas.iter().sum::<u64>().max(1) as f64;
        score.saturation = self.saturation / count;
        let variance = self.saturation_squares / count - score.saturation * score.saturation;
        score.saturation_spread = variance.max(0.0).sqrt();
        let luma = |part: f64| {
            let mut below = 0.0;
            let reached = self.lumas.iter().position(|&pixels| {
                below += pixels as f64;
                below > part * count
            });
            reached.unwrap_or(255) as f64 / 255.0
        };
        (score.luma_low, score.luma_median, score.luma_high) = (luma(0.01), luma(0.5), luma(0.99));
        let black = (BLACK * 255.0) as usize;
        score.black_percent = 100.0 * self.lumas[..=black].iter().sum::<u64>() as f64 / count;
    }
}

/// The number of hues that carry all chroma: the exponential of their entropy; 0 where there is no chroma to speak of.
fn effective(by_hue: &[f64; HUES]) -> f64 {
    let sum: f64 = by_hue.iter().sum();
    if sum < 1e-3 {
        return 0.0;
    }
    let entropy: f64 =
        by_hue.iter().filter(|part| **part > 0.0).map(|part| -(part / sum) * (part / sum).ln()).sum();
    entropy.exp()
}
