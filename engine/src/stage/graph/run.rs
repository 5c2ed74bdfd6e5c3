//! Runs a scene's passes, frame by frame.

mod quality;
mod turns;

use std::sync::Arc;

use super::super::bloom;
use super::super::painter::Painter;
use super::super::{Gpu, StageError, with_inverse};
use super::PostBlock;
use super::binding::{Given, texture_format};
use super::isf;
use super::program::{Pipeline, Prepared, Program};
use super::source::{OWN, controls_in_order};
use super::store::Store;
use crate::controls::Controls;
use crate::scene::head::{Blend, Format};
pub(in crate::stage) use quality::Quality;
use quality::units;
use turns::{CanvasBlock, Turn};

/// Every device binds uniforms at multiples of this.
const SLOT_BYTES: u64 = 256;

/// A frame's step in time.
#[derive(Clone, Copy)]
pub(in crate::stage) struct Step<'a> {
    pub time_s: f64,
    /// When the frame before was; `None` for the first one, and after a jump.
    pub before_s: Option<f64>,
    pub controls: &'a Controls,
    pub post: PostBlock,
    /// How far the transition is, if one goes on.
    pub progress: f32,
}

/// Where the last pass goes.
#[derive(Clone, Copy)]
pub(in crate::stage) enum Shown<'a> {
    /// Developed, into a frame.
    Frame(&'a wgpu::TextureView),
    /// As light.
    Light(&'a wgpu::TextureView),
}

/// One stage's own memory of a scene.
pub(in crate::stage) struct Graph {
    program: Arc<Program>,
    store: Store,
    /// What plays the passes of an ISF.
    player: Option<isf::Player>,
    frame_px: [u32; 2],
    quality: Quality,
    controls: wgpu::Buffer,
    post: wgpu::Buffer,
    /// Whether what comes after grades in this frame.
    grades: bool,
    canvases: wgpu::Buffer,
    /// Of the trigger controls: how much is left of each, and whether it is still pressed.
    triggers: Vec<(f32, bool)>,
}

impl Graph {
    /// Makes what the program names, for frames of this size.
    ///
    /// # Errors
    /// More memory than a scene may have, or than there is.
    pub fn new(
        gpu: &Gpu,
        program: Arc<Program>,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<Self, StageError> {
        let store = Store::new(gpu, &program, frame_px, quality)?;
        let player = player(gpu, &program, frame_px, quality)?;
        if let Some(cost) = program.cost.get() {
            cost.check(gpu, &program.head.name, units(&program, frame_px, quality))?;
        }
        let uniforms = |label, size| {
            gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let slots = program.head.passes.len() as u64 + 64;
        let [controls, post, canvases] = gpu.guarded("a scene's blocks", || {
            [
                uniforms("the scene's controls", 16 * 9),
                uniforms("what comes after", size_of::<PostBlock>() as u64),
                uniforms("canvases", slots * SLOT_BYTES),
            ]
        })?;
        Ok(Self {
            store,
            player,
            frame_px,
            quality,
            controls,
            post,
            grades: true,
            canvases,
            triggers: vec![(0.0, false); program.head.controls.len()],
            program,
        })
    }

    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    pub fn quality(&self) -> Quality {
        self.quality
    }

    /// For frames of another size, or at another quality; what it remembers comes along where it can.
    ///
    /// # Errors
    /// As [`new`](Self::new); everything stays as it was.
    pub fn resize(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<(), StageError> {
        let mut store = Store::new(gpu, &self.program, frame_px, quality)?;
        store.take_over(gpu, painter, &self.store);
        let mut next = player(gpu, &self.program, frame_px, quality)?;
        remember(gpu, painter, (&mut next, &self.program), (&self.player, &self.program));
        (self.store, self.player) = (store, next);
        (self.frame_px, self.quality) = (frame_px, quality);
        Ok(())
    }

    /// The same scene, as it stands, for frames of another size.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn enlarged(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        program: Arc<Program>,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<Self, StageError> {
        let mut enlarged = Self::new(gpu, program, frame_px, quality)?;
        enlarged.store.take_over(gpu, painter, &self.store);
        let program = Arc::clone(&enlarged.program);
        remember(gpu, painter, (&mut enlarged.player, &program), (&self.player, &self.program));
        Ok(enlarged)
    }

    /// Goes on as another program says, with what it remembers where that has stayed the same.
    ///
    /// # Errors
    /// As [`new`](Self::new); everything stays as it was.
    pub fn change_to(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        program: Arc<Program>,
    ) -> Result<(), StageError> {
        if Arc::ptr_eq(&program, &self.program) {
            return Ok(());
        }
        let same = program.head.targets() == self.program.head.targets()
            && program.buffer_bytes == self.program.buffer_bytes;
        let mut next = Self::new(gpu, program, self.frame_px, self.quality)?;
        if same {
            next.store.take_over(gpu, painter, &self.store);
        }
        let program = Arc::clone(&next.program);
        remember(gpu, painter, (&mut next.player, &program), (&self.player, &self.program));
        *self = next;
        Ok(())
    }

    /// What share of the frame the scene's own targets have.
    pub fn share(&self) -> f32 {
        self.quality.share(&self.program.head)
    }

    /// Pixels, points and things that a frame paints.
    pub fn units(&self) -> f64 {
        units(&self.program, self.frame_px, self.quality)
    }

    /// The target whose light blooms, if the scene has said which one.
    pub fn blooms(&self) -> Option<bloom::Source<'_>> {
        let from = self.program.head.post.bloom_from.as_deref()?;
        let at = self.program.head.targets().iter().position(|target| target.name == from)?;
        let target = self.store.targets.get(at)?;
        Some(bloom::Source { view: target.read(), rooted: target.format == Format::Root8 })
    }

    /// Whether the last pass can be developed while it is drawn, in frames of this format.
    pub fn is_fused(&self, format: wgpu::TextureFormat, step: &Step<'_>) -> bool {
        !step.post.parts()
            && self.program.fused.as_ref().is_some_and(|fused| fused.format == format)
            && (self.program.head.post.bloom_from.is_some() || !step.post.glows())
            && !self.program.reads("before")
    }

    /// Runs all passes but the last.
    ///
    /// # Errors
    /// No memory for what a pass knows of itself.
    pub fn run(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        step: &Step<'_>,
        given: Given<'_>,
    ) -> Result<(), StageError> {
        let program = Arc::clone(&self.program);
        self.set(gpu, step);
        let turns = self.turns(step);
        let needed = (turns.len() as u64 + 1) * SLOT_BYTES;
        if needed > self.canvases.size() {
            self.canvases = gpu.guarded("canvases", || {
                gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some("canvases"),
                    size: needed.next_power_of_two(),
                    usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                    mapped_at_creation: false,
                })
            })?;
        }
        // The last pass comes first: it is there whatever runs before it.
        let mut bytes = vec![0; needed as usize];
        let last = self.canvas(program.head.passes.len() - 1, 0, 1, step);
        for (place, canvas) in std::iter::once(last).chain(turns.iter().map(|turn| turn.canvas)).enumerate() {
            let at = place * SLOT_BYTES as usize;
            bytes[at..at + size_of::<CanvasBlock>()].copy_from_slice(bytemuck::bytes_of(&canvas));
        }
        gpu.queue.write_buffer(&self.canvases, 0, &bytes);
        let blocks = self.blocks(gpu);
        for (place, turn) in turns.iter().enumerate() {
            let offset = ((place + 1) as u64 * SLOT_BYTES) as u32;
            self.turn(gpu, painter, encoder, &program, turn, given, &blocks, offset);
        }
        self.store.fresh = false;
        if let (Some(player), Some(isf)) = (&mut self.player, &program.isf) {
            let store = &self.store;
            let drawn = |name: &str| {
                let at = program.head.targets().iter().position(|target| target.name == name)?;
                store.targets.get(at).map(|target| target.read().clone())
            };
            player.run(gpu, painter, encoder, isf, &program.head, step, &drawn)?;
        }
        Ok(())
    }

    /// Runs the last pass. `given` may hold more than before: the light that blooms.
    pub fn show(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        given: Given<'_>,
        into: Shown<'_>,
    ) {
        let Some(at) = self.program.passes.len().checked_sub(1) else { return };
        let (view, prepared) = match (into, &self.program.fused) {
            (Shown::Frame(view), Some(fused)) if self.grades => (view, &fused.graded),
            (Shown::Frame(view), Some(fused)) => (view, &fused.ungraded),
            (Shown::Frame(view) | Shown::Light(view), _) => (view, &self.program.passes[at]),
        };
        let Pipeline::Render(pipeline) = &prepared.pipeline else { return };
        let drawn = self.player.as_ref().zip(self.program.isf.as_ref());
        let drawn = drawn.and_then(|(player, isf)| player.drawn(isf));
        let given = drawn.map_or(given, |drawn| given.with("isf_drawn", drawn));
        let bound = self.bind(gpu, painter, prepared, given);
        let blocks = self.blocks(gpu);
        let mut pass = begin(encoder, &[view], wgpu::LoadOp::Clear(wgpu::Color::BLACK));
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, painter.common(), &[]);
        pass.set_bind_group(1, &bound, &[]);
        pass.set_bind_group(2, &blocks, &[0]);
        let (vertices, instances) = self.drawn(&self.program.head.passes[at]);
        pass.draw(0..vertices, 0..instances);
    }

    /// Hands controls and post to the shaders.
    fn set(&mut self, gpu: &Gpu, step: &Step<'_>) {
        let head = &self.program.head;
        let ways = step.controls.scene_ways();
        let mut numbers: Vec<f32> = Vec::with_capacity(36);
        for control in controls_in_order(head) {
            let place = head.controls.iter().position(|other| other.id == control.id).unwrap_or_default();
            let value = control.value(ways.get(place).copied().unwrap_or(0.5));
            if control.wgsl() == "vec4f" {
                numbers.extend(value);
            } else if control.kind == crate::scene::control::Kind::Trigger {
                let dt_s = step.before_s.map_or(0.0, |before| step.time_s - before) as f32;
                let (left, was_pressed) = &mut self.triggers[place];
                let pressed = value[0] > 0.5;
                *left = if pressed && !*was_pressed { 1.0 } else { (*left - 2.0 * dt_s).max(0.0) };
                *was_pressed = pressed;
                numbers.push(*left);
            } else {
                numbers.push(value[0]);
            }
        }
        numbers.resize(36, 0.0);
        gpu.queue.write_buffer(&self.controls, 0, bytemuck::cast_slice(&numbers));
        gpu.queue.write_buffer(&self.post, 0, bytemuck::bytes_of(&step.post));
        self.grades = step.post.grades();
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one call site; a struct of them would be made for it alone"
    )]
    fn turn(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        program: &Program,
        turn: &Turn,
        given: Given<'_>,
        blocks: &wgpu::BindGroup,
        offset: u32,
    ) {
        let (pass, prepared) = (&program.head.passes[turn.pass], &program.passes[turn.pass]);
        let bound = self.bind(gpu, painter, prepared, given);
        let written = program.written(turn.pass);
        match &prepared.pipeline {
            Pipeline::Compute(pipeline, _) => {
                let [x, y, z] = self.groups(turn.pass);
                let mut compute = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
                compute.set_pipeline(pipeline);
                compute.set_bind_group(0, painter.common(), &[]);
                compute.set_bind_group(1, &bound, &[]);
                compute.set_bind_group(2, blocks, &[offset]);
                compute.dispatch_workgroups(x, y, z);
                drop(compute);
                written.iter().for_each(|at| self.store.targets[*at].turn());
            }
            Pipeline::Render(pipeline) => {
                // What is laid over what is there stays on the same texture.
                let lays_over = pass.blend != Blend::Replace;
                let targets = written.iter().map(|at| &self.store.targets[*at]);
                let views: Vec<_> =
                    targets.map(|target| if lays_over { target.level(0) } else { target.next() }).collect();
                let load = if lays_over {
                    wgpu::LoadOp::Load
                } else {
                    wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT)
                };
                let mut render = begin(encoder, &views, load);
                render.set_pipeline(pipeline);
                render.set_bind_group(0, painter.common(), &[]);
                render.set_bind_group(1, &bound, &[]);
                render.set_bind_group(2, blocks, &[offset]);
                let (vertices, instances) = self.drawn(pass);
                render.draw(0..vertices, 0..instances);
                drop(render);
                if !lays_over {
                    written.iter().for_each(|at| self.store.targets[*at].turn());
                }
            }
        }
        for at in written {
            let target = &self.store.targets[at];
            for level in 1..target.mips {
                painter.shrink(
                    gpu,
                    encoder,
                    target.level(level - 1),
                    target.level(level),
                    texture_format(target.format),
                );
            }
        }
    }

    fn bind(&self, gpu: &Gpu, painter: &Painter, prepared: &Prepared, given: Given<'_>) -> wgpu::BindGroup {
        let blank = || wgpu::BindingResource::TextureView(painter.blank());
        let entries: Vec<_> = prepared
            .bindings
            .iter()
            .map(|&binding| {
                let own = self.store.resource(&self.program, binding);
                let shared = || given.view(binding).map(wgpu::BindingResource::TextureView);
                let resource = if binding < OWN { shared() } else { own };
                wgpu::BindGroupEntry { binding, resource: resource.unwrap_or_else(blank) }
            })
            .collect();
        gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &prepared.layout,
            entries: &entries,
        })
    }

    fn blocks(&self, gpu: &Gpu) -> wgpu::BindGroup {
        let canvas = wgpu::BufferBinding {
            buffer: &self.canvases,
            offset: 0,
            size: wgpu::BufferSize::new(size_of::<CanvasBlock>() as u64),
        };
        gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &self.program.block_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Buffer(canvas) },
                wgpu::BindGroupEntry { binding: 1, resource: self.controls.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 2, resource: self.post.as_entire_binding() },
            ],
        })
    }
}

