//! Plays a file's passes, frame by frame.

use super::super::super::painter::Painter;
use super::super::super::{Gpu, StageError};
use super::super::run::{Quality, Step};
use super::super::store::{Target, bytes, size_px};
use super::Program;
use crate::isf::{InputKind, TextureSource, UNIFORM_BINDING, UniformKind, VERTICES};
use crate::scene::head::{Head, Size};
use crate::scene::limits;

/// Every device binds uniforms at multiples of this.
const SLOT_BYTES: u32 = 256;
/// The day that files are told: what is drawn depends on the music alone, so the clock of that day is the song's.
const DAY: [f32; 3] = [2000.0, 1.0, 1.0];
const DAY_S: f64 = 86_400.0;

/// One stage's own memory of a file.
pub(in super::super) struct Player {
    targets: Vec<Target>,
    blocks: wgpu::Buffer,
    /// How large the frame is that its passes draw.
    frame_px: [u32; 2],
    side_px: u32,
    frames: i32,
    /// When it began: files sow and start while their TIME is near 0.
    began_s: Option<f64>,
    /// Of each input: whether it is on. An event happens in the frame in which it goes on.
    on: Vec<bool>,
}

/// What the passes of the scene around it have drawn, by the names of their targets.
pub(in super::super) type Drawn<'a> = &'a dyn Fn(&str) -> Option<wgpu::TextureView>;

