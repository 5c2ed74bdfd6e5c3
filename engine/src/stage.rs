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
mod error;
mod frame;
mod gpu;
mod graph;
mod limiter;
mod moment;
mod optical_flow;
pub(crate) mod overture;
mod painter;
mod palette;
mod pictures;
mod pipelines;
mod reduction;
mod shader;
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
pub use error::StageError;
pub use gpu::{ADAPTER_VARIABLE, Display, Gpu};
use graph::{Graph, Program, Quality};
use limiter::Limiter;
use optical_flow::Motion;
use painter::Painter;
use palette::Palette;
use pictures::Pictures;
use pipelines::Common;
pub(crate) use reduction::oklab;
use sound::Sound;
use workshop::Workshop;

pub use crate::scene::Scene;
use crate::{controls::Controls, picture::Picture, scene::SceneFile};

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
    /// What develops light that a scene has painted into a texture.
    shown: Graph,
    /// The scene before, while it goes.
    change: Option<Change>,
    /// Where scenes are compiled while this one plays.
    workshop: Option<Workshop>,
    sound: Sound,
    /// What came of a scene that was compiled aside.
    news: Option<News>,
    pictures: Pictures,
    motion: Motion,
    /// After how many pictures the motion was found.
    moved: Option<u64>,
    studies: Studies,
    palette: Palette,
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
        let shown = Graph::new(&gpu, gpu.shelf.shown(&gpu, &painter, format)?, frame_px, quality)?;
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
            shown,
            change: None,
            workshop: None,
            sound: Sound::new(),
            news: None,
            pictures,
            motion,
            moved: None,
            studies,
            palette,
            boards,
            output,
            limiter,
            choreography: Choreography::new(seed),
            studied: None,
        })
    }

    /// From now on scenes are compiled aside, while the one before plays on, and are looked after: a user's scene whose files
    /// change plays as they say. For whoever shows what is now; who writes frames wants the scene in the frame that it is due.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn compile_aside(&mut self) -> Result<(), StageError> {
        self.workshop = Some(Workshop::open(Arc::clone(&self.gpu), self.format, self.wanted)?);
        Ok(())
    }

    /// What came of a scene that was compiled aside, since the last call.
    pub fn take_news(&mut self) -> Option<News> {
        self.news.take()
    }

    /// Plays a scene as these files say it, from the next frame on; when it does not compile, the one before stays and plays on.
    ///
    /// # Errors
    /// [`StageError::Shader`] with file, line and column, or what else is wrong.
    pub fn play(&mut self, file: &SceneFile) -> Result<(), StageError> {
        let program = Program::tried(&self.gpu, &self.painter, file, self.format)?;
        self.graph = Graph::new(&self.gpu, program, self.frame_px, self.graph.quality())?;
        (self.wanted, self.scene, self.change) = (file.scene, file.scene, None);
        Ok(())
    }

    /// Plays another scene from the next frame on; as soon as it is compiled, where that is done aside.
    ///
    /// # Errors
    /// Its passes do not compile; the scene before plays on.
    pub fn set_scene(&mut self, scene: Scene) -> Result<(), StageError> {
        if scene == self.wanted {
            return Ok(());
        }
        // Told once, however often it is asked for.
        self.wanted = scene;
        if let Some(workshop) = &self.workshop {
            let transition = change::file(self.controls.transition);
            workshop.order(scene, transition);
            let shelf = &self.gpu.shelf;
            let is_ready = transition.is_none_or(|name| shelf.has_transition(name, self.format));
            if !is_ready || !shelf.has(scene, self.format) {
                return Ok(());
            }
        }
        let program = self.gpu.shelf.program(&self.gpu, &self.painter, scene, self.format)?;
        self.begin(program)
    }

    /// Lets a scene come, by the transition that is chosen.
    fn begin(&mut self, program: Arc<Program>) -> Result<(), StageError> {
        if Arc::ptr_eq(&program, self.graph.program()) {
            self.scene = self.wanted;
            return Ok(());
        }
        let quality = self.graph.quality();
        let arriving = Graph::new(&self.gpu, program, self.frame_px, quality)?;
        let leaving = std::mem::replace(&mut self.graph, arriving);
        self.scene = self.wanted;
        let before_any_frame = self.choreography.is_new();
        // Where the transition is broken, the scene comes at once.
        self.change = None;
        self.change = match change::file(self.controls.transition).filter(|_| !before_any_frame) {
            None => None,
            Some(name) => {
                let transition = self.gpu.shelf.transition(&self.gpu, &self.painter, name, self.format)?;
                Some(Change::new(&self.gpu, leaving, transition, self.frame_px, quality)?)
            }
        };
        Ok(())
    }

    /// Takes over what was compiled aside.
    fn take_made(&mut self) {
        let Some(made) =
            self.workshop.as_ref().and_then(Workshop::take).filter(|made| made.scene == self.wanted)
        else {
            return;
        };
        let outcome = match made.program {
            // Its files have changed while it plays: it goes on as they say now, at once.
            Ok(program) if self.scene == made.scene => {
                self.graph.change_to(&self.gpu, &self.painter, program)
            }
            Ok(program) => self.begin(program),
            Err(error) => Err(error),
        };
        self.news = Some(News { scene: made.scene, outcome });
    }

    /// Takes another seed from the next frame on, and goes on from where things are.
    pub fn set_seed(&mut self, seed: u64) {
        self.choreography.reseed(seed);
    }

    /// Draws at another size from the next frame on; what the scene remembers comes along.
    ///
    /// # Errors
    /// A size of 0 or over the device's limit, or no memory for it; the size before stays.
    pub fn resize(&mut self, width_px: u32, height_px: u32) -> Result<(), StageError> {
        let frame_px = [width_px, height_px];
        if frame_px == self.frame_px {
            return Ok(());
        }
        self.gpu.check_size("a frame", width_px, height_px)?;
        let boards = Boards::new(&self.gpu, frame_px)?;
        let output = output(&self.gpu, frame_px, self.format)?;
        let limiter = Limiter::resized(self.limiter.as_ref(), &self.gpu, frame_px, self.format)?;
        self.graph.resize(&self.gpu, &self.painter, frame_px, self.graph.quality())?;
        self.shown.resize(&self.gpu, &self.painter, frame_px, self.graph.quality())?;
        let quality = self.graph.quality();
        // Where there is no memory for the rest of a transition, the scene comes at once.
        self.change = self.change.take().and_then(|mut change| {
            change.resize(&self.gpu, &self.painter, frame_px, quality).ok().map(|()| change)
        });
        (self.boards, self.output, self.limiter, self.frame_px) = (boards, output, limiter, frame_px);
        Ok(())
    }

    /// The same stage at the same moment in another size: for a still that is drawn, not scaled. Draw it once, for the
    /// time and the hearing of the frame that is meant; it shows the pictures that this stage shows now.
    ///
    /// # Errors
    /// As [`Stage::new`].
    pub fn enlarged(&self, width_px: u32, height_px: u32) -> Result<Self, StageError> {
        let gpu = Arc::clone(&self.gpu);
        gpu.check_size("a frame", width_px, height_px)?;
        let frame_px = [width_px, height_px];
        let painter = Painter::new(&gpu)?;
        let format = Self::OUTPUT_FORMAT;
        let common = gpu.shelf.common(&gpu, &painter)?;
        // A window's frames may have another format than those that are written.
        let program = if format == self.format {
            Arc::clone(self.graph.program())
        } else {
            gpu.shelf.program(&gpu, &painter, self.scene, format)?
        };
        let quality = Quality::best(gpu.is_software());
        let graph = self.graph.enlarged(&gpu, &painter, program, frame_px, quality)?;
        let shown = Graph::new(&gpu, gpu.shelf.shown(&gpu, &painter, format)?, frame_px, quality)?;
        Ok(Self {
            scene: self.scene,
            wanted: self.scene,
            controls: self.controls,
            frame_px,
            format,
            painter,
            common,
            graph,
            shown,
            change: None,
            workshop: None,
            sound: self.sound.fork(),
            news: None,
            pictures: self.pictures.clone(),
            motion: self.motion.clone(),
            moved: None,
            studies: Studies::new(&gpu, self.pictures.size_px(), &self.motion)?,
            palette: self.palette.clone(),
            boards: Boards::new(&gpu, frame_px)?,
            output: output(&gpu, frame_px, format)?,
            limiter: Limiter::new(&gpu, frame_px, format)?,
            choreography: self.choreography.clone(),
            studied: None,
            gpu,
        })
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

    /// Paints in a cheaper way from the next frame on, as the scene knows some: 0 is the whole of it, 1 its first tier. It stays so
    /// for the scenes after it; one that has fewer takes its last.
    ///
    /// # Errors
    /// The device has no memory for it; nothing changes.
    pub fn set_tier(&mut self, tier: usize) -> Result<(), StageError> {
        let quality = Quality { tier, ..self.graph.quality() };
        if quality == self.graph.quality() {
            return Ok(());
        }
        self.graph.resize(&self.gpu, &self.painter, self.frame_px, quality)
    }

    /// What the scene calls its cheaper ways, the least cheap first.
    pub fn tiers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.graph.program().head.tiers.iter().map(|tier| tier.name.as_str())
    }

    /// What it calls the one that is painted, if that is not the whole.
    pub fn tier(&self) -> Option<&str> {
        let at = self.graph.quality().tier.checked_sub(1)?;
        self.tiers().nth(at).or(self.tiers().last())
    }

    /// The scene that is played.
    pub fn scene(&self) -> Scene {
        self.scene
    }

    /// Width and height of a frame in pixels.
    pub fn size_px(&self) -> (u32, u32) {
        (self.frame_px[0], self.frame_px[1])
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
