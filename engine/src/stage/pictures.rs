//! The newest two generated pictures on the GPU, and how far the one has turned into the other.

use half::f16;

use super::canvas::Study;
use super::reduction::Reduction;
use super::{Gpu, StageError, overture};
use crate::picture::Picture;

/// A weight that is this near to an end is there: a picture as it is costs less than two, and rounding makes no difference of it.
const AT_AN_END: f32 = 1.0 / 256.0;

/// Two slots that are shown, and one that takes the next picture. A clone shares the textures: it shows the same until the next
/// picture comes.
#[derive(Clone)]
pub(super) struct Pictures {
    pub previous: Slot,
    pub newest: Slot,
    spare: Slot,
    shown: u64,
}

/// A picture, and what is derived from it alone.
#[derive(Clone)]
pub(super) struct Slot {
    pub study: Study,
    pub reduction: Reduction,
    /// The turn of hue that the study was made with, in degrees, and up to which stage of its light; `None` before it is made.
    pub studied: Option<(f32, usize)>,
    /// What was seen when a picture came before the one before it was reached: it is no picture of its own.
    settled: bool,
    time_s: f64,
    /// Until when it was the right one; no sooner than it came.
    until_s: f64,
}

impl Pictures {
    /// Starts with a quiet gradient of the stage's own, for as long as no picture has come.
    pub fn new(gpu: &Gpu, seed: u64) -> Result<Self, StageError> {
        let first = overture::picture(seed, 0.0);
        let slot = || -> Result<Slot, StageError> {
            let mut slot = Slot::new(gpu, [first.width_px, first.height_px])?;
            slot.fill(gpu, &first);
            Ok(slot)
        };
        Ok(Self { previous: slot()?, newest: slot()?, spare: slot()?, shown: 0 })
    }

    /// Whether a stage can show it.
    ///
    /// # Errors
    /// A size that the device cannot hold, or pixels that do not fit the size.
    pub fn check(gpu: &Gpu, picture: &Picture) -> Result<(), StageError> {
        let (width_px, height_px) = (picture.width_px, picture.height_px);
        gpu.check_size("a picture", width_px, height_px)?;
        let expected = width_px as usize * height_px as usize;
        let found = picture.pixels.len();
        if found != expected {
            return Err(StageError::PixelCount { width_px, height_px, expected, found });
        }
        Ok(())
    }

    /// Takes a copy of `picture` as the newest, due at `due_s`.
    pub fn show(&mut self, gpu: &Gpu, picture: &Picture, due_s: f64) -> Result<(), StageError> {
        self.spare.fit(gpu, [picture.width_px, picture.height_px])?;
        self.spare.fill(gpu, picture);
        (self.spare.time_s, self.spare.until_s) = (due_s, due_s);
        std::mem::swap(&mut self.previous, &mut self.newest);
        std::mem::swap(&mut self.newest, &mut self.spare);
        self.shown += 1;
        Ok(())
    }

    /// Makes room, of the size `px`, for what is seen now: to be painted into what this returns, and to be taken as the newest
    /// picture by [`settle`](Self::settle).
    pub fn room(&mut self, gpu: &Gpu, px: [u32; 2]) -> Result<[&Slot; 3], StageError> {
        self.spare.fit(gpu, px)?;
        self.spare.study.stage = self.newest.study.stage.min(self.spare.study.lights.len() - 1);
        Ok([&self.previous, &self.newest, &self.spare])
    }

    /// What was painted into the [`room`](Self::room) stands for the newest picture from now on.
    pub fn settle(&mut self, reduction: Reduction) {
        let Slot { studied, time_s, until_s, .. } = self.newest;
        self.spare = Slot { reduction, studied, settled: true, time_s, until_s, ..self.spare.clone() };
        std::mem::swap(&mut self.newest, &mut self.spare);
    }

    /// The newest picture is still the right one at `time_s`.
    pub fn hold(&mut self, time_s: f64) {
        self.newest.until_s = self.newest.until_s.max(time_s);
    }

    /// How many pictures were shown so far: a change means that derived textures are stale.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// Size of the newest picture in pixels.
    pub fn size_px(&self) -> [u32; 2] {
        self.newest.size_px()
    }

    /// Weight of the newest picture at `time_s`. The tween takes as long as the two pictures lie apart and
    /// starts when the newest is due, so that it needs no look-ahead and never stands still in between.
    pub fn weight(&self, time_s: f64) -> f32 {
        let apart_s = self.newest.time_s - self.previous.until_s;
        if self.shown < 2 || apart_s <= 0.0 || !apart_s.is_finite() {
            return 1.0;
        }
        match ((time_s - self.newest.time_s) / apart_s) as f32 {
            ..=AT_AN_END => 0.0,
            weight if weight >= 1.0 - AT_AN_END => 1.0,
            weight => weight,
        }
    }
}

impl Slot {
    fn new(gpu: &Gpu, px: [u32; 2]) -> Result<Self, StageError> {
        Ok(Self {
            study: Study::new(gpu, px)?,
            reduction: Reduction { width_px: 1, height_px: 1, pixels: vec![[0.0; 4]] },
            studied: None,
            settled: false,
            time_s: 0.0,
            until_s: 0.0,
        })
    }

    /// Size of the picture in pixels.
    pub fn size_px(&self) -> [u32; 2] {
        let size = self.study.source.texture.size();
        [size.width, size.height]
    }

    /// Whether the study has to be made, or made again for another turn of hue or size.
    pub fn is_stale(&self, wanted: (f32, usize)) -> bool {
        self.studied.is_none_or(|studied| studied != wanted && !self.settled)
    }

    fn fit(&mut self, gpu: &Gpu, px: [u32; 2]) -> Result<(), StageError> {
        if self.size_px() != px {
            *self = Self::new(gpu, px)?;
        }
        Ok(())
    }

    fn fill(&mut self, gpu: &Gpu, picture: &Picture) {
        let texture = &self.study.source.texture;
        let upload = |pixels: &[[f16; 4]]| {
            gpu.queue.write_texture(
                texture.as_image_copy(),
                bytemuck::cast_slice(pixels),
                wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(picture.width_px * size_of::<[f16; 4]>() as u32),
                    rows_per_image: None,
                },
                texture.size(),
            );
        };
        // One value that is no number would stay in the feedback of a scene for ever.
        if picture.pixels.as_flattened().iter().all(|value| value.is_finite()) {
            upload(&picture.pixels);
        } else {
            tracing::warn!(
                "a picture at {} s holds values that are no numbers; they are shown as black",
                picture.time_s
            );
            let mended = |value: f16| if value.is_finite() { value } else { f16::ZERO };
            upload(&picture.pixels.iter().map(|pixel| pixel.map(mended)).collect::<Vec<_>>());
        }
        self.reduction = Reduction::of(picture);
        (self.studied, self.settled) = (None, false);
    }
}
