//! What a stage keeps of a scene: targets and buffers.

use super::super::painter::Painter;
use super::super::{Gpu, StageError};
use super::binding::texture_format;
use super::program::Program;
use super::run::Quality;
use super::source::storage;
use super::source::{OWN, Own};
use crate::scene::head::{Format, Size};
use crate::scene::limits;

/// A target: one texture, or two that take turns.
pub(super) struct Target {
    pub px: [u32; 2],
    pub format: Format,
    pub mips: u32,
    textures: Vec<Leaf>,
    newest: usize,
    /// Nothing was written to it yet.
    pub fresh: bool,
}

/// A texture, as a whole to be read, and its largest copy to be written.
#[derive(Clone)]
struct Leaf {
    whole: wgpu::TextureView,
    levels: Vec<wgpu::TextureView>,
}

impl Target {
    pub fn new(
        gpu: &Gpu,
        name: &str,
        px: [u32; 2],
        format: Format,
        mips: bool,
        turns: bool,
    ) -> Result<Self, StageError> {
        let levels = if mips { 32 - px[0].max(px[1]).leading_zeros() } else { 1 };
        let leaf = || -> Result<Leaf, StageError> {
            let [width, height] = px;
            let texture = gpu.guarded(&format!("the {width}x{height} texture for {name}"), || {
                let mut usage = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING;
                usage.set(wgpu::TextureUsages::STORAGE_BINDING, storage(format).is_some());
                gpu.device.create_texture(&wgpu::TextureDescriptor {
                    label: Some(name),
                    size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                    mip_level_count: levels,
                    sample_count: 1,
                    dimension: wgpu::TextureDimension::D2,
                    format: texture_format(format),
                    usage,
                    view_formats: &[],
                })
            })?;
            let level = |base_mip_level| {
                texture.create_view(&wgpu::TextureViewDescriptor {
                    base_mip_level,
                    mip_level_count: Some(1),
                    ..Default::default()
                })
            };
            let whole = texture.create_view(&wgpu::TextureViewDescriptor::default());
            Ok(Leaf { whole, levels: (0..levels).map(level).collect() })
        };
        let textures = (0..1 + usize::from(turns)).map(|_| leaf()).collect::<Result<_, _>>()?;
        Ok(Self { px, format, mips: levels, textures, newest: 0, fresh: true })
    }

    /// What was written last, with its smaller copies.
    pub fn read(&self) -> &wgpu::TextureView {
        &self.textures[self.newest].whole
    }

    /// A level of what was written last, to be written on.
    pub fn level(&self, level: u32) -> &wgpu::TextureView {
        let levels = &self.textures[self.newest].levels;
        &levels[(level as usize).min(levels.len() - 1)]
    }

    /// What is to be written next: the other one of two.
    pub fn next(&self) -> &wgpu::TextureView {
        &self.textures[(self.newest + 1) % self.textures.len()].levels[0]
    }

    /// What was to be written is written.
    pub fn turn(&mut self) {
        self.newest = (self.newest + 1) % self.textures.len();
        self.fresh = false;
    }

    /// Takes over what `before` holds: light is drawn at the new size, anything else begins anew where the size differs.
    pub fn take_over(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        before: &Self,
    ) {
        if self.format != before.format || before.fresh || self.textures.len() != before.textures.len() {
            return;
        }
        let is_light = !matches!(self.format, Format::R32f | Format::Rgba32f);
        if self.px == before.px || is_light {
            painter.shrink(gpu, encoder, before.level(0), self.next(), texture_format(self.format));
            self.turn();
        }
    }
}

/// All that one stage keeps of a scene.
pub(super) struct Store {
    pub targets: Vec<Target>,
    pub buffers: Vec<wgpu::Buffer>,
    /// No buffer was computed yet.
    pub fresh: bool,
}

