//! From sound to pictures: the encoder listens, motion moves, the generator paints.
//!
//! The dreamer is one engine for two clocks. It never asks what time it is: whoever owns it feeds audio and hearing in
//! order and says when to embed and when to dream. Offline that is the renderer, on the audio's clock; live it is a
//! thread that embeds and dreams as often as the machine allows.

mod interpreter;
mod models;
mod stride;
#[cfg(test)]
mod tests;
mod window;

use std::sync::Arc;

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::inference::{InferenceError, Options, Runtime, Timings};
use crate::look::Mood;
use crate::motion::{Motion, Point, SongPlace};
use crate::pack::Pack;
use crate::picture::Picture;
use crate::resample::{MonoResampler, ResampleError};
use crate::words::Said;
pub use interpreter::Understood;
pub use models::{ModelStatus, Models, ModelsStatus};
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
    /// What everything is turned to at first.
    pub controls: Controls,
    /// Threads and providers for the models.
    pub inference: Options,
}

/// Encoder, motion and generator of one pack, fed by one stream of audio.
pub struct Dreamer {
    models: Arc<Models>,
    motion: Motion,
    stride: Stride,
    resampler: MonoResampler,
    resampled: Vec<f32>,
    window: Window,
    point: Point,
    /// Where the picture was painted that came last.
    dreamt: Point,
    /// What the encoder heard last.
    mood: Option<Mood>,
}

impl Dreamer {
    /// Loads and warms up the pack's models, for this dreamer alone.
    ///
    /// # Errors
    /// If a graph cannot be loaded or run, or the sample rate cannot be resampled to the encoder's.
    pub fn new(runtime: &Runtime, pack: &Pack, settings: &DreamSettings) -> Result<Self, DreamError> {
        Self::with_models(Models::load(runtime, pack, &settings.inference)?, settings)
    }

    /// A dreamer with models that others may be using too. What the settings say about inference is left to those who
    /// loaded them.
    ///
    /// # Errors
    /// If the sample rate cannot be resampled to the encoder's.
    pub fn with_models(models: Arc<Models>, settings: &DreamSettings) -> Result<Self, DreamError> {
        let resampler = MonoResampler::new(settings.sample_rate_hz, models.sample_rate_hz())?;
        let motion = Motion::new(models.latent_dim(), models.embedding_dim(), &settings.controls);
        Ok(Self {
            window: Window::new(models.window_samples()),
            models,
            motion,
            stride: Stride::default(),
            resampler,
            resampled: Vec::new(),
            point: Point::default(),
            dreamt: Point::default(),
            mood: None,
        })
    }

    /// Takes what the user has turned, from the next snapshot on: see [`Motion::set_controls`].
    pub fn set_controls(&mut self, controls: &Controls) {
        self.motion.set_controls(controls);
    }

    /// Takes what was said, or that nothing is said any more: see [`Motion::set_words`].
    pub fn set_words(&mut self, said: Option<Arc<Said>>) {
        self.motion.set_words(said);
    }

    /// Says where the host is in its song, before the next snapshot: see [`Motion::follow_song`].
    pub fn follow_song(&mut self, place: Option<SongPlace>) {
        self.motion.follow_song(place);
    }

    /// Goes on with the same pack's models, whose pictures have another size. The next picture is painted even where nothing has moved.
    pub fn paint_with(&mut self, models: Arc<Models>) {
        let (latent, embedding) = (models.latent_dim(), models.embedding_dim());
        if (latent, embedding) == (self.models.latent_dim(), self.models.embedding_dim()) {
            self.models = models;
            self.dreamt = Point::default();
        }
    }

    /// The models.
    pub fn models(&self) -> &Arc<Models> {
        &self.models
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

    /// Runs the encoder on the newest window; its end stands for `time_s`. Where it makes no numbers of it, what was heard
    /// before goes on.
    ///
    /// # Errors
    /// If the encoder fails, or the generator where it is asked how lively it is.
    pub fn embed(&mut self, time_s: f64) -> Result<(), DreamError> {
        let Some(embedding) = unless_passing(self.models.encode(self.window.newest()))? else {
            return Ok(());
        };
        self.mood = embedding.mood;
        self.motion.embed(&embedding.vector, time_s);
        self.motion.point(&mut self.point);
        let stride = self.stride.update(&self.models, &self.motion, &self.point);
        if let Some(stride) = unless_passing(stride)?.flatten() {
            tracing::debug!("motion strides {stride:.2} times as far as usual at {time_s:.1} s");
            self.motion.set_stride(stride);
        }
        Ok(())
    }

    /// Paints the picture for where the music is now, which is `time_s`, into `picture`. The answer is `false` where the
    /// generator makes no numbers of it: then the picture stays as it was.
    ///
    /// # Errors
    /// If the generator fails.
    pub fn dream(&mut self, time_s: f64, picture: &mut Picture) -> Result<bool, DreamError> {
        self.motion.point(&mut self.point);
        let painted = self.models.generate(&self.point.latent, &self.point.embedding, time_s, picture);
        let is_painted = unless_passing(painted)?.is_some();
        if is_painted {
            picture.character.mood = self.mood;
        }
        Ok(is_painted)
    }

    /// As [`Dreamer::dream`], unless the picture would be the one before: then nothing runs, and the answer is `false` too.
    ///
    /// # Errors
    /// If the generator fails.
    pub fn dream_if_moved(&mut self, time_s: f64, picture: &mut Picture) -> Result<bool, DreamError> {
        self.motion.point(&mut self.point);
        if self.point == self.dreamt {
            return Ok(false);
        }
        self.dreamt.clone_from(&self.point);
        self.dream(time_s, picture)
    }

    /// Section changes so far.
    pub fn section_count(&self) -> u32 {
        self.motion.section_count()
    }

    /// Run times of encoder and generator; where they are shared, of everyone's runs.
    pub fn timings(&self) -> (Timings, Timings) {
        let ModelsStatus { encoder, generator, .. } = self.models.status();
        (encoder.timings, generator.timings)
    }
}

/// What a run made; nothing if it made no numbers and the next one may.
fn unless_passing<T>(made: Result<T, InferenceError>) -> Result<Option<T>, InferenceError> {
    match made {
        Err(error) if error.is_passing() => Ok(None),
        made => made.map(Some),
    }
}