impl Player {
    /// Makes what the file names, for frames of this size.
    ///
    /// # Errors
    /// More memory than a scene may have, or than there is.
    pub fn new(
        gpu: &Gpu,
        program: &Program,
        head: &Head,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<Self, StageError> {
        let side_px = gpu.max_side_px().min(quality.side_px);
        let frame_px = frame(head, frame_px, quality).map(|side| side.min(side_px));
        let sizes = sizes(program, head, frame_px, side_px, &[]);
        let total = total(program, &sizes);
        if total > limits::BYTES {
            let message = format!(
                "it asks for {} MB of the GPU's memory; it may have {}",
                total >> 20,
                limits::BYTES >> 20
            );
            return Err(StageError::Scene { scene: head.name.clone(), message });
        }
        let targets = program.targets.iter().zip(&sizes).map(|(target, px)| make(gpu, target, *px));
        let slot = program.uniform_bytes.next_multiple_of(SLOT_BYTES);
        let blocks = gpu.guarded("the file's uniforms", || {
            gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("isf"),
                size: u64::from(slot) * program.written.len() as u64,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        })?;
        let on = vec![false; program.file.isf.inputs.len()];
        Ok(Self {
            targets: targets.collect::<Result<_, _>>()?,
            blocks,
            frame_px,
            side_px,
            frames: 0,
            began_s: None,
            on,
        })
    }

    /// Takes over what `before` remembers, where it means the same.
    pub fn take_over(&mut self, gpu: &Gpu, painter: &Painter, of: &Program, before: &Self, was: &Program) {
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        for (target, known) in self.targets.iter_mut().zip(&of.targets) {
            let place = was.targets.iter().position(|other| other.name == known.name);
            if let Some(before) = place.and_then(|place| before.targets.get(place)) {
                target.take_over(gpu, painter, &mut encoder, before);
            }
        }
        gpu.submit([encoder.finish()]);
        (self.frames, self.began_s) = (before.frames, before.began_s);
        if self.on.len() == before.on.len() {
            self.on.clone_from(&before.on);
        }
    }

    /// What the last pass has drawn: sRGB.
    pub fn drawn(&self, program: &Program) -> Option<&wgpu::TextureView> {
        self.targets.get(*program.written.last()?).map(Target::read)
    }

    /// Draws a frame.
    ///
    /// # Errors
    /// No memory for targets whose size has changed.
    #[allow(clippy::too_many_arguments, reason = "what a graph's run takes, and what it has drawn")]
    pub fn run(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        program: &Program,
        head: &Head,
        step: &Step<'_>,
        drawn: Drawn<'_>,
    ) -> Result<(), StageError> {
        let values = self.values(program, head, step);
        self.fit(gpu, painter, encoder, program, head, &values)?;
        if step.before_s.is_none() || self.began_s.is_none() {
            (self.frames, self.began_s) = (0, Some(step.time_s));
        }
        let slot = program.uniform_bytes.next_multiple_of(SLOT_BYTES);
        let mut blocks = Vec::with_capacity(slot as usize * program.written.len());
        for (index, place) in program.written.iter().enumerate() {
            let px = self.targets[*place].px;
            blocks.extend(self.block(program, step, &values, index, px));
            blocks.resize(slot as usize * (index + 1), 0);
        }
        gpu.queue.write_buffer(&self.blocks, 0, &blocks);
        for (index, place) in program.written.iter().enumerate() {
            self.pass(gpu, painter, encoder, program, index as u32 * slot, *place, drawn);
        }
        self.frames = self.frames.wrapping_add(1);
        Ok(())
    }

    /// What each input is in this frame.
    fn values(&mut self, program: &Program, head: &Head, step: &Step<'_>) -> Vec<[f32; 4]> {
        let ways = step.controls.scene_ways();
        let inputs = program.file.isf.inputs.iter().enumerate();
        let value = |(at, input): (usize, &crate::isf::Input)| {
            let mut value = program.file.value(at, head, &ways, step.progress);
            if input.kind.is_share() {
                value[0] *= self.frame_px[0] as f32;
                value[1] *= self.frame_px[1] as f32;
            }
            if input.kind == InputKind::Event {
                let is_on = value[0] >= 0.5;
                let begins = is_on && !self.on[at];
                self.on[at] = is_on;
                value[0] = f32::from(u8::from(begins));
            }
            value
        };
        inputs.map(value).collect()
    }

    /// Makes targets anew whose size hangs on an input that was turned. None grows over what a scene may ask for, however it is turned:
    /// only what it is at first was tried.
    fn fit(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        program: &Program,
        head: &Head,
        values: &[[f32; 4]],
    ) -> Result<(), StageError> {
        let sizes = sizes(program, head, self.frame_px, self.side_px, values);
        if total(program, &sizes) > limits::BYTES {
            return Ok(());
        }
        let area = |px: [u32; 2]| px[0] as f32 * px[1] as f32;
        let most = area(self.frame_px) * limits::SHARE * limits::SHARE;
        for ((target, known), px) in self.targets.iter_mut().zip(&program.targets).zip(sizes) {
            if target.px != px && area(px) <= most.max(area(target.px)) {
                let mut other = make(gpu, known, px)?;
                other.take_over(gpu, painter, encoder, target);
                *target = other;
            }
        }
        Ok(())
    }

    /// The uniform block of a pass.
    fn block(
        &self,
        program: &Program,
        step: &Step<'_>,
        values: &[[f32; 4]],
        index: usize,
        px: [u32; 2],
    ) -> Vec<u8> {
        let mut block = vec![0; program.uniform_bytes as usize];
        let since_s = step.time_s - self.began_s.unwrap_or(step.time_s);
        let dt_s = step.before_s.map_or(0.0, |before_s| step.time_s - before_s).min(since_s);
        for uniform in &program.uniforms {
            let value = match uniform.name.as_str() {
                "RENDERSIZE" => [px[0] as f32, px[1] as f32, 0.0, 0.0],
                "TIME" => [since_s as f32, 0.0, 0.0, 0.0],
                "TIMEDELTA" => [dt_s as f32, 0.0, 0.0, 0.0],
                "FRAMEINDEX" => [self.frames as f32, 0.0, 0.0, 0.0],
                "PASSINDEX" => [index as f32, 0.0, 0.0, 0.0],
                "DATE" => [DAY[0], DAY[1], DAY[2], step.time_s.rem_euclid(DAY_S) as f32],
                name => {
                    let at = program.file.isf.inputs.iter().position(|input| input.name == name);
                    at.and_then(|at| values.get(at)).copied().unwrap_or_default()
                }
            };
            let is_whole = matches!(uniform.kind, UniformKind::Bool | UniformKind::Int);
            let count = uniform.kind.bytes() as usize / 4;
            for (at, number) in value.iter().take(count).enumerate() {
                let bytes = if is_whole { (*number as i32).to_le_bytes() } else { number.to_le_bytes() };
                let begin = uniform.offset_bytes as usize + at * 4;
                if let Some(place) = block.get_mut(begin..begin + 4) {
                    place.copy_from_slice(&bytes);
                }
            }
        }
        block
    }

    #[allow(clippy::too_many_arguments, reason = "one call site")]
    fn pass(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        program: &Program,
        offset: u32,
        place: usize,
        drawn: Drawn<'_>,
    ) {
        let Some(pipeline) = program.pipeline(program.targets[place].format) else { return };
        let block = wgpu::BufferBinding {
            buffer: &self.blocks,
            offset: 0,
            size: wgpu::BufferSize::new(u64::from(program.uniform_bytes)),
        };
        let views = program.textures.iter().map(|slot| self.view(program, slot, drawn));
        let views: Vec<_> = views.map(|view| view.unwrap_or_else(|| painter.blank().clone())).collect();
        let mut entries = vec![
            wgpu::BindGroupEntry { binding: UNIFORM_BINDING, resource: wgpu::BindingResource::Buffer(block) },
            wgpu::BindGroupEntry {
                binding: crate::isf::SAMPLER_BINDING,
                resource: wgpu::BindingResource::Sampler(&program.sampler),
            },
        ];
        for (slot, view) in program.textures.iter().zip(&views) {
            entries.push(wgpu::BindGroupEntry {
                binding: slot.binding,
                resource: wgpu::BindingResource::TextureView(view),
            });
        }
        let bound = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &program.layout,
            entries: &entries,
        });
        let target = &mut self.targets[place];
        {
            let clear = wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT);
            let mut pass = super::super::run::begin(encoder, &[target.next()], clear);
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &bound, &[offset]);
            pass.draw(0..VERTICES, 0..1);
        }
        target.turn();
    }

    /// What stands behind a texture of the file's.
    fn view(
        &self,
        program: &Program,
        slot: &crate::isf::TextureSlot,
        drawn: Drawn<'_>,
    ) -> Option<wgpu::TextureView> {
        match slot.source {
            TextureSource::Target => {
                let at = program.targets.iter().position(|target| target.name == slot.name)?;
                // What was never drawn is clear: it has no pixels yet that could be read.
                self.targets.get(at).filter(|target| !target.fresh).map(|target| target.read().clone())
            }
            TextureSource::Imported => {
                program.images.iter().find(|(name, _)| *name == slot.name).map(|(_, view)| view.clone())
            }
            TextureSource::Image | TextureSource::Audio | TextureSource::AudioFft => {
                let at = program.file.isf.inputs.iter().position(|input| input.name == slot.name)?;
                drawn(program.file.drawn_by.get(at)?.as_deref()?)
            }
        }
    }
}