impl Store {
    /// Makes what the program names, for frames of this size.
    ///
    /// # Errors
    /// More memory than a scene may have, or than there is.
    pub fn new(
        gpu: &Gpu,
        program: &Program,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<Self, StageError> {
        let head = &program.head;
        let wanted: Vec<_> = head
            .targets()
            .into_iter()
            .enumerate()
            .map(|(at, target)| {
                let limit_px = gpu.max_side_px().min(quality.side_px);
                let px = size_px(target.size, frame_px, quality.share(head)).map(|side| side.min(limit_px));
                (
                    target.name.to_owned(),
                    px,
                    target.format,
                    target.mips,
                    target.persistent || program.is_read_by_writer(at),
                )
            })
            .collect();
        let texels = |px: &[u32; 2]| u64::from(px[0]) * u64::from(px[1]);
        let of_targets: u64 = wanted
            .iter()
            .map(|(_, px, format, _, turns)| texels(px) * bytes(*format) * (1 + u64::from(*turns)))
            .sum();
        let buffers: Vec<u64> = program.buffer_bytes.clone();
        let total = of_targets + buffers.iter().sum::<u64>();
        if let Some(found) = buffers.iter().find(|bytes| **bytes > limits::BUFFER_BYTES) {
            let message =
                format!("a buffer of {} MB; there is room for {}", found >> 20, limits::BUFFER_BYTES >> 20);
            return Err(StageError::Scene { scene: head.name.clone(), message });
        }
        if total > limits::BYTES {
            let message = format!(
                "it asks for {} MB of the GPU's memory; it may have {}",
                total >> 20,
                limits::BYTES >> 20
            );
            return Err(StageError::Scene { scene: head.name.clone(), message });
        }
        let targets = wanted
            .iter()
            .map(|(name, px, format, mips, turns)| Target::new(gpu, name, *px, *format, *mips, *turns))
            .collect::<Result<_, _>>()?;
        let buffers = buffers.into_iter().zip(&head.buffers).map(|(bytes, buffer)| {
            gpu.guarded(&format!("the buffer {}", buffer.name), || {
                gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some(&buffer.name),
                    size: bytes.max(16).next_multiple_of(16),
                    usage: wgpu::BufferUsages::STORAGE
                        | wgpu::BufferUsages::COPY_SRC
                        | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })
            })
        });
        Ok(Self { targets, buffers: buffers.collect::<Result<_, _>>()?, fresh: true })
    }

    /// Takes over what `before` remembers; it stays what it is.
    pub fn take_over(&mut self, gpu: &Gpu, painter: &Painter, before: &Self) {
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        for (target, before) in self.targets.iter_mut().zip(&before.targets) {
            target.take_over(gpu, painter, &mut encoder, before);
        }
        for (buffer, before) in self.buffers.iter().zip(&before.buffers) {
            encoder.copy_buffer_to_buffer(before, 0, buffer, 0, buffer.size().min(before.size()));
        }
        self.fresh = before.fresh;
        gpu.submit([encoder.finish()]);
    }

    /// What is bound for one of the scene's own resources.
    pub fn resource<'a>(&'a self, program: &'a Program, binding: u32) -> Option<wgpu::BindingResource<'a>> {
        let view = wgpu::BindingResource::TextureView;
        Some(match *program.own.get(binding.checked_sub(OWN)? as usize)? {
            Own::Target(at) => view(self.targets.get(at)?.read()),
            Own::TargetOut(at) => view(self.targets.get(at)?.next()),
            Own::Buffer(at) | Own::BufferOut(at) => self.buffers.get(at)?.as_entire_binding(),
            Own::Texture(at) => view(program.images.get(at)?),
        })
    }
}

/// A size in pixels: of the frame's share, multiplied by `share`.
pub(super) fn size_px(size: Size, frame_px: [u32; 2], share: f32) -> [u32; 2] {
    match size {
        Size::Pixels(px) => px,
        Size::Square { square, least, most } => {
            [((frame_px[1] as f32 * square * share).round() as u32).clamp(least, most.max(least)); 2]
        }
        Size::Share(of) => {
            frame_px.map(|side| ((side as f32 * of * share).round() as u32).clamp(1, limits::TARGET_SIDE_PX))
        }
    }
}

pub(super) fn bytes(format: Format) -> u64 {
    match format {
        Format::Rgba16f => 8,
        Format::Rgba8 | Format::Root8 | Format::Rg16f | Format::R32f => 4,
        Format::R16f => 2,
        Format::R8 => 1,
        Format::Rgba32f => 16,
    }
}
