//! From sound to pictures: the encoder listens, motion moves, the generator paints.
//!
//! The dreamer is one engine for two clocks. It never asks what time it is: whoever owns it feeds audio and hearing in
//! order and says when to embed and when to dream. Offline that is the renderer, on the audio's clock; live it is a
//! thread that embeds and dreams as often as the machine allows.

mod stride;
mod window;

use crate::hearing::Heard;
use crate::inference::{Encoder, Generator, InferenceError, Options, Runtime, Timings};
use crate::motion::{Motion, MotionSettings, Point};
use crate::pack::Pack;
use crate::picture::Picture;
use crate::resample::{MonoResampler, ResampleError};
use stride::Stride;
use window::Window;

/// Why a dreamer could not be made or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum DreamError {
    /// A model failed to load or to run.
    #[error(transparent)]
    Inference(#[from] InferenceError),
    /// The audio's sample rate cannot be turned into the encoder's.
    #[error(transparent)]
    Resample(#[from] ResampleError),
}

/// What a dreamer needs to know besides its pack.
#[derive(Clone, Debug)]
pub struct DreamSettings {
    /// Sample rate of the audio that will be fed, in Hz.
    pub sample_rate_hz: u32,
    /// The one source of randomness.
    pub seed: u64,
    /// How the latent point moves.
    pub motion: MotionSettings,
    /// Threads and providers for the models.
    pub inference: Options,
}

/// Encoder, motion and generator of one pack, fed by one stream of audio.
pub struct Dreamer {
    encoder: Encoder,
    generator: Generator,
    motion: Motion,
    stride: Stride,
    resampler: MonoResampler,
    resampled: Vec<f32>,
    window: Window,
    point: Point,
}

impl Dreamer {
    /// Loads and warms up the pack's models.
    ///
    /// # Errors
    /// If a graph cannot be loaded or run, or the sample rate cannot be resampled to the encoder's.
    pub fn new(runtime: &Runtime, pack: &Pack, settings: &DreamSettings) -> Result<Self, DreamError> {
        let encoder = Encoder::new(runtime, pack, &settings.inference)?;
        let generator = Generator::new(runtime, pack, &settings.inference)?;
        let resampler = MonoResampler::new(settings.sample_rate_hz, encoder.sample_rate_hz())?;
        let motion =
            Motion::new(generator.latent_dim(), encoder.embedding_dim(), settings.seed, settings.motion);
        let window = Window::new(encoder.window_samples());
        let (resampled, point) = (Vec::new(), Point::default());
        let stride = Stride::default();
        Ok(Self { encoder, generator, motion, stride, resampler, resampled, window, point })
    }

    /// Takes the next audio frames, for the encoder's window.
    ///
    /// # Errors
    /// If the resampler fails.
    pub fn listen(&mut self, frames: &[[f32; 2]]) -> Result<(), DreamError> {
        self.resampled.clear();
        self.resampler.push(frames, &mut self.resampled)?;
        self.window.push(&self.resampled);
        Ok(())
    }

    /// Takes the next hop's snapshot, for motion.
    pub fn advance(&mut self, heard: &Heard) {
        self.motion.advance(heard);
    }

    /// Runs the encoder on the newest window; its end stands for `time_s`.
    ///
    /// # Errors
    /// If the encoder fails, or the generator where it is asked how lively it is.
    pub fn embed(&mut self, time_s: f64) -> Result<(), DreamError> {
        let embedding = self.encoder.encode(self.window.newest())?;
        self.motion.embed(&embedding.vector, time_s);
        self.motion.point(&mut self.point);
        if let Some(stride) = self.stride.update(&mut self.generator, &self.point)? {
            tracing::debug!("motion strides {stride:.2} times as far as usual at {time_s:.1} s");
            self.motion.set_stride(stride);
        }
        Ok(())
    }

    /// Paints the picture for where the music is now, which is `time_s`, into `picture`.
    ///
    /// # Errors
    /// If the generator fails.
    pub fn dream(&mut self, time_s: f64, picture: &mut Picture) -> Result<(), DreamError> {
        self.motion.point(&mut self.point);
        self.generator.generate(&self.point.latent, &self.point.embedding, time_s, picture)?;
        Ok(())
    }

    /// Section changes so far.
    pub fn section_count(&self) -> u32 {
        self.motion.section_count()
    }

    /// Run times of encoder and generator.
    pub fn timings(&self) -> (Timings, Timings) {
        (self.encoder.timings(), self.generator.timings())
    }
}
