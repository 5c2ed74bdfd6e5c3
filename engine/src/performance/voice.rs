//! A pack that dreams to what is heard.

use std::sync::Arc;

use super::{Cue, Event, Stretch, What};
use crate::controls::Controls;
use crate::dreamer::{DreamError, DreamSettings, Dreamer, Models};
use crate::inference::Options;
use crate::picture::Picture;
use crate::render::RenderError;
use crate::words::Said;

/// What became of a picture that was due.
#[derive(Clone, Debug)]
pub struct Dreamt {
    /// Of which performance it is.
    pub performance: u64,
    /// Where it was due, in frames from the song's start.
    pub at: u64,
    /// The picture; `None` if it would be the one before, or was left out.
    pub picture: Option<Arc<Picture>>,
    /// Whether it was left out: then the one before stays although the music has moved on.
    pub is_missed: bool,
}

impl Dreamt {
    /// Tells it to whoever draws.
    pub(crate) fn tell(
        &self,
        sample_rate_hz: u32,
        each: &mut dyn FnMut(Event<'_>) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        match &self.picture {
            Some(picture) => each(Event::Picture(picture, picture.time_s)),
            None if self.is_missed => Ok(()),
            None => each(Event::Still(self.at as f64 / f64::from(sample_rate_hz))),
        }
    }
}

/// Encoder, motion and generator of one pack, in one performance.
pub struct Voice {
    dreamer: Dreamer,
    sample_rate_hz: u32,
    controls: Controls,
    said: Option<Arc<Said>>,
    presence: f32,
    embedded: bool,
}

impl Voice {
    /// A voice with these models, in a performance at `sample_rate_hz`.
    ///
    /// # Errors
    /// The sample rate cannot be resampled to the encoder's.
    pub fn new(models: Arc<Models>, sample_rate_hz: u32, controls: &Controls) -> Result<Self, DreamError> {
        let settings = DreamSettings { sample_rate_hz, controls: *controls, inference: Options::default() };
        let mut dreamer = Dreamer::with_models(models, &settings)?;
        dreamer.set_controls(controls);
        Ok(Self { dreamer, sample_rate_hz, controls: *controls, said: None, presence: 0.0, embedded: false })
    }

    /// A voice with the same models that has heard nothing yet.
    ///
    /// # Errors
    /// As [`Voice::new`].
    pub fn afresh(&self, sample_rate_hz: u32) -> Result<Self, DreamError> {
        let mut voice = Self::new(Arc::clone(self.dreamer.models()), sample_rate_hz, &self.controls)?;
        voice.set_words(self.said.clone());
        Ok(voice)
    }

    /// Takes what was said, from the next picture on; `None` says nothing.
    pub fn set_words(&mut self, said: Option<Arc<Said>>) {
        self.said.clone_from(&said);
        self.dreamer.set_words(said);
    }

    /// Frames per second of the sound that it listens to.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Goes on with pictures of another size: see [`Dreamer::paint_with`].
    pub fn paint_with(&mut self, models: Arc<Models>) {
        self.dreamer.paint_with(models);
    }

    /// What it dreams with.
    pub fn dreamer(&self) -> &Dreamer {
        &self.dreamer
    }

    /// Dreams to a stretch. For each picture that is due, `wanted` is asked whether there is time for it, and `dreamt` is
    /// told what became of it.
    ///
    /// # Errors
    /// A model or the resampler fails.
    pub fn play(
        &mut self,
        stretch: &Stretch,
        mut wanted: impl FnMut(u64) -> bool,
        mut dreamt: impl FnMut(Dreamt),
    ) -> Result<(), DreamError> {
        let mut listened = 0;
        for Cue { at, what } in &stretch.cues {
            let until = (at.saturating_sub(stretch.at) as usize).min(stretch.frames.len());
            match what {
                What::Turn(controls) => {
                    self.controls = *controls;
                    self.dreamer.set_controls(controls);
                }
                What::Hop(heard, place) => {
                    self.presence = heard.presence;
                    self.dreamer.follow_song(*place);
                    self.dreamer.advance(heard);
                }
                What::Embed => {
                    self.dreamer.listen(&stretch.frames[listened..until])?;
                    listened = until;
                    // Silence has nothing to say, but for the first picture.
                    if self.presence > 0.0 || !self.embedded {
                        self.embedded = true;
                        self.dreamer.embed(stretch.time_s(*at))?;
                    }
                }
                What::Paint if wanted(*at) => {
                    let mut picture = Picture::default();
                    let moved = self.dreamer.dream_if_moved(stretch.time_s(*at), &mut picture)?;
                    let picture = moved.then(|| Arc::new(picture));
                    dreamt(Dreamt { performance: stretch.performance, at: *at, picture, is_missed: false });
                }
                What::Paint => dreamt(Dreamt {
                    performance: stretch.performance,
                    at: *at,
                    picture: None,
                    is_missed: true,
                }),
            }
        }
        self.dreamer.listen(&stretch.frames[listened..])
    }
}
