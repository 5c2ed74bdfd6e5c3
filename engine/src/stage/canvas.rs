//! The textures that passes write and later passes read.

use half::f16;

use super::bloom::Bloom;
use super::optical_flow::Motion;
use super::{Gpu, StageError};

/// All light is kept in half floats: linear, and brighter than white where it is.
pub(super) const LIGHT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
/// Square roots of light that is no brighter than white.
pub(super) const SHOWN: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// A texture that is drawn into, with its view. A clone is the same texture.
#[derive(Clone)]
pub(super) struct Canvas {
    pub texture: wgpu::Texture,
    pub view: wgpu::TextureView,
}

impl Canvas {
    pub fn new(
        gpu: &Gpu,
        label: &'static str,
        [width, height]: [u32; 2],
        format: wgpu::TextureFormat,
        more: wgpu::TextureUsages,
    ) -> Result<Self, StageError> {
        let texture = gpu.guarded(&format!("the {width}x{height} texture for {label}"), || {
            gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some(label),
                size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT | more,
                view_formats: &[],
            })
        })?;
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Ok(Self { texture, view })
    }

    pub fn readable(
        gpu: &Gpu,
        label: &'static str,
        size: [u32; 2],
        format: wgpu::TextureFormat,
    ) -> Result<Self, StageError> {
        Self::new(gpu, label, size, format, wgpu::TextureUsages::TEXTURE_BINDING)
    }
}

/// Two canvases that take turns, one being read while the other is written.
pub(super) struct Turns {
    canvases: [Canvas; 2],
    newest: usize,
}

impl Turns {
    fn new(
        gpu: &Gpu,
        label: &'static str,
        size: [u32; 2],
        format: wgpu::TextureFormat,
    ) -> Result<Self, StageError> {
        let canvas = || Canvas::readable(gpu, label, size, format);
        Ok(Self { canvases: [canvas()?, canvas()?], newest: 0 })
    }

    /// Passes the turn on; returns what was written last and what is to be written now.
    pub fn next(&mut self) -> (&wgpu::TextureView, &wgpu::TextureView) {
        self.newest = 1 - self.newest;
        (&self.canvases[1 - self.newest].view, &self.canvases[self.newest].view)
    }
}

/// A picture, and what is derived from it alone, once.
#[derive(Clone)]
pub(super) struct Study {
    /// The picture as it came: linear light.
    pub source: Canvas,
    /// The picture in the light and shade of its surroundings, as square roots of linear light, and its height; each stage twice
    /// as large as the one before.
    pub lights: Vec<Canvas>,
    /// Which of them is the largest that is made.
    pub stage: usize,
    /// Smoothed height, its slope (x, y) in the picture's widths and heights, and its bend.
    pub field: Canvas,
    /// The picture blurred almost to its palette.
    pub ambience: Canvas,
}

impl Study {
    /// A picture is taken at no more than this, which a frame of 4K cannot tell from more.
    const LARGEST_PX: u32 = 1024;
    /// As large as a picture is magnified beforehand; on a processor, where each pixel counts and frames are smaller, as large and
    /// only once.
    const MAGNIFIED_PX: u32 = 1024;
    const MAGNIFIED_BY_PROCESSOR_PX: u32 = 512;
    /// A picture that is shown no larger than this, for each of its own pixels, is sharp enough as it is.
    const WORTH_MAGNIFYING: f32 = 1.5;

    pub fn new(gpu: &Gpu, picture_px: [u32; 2]) -> Result<Self, StageError> {
        let read = wgpu::TextureUsages::TEXTURE_BINDING;
        let mut px = picture_px.map(|side| side.min(Self::LARGEST_PX));
        let readable_twice = read | wgpu::TextureUsages::COPY_SRC;
        let field_px = Self::field_px(gpu, picture_px);
        let field = Canvas::new(gpu, "a picture's field", field_px, LIGHT, readable_twice)?;
        let largest = match gpu.is_software() {
            true => Self::MAGNIFIED_BY_PROCESSOR_PX.min(2 * px[0].max(px[1])),
            false => Self::MAGNIFIED_PX,
        };
        let mut lights = Vec::new();
        loop {
            let usage = read | wgpu::TextureUsages::STORAGE_BINDING;
            lights.push(Canvas::new(gpu, "a picture's light", px, SHOWN, usage)?);
            px = px.map(|side| 2 * side);
            if px[0].max(px[1]) > largest {
                break;
            }
        }
        Ok(Self {
            source: Canvas::new(gpu, "a picture", picture_px, LIGHT, read | wgpu::TextureUsages::COPY_DST)?,
            lights,
            stage: 0,
            field,
            ambience: Canvas::readable(gpu, "a picture's ambience", [16, 16], LIGHT)?,
        })
    }

