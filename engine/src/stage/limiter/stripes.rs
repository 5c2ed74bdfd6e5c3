//! Softens regular patterns before they have been there for as long as the judge bears them ([`crate::flash::limits`]).
//!
//! It looks as the judge does ([`crate::flash`]), at the same cells, but at some fifty rows and columns of them, in every other frame:
//!
//! 1. `read_line`, `scan`: which stretches of a line are striped.
//! 2. `mark`: how light and how wide the stripes are at each of some thousand places, and how they have moved.
//! 3. `weigh`: how much of the picture that is. More than it may be, for steady stripes or for such as change, is an exposure that
//!    grows with time; before it has come to half a second, stripes are softened.
//! 4. `soften`: for each place the mean of its surroundings, as far around as the next stripe, and the least share of it that brings
//!    stripes below the threshold of a transition, or of light that does harm.
//! 5. The mean is mixed into the frame with that share, smooth in space and time. Where there is none, no pixel is drawn.
//!
//! What follows after `scan` is not called where it has found nothing. What is judged is the frame as it was drawn, so that softened
//! stripes do not come and go. Flashes are looked for afterwards, in what is left.

mod kit;

use bytemuck::{Pod, Zeroable};
pub(super) use kit::Kit;

use super::parts::STRENGTHS;
use super::{Canvas, Gpu, StageError};
use crate::flash;

/// Bytes of a line's memory, of a place's, of what is remembered of all, and of the calls, in the shader.
const LINE_BYTES: u32 = 4368;
const PLACE_BYTES: u32 = 48;
const STATE_BYTES: u32 = 64;
const CALLS_BYTES: u32 = 32;
/// Where the second of two calls stands.
const SECOND_AT: u64 = 16;
/// Places along a side of a tile.
const TILE: u32 = 4;
/// Rows and columns of places that share a line.
const PITCH: u32 = 2;

/// What is remembered of a stage's stripes. It depends on the frame's shape alone.
pub(super) struct Stripes {
    places: [u32; 2],
    now: wgpu::Buffer,
    lay: wgpu::Buffer,
    lines: wgpu::Buffer,
    state: wgpu::Buffer,
    /// How often stripes are marked and weighed, and softened and laid.
    calls: wgpu::Buffer,
    acts: wgpu::Buffer,
    bound: Bound,
}

/// What is bound the same in every frame.
struct Bound {
    scanning: wgpu::BindGroup,
    weighing: wgpu::BindGroup,
    softening: wgpu::BindGroup,
    laying: wgpu::BindGroup,
}

/// When a frame is shown.
#[derive(Clone, Copy)]
pub(super) struct When {
    /// Time of the frame.
    pub ticks: u32,
    /// Frames before it.
    pub frame: u32,
    /// Time since the last frame of the same half: every other one is looked at.
    pub dt_s: f32,
    /// Whether what was before it counts for nothing.
    pub anew: bool,
}

/// As `memory.wgsl` reads it.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Now {
    cells: [u32; 2],
    places: [u32; 2],
    frame_px: [u32; 2],
    time: u32,
    frame: u32,
    dt_s: f32,
    anew: u32,
    spare: [u32; 2],
}

/// As `lay.wgsl` reads it.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Lay {
    places: [f32; 2],
    tiles: [u32; 2],
    dice: u32,
    spare: [u32; 3],
}

