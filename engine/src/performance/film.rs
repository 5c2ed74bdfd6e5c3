//! A performance, frame by frame, into a recorder.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Performer, Score};
use crate::recorder::{Finished, Fps, Recorder};
use crate::render::RenderError;
use crate::stage::{Belt, Gpu, Stage, StageError};

/// A performer that is later than this leaves frames out, if its score plays on meanwhile, in seconds.
const LATE_S: f64 = 1.0;
/// Frames that may be left out one after the other, for each second that it is late: however late, some are drawn.
const LEFT_OUT_PER_S: f64 = 8.0;

/// A file in the making: frame `k` shows what sounds from `k / fps` to `(k + 1) / fps`, and its sound goes with it.
pub struct Film {
    recorder: Box<dyn Recorder>,
    belt: Belt,
    fps: Fps,
    /// Frames of sound so far, from where frame 0 begins.
    sound: u64,
    /// For each frame that the recorder has not had yet: whether it was drawn.
    on_the_way: VecDeque<bool>,
    filmed: Filmed,
    /// Frames left out since the last one that was drawn.
    in_a_row: u32,
}

/// How far a film has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filmed {
    /// Frames, those that were left out included.
    pub frames: u64,
    /// Frames that were left out.
    pub left_out: u64,
}

impl Film {
    /// A film into `recorder`, of a stage of this size.
    ///
    /// # Errors
    /// The device has no memory for it.
    pub fn new(
        gpu: Arc<Gpu>,
        size_px: (u32, u32),
        recorder: Box<dyn Recorder>,
        fps: Fps,
    ) -> Result<Self, StageError> {
        let belt = Belt::new(gpu, size_px.0, size_px.1)?;
        Ok(Self {
            recorder,
            belt,
            fps,
            sound: 0,
            on_the_way: VecDeque::new(),
            filmed: Filmed::default(),
            in_a_row: 0,
        })
    }

    /// Films the next frame; `false` where there is no sound for it any more. With `most` frames of sound it ends there.
    ///
    /// # Errors
    /// Sound, pictures, device or recorder fail. After a failure of the device it goes on with
    /// [`change_device`](Self::change_device).
    pub fn frame<S: Score>(
        &mut self,
        performer: &mut Performer<S>,
        most: Option<u64>,
    ) -> Result<bool, RenderError> {
        let rate_hz = f64::from(performer.score().sample_rate_hz());
        let end = ((self.filmed.frames + 1) as f64 / self.fps.per_s() * rate_hz).round() as u64;
        let end = most.map_or(end, |most| end.min(most));
        let sound = performer.step(end.saturating_sub(self.sound) as usize)?;
        if sound.is_empty() {
            return Ok(false);
        }
        self.sound += sound.len() as u64;
        self.recorder.audio(sound)?;
        // Counted before it is drawn: where the device fails meanwhile, the frame before stays for it.
        self.filmed.frames += 1;
        let late_s = performer.score().late_s();
        let may_leave_out = self.filmed.frames > 1 && f64::from(self.in_a_row) < LEFT_OUT_PER_S * late_s;
        if late_s > LATE_S && may_leave_out {
            self.filmed.left_out += 1;
            self.in_a_row += 1;
            self.on_the_way.push_back(false);
        } else {
            self.in_a_row = 0;
            if !self.belt.has_room() {
                self.deliver(true)?;
            }
            self.on_the_way.push_back(false);
            performer.draw()?;
            self.belt.push(performer.stage())?;
            self.on_the_way.pop_back();
            self.on_the_way.push_back(true);
        }
        self.deliver(false)?;
        Ok(true)
    }

    /// How far it has come.
    pub fn filmed(&self) -> Filmed {
        self.filmed
    }

    /// Goes on with a stage on another device, where the one before is lost; what was on its way is left out.
    ///
    /// # Errors
    /// The device has no memory for it, or the recorder fails.
    pub fn change_device(&mut self, gpu: Arc<Gpu>, stage: &Stage) -> Result<(), RenderError> {
        let (width_px, height_px) = stage.size_px();
        self.belt = Belt::new(gpu, width_px, height_px)?;
        for drawn in std::mem::take(&mut self.on_the_way) {
            self.filmed.left_out += u64::from(drawn);
            self.recorder.skip()?;
        }
        Ok(())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// Device or recorder fail; what is there is left playable.
    pub fn finish(mut self) -> Result<Finished, RenderError> {
        self.deliver(true)?;
        Ok(self.recorder.finish()?)
    }

    /// Hands over, in order, what has come back from the GPU: with `wait` the frames that are on their way, else what is there.
    fn deliver(&mut self, wait: bool) -> Result<(), RenderError> {
        while let Some(drawn) = self.on_the_way.front() {
            if *drawn {
                let Some(frame) = self.belt.pop(wait)? else { return Ok(()) };
                self.recorder.frame(&frame.rgba)?;
                self.belt.recycle(frame);
            } else {
                self.recorder.skip()?;
            }
            self.on_the_way.pop_front();
        }
        Ok(())
    }
}