    /// Size of a picture's field. It is smoothed over five pixels of the picture, so that half the size holds all of it; but magnified without
    /// a spline, as is affordable on a GPU, it shows its own pixels less if it is whole.
    fn field_px(gpu: &Gpu, picture_px: [u32; 2]) -> [u32; 2] {
        let part = if gpu.is_software() { 2 } else { 1 };
        picture_px.map(|side| side.min(Self::LARGEST_PX).div_ceil(part))
    }

    /// The picture's light as large as it is made.
    pub fn light(&self) -> &Canvas {
        self.lights.get(self.stage).unwrap_or(&self.source)
    }

    /// Up to which stage a picture is worth magnifying for a scene that is painted at this size.
    pub fn stage_for(&self, painted_px: f32) -> usize {
        let px = self.source.texture.size();
        match painted_px > Self::WORTH_MAGNIFYING * px.width.max(px.height) as f32 {
            true => self.lights.len() - 1,
            false => 0,
        }
    }
}

/// What is made of the newest two pictures for a frame.
pub(super) struct Studies {
    /// The tweened picture's smoothed height, its slope (x, y) in the picture's widths and heights, and its bend.
    pub field: Canvas,
    /// The tweened picture blurred almost to its palette.
    pub ambience: Canvas,
    /// The way from the one to the other: see [`Motion`].
    pub motion: Canvas,
    /// The tweened picture, where a scene wants it as a texture: linear light, and its height in alpha.
    pub tween: Option<Canvas>,
    /// The picture size that these were made for.
    pub picture_px: [u32; 2],
}

impl Studies {
    pub fn new(gpu: &Gpu, picture_px: [u32; 2], motion: &Motion) -> Result<Self, StageError> {
        let motion_px = [motion.width_px as u32, motion.height_px as u32];
        let field_px = Study::field_px(gpu, picture_px);
        let read = wgpu::TextureUsages::TEXTURE_BINDING;
        let usage = read | wgpu::TextureUsages::COPY_DST;
        Ok(Self {
            field: Canvas::new(gpu, "the field", field_px, LIGHT, read | wgpu::TextureUsages::COPY_SRC)?,
            ambience: Canvas::readable(gpu, "the ambience", [16, 16], LIGHT)?,
            motion: Canvas::new(gpu, "the motion", motion_px, LIGHT, usage)?,
            tween: None,
            picture_px,
        })
    }

    /// Hands the motion to the shaders.
    pub fn move_by(&self, gpu: &Gpu, motion: &Motion) {
        let cells: Vec<[f16; 4]> = motion.cells.iter().map(|cell| cell.map(f16::from_f32)).collect();
        gpu.queue.write_texture(
            self.motion.texture.as_image_copy(),
            bytemuck::cast_slice(&cells),
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some((motion.width_px * size_of::<[f16; 4]>()) as u32),
                rows_per_image: None,
            },
            self.motion.texture.size(),
        );
    }
}

/// What depends on the frame's size, whatever the scene is.
pub(super) struct Boards {
    pub bloom: Bloom,
    /// The scene's light, where it is not developed while it is painted.
    pub light: Option<Turns>,
    pub frame_px: [u32; 2],
}

impl Boards {
    pub fn new(gpu: &Gpu, frame_px: [u32; 2]) -> Result<Self, StageError> {
        Ok(Self { bloom: Bloom::new(gpu, frame_px)?, light: None, frame_px })
    }

    /// The scene's light: what was painted last, and what is to be painted now.
    ///
    /// # Errors
    /// No memory for it.
    pub fn light(&mut self, gpu: &Gpu) -> Result<(&wgpu::TextureView, &wgpu::TextureView), StageError> {
        let made = match self.light.take() {
            Some(light) => light,
            None => Turns::new(gpu, "the light", self.frame_px, LIGHT)?,
        };
        Ok(self.light.insert(made).next())
    }
}
