//! Stereo at the song's rate to mono at the rate that an encoder wants, as a stream.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{
    Async, FixedAsync, Indexing, Resampler, SincInterpolationParameters, SincInterpolationType,
    WindowFunction,
};

use super::ResampleError;
use super::mono_mix::MonoMix;

/// Frames per step of the filter. Small, so that little sound waits; the output does not depend on it.
const CHUNK_FRAMES: usize = 64;

/// Length of the filter in samples of the lower of the two rates: flat to above 0.8 of the lower Nyquist frequency.
const FILTER_SAMPLES: usize = 128;

/// Mixes stereo frames to mono ([`MonoMix`]) and resamples them with a windowed sinc (rubato).
///
/// The filter's own delay is cut off, so output sample `k` stands for the time `k / to_hz` of the input, to within half
/// an output sample. It comes out once [`look_ahead_frames`](Self::look_ahead_frames) more input is in. The same input
/// gives the same output, however it is cut into pushes.
pub struct MonoResampler {
    mix: MonoMix,
    /// `None` where both rates are the same.
    filter: Option<Filter>,
}

struct Filter {
    sinc: Async<f32>,
    chunk: Vec<f32>,
    made: Vec<f32>,
    /// The filter's delay, in output samples.
    delay_samples: usize,
    /// Those of them that are still to be cut off.
    delay: usize,
    look_ahead_frames: usize,
}

impl MonoResampler {
    /// A resampler from `from_hz` to `to_hz`.
    ///
    /// # Errors
    ///
    /// [`ResampleError::Rates`] for rates outside 1 to 768 kHz.
    pub fn new(from_hz: u32, to_hz: u32) -> Result<Self, ResampleError> {
        let refuse = |reason: String| ResampleError::Rates { from_hz, to_hz, reason };
        let range = 1_000..=768_000;
        if !range.contains(&from_hz) || !range.contains(&to_hz) {
            return Err(refuse("out of range".to_owned()));
        }
        let mix = MonoMix::new(from_hz);
        if from_hz == to_hz {
            return Ok(Self { mix, filter: None });
        }
        let ratio = f64::from(to_hz) / f64::from(from_hz);
        let length = (FILTER_SAMPLES as f64 * (1.0 / ratio).max(1.0)).ceil() as usize;
        let length = length.next_multiple_of(8); // as rubato rounds it
        // Half the filter, less the step that rubato makes before its first sample.
        let delay_samples = (length as f64 / 2.0 * ratio - 1.0).round() as usize;
        let parameters = SincInterpolationParameters::new(length, WindowFunction::BlackmanHarris2)
            .interpolation(SincInterpolationType::Linear)
            .oversampling_factor(256);
        let sinc = Async::new_sinc(ratio, 1.0, &parameters, CHUNK_FRAMES, 1, FixedAsync::Input)
            .map_err(|error| refuse(error.to_string()))?;
        Ok(Self {
            mix,
            filter: Some(Filter {
                chunk: Vec::with_capacity(CHUNK_FRAMES),
                made: vec![0.0; sinc.output_frames_max()],
                delay: delay_samples,
                delay_samples,
                look_ahead_frames: length.div_ceil(2) + CHUNK_FRAMES,
                sinc,
            }),
        })
    }

    /// How many input frames behind a moment must be pushed, at most, before the sample for that moment comes out.
    pub fn look_ahead_frames(&self) -> usize {
        self.filter.as_ref().map_or(0, |filter| filter.look_ahead_frames)
    }

    /// Takes in stereo frames and appends the mono samples that are ready to `out`.
    ///
    /// # Errors
    ///
    /// [`ResampleError::Filter`], which does not happen with a resampler made by [`new`](Self::new).
    pub fn push(&mut self, frames: &[[f32; 2]], out: &mut Vec<f32>) -> Result<(), ResampleError> {
        let mono = frames.iter().map(|&frame| self.mix.mix(frame));
        let Some(filter) = &mut self.filter else {
            out.extend(mono);
            return Ok(());
        };
        for sample in mono {
            filter.chunk.push(sample);
            if filter.chunk.len() == CHUNK_FRAMES {
                filter.step(out)?;
            }
        }
        Ok(())
    }

    /// Forgets everything, for a jump in the song.
    pub fn reset(&mut self) {
        self.mix.reset();
        if let Some(filter) = &mut self.filter {
            filter.sinc.reset();
            filter.chunk.clear();
            filter.delay = filter.delay_samples;
        }
    }
}

