//! Keeps light from flashing as it can cause seizures: the last thing that happens to a frame, whatever has painted it.
//!
//! What a flash is stands in [`crate::flash::limits`], for this limiter and for the judge of finished videos alike. Here some
//! thousand probes, spread over the frame, remember the extremes of what was *shown*, as a cell of the judge does, and when they
//! had their last transitions. From the frame that is to be shown each probe knows whether it would make one more:
//!
//! 1. `look`: probes bring their memory up to date. A transition counts until it is known that too little around it went the same way at
//!    once: that was motion. One that would exceed three flashes in a second is held; one that has made
//!    two a second for nearly three seconds is soothed (for the extended failure); both until what is *wanted* calms down.
//! 2. `weigh`: tiles of 4 x 4 probes say how much of any ten degrees, and of the picture, is held, and how often large changes have
//!    come at once in different places. As long as that is little, nothing happens: small lights may flicker.
//! 3. `decide`: where it is much, a place keeps a share of the last light, just so much that no transition happens, until it has
//!    had few enough again; where it has flashed for seconds, a low pass takes so much from what swings so far and so often that it
//!    stays below the threshold. Even so a place creeps towards what is wanted, so that nothing old stays. What is kept is the soft
//!    light around a place alone, and what is drawn stays sharp and goes on moving; only what flashes in parts finer than that is kept
//!    as it was, edges and all (`light.wgsl`).
//! 4. `spread`: neighbours keep as much, so that nothing swings between the probes, and those farther off less and less, so that no
//!    edge is seen.
//! 5. The last light is laid over this frame with that strength, tile by tile. Where no tile has any, no pixel is drawn, and the frame
//!    stays as it is, bit by bit.
//!
//! Where `weigh` finds nothing, as in nearly every frame, what follows is not called at all.
//!
//! Nothing looks ahead: the first three flashes pass, and the fourth does not. [`stripes`] are softened before that.

mod kit;
mod parts;
mod stripes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
pub(super) use kit::Kit;
use stripes::{Stripes, When};

use super::{Canvas, Gpu, StageError};
use crate::flash::limits::{AREA, SCREEN_PX, TEN_DEGREES_PX, TICKS_PER_S};

/// Probes along the longer side of a frame.
const PROBES: u32 = 64;
/// Probes along a side of a tile.
const TILE: u32 = 4;
/// Bytes of a probe's memory, of a tile's, and of a tile's weights, in the shader.
const PROBE_BYTES: u32 = 224;
const TILE_BYTES: u32 = 64;
const WEIGHTS_BYTES: u32 = 16;
/// Where in the shader's `Calls` each of them stands, and its size.
const DECIDE_AT: u64 = 0;
const SPREAD_AT: u64 = 16;
const LAY_AT: u64 = 32;
const CALLS_BYTES: u32 = 48;

/// Frames from this size on are read four pixels at once: a cell of the judge, 1/256 of the frame, has more than one.
const FINE_PX: u32 = 512;

/// What is taken for the time between two frames where their times do not tell: after a jump.
const USUAL_STEP_S: f64 = 1.0 / 60.0;
/// A longer step than this is a jump, and a shorter one stands for a frame that is drawn again.
const STEPS_S: std::ops::RangeInclusive<f64> = 0.001..=1.0;

/// The memory of one stage.
pub(super) struct Limiter {
    kit: Arc<Kit>,
    frame_px: [u32; 2],
    /// The frame that was shown last, once there is one.
    before: Canvas,
    memory: Arc<Memory>,
    /// Time since the beginning, in ticks: it goes on when the sound jumps.
    ticks: f64,
    last_s: Option<f64>,
    /// Frames that were limited since what is remembered begins, and the last step of time.
    frames: u32,
    last_step_s: f64,
    /// Whether `before` holds a frame, and whether the memory holds anything.
    has_before: bool,
    remembers: bool,
}

/// What depends on the frame's shape alone.
struct Memory {
    probes: [u32; 2],
    tiles: [u32; 2],
    now: wgpu::Buffer,
    lay: wgpu::Buffer,
    state: wgpu::Buffer,
    tile_state: wgpu::Buffer,
    weights: wgpu::Buffer,
    /// How often what follows after `weigh` is called.
    calls: wgpu::Buffer,
    /// The light that is kept, how strongly, and the light in place of which it stands.
    strengths: wgpu::TextureView,
    tile_strengths: wgpu::TextureView,
    sought: wgpu::TextureView,
    stripes: Stripes,
}

/// As `memory.wgsl` reads it.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Now {
    time: u32,
    before: u32,
    dt_s: f32,
    anew: u32,
    frame_px: [f32; 2],
    corner: f32,
    spare: f32,
    probes: [u32; 2],
    tiles: [u32; 2],
    block: [u32; 2],
    block_probes: f32,
    probe_count: f32,
}