impl Stripes {
    /// With so many columns and rows of places, 64 at most.
    ///
    /// # Errors
    /// No memory.
    pub fn new(gpu: &Gpu, kit: &Kit, places: [u32; 2]) -> Result<Self, StageError> {
        let [across, down] = places;
        gpu.guarded("the memory for stripes", || {
            let buffer = |label, bytes: u32, usage| {
                gpu.device.create_buffer(&wgpu::BufferDescriptor {
                    label: Some(label),
                    size: u64::from(bytes),
                    usage,
                    mapped_at_creation: false,
                })
            };
            let uniform = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
            let storage = wgpu::BufferUsages::STORAGE;
            let field = gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some("means of stripes"),
                size: wgpu::Extent3d { width: across, height: down, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format: STRENGTHS,
                usage: wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING,
                view_formats: &[],
            });
            let field = field.create_view(&wgpu::TextureViewDescriptor::default());
            let lay = buffer("stripes laid", size_of::<Lay>() as u32, uniform);
            let place_state = buffer("places", across * down * PLACE_BYTES, storage);
            let [calls, acts] = ["calls for stripes", "acts on stripes"]
                .map(|label| buffer(label, CALLS_BYTES, storage | wgpu::BufferUsages::INDIRECT));
            let bound = Bound {
                scanning: kit.scanning(gpu, &calls, &acts),
                weighing: kit.weighing(gpu, &place_state, &acts),
                softening: kit.softening(gpu, &place_state, &field),
                laying: kit.laying(gpu, &lay, &field),
            };
            Self {
                places,
                now: buffer("stripes now", size_of::<Now>() as u32, uniform),
                lay,
                lines: buffer("lines", line_count(places) * LINE_BYTES, storage),
                state: buffer("stripes", STATE_BYTES, storage),
                calls,
                acts,
                bound,
            }
        })
    }

    /// Softens what is striped in a frame.
    pub fn soften(
        &self,
        kit: &Kit,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        output: &Canvas,
        frame_px: [u32; 2],
        when: When,
    ) {
        self.set(gpu, frame_px, when);
        if when.frame.is_multiple_of(2) {
            self.look(kit, gpu, encoder, output);
        }
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &output.view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load: wgpu::LoadOp::Load, store: wgpu::StoreOp::Store },
            })],
            ..Default::default()
        });
        pass.set_pipeline(&kit.lay);
        pass.set_bind_group(0, &self.bound.laying, &[]);
        pass.draw_indirect(&self.acts, SECOND_AT);
    }

    /// Says what this frame is.
    fn set(&self, gpu: &Gpu, frame_px: [u32; 2], when: When) {
        let now = Now {
            cells: flash::cells(frame_px),
            places: self.places,
            frame_px,
            time: when.ticks,
            frame: when.frame / 2,
            dt_s: when.dt_s,
            anew: when.anew.into(),
            spare: [0; 2],
        };
        gpu.queue.write_buffer(&self.now, 0, bytemuck::bytes_of(&now));
        let lay = Lay {
            places: self.places.map(|count| count as f32),
            tiles: self.places.map(|count| count.div_ceil(TILE)),
            dice: when.ticks.wrapping_mul(2_891_336_453),
            spare: [0; 3],
        };
        gpu.queue.write_buffer(&self.lay, 0, bytemuck::bytes_of(&lay));
    }

    /// Finds what is to be softened, and how.
    fn look(&self, kit: &Kit, gpu: &Gpu, encoder: &mut wgpu::CommandEncoder, output: &Canvas) {
        let looking = kit.looking(gpu, self, &output.view);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_bind_group(0, &looking, &[]);
        pass.set_pipeline(&kit.read_line);
        pass.dispatch_workgroups(line_count(self.places), 1, 1);
        pass.set_pipeline(&kit.scan);
        pass.set_bind_group(1, &self.bound.scanning, &[]);
        pass.dispatch_workgroups(1, 1, 1);
        drop(pass);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_bind_group(0, &looking, &[]);
        pass.set_pipeline(&kit.mark);
        pass.dispatch_workgroups_indirect(&self.calls, 0);
        pass.set_pipeline(&kit.weigh);
        pass.set_bind_group(1, &self.bound.weighing, &[]);
        pass.dispatch_workgroups_indirect(&self.calls, SECOND_AT);
        drop(pass);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_bind_group(0, &looking, &[]);
        pass.set_bind_group(1, &self.bound.softening, &[]);
        for step in &kit.soften {
            pass.set_pipeline(step);
            pass.dispatch_workgroups_indirect(&self.acts, 0);
        }
    }
}

fn line_count(places: [u32; 2]) -> u32 {
    places.iter().map(|count| count.div_ceil(PITCH)).sum()
}
