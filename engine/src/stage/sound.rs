//! The sound itself, as textures: spectrum, waveform, and the last seconds of all bands.

use std::collections::VecDeque;
use std::sync::Arc;

use half::f16;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::upload::{texture, upload};
use super::{Gpu, StageError};
use crate::hearing::{BANDS, Heard};

/// Samples that are looked at together, and kept, at 48 kHz: 85 ms. At other rates it is a power of two near to as long.
const WINDOW: usize = 4096;
const WINDOW_RATE_HZ: f32 = 48_000.0;
const LEAST_WINDOW: usize = 512;
/// Width of the spectrum's texture. Its rows: logarithmic and fast, logarithmic and slow, linear and fast, linear and slow.
const BINS: usize = 512;
/// The logarithmic rows go from and to here.
const LOWEST_HZ: f32 = 30.0;
const HIGHEST_HZ: f32 = 16_000.0;
/// Samples of the waveform.
const WAVE: usize = 1024;
/// Columns of the history, and the time that they hold, the newest first.
const COLUMNS: usize = 256;
const HISTORY_S: f64 = 8.0;
/// What is this much quieter than full scale is 0.
const RANGE_DB: f32 = 84.0;
/// How fast the rows fall, in seconds.
const FAST_S: f32 = 0.08;
const SLOW_S: f32 = 0.6;

/// Listens for the stage, and draws what it hears.
pub(super) struct Sound {
    recent: VecDeque<[f32; 2]>,
    sample_rate_hz: f32,
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    input: Vec<f32>,
    output: Vec<Complex<f32>>,
    /// Mean of both channels.
    power: Vec<f32>,
    /// Fast and slow, logarithmic and linear.
    rows: [Vec<f32>; 4],
    columns: VecDeque<[f32; BANDS]>,
    /// When the newest column began.
    column_s: f64,
    last_s: Option<f64>,
    textures: Option<Textures>,
}

struct Textures {
    spectrum: (wgpu::Texture, wgpu::TextureView),
    waveform: (wgpu::Texture, wgpu::TextureView),
    history: (wgpu::Texture, wgpu::TextureView),
    noise: wgpu::TextureView,
}

impl Sound {
    pub fn new() -> Self {
        Self::at_rate(WINDOW_RATE_HZ)
    }

    fn at_rate(sample_rate_hz: f32) -> Self {
        let octaves = (sample_rate_hz / WINDOW_RATE_HZ).log2().round() as i32;
        let length = ((WINDOW as f32 * 2_f32.powi(octaves.clamp(-3, 3))) as usize).max(LEAST_WINDOW);
        let fft = RealFftPlanner::new().plan_fft_forward(length);
        let turn = std::f32::consts::TAU / length as f32;
        Self {
            recent: VecDeque::from(vec![[0.0; 2]; length.max(WINDOW)]),
            sample_rate_hz,
            window: (0..length).map(|at| 0.5 - 0.5 * (turn * at as f32).cos()).collect(),
            input: fft.make_input_vec(),
            output: fft.make_output_vec(),
            power: vec![0.0; length / 2 + 1],
            fft,
            rows: std::array::from_fn(|_| vec![0.0; BINS]),
            columns: VecDeque::from(vec![[0.0; BANDS]; COLUMNS]),
            column_s: 0.0,
            last_s: None,
            textures: None,
        }
    }

    /// The same at this moment, for another stage.
    pub fn fork(&self) -> Self {
        Self {
            recent: self.recent.clone(),
            rows: self.rows.clone(),
            columns: self.columns.clone(),
            column_s: self.column_s,
            last_s: self.last_s,
            ..Self::at_rate(self.sample_rate_hz)
        }
    }

    /// Takes what was played next.
    pub fn hear(&mut self, frames: &[[f32; 2]], sample_rate_hz: u32) {
        let sample_rate_hz = sample_rate_hz.max(1) as f32;
        if sample_rate_hz != self.sample_rate_hz {
            let fresh = Self::at_rate(sample_rate_hz);
            (self.recent, self.sample_rate_hz, self.fft) = (fresh.recent, sample_rate_hz, fresh.fft);
            (self.window, self.input, self.output, self.power) =
                (fresh.window, fresh.input, fresh.output, fresh.power);
        }
        let keep = self.recent.len();
        let newest = &frames[frames.len().saturating_sub(keep)..];
        // One value that is no number would stay in what falls slowly.
        let clean = |sample: f32| if sample.is_finite() { sample.clamp(-16.0, 16.0) } else { 0.0 };
        self.recent.extend(newest.iter().map(|frame| frame.map(clean)));
        self.recent.drain(..self.recent.len() - keep);
    }