/// As `lay.wgsl` reads it.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Lay {
    probes: [f32; 2],
    tiles: [u32; 2],
    dice: u32,
    spare: [u32; 3],
}

impl Limiter {
    /// For frames of this size and format. `None` where the device cannot compute: an old OpenGL.
    ///
    /// # Errors
    /// No memory, or a driver that refuses the shaders.
    pub fn new(
        gpu: &Gpu,
        frame_px: [u32; 2],
        format: wgpu::TextureFormat,
    ) -> Result<Option<Self>, StageError> {
        if !gpu.computes() {
            tracing::warn!("this device cannot compute: flashes are not limited");
            return Ok(None);
        }
        let kit = gpu.shelf.limiter(gpu, format)?;
        let memory = Arc::new(Memory::new(gpu, &kit, frame_px)?);
        Ok(Some(Self::with(gpu, kit, memory, frame_px)?))
    }

    /// The limiter of a stage that takes another size. What was shown is remembered as long as the shape stays about the same; of
    /// the last frame itself nothing is kept, so that the next one passes as it is.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn resized(
        old: Option<&Self>,
        gpu: &Gpu,
        frame_px: [u32; 2],
        format: wgpu::TextureFormat,
    ) -> Result<Option<Self>, StageError> {
        let Some(old) = old.filter(|old| old.memory.probes == probes(frame_px)) else {
            return Self::new(gpu, frame_px, format);
        };
        let new = Self::with(gpu, Arc::clone(&old.kit), Arc::clone(&old.memory), frame_px)?;
        Ok(Some(Self {
            ticks: old.ticks,
            last_s: old.last_s,
            frames: old.frames,
            last_step_s: old.last_step_s,
            remembers: old.remembers,
            ..new
        }))
    }

    fn with(gpu: &Gpu, kit: Arc<Kit>, memory: Arc<Memory>, frame_px: [u32; 2]) -> Result<Self, StageError> {
        let before = super::output(gpu, frame_px, kit.format)?;
        Ok(Self {
            kit,
            frame_px,
            before,
            memory,
            ticks: 0.0,
            last_s: None,
            frames: 0,
            last_step_s: 0.0,
            has_before: false,
            remembers: false,
        })
    }

    /// Before a frame is drawn into `output`: keeps what it holds, and gives it another canvas.
    pub fn turn(&mut self, output: &mut Canvas) {
        std::mem::swap(&mut self.before, output);
    }

    /// Limits the frame in `output`, which is to be shown at `time_s` (seconds of audio).
    pub fn limit(&mut self, gpu: &Gpu, encoder: &mut wgpu::CommandEncoder, output: &Canvas, time_s: f64) {
        let step_s = self.last_s.map(|last_s| time_s - last_s).filter(|step_s| step_s.is_finite());
        let step_s = step_s.map_or(USUAL_STEP_S, |step_s| {
            if step_s < 0.0 || step_s > *STEPS_S.end() { USUAL_STEP_S } else { step_s.max(*STEPS_S.start()) }
        });
        self.last_s = Some(time_s);
        let before = self.ticks;
        self.ticks += step_s * TICKS_PER_S;
        let when = When {
            ticks: whole_ticks(self.ticks),
            frame: self.frames,
            dt_s: (step_s + self.last_step_s) as f32,
            anew: !self.remembers || self.frames == 0,
        };
        (self.frames, self.last_step_s) = (self.frames.wrapping_add(1), step_s);
        self.memory.stripes.soften(&self.kit.stripes, gpu, encoder, output, self.frame_px, when);
        let anew = !self.remembers || !self.has_before;
        // After a change of size there is no last frame, but what was shown before it counts.
        if !anew || !self.remembers {
            self.run(gpu, encoder, output, before, step_s as f32, anew);
        }
        (self.has_before, self.remembers) = (true, true);
    }

    /// A frame is shown that is not limited: what was before it counts no more.
    pub fn rest(&mut self) {
        (self.has_before, self.remembers, self.last_s, self.frames) = (false, false, None, 0);
    }

    fn run(
        &self,
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        output: &Canvas,
        before: f64,
        dt_s: f32,
        anew: bool,
    ) {
        let Memory { probes, tiles, .. } = *self.memory;
        let (block, block_probes) = block(probes, tiles);
        let [width, height] = self.frame_px.map(|side| side as f32);
        let now = Now {
            time: whole_ticks(self.ticks),
            before: whole_ticks(before),
            dt_s,
            anew: anew.into(),
            frame_px: [width, height],
            corner: if self.frame_px[0].max(self.frame_px[1]) >= FINE_PX { 0.5 } else { 0.0 },
            spare: 0.0,
            probes,
            tiles,
            block,
            block_probes,
            probe_count: (probes[0] * probes[1]) as f32,
        };
        gpu.queue.write_buffer(&self.memory.now, 0, bytemuck::bytes_of(&now));
        let dice = whole_ticks(self.ticks).wrapping_mul(747_796_405);
        let lay = Lay { probes: probes.map(|count| count as f32), tiles, dice, spare: [0; 3] };
        gpu.queue.write_buffer(&self.memory.lay, 0, bytemuck::bytes_of(&lay));

        let looking = self.kit.looking(gpu, &self.memory, &self.before.view, &output.view);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_bind_group(0, &looking, &[]);
        pass.set_pipeline(&self.kit.look);
        pass.dispatch_workgroups((probes[0] * probes[1]).div_ceil(64), 1, 1);
        pass.set_pipeline(&self.kit.weigh);
        pass.set_bind_group(1, &self.kit.calling(gpu, &self.memory), &[]);
        pass.dispatch_workgroups(1, 1, 1);
        drop(pass);
        let calls = &self.memory.calls;
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_bind_group(0, &looking, &[]);
        for step in [&self.kit.average, &self.kit.decide] {
            pass.set_pipeline(step);
            pass.dispatch_workgroups_indirect(calls, DECIDE_AT);
        }
        pass.set_pipeline(&self.kit.spread);
        pass.dispatch_workgroups_indirect(calls, SPREAD_AT);
        drop(pass);
        if anew {
            return;
        }
        let laying = self.kit.laying(gpu, &self.memory, &self.before.view);
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &output.view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations { load: wgpu::LoadOp::Load, store: wgpu::StoreOp::Store },
            })],
            ..Default::default()
        });
        pass.set_pipeline(&self.kit.lay);
        pass.set_bind_group(0, &laying, &[]);
        pass.draw_indirect(calls, LAY_AT);
    }
}

