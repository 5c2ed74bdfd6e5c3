//! A scene that plays on one stage: what it remembers, and how it is painted.

mod again;
mod passes;
mod quality;
mod turns;

use std::sync::Arc;

use super::super::bloom;
use super::super::{Gpu, StageError};
use super::PostBlock;
use super::isf;
use super::program::Program;
use super::source::controls_in_order;
use super::store::Store;
use crate::controls::Controls;
use crate::scene::head::Format;
pub(super) use passes::begin;
pub(in crate::stage) use quality::Quality;
pub(super) use quality::Work;
use quality::work;

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
            cost.check(gpu, &program.head.name, work(&program, frame_px, quality))?;
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

    /// What share of the frame the scene's own targets have.
    pub fn share(&self) -> f32 {
        self.quality.share(&self.program.head)
    }

    /// How much a frame paints.
    pub(super) fn work(&self) -> Work {
        work(&self.program, self.frame_px, self.quality)
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
