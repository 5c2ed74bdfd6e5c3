//! Whoever draws.

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::picture::Picture;
use crate::render::RenderError;
use crate::stage::{News, Stage, StageError};

/// Where a performer's sound, hearing and pictures come from, in the order of the sound.
pub trait Score {
    /// Frames of sound per second.
    fn sample_rate_hz(&self) -> u32;

    /// Goes on by `frames` frames of sound, tells `each` event on the way, and returns the sound: less than was asked for,
    /// and then none, where it is over.
    ///
    /// # Errors
    /// Sound or pictures fail, or `each` does.
    fn go_on(
        &mut self,
        frames: usize,
        each: &mut dyn FnMut(Event<'_>) -> Result<(), RenderError>,
    ) -> Result<&[[f32; 2]], RenderError>;

    /// Audio time at the end of the newest sound, in seconds.
    fn time_s(&self) -> f64;

    /// Told before it goes on: how large the frames are that it is played in.
    fn frame(&mut self, _size_px: (u32, u32)) {}

    /// How far it is behind what is being played, in seconds, beyond what its beginning has cost: a performer that is late
    /// draws less often.
    fn late_s(&self) -> f64 {
        0.0
    }
}

/// Something that changes what is to be seen.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Something was turned.
    Turn(&'a Controls),
    /// A hop was heard.
    Hop(&'a Heard),
    /// This was played: stereo frames, and how many of them there are in a second.
    Sound(&'a [[f32; 2]], u32),
    /// A picture was dreamt; it is due at this time, in seconds.
    Picture(&'a Picture, f64),
    /// The picture that shows would have been dreamt again at this time, in seconds.
    Still(f64),
}

/// A stage that plays a score.
pub struct Performer<S> {
    score: S,
    stage: Stage,
    heard: Heard,
    controls: Option<Controls>,
    trouble: Option<News>,
}

impl<S: Score> Performer<S> {
    /// Nothing was heard yet.
    pub fn new(score: S, stage: Stage) -> Self {
        Self { score, stage, heard: Heard::default(), controls: None, trouble: None }
    }

    /// Goes on by `frames` frames of sound, and returns it: see [`Score::go_on`]. Nothing is drawn. Where a scene is broken that
    /// was turned to, the one before plays on: see [`take_news`](Self::take_news).
    ///
    /// # Errors
    /// The score fails, or a picture that the stage cannot show.
    pub fn step(&mut self, frames: usize) -> Result<&[[f32; 2]], RenderError> {
        let Self { score, stage, heard, controls, trouble } = self;
        let mut turned = None;
        score.frame(stage.size_px());
        let sound = score.go_on(frames, &mut |event| {
            match event {
                // Only the last counts: whoever turns through ten scenes between two frames compiles one.
                Event::Turn(newest) => turned = Some(*newest),
                Event::Hop(newest) => *heard = *newest,
                Event::Sound(frames, sample_rate_hz) => stage.hear(frames, sample_rate_hz),
                Event::Picture(picture, due_s) => stage.show_from(picture, due_s)?,
                Event::Still(time_s) => stage.hold(time_s),
            }
            Ok(())
        })?;
        if let Some(turned) = turned.filter(|turned| *controls != Some(*turned)) {
            *controls = Some(turned);
            match stage.set_controls(&turned) {
                Err(error) if error.is_of_scene() => {
                    *trouble = Some(News { scene: turned.scene, outcome: Err(error) });
                }
                outcome => outcome?,
            }
        }
        Ok(sound)
    }

    /// Draws the frame for where it is: see [`Stage::draw`].
    ///
    /// # Errors
    /// The device fails.
    pub fn draw(&mut self) -> Result<(), StageError> {
        self.stage.draw(self.score.time_s(), &self.heard)
    }

    /// What came of a scene since the last call: one that could not be played, or one that was compiled aside.
    pub fn take_news(&mut self) -> Option<News> {
        self.trouble.take().or_else(|| self.stage.take_news())
    }

    /// What was heard last.
    pub fn heard(&self) -> &Heard {
        &self.heard
    }

    /// What it plays.
    pub fn score(&self) -> &S {
        &self.score
    }

    /// As [`score`](Self::score), to change it.
    pub fn score_mut(&mut self) -> &mut S {
        &mut self.score
    }

    /// The stage.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The stage, to change its size.
    pub fn stage_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }

    /// Plays on with another stage, where the device of the one before is lost.
    ///
    /// # Errors
    /// The other stage cannot show the scene.
    pub fn move_to(&mut self, stage: Stage) -> Result<(), StageError> {
        self.stage = stage;
        if let Some(controls) = self.controls {
            self.stage.set_controls(&controls)?;
        }
        Ok(())
    }
}
