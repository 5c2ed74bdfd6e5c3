//! Draws every display frame: pictures in, light out.
//!
//! A frame takes four steps, all in WGSL from `shaders/`:
//!
//! 1. The newest two pictures are tweened by audio time into one, each moved along the way between them, with a height field, its slopes
//!    and its palette. What a picture needs for that is made once, when it comes: magnified along its edges, its field, and the way
//!    from the picture before.
//! 2. The passes of the [`Scene`] run: its files say which there are.
//! 3. Bright light blooms over a chain of ever smaller copies.
//! 4. The scene's last pass paints the frame, and what it paints is developed: bloom, vignette, tone curve, grain, sRGB, dither.
//!    Where nobody needs the light itself, both are one pass.
//!
//! All light is linear (Rec. 709 primaries) until the last line of the last shader.
//!
//! ```no_run
//! use klangbild_engine::hearing::Heard;
//! use klangbild_engine::picture::Picture;
//! use klangbild_engine::stage::{Belt, Gpu, Scene, Stage};
//!
//! let gpu = Gpu::headless()?;
//! let mut stage = Stage::new(gpu.clone(), 640, 360, Scene::default(), 7)?;
//! stage.show(&Picture::default())?;
//! stage.draw(0.0, &Heard::default())?;
//! let mut belt = Belt::new(gpu, 640, 360)?;
//! belt.push(&stage)?;
//! let frame = belt.pop(true)?.map(|frame| frame.rgba.len());
//! assert_eq!(frame, Some(640 * 360 * 4));
//! # Ok::<(), klangbild_engine::stage::StageError>(())
//! ```

mod belt;
mod bloom;
mod canvas;
mod change;
mod choreography;
mod developers;
mod error;
mod frame;
mod gpu;
mod graph;
mod key_colour;
mod limiter;
mod look;
mod moment;
mod optical_flow;
pub(crate) mod overture;
mod painter;
mod palette;
mod pictures;
mod pipelines;
mod play;
mod reduction;
mod shader;
mod size;
mod sound;
mod study;
#[cfg(test)]
mod tests;
mod upload;
mod workshop;

use std::sync::Arc;

pub use belt::{Belt, Frame};
use canvas::{Boards, Canvas, Studies};
use change::Change;
use choreography::Choreography;
use developers::Developers;
pub use error::StageError;
pub use gpu::{ADAPTER_VARIABLE, Display, Gpu};
use graph::{Graph, Quality};
use key_colour::KeyTurn;
use limiter::Limiter;
use look::Appearance;
use optical_flow::Motion;
use painter::Painter;
use palette::Palette;
use pictures::Pictures;
use pipelines::Common;
pub(crate) use reduction::oklab;
use sound::Sound;
use workshop::Workshop;

pub use crate::scene::Scene;
use crate::{controls::Controls, picture::Picture};

/// What came of a scene that was compiled aside.
#[derive(Clone, Debug)]
pub struct News {
    /// Which one.
    pub scene: Scene,
    /// It plays as its files say now; or why it does not, and what has played before plays on.
    pub outcome: Result<(), StageError>,
}

/// One stage: a scene, a size, and everything that it remembers from frame to frame.
pub struct Stage {
    gpu: Arc<Gpu>,
    /// The scene that plays.
    scene: Scene,
    /// The scene that is asked for: another one until it is compiled, or while it is broken.
    wanted: Scene,
    controls: Controls,
    frame_px: [u32; 2],
    format: wgpu::TextureFormat,
    painter: Painter,
    common: Common,
    graph: Graph,
    developers: Developers,
    /// The scene before, while it goes.
    change: Option<Change>,
    /// Where scenes are compiled while this one plays.
    workshop: Option<Workshop>,
    sound: Sound,
    /// What came of a scene that was compiled aside.
    news: Option<News>,
    /// Why another transition stands in for the one that was chosen.
    transition_fault: Option<StageError>,
    pictures: Pictures,
    motion: Motion,
    /// After how many pictures the motion was found.
    moved: Option<u64>,
    studies: Studies,
    palette: Palette,
    appearance: Appearance,
    key_turn: KeyTurn,
    /// How far all hues are turned now: by the knob, and by the key.
    hue_degrees: f32,
    boards: Boards,
    output: Canvas,
    limiter: Option<Limiter>,
    choreography: Choreography,
    /// What the studies were last made from: pictures shown, tween weight, knobs.
    studied: Option<(u64, f32, Controls)>,
}

impl Stage {
    /// The format of frames that go to a [`Belt`]: sRGB-encoded bytes.
    pub const OUTPUT_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

