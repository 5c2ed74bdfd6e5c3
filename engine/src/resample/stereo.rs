//! Stereo at one rate to stereo at another, as a stream.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler};

use super::ResampleError;

/// Frames per step.
const CHUNK_FRAMES: usize = 1024;

/// A stream of frames; passes them on as they are where both rates are the same.
pub struct StereoResampler {
    filter: Option<Filter>,
}

struct Filter {
    fft: Fft<f32>,
    /// Interleaved.
    waiting: Vec<f32>,
    made: Vec<f32>,
    /// Frames of the filter's delay that are still to be cut off, and all of it.
    delay: usize,
    delay_frames: usize,
}

impl StereoResampler {
    /// From `from_hz` to `to_hz`.
    ///
    /// # Errors
    /// [`ResampleError::Rates`], for rates that rubato cannot bring together.
    pub fn new(from_hz: u32, to_hz: u32) -> Result<Self, ResampleError> {
        if from_hz == to_hz {
            return Ok(Self { filter: None });
        }
        let fft = Fft::new(from_hz as usize, to_hz as usize, CHUNK_FRAMES, 2, FixedSync::Input)
            .map_err(|error| ResampleError::Rates { from_hz, to_hz, reason: error.to_string() })?;
        let delay_frames = fft.output_delay();
        let made = vec![0.0; 2 * fft.output_frames_max()];
        Ok(Self {
            filter: Some(Filter { fft, waiting: Vec::new(), made, delay: delay_frames, delay_frames }),
        })
    }

    /// Takes frames in and appends those that are ready to `out`.
    ///
    /// # Errors
    /// rubato refuses a chunk, which its contract rules out.
    pub fn push(&mut self, frames: &[[f32; 2]], out: &mut Vec<[f32; 2]>) -> Result<(), ResampleError> {
        let Some(filter) = &mut self.filter else {
            out.extend_from_slice(frames);
            return Ok(());
        };
        filter.waiting.extend(frames.iter().flatten());
        filter.run(out)
    }

    /// Appends what is still in the filter, behind the last frame.
    ///
    /// # Errors
    /// As for [`push`](Self::push).
    pub fn flush(&mut self, out: &mut Vec<[f32; 2]>) -> Result<(), ResampleError> {
        let Some(filter) = &mut self.filter else { return Ok(()) };
        let tail =
            filter.waiting.len() / 2 + (filter.delay_frames as f64 / filter.fft.resample_ratio()) as usize;
        let steps = tail.div_ceil(filter.fft.input_frames_next());
        filter.waiting.resize(2 * steps * filter.fft.input_frames_next(), 0.0);
        filter.run(out)
    }
}

impl Filter {
    fn run(&mut self, out: &mut Vec<[f32; 2]>) -> Result<(), ResampleError> {
        loop {
            let wanted = self.fft.input_frames_next();
            if self.waiting.len() < 2 * wanted {
                return Ok(());
            }
            let room = self.made.len() / 2;
            let too_short =
                |_| rubato::ResampleError::InsufficientInputBufferSize { expected: wanted, actual: 0 };
            let input = InterleavedSlice::new(&self.waiting[..2 * wanted], 2, wanted).map_err(too_short)?;
            let mut output = InterleavedSlice::new_mut(&mut self.made, 2, room).map_err(too_short)?;
            let (_, made) = self.fft.process_into_buffer(&input, &mut output, None::<&Indexing>)?;
            self.waiting.drain(..2 * wanted);
            let skipped = self.delay.min(made);
            self.delay -= skipped;
            out.extend(self.made[2 * skipped..2 * made].chunks_exact(2).map(|frame| [frame[0], frame[1]]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resample(from_hz: u32, to_hz: u32, frames: &[[f32; 2]], block: usize) -> Vec<[f32; 2]> {
        let mut resampler = StereoResampler::new(from_hz, to_hz).unwrap();
        let mut out = Vec::new();
        frames.chunks(block).for_each(|block| resampler.push(block, &mut out).unwrap());
        resampler.flush(&mut out).unwrap();
        out
    }

    #[test]
    fn a_tone_keeps_its_time_level_and_side() {
        for (from_hz, to_hz) in
            [(44_100_u32, 48_000_u32), (48_000, 44_100), (96_000, 48_000), (22_050, 48_000)]
        {
            let sine =
                |n: usize, hz: u32| (std::f64::consts::TAU * 440.0 * n as f64 / f64::from(hz)).sin() as f32;
            let frames: Vec<_> = (0..from_hz as usize).map(|n| [sine(n, from_hz), 0.0]).collect();
            let out = resample(from_hz, to_hz, &frames, 777);
            assert!(out.len() >= to_hz as usize, "{from_hz} to {to_hz}: {} frames", out.len());
            for (n, frame) in out.iter().enumerate().take(to_hz as usize - 1_000).skip(1_000) {
                let [left, right] = *frame;
                assert!((left - sine(n, to_hz)).abs() < 0.02, "{from_hz} to {to_hz}: frame {n} is {frame:?}");
                assert!(right.abs() < 1e-6);
            }
        }
    }

    #[test]
    fn equal_rates_pass_through() {
        assert_eq!(resample(48_000, 48_000, &[[1.0, 0.5]; 3], 2), [[1.0, 0.5]; 3]);
    }
}