impl Filter {
    fn step(&mut self, out: &mut Vec<f32>) -> Result<(), ResampleError> {
        let room = self.made.len();
        let to_filter_error =
            |_| rubato::ResampleError::InsufficientInputBufferSize { expected: CHUNK_FRAMES, actual: 0 };
        let input = SequentialSlice::new(&self.chunk, 1, CHUNK_FRAMES).map_err(to_filter_error)?;
        let mut output = SequentialSlice::new_mut(&mut self.made, 1, room).map_err(to_filter_error)?;
        let (_, made) = self.sinc.process_into_buffer(&input, &mut output, None::<&Indexing>)?;
        let skipped = self.delay.min(made);
        self.delay -= skipped;
        out.extend_from_slice(&self.made[skipped..made]);
        self.chunk.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(frequency_hz: f64, rate_hz: u32, seconds: f64) -> Vec<[f32; 2]> {
        let step = std::f64::consts::TAU * frequency_hz / f64::from(rate_hz);
        (0..(f64::from(rate_hz) * seconds) as usize)
            .map(|n| [(0.5 * (step * n as f64).sin()) as f32; 2])
            .collect()
    }

    fn resample(frames: &[[f32; 2]], from_hz: u32, to_hz: u32, block: usize) -> Vec<f32> {
        let mut resampler = MonoResampler::new(from_hz, to_hz).unwrap();
        let mut out = Vec::new();
        for block in frames.chunks(block) {
            resampler.push(block, &mut out).unwrap();
        }
        out
    }

    #[test]
    fn a_tone_keeps_its_level_frequency_and_time() {
        for from_hz in [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000] {
            for tone_hz in [100.0, 1_000.0, 3_000.0] {
                let out = resample(&tone(tone_hz, from_hz, 1.0), from_hz, 16_000, 480);
                let step = std::f64::consts::TAU * tone_hz / 16_000.0;
                let (mut sine, mut cosine) = (0.0, 0.0);
                let middle = 4_000..12_000;
                for n in middle.clone() {
                    sine += f64::from(out[n]) * (step * n as f64).sin();
                    cosine += f64::from(out[n]) * (step * n as f64).cos();
                }
                let amplitude = 2.0 * sine.hypot(cosine) / middle.len() as f64;
                let lag_samples = -cosine.atan2(sine) / step;
                assert!((amplitude - 0.5).abs() < 0.005, "{from_hz} Hz: {tone_hz} Hz at {amplitude}");
                assert!(
                    lag_samples.abs() <= 0.52,
                    "{from_hz} Hz: {tone_hz} Hz is {lag_samples} samples late"
                );
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        for tone_hz in [9_500.0, 12_000.0, 15_900.0, 20_000.0] {
            let out = resample(&tone(tone_hz, 48_000, 1.0), 48_000, 16_000, 512);
            let loudest = out[2_000..14_000].iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!(loudest < 0.5e-3, "{tone_hz} Hz comes through at {loudest}");
        }
    }

    #[test]
    fn the_cut_into_blocks_changes_nothing_and_the_look_ahead_is_kept() {
        let frames = tone(440.0, 44_100, 0.5);
        let whole = resample(&frames, 44_100, 16_000, frames.len());
        assert_eq!(whole, resample(&frames, 44_100, 16_000, 1));
        assert_eq!(whole, resample(&frames, 44_100, 16_000, 997));
        let look_ahead = MonoResampler::new(44_100, 16_000).unwrap().look_ahead_frames();
        assert!(look_ahead < 300, "{look_ahead} frames are more than 7 ms");
        let due = (frames.len() - look_ahead) * 16_000 / 44_100;
        assert!(whole.len() >= due, "{} samples, {due} are due", whole.len());
    }

    #[test]
    fn equal_rates_pass_through_and_silly_ones_are_refused() {
        assert_eq!(resample(&[[1.0, 0.0], [0.5, 0.5]], 16_000, 16_000, 1), [0.5, 0.5]);
        assert!(MonoResampler::new(0, 16_000).is_err());
        assert!(MonoResampler::new(44_100, 4_000_000).is_err());
    }

    #[test]
    fn after_a_reset_it_starts_anew() {
        let frames = tone(440.0, 48_000, 0.1);
        let mut resampler = MonoResampler::new(48_000, 16_000).unwrap();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        resampler.push(&frames[..1_000], &mut Vec::new()).unwrap();
        resampler.reset();
        resampler.push(&frames, &mut first).unwrap();
        resampler.reset();
        resampler.push(&frames, &mut second).unwrap();
        assert_eq!(first, second);
    }
}