/// What plays the passes of an ISF, if the program is one.
fn player(
    gpu: &Gpu,
    program: &Program,
    frame_px: [u32; 2],
    quality: Quality,
) -> Result<Option<isf::Player>, StageError> {
    let new = |isf| isf::Player::new(gpu, isf, &program.head, frame_px, quality);
    program.isf.as_ref().map(new).transpose()
}

/// Lets one go on from what another one remembers.
fn remember(
    gpu: &Gpu,
    painter: &Painter,
    (player, program): (&mut Option<isf::Player>, &Program),
    (before, was): (&Option<isf::Player>, &Program),
) {
    let both = player.as_mut().zip(program.isf.as_ref()).zip(before.as_ref().zip(was.isf.as_ref()));
    if let Some(((player, isf), (before, was))) = both {
        player.take_over(gpu, painter, isf, before, was);
    }
}

pub(super) fn begin<'e>(
    encoder: &'e mut wgpu::CommandEncoder,
    views: &[&wgpu::TextureView],
    load: wgpu::LoadOp<wgpu::Color>,
) -> wgpu::RenderPass<'e> {
    let attachments: Vec<_> = views
        .iter()
        .map(|view| {
            Some(wgpu::RenderPassColorAttachment {
                view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
            })
        })
        .collect();
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        color_attachments: &attachments,
        ..Default::default()
    })
}