    /// Goes on to `time_s`: the history of bands.
    pub fn step(&mut self, time_s: f64, heard: &Heard) {
        let column_s = HISTORY_S / COLUMNS as f64;
        let since_s = time_s - self.column_s;
        if !(0.0..HISTORY_S).contains(&since_s) {
            self.column_s = time_s;
            return;
        }
        for _ in 0..(since_s / column_s) as usize {
            self.columns.pop_back();
            self.columns.push_front(heard.bands.map(|band| if band.is_finite() { band } else { 0.0 }));
            self.column_s += column_s;
        }
    }

    /// Draws the textures for `time_s`, and returns spectrum, waveform, history and noise.
    ///
    /// # Errors
    /// No memory for them.
    pub fn draw(&mut self, gpu: &Gpu, time_s: f64) -> Result<[&wgpu::TextureView; 4], StageError> {
        let dt_s = self.last_s.map_or(1.0, |last_s| (time_s - last_s).clamp(0.0, 1.0)) as f32;
        self.last_s = Some(time_s);
        self.analyse(dt_s);
        let textures = match self.textures.take() {
            Some(textures) => textures,
            None => Textures::new(gpu)?,
        };
        let rows: Vec<f16> = self.rows.iter().flatten().map(|value| f16::from_f32(*value)).collect();
        upload(gpu, &textures.spectrum.0, &rows);
        upload(gpu, &textures.waveform.0, &self.wave());
        let history: Vec<f16> = (0..BANDS)
            .flat_map(|band| self.columns.iter().map(move |column| f16::from_f32(column[band])))
            .collect();
        upload(gpu, &textures.history.0, &history);
        let Textures { spectrum, waveform, history, noise } = self.textures.insert(textures);
        Ok([&spectrum.1, &waveform.1, &history.1, noise])
    }

    fn analyse(&mut self, dt_s: f32) {
        let length = self.window.len();
        let newest = self.recent.range(self.recent.len() - length..);
        let is_mono = newest.clone().all(|[left, right]| left == right);
        self.power.fill(0.0);
        // Powers are added, not samples, so that nothing cancels out of phase.
        for channel in 0..if is_mono { 1 } else { 2 } {
            for ((input, frame), weight) in self.input.iter_mut().zip(newest.clone()).zip(&self.window) {
                *input = frame[channel] * weight;
            }
            if self.fft.process(&mut self.input, &mut self.output).is_err() {
                return; // the lengths are the plan's own
            }
            let share = if is_mono { 1.0 } else { 0.5 };
            self.power.iter_mut().zip(&self.output).for_each(|(sum, value)| *sum += share * value.norm_sqr());
        }
        let full_scale = length as f32 / 4.0;
        let level = |bin: usize| {
            let magnitude = self.power.get(bin).map_or(0.0, |power| power.sqrt()) / full_scale;
            (1.0 + 20.0 * magnitude.max(1e-9).log10() / RANGE_DB).clamp(0.0, 1.0)
        };
        let bin_hz = self.sample_rate_hz / length as f32;
        let most = self.power.len() - 1;
        // The loudest of the bins that fall on a place, or between the two where places are finer.
        let between = |from: f32, to: f32| {
            let (first, last) = ((from / bin_hz).min(most as f32), (to / bin_hz).min(most as f32));
            if last - first < 1.0 {
                let share = first.fract();
                level(first as usize) * (1.0 - share) + level((first as usize + 1).min(most)) * share
            } else {
                (first as usize..=last as usize).map(level).fold(0.0, f32::max)
            }
        };
        let log = |at: f32| LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ).powf(at / BINS as f32);
        let linear = |at: f32| 0.5 * self.sample_rate_hz * at / BINS as f32;
        let targets: Vec<[f32; 2]> = (0..BINS)
            .map(|at| at as f32)
            .map(|at| [between(log(at), log(at + 1.0)), between(linear(at), linear(at + 1.0))])
            .collect();
        for (row, values) in self.rows.iter_mut().enumerate() {
            let (kind, falls_s) = (row / 2, if row % 2 == 0 { FAST_S } else { SLOW_S });
            let kept = (-dt_s / falls_s).exp();
            for (value, target) in values.iter_mut().zip(&targets) {
                // The fast rows rise at once; the slow ones are a mean.
                let target = target[kind];
                let rises = row % 2 == 0 && target > *value;
                *value = if rises { target } else { target + (*value - target) * kept };
            }
        }
    }

    /// The newest samples from a rising zero on, so that a steady tone stands still; at high rates only some of them, so that as
    /// much time is shown.
    fn wave(&self) -> Vec<[f16; 2]> {
        type Mix = fn(&[f32; 2]) -> f32;

        let energy =
            |of: fn(&[f32; 2]) -> f32| self.recent.iter().map(|frame| of(frame).powi(2)).sum::<f32>();
        let (mid, side): (Mix, Mix) = (|[l, r]| l + r, |[l, r]| l - r);
        // Out of phase there is no sum to look at.
        let looked_at = if energy(mid) >= energy(side) { mid } else { side };
        let at = |at: usize| self.recent.get(at).map_or(0.0, looked_at);
        let each = ((self.sample_rate_hz / WINDOW_RATE_HZ).round() as usize)
            .clamp(1, self.recent.len() / (2 * WAVE));
        let latest = self.recent.len() - WAVE * each;
        let rising =
            (1..latest).rev().take(WAVE * each).find(|place| at(place - 1) < 0.0 && at(*place) >= 0.0);
        let from = rising.unwrap_or(latest);
        self.recent
            .range(from..from + WAVE * each)
            .step_by(each)
            .map(|frame| frame.map(f16::from_f32))
            .collect()
    }
}