    /// A stage that draws `scene` at `width_px` by `height_px`. The same `seed` and calls give the same frames
    /// on one machine.
    ///
    /// # Errors
    /// A size of 0 or over the device's limit, no memory for it, or a shader that does not compile.
    pub fn new(
        gpu: Arc<Gpu>,
        width_px: u32,
        height_px: u32,
        scene: Scene,
        seed: u64,
    ) -> Result<Self, StageError> {
        Self::with(gpu, width_px, height_px, scene, seed, Self::OUTPUT_FORMAT)
    }

    /// As [`Stage::new`], for another target format (a window's; the stage encodes sRGB itself, so the format
    /// must not do it again).
    ///
    /// # Errors
    /// As [`Stage::new`].
    pub fn with(
        gpu: Arc<Gpu>,
        width_px: u32,
        height_px: u32,
        scene: Scene,
        seed: u64,
        format: wgpu::TextureFormat,
    ) -> Result<Self, StageError> {
        gpu.check_size("a frame", width_px, height_px)?;
        gpu.healthy()?;
        let frame_px = [width_px, height_px];
        let painter = Painter::new(&gpu)?;
        let common = gpu.shelf.common(&gpu, &painter)?;
        let quality = Quality::best(gpu.is_software());
        let graph = Graph::new(&gpu, gpu.shelf.program(&gpu, &painter, scene, format)?, frame_px, quality)?;
        let developers = Developers::new(&gpu, &painter, frame_px, quality, format)?;
        let pictures = Pictures::new(&gpu, seed)?;
        let mut palette = Palette::default();
        palette.aim_at(&pictures.newest.reduction);
        let motion = Motion::none(1, 1);
        let studies = Studies::new(&gpu, pictures.size_px(), &motion)?;
        let boards = Boards::new(&gpu, frame_px)?;
        let output = output(&gpu, frame_px, format)?;
        let limiter = Limiter::new(&gpu, frame_px, format)?;
        Ok(Self {
            gpu,
            scene,
            wanted: scene,
            controls: Controls::default(),
            frame_px,
            format,
            painter,
            common,
            graph,
            developers,
            change: None,
            workshop: None,
            sound: Sound::new(),
            news: None,
            transition_fault: None,
            pictures,
            motion,
            moved: None,
            studies,
            palette,
            appearance: Appearance::default(),
            key_turn: KeyTurn::default(),
            hue_degrees: 0.0,
            boards,
            output,
            limiter,
            choreography: Choreography::new(seed),
            studied: None,
        })
    }

    /// Takes another seed from the next frame on, and goes on from where things are.
    pub fn set_seed(&mut self, seed: u64) {
        self.choreography.reseed(seed);
    }

    /// Takes what the user has turned, from the next frame on: the scene, the seed, and all that the passes read. Values out
    /// of range are brought into it.
    ///
    /// # Errors
    /// The passes of another scene do not compile; the scene before plays on.
    pub fn set_controls(&mut self, controls: &Controls) -> Result<(), StageError> {
        self.controls = controls.bounded();
        self.set_seed(controls.seed);
        self.set_scene(controls.scene)
    }

    /// The texture that holds the frame drawn last.
    pub fn output(&self) -> &wgpu::Texture {
        &self.output.texture
    }

    /// Hands over the newest picture, due at its own time; the one before it is kept for the tween.
    ///
    /// # Errors
    /// A size that the device cannot hold, or pixels that do not fit the size.
    pub fn show(&mut self, picture: &Picture) -> Result<(), StageError> {
        self.show_from(picture, picture.time_s)
    }

    /// As [`show`](Self::show), with the tween to it beginning at `due_s` (seconds of audio).
    ///
    /// # Errors
    /// As there.
    pub fn show_from(&mut self, picture: &Picture, due_s: f64) -> Result<(), StageError> {
        Pictures::check(&self.gpu, picture)?;
        self.settle(due_s, [picture.width_px, picture.height_px])?;
        self.pictures.show(&self.gpu, picture, due_s)?;
        self.palette.aim_at(&self.pictures.newest.reduction);
        self.appearance.aim_at(picture.character);
        Ok(())
    }

    /// Says that the newest picture still stands for `time_s`: the next one will not have been on its way since it came.
    pub fn hold(&mut self, time_s: f64) {
        self.pictures.hold(time_s);
    }

    /// Takes the sound that is played next, for scenes that draw it: stereo frames.
    pub fn hear(&mut self, frames: &[[f32; 2]], sample_rate_hz: u32) {
        self.sound.hear(frames, sample_rate_hz);
    }
}

fn output(gpu: &Gpu, frame_px: [u32; 2], format: wgpu::TextureFormat) -> Result<Canvas, StageError> {
    let usage = wgpu::TextureUsages::COPY_SRC | wgpu::TextureUsages::TEXTURE_BINDING;
    Canvas::new(gpu, "the frame", frame_px, format, usage)
}

fn with_inverse([width, height]: [u32; 2]) -> [f32; 4] {
    let (width, height) = (width as f32, height as f32);
    [width, height, 1.0 / width, 1.0 / height]
}
