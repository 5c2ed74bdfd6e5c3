//! The newest two generated pictures on the GPU, and how far the one has turned into the other.

use half::f16;

use super::{Gpu, StageError, overture};
use crate::picture::Picture;

const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;

/// Two slots; showing a picture overwrites the older one. A clone shares the textures: it shows the same until the next
/// picture comes.
#[derive(Clone)]
pub(super) struct Pictures {
    previous: Slot,
    newest: Slot,
    shown: u64,
}

#[derive(Clone)]
struct Slot {
    texture: wgpu::Texture,
    view: wgpu::TextureView,
    time_s: f64,
    /// Until when it was the right one; no sooner than it came.
    until_s: f64,
}

impl Pictures {
    /// Starts with a quiet gradient of the stage's own, for as long as no picture has come.
    pub fn new(gpu: &Gpu, seed: u64) -> Result<Self, StageError> {
        let first = overture::picture(seed, 0.0);
        let slot = || -> Result<Slot, StageError> {
            let mut slot = Slot::new(gpu, first.width_px, first.height_px)?;
            slot.fill(gpu, &first);
            Ok(slot)
        };
        Ok(Self { previous: slot()?, newest: slot()?, shown: 0 })
    }

    /// Takes a copy of `picture` as the newest, due at `due_s`.
    pub fn show(&mut self, gpu: &Gpu, picture: &Picture, due_s: f64) -> Result<(), StageError> {
        let (width_px, height_px) = (picture.width_px, picture.height_px);
        gpu.check_size("a picture", width_px, height_px)?;
        let expected = width_px as usize * height_px as usize;
        let found = picture.pixels.len();
        if found != expected {
            return Err(StageError::PixelCount { width_px, height_px, expected, found });
        }
        std::mem::swap(&mut self.previous, &mut self.newest);
        let size = self.newest.texture.size();
        if (size.width, size.height) != (width_px, height_px) {
            self.newest = Slot::new(gpu, width_px, height_px)?;
        }
        self.newest.fill(gpu, picture);
        (self.newest.time_s, self.newest.until_s) = (due_s, due_s);
        self.shown += 1;
        Ok(())
    }

    /// The newest picture is still the right one at `time_s`.
    pub fn hold(&mut self, time_s: f64) {
        self.newest.until_s = self.newest.until_s.max(time_s);
    }

    /// How many pictures were shown so far: a change means that derived textures are stale.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    pub fn views(&self) -> [&wgpu::TextureView; 2] {
        [&self.previous.view, &self.newest.view]
    }

    /// Size of the newest picture in pixels.
    pub fn size_px(&self) -> [u32; 2] {
        let size = self.newest.texture.size();
        [size.width, size.height]
    }

    /// Weight of the newest picture at `time_s`. The tween takes as long as the two pictures lie apart and
    /// starts when the newest is due, so that it needs no look-ahead and never stands still in between.
    pub fn weight(&self, time_s: f64) -> f32 {
        let apart_s = self.newest.time_s - self.previous.until_s;
        if self.shown < 2 || apart_s <= 0.0 || !apart_s.is_finite() {
            return 1.0;
        }
        ((time_s - self.newest.time_s) / apart_s).clamp(0.0, 1.0) as f32
    }
}

impl Slot {
    fn new(gpu: &Gpu, width_px: u32, height_px: u32) -> Result<Self, StageError> {
        let texture = gpu.guarded("the texture for a picture", || {
            gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("picture"),
                size: wgpu::Extent3d { width: width_px, height: height_px, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: FORMAT,
                usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
                view_formats: &[],
            })
        })?;
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Ok(Self { texture, view, time_s: 0.0, until_s: 0.0 })
    }

    fn fill(&mut self, gpu: &Gpu, picture: &Picture) {
        let upload = |pixels: &[[f16; 4]]| {
            gpu.queue.write_texture(
                self.texture.as_image_copy(),
                bytemuck::cast_slice(pixels),
                wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(picture.width_px * size_of::<[f16; 4]>() as u32),
                    rows_per_image: None,
                },
                self.texture.size(),
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
    }
}