impl Textures {
    fn new(gpu: &Gpu) -> Result<Self, StageError> {
        let one = wgpu::TextureFormat::R16Float;
        let noise = texture(gpu, "noise", [NOISE_PX as u32; 2], wgpu::TextureFormat::R8Unorm)?;
        upload(gpu, &noise.0, blue_noise());
        Ok(Self {
            spectrum: texture(gpu, "the spectrum", [BINS as u32, 4], one)?,
            waveform: texture(gpu, "the waveform", [WAVE as u32, 1], wgpu::TextureFormat::Rg16Float)?,
            history: texture(gpu, "the history", [COLUMNS as u32, BANDS as u32], one)?,
            noise: noise.1,
        })
    }
}

/// Side of the blue noise.
const NOISE_PX: usize = 64;

/// Noise without low frequencies, evenly spread from 0 to 255: for dither, and for rays that begin at different places. Made by
/// filling the largest void again and again (Ulichney, "The void-and-cluster method for dither array generation", 1993).
fn blue_noise() -> &'static [u8] {
    static NOISE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    NOISE.get_or_init(|| {
        const COUNT: usize = NOISE_PX * NOISE_PX;
        // How strongly a point is felt so far away, around the edges. In doubles: floats would lie below the least normal one, and what
        // becomes of those depends on who has used this thread before.
        let apart = |a: usize, b: usize| a.abs_diff(b).min(NOISE_PX - a.abs_diff(b)) as f64;
        let felt: Vec<f64> = (0..COUNT)
            .map(|at| {
                let (x, y) = (apart(at % NOISE_PX, 0), apart(at / NOISE_PX, 0));
                (-(x * x + y * y) / (2.0 * 1.9 * 1.9)).exp()
            })
            .collect();
        let mut energy = vec![0.0_f64; COUNT];
        let mut noise = vec![0; COUNT];
        for rank in 0..COUNT {
            // The first one anywhere; later ones where there is least.
            let emptiest = energy.iter().enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b));
            let Some((at, _)) = emptiest else { break };
            noise[at] = (rank * 256 / COUNT) as u8;
            for (other, energy) in energy.iter_mut().enumerate() {
                let x = (other % NOISE_PX + NOISE_PX - at % NOISE_PX) % NOISE_PX;
                let y = (other / NOISE_PX + NOISE_PX - at / NOISE_PX) % NOISE_PX;
                *energy += felt[y * NOISE_PX + x];
            }
            energy[at] = f64::INFINITY;
        }
        noise
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(frequency_hz: f32) -> Sound {
        heard_at(48_000, frequency_hz, 1.0)
    }

    /// A tone whose right channel is so much of its left one.
    fn heard_at(sample_rate_hz: u32, frequency_hz: f32, right: f32) -> Sound {
        let mut sound = Sound::new();
        let turn = std::f32::consts::TAU * frequency_hz / sample_rate_hz as f32;
        let tone: Vec<[f32; 2]> =
            (0..sample_rate_hz / 4).map(|at| (at as f32 * turn).sin()).map(|x| [x, right * x]).collect();
        tone.chunks(333).for_each(|frames| sound.hear(frames, sample_rate_hz));
        sound.analyse(1.0);
        sound
    }

    #[test]
    fn a_tone_is_drawn_the_same_out_of_phase_and_at_any_sample_rate() {
        let loudest = |sound: &Sound, row: usize| {
            let (at, value) = sound.rows[row].iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
            (at, *value)
        };
        let usual = loudest(&heard(220.0), 0);
        for (rate, right) in [(48_000, -1.0), (8_000, 1.0), (96_000, -1.0), (192_000, 1.0)] {
            let sound = heard_at(rate, 220.0, right);
            let (at, value) = loudest(&sound, 0);
            assert!(
                at.abs_diff(usual.0) <= 6 && (value - usual.1).abs() < 0.02,
                "{rate} Hz: {at} {value}, not {usual:?}"
            );
            // At the octave above, a place in the spectrum is quiet, however fine the window is.
            let octave = at + (BINS as f32 / (HIGHEST_HZ / LOWEST_HZ).log2()) as usize;
            assert!(sound.rows[0][octave] < 0.5, "{rate} Hz: {}", sound.rows[0][octave]);
            let wave = sound.wave();
            assert!(wave[0][0].to_f32().abs() < 0.2, "the wave begins at a zero: {}", wave[0][0]);
            let periods = wave
                .windows(2)
                .filter(|pair| pair[0][0].to_f32() < 0.0 && pair[1][0].to_f32() >= 0.0)
                .count();
            assert!(rate < 48_000 || (3..=5).contains(&periods), "21 ms at {rate} Hz hold {periods} periods");
        }
    }

    #[test]
    fn a_tone_stands_at_its_place_in_both_scales() {
        for frequency_hz in [110.0, 1000.0, 8000.0] {
            let sound = heard(frequency_hz);
            let loudest = |row: usize| {
                let (at, value) =
                    sound.rows[row].iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
                (at as f32 / BINS as f32, *value)
            };
            let log = (frequency_hz / LOWEST_HZ).ln() / (HIGHEST_HZ / LOWEST_HZ).ln();
            assert!(
                (loudest(0).0 - log).abs() < 0.01 && loudest(0).1 > 0.95,
                "{frequency_hz}: {:?}",
                loudest(0)
            );
            assert!(
                (loudest(2).0 - frequency_hz / 24_000.0).abs() < 0.004,
                "{frequency_hz}: {:?}",
                loudest(2)
            );
        }
    }

    #[test]
    fn a_steady_tone_s_wave_stands_still() {
        let mut sound = heard(440.0);
        let first = sound.wave();
        let more: Vec<[f32; 2]> = (12_000..12_808)
            .map(|at| [(at as f32 * 440.0 / 48_000.0 * std::f32::consts::TAU).sin(); 2])
            .collect();
        sound.hear(&more, 48_000);
        let apart =
            first.iter().zip(sound.wave()).map(|(a, b)| (a[0] - b[0]).to_f32().abs()).fold(0.0, f32::max);
        assert!(apart < 0.07, "{apart}");
    }

    #[test]
    fn noise_is_spread_evenly_and_has_no_clusters() {
        let noise = blue_noise();
        let mean = noise.iter().map(|value| f64::from(*value)).sum::<f64>() / noise.len() as f64;
        assert!((mean - 127.5).abs() < 0.6, "{mean}");
        // Blurred over 4x4 it is nearly flat, where white noise would keep a quarter of its spread.
        let blocks = (0..16_usize * 16).map(|block| {
            let (x, y) = (block % 16 * 4, block / 16 * 4);
            (0..16).map(|at| f64::from(noise[(y + at / 4) * NOISE_PX + x + at % 4])).sum::<f64>() / 16.0
        });
        let spread = (blocks.map(|value| (value - mean).powi(2)).sum::<f64>() / 256.0).sqrt();
        assert!(spread < 9.0, "{spread}");
    }
}