/// Pixels that a frame's passes draw together, for frames of this size.
pub(in super::super) fn units(program: &Program, head: &Head, frame_px: [u32; 2], quality: Quality) -> f64 {
    let frame_px = frame(head, frame_px, quality).map(|side| side.min(quality.side_px));
    let sizes = sizes(program, head, frame_px, quality.side_px, &[]);
    let pixels = |place: &usize| sizes.get(*place).map_or(0.0, |px| f64::from(px[0]) * f64::from(px[1]));
    program.written.iter().map(pixels).sum()
}

fn frame(head: &Head, frame_px: [u32; 2], quality: Quality) -> [u32; 2] {
    size_px(Size::Share(1.0), frame_px, quality.share(head))
}

fn make(gpu: &Gpu, target: &super::Target, px: [u32; 2]) -> Result<Target, StageError> {
    let name = if target.name.is_empty() { "the frame" } else { &target.name };
    Target::new(gpu, name, px, target.format, false, target.is_read)
}

/// Bytes of all targets.
fn total(program: &Program, sizes: &[[u32; 2]]) -> u64 {
    let of = |(target, [width, height]): (&super::Target, &[u32; 2])| {
        u64::from(*width) * u64::from(*height) * bytes(target.format) * (1 + u64::from(target.is_read))
    };
    program.targets.iter().zip(sizes).map(of).sum()
}

/// How large each target is; `values` are those of the inputs, their defaults where there are none.
fn sizes(
    program: &Program,
    head: &Head,
    frame_px: [u32; 2],
    side_px: u32,
    values: &[[f32; 4]],
) -> Vec<[u32; 2]> {
    let inputs = &program.file.isf.inputs;
    let value = |name: &str| {
        let at = inputs.iter().position(|input| input.name == name)?;
        let value = values.get(at).copied();
        Some(value.unwrap_or_else(|| program.file.value(at, head, &[], 0.0))[0])
    };
    let size = |target: &super::Target| {
        let pass = program.file.isf.passes.get(target.pass);
        let px = pass.map_or(frame_px, |pass| pass.size_px(frame_px, value));
        px.map(|side| side.min(side_px))
    };
    program.targets.iter().map(size).collect()
}
