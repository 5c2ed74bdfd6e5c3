//! The colour of the sound: centroid, flatness and stereo width.

use super::envelope::approach;
use super::spectrum::Spectrum;

const LOWEST_HZ: f32 = 60.0;
const HIGHEST_HZ: f32 = 16_000.0;
/// Neighbouring bins that are averaged before flatness is taken: single bins of noise are far from flat.
const GROUP: usize = 4;

/// Follows the colour of the sound.
pub(super) struct Timbre {
    power: Vec<f32>,
    look_rate: f32,
    first: usize,
    last: usize,
    bin_hz: f32,
    centroid_hz: f32,
    flatness: f32,
    hop_rate: f32,
    centroid_smooth_hz: f32,
    flatness_smooth: f32,
    hop_mid: f32,
    hop_side: f32,
    mid: f32,
    side: f32,
    width_rate: f32,
}

impl Timbre {
    /// For spectra like `spectrum` that come every `look_s`.
    pub(super) fn new(hop_s: f32, look_s: f32, spectrum: &Spectrum) -> Self {
        let top = spectrum.bin_count() - 1;
        let first = ((LOWEST_HZ / spectrum.bin_hz()) as usize).clamp(1, top);
        Self {
            power: vec![0.0; spectrum.bin_count()],
            look_rate: approach(look_s, 0.08),
            first,
            last: ((HIGHEST_HZ / spectrum.bin_hz()) as usize).clamp(first, top),
            bin_hz: spectrum.bin_hz(),
            centroid_hz: 0.0,
            flatness: 0.0,
            hop_rate: approach(hop_s, 0.03),
            centroid_smooth_hz: 0.0,
            flatness_smooth: 0.0,
            hop_mid: 0.0,
            hop_side: 0.0,
            mid: 0.0,
            side: 0.0,
            width_rate: approach(hop_s, 0.3),
        }
    }

    pub(super) fn push(&mut self, [left, right]: [f32; 2]) {
        let (mid, side) = (left + right, left - right);
        self.hop_mid += mid * mid;
        self.hop_side += side * side;
    }

    /// Takes a new spectrum.
    pub(super) fn look(&mut self, spectrum: &Spectrum) {
        for (smooth, power) in self.power.iter_mut().zip(spectrum.power()) {
            *smooth += self.look_rate * (power - *smooth);
        }
        let bins = &self.power[self.first..=self.last];
        let (mut weighted, mut total) = (0.0, 0.0);
        for (i, power) in bins.iter().enumerate() {
            let magnitude = power.sqrt();
            weighted += magnitude * (self.first + i) as f32;
            total += magnitude;
        }
        self.centroid_hz = if total > 0.0 { self.bin_hz * weighted / total } else { 0.0 };
        self.flatness = flatness(bins);
    }

    /// Moves on by one hop: centroid in Hz and flatness.
    pub(super) fn hop(&mut self) -> (f32, f32) {
        self.centroid_smooth_hz += self.hop_rate * (self.centroid_hz - self.centroid_smooth_hz);
        self.flatness_smooth += self.hop_rate * (self.flatness - self.flatness_smooth);
        (self.centroid_smooth_hz, self.flatness_smooth)
    }

    /// Ends a hop and gives the stereo width.
    pub(super) fn width(&mut self) -> f32 {
        self.mid += self.width_rate * (std::mem::take(&mut self.hop_mid) - self.mid);
        self.side += self.width_rate * (std::mem::take(&mut self.hop_side) - self.side);
        if self.mid + self.side < 1e-9 { 0.0 } else { (self.side / self.mid.max(1e-12)).sqrt().min(1.0) }
    }
}

/// Geometric over arithmetic mean of the power, on Johnston's scale ("Transform coding of audio signals using
/// perceptual noise criteria", 1988): -60 dB and below is 0, 0 dB is 1.
fn flatness(power: &[f32]) -> f32 {
    let (mut log_sum, mut sum, mut count) = (0.0, 0.0, 0.0_f32);
    for group in power.chunks_exact(GROUP) {
        let mean = group.iter().sum::<f32>() / GROUP as f32;
        log_sum += mean.max(1e-20).ln();
        sum += mean;
        count += 1.0;
    }
    if count == 0.0 || sum <= 1e-20 * count {
        return 0.0;
    }
    let flatness_db = 10.0 / std::f32::consts::LN_10 * (log_sum / count - (sum / count).ln());
    (1.0 + flatness_db / 60.0).clamp(0.0, 1.0)
}