impl Memory {
    fn new(gpu: &Gpu, kit: &Kit, frame_px: [u32; 2]) -> Result<Self, StageError> {
        let probes = probes(frame_px);
        let tiles = probes.map(|count| count.div_ceil(TILE));
        let stripes = Stripes::new(gpu, &kit.stripes, probes)?;
        gpu.guarded("the memory for flashes", || {
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
            let strengths = |label, [width, height]: [u32; 2]| {
                let texture = gpu.device.create_texture(&wgpu::TextureDescriptor {
                    label: Some(label),
                    size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
                    mip_level_count: 1,
                    sample_count: 1,
                    dimension: wgpu::TextureDimension::D2,
                    format: parts::STRENGTHS,
                    usage: wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::TEXTURE_BINDING,
                    view_formats: &[],
                });
                texture.create_view(&wgpu::TextureViewDescriptor::default())
            };
            let [probe_count, tile_count] = [probes, tiles].map(|[across, down]| across * down);
            Self {
                probes,
                tiles,
                now: buffer("flashes now", size_of::<Now>() as u32, uniform),
                lay: buffer("flashes laid", size_of::<Lay>() as u32, uniform),
                state: buffer("probes", probe_count * PROBE_BYTES, storage),
                tile_state: buffer("tiles", tile_count * TILE_BYTES, storage),
                weights: buffer("weights", tile_count * WEIGHTS_BYTES, storage),
                calls: buffer("calls", CALLS_BYTES, storage | wgpu::BufferUsages::INDIRECT),
                strengths: strengths("strengths", probes),
                tile_strengths: strengths("strengths of tiles", tiles),
                sought: strengths("sought light", probes),
                stripes,
            }
        })
    }
}

/// Time as a shader counts it.
fn whole_ticks(ticks: f64) -> u32 {
    (ticks.round() as u64 % (1 << 32)) as u32
}

/// Columns and rows of probes.
fn probes(frame_px: [u32; 2]) -> [u32; 2] {
    let longer = f64::from(frame_px[0].max(frame_px[1]));
    frame_px.map(|side| (f64::from(side) / longer * f64::from(PROBES)).round().max(1.0) as u32)
}

/// Ten degrees in whole tiles, and how many probes they have: as [`crate::flash`] takes them.
fn block(probes: [u32; 2], tiles: [u32; 2]) -> ([u32; 2], f32) {
    let per_px = (0..2).map(|axis| f64::from(probes[axis]) / SCREEN_PX[axis]).fold(0.0, f64::max);
    let whole = TEN_DEGREES_PX.map(|side| side * per_px);
    let fits = |axis: usize| ((whole[axis] / f64::from(TILE)) as u32).clamp(1, tiles[axis]);
    ([fits(0), fits(1)], (whole[0] * whole[1]) as f32)
}

// The shader begins to act at less than half of the area that counts.
const _: () = assert!(AREA > 0.2);
