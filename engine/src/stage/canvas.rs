//! The textures that passes write and later passes read.

use super::{Gpu, StageError};

/// All light is kept in half floats: linear, and brighter than white where it is.
pub(super) const LIGHT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
/// A texture that is drawn into, with its view.
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

    fn readable(
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

/// What is derived from the pictures alone, at about their own size.
pub(super) struct Studies {
    /// The two pictures turned into one; alpha is its height.
    pub tween: Canvas,
    /// Smoothed height, its slope (x, y), and its bend.
    pub field: Canvas,
    /// The picture blurred almost to its palette.
    pub ambience: Canvas,
    /// The picture size that these were made for.
    pub picture_px: [u32; 2],
}

impl Studies {
    /// A picture is taken at no more than this, which a frame of 4K cannot tell from more.
    const LARGEST_PX: u32 = 1024;

    pub fn new(gpu: &Gpu, picture_px: [u32; 2]) -> Result<Self, StageError> {
        let tween_px = picture_px.map(|side| side.min(Self::LARGEST_PX));
        Ok(Self {
            tween: Canvas::readable(gpu, "the tween", tween_px, LIGHT)?,
            field: Canvas::readable(gpu, "the field", tween_px, LIGHT)?,
            ambience: Canvas::readable(gpu, "the ambience", [16, 16], LIGHT)?,
            picture_px,
        })
    }
}

/// What depends on the frame's size, whatever the scene is.
pub(super) struct Boards {
    /// Each half the size of the one before.
    pub bloom: Vec<Canvas>,
    /// The scene's light, where it is not developed while it is painted.
    pub light: Option<Turns>,
    pub frame_px: [u32; 2],
}

impl Boards {
    pub fn new(gpu: &Gpu, frame_px: [u32; 2]) -> Result<Self, StageError> {
        let mut bloom = Vec::new();
        let mut size = frame_px.map(|side| side.div_ceil(4));
        while bloom.len() < 6 && (bloom.is_empty() || size[0].min(size[1]) >= 8) {
            bloom.push(Canvas::readable(gpu, "the bloom", size, LIGHT)?);
            size = size.map(|side| side.div_ceil(2));
        }
        Ok(Self { bloom, light: None, frame_px })
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
