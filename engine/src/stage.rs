//! Draws every display frame: pictures in, light out.
//!
//! A frame takes five steps, each a full-frame WGSL pass from `shaders/`:
//!
//! 1. The newest two pictures are tweened by audio time into one, and a height field, its slopes and its
//!    palette are taken from it. This happens at the picture's own size.
//! 2. Brush strokes are woven along the contours of that field.
//! 3. The [`Scene`] paints HDR light and a surface (height and slope).
//! 4. Bright light blooms over a chain of ever smaller copies.
//! 5. The finish lights the surface with its strokes at full resolution, adds the bloom, and develops the
//!    result: tone curve, vignette, grain, sRGB, dither.
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
mod canvas;
mod choreography;
mod error;
mod gpu;
mod moment;
pub(crate) mod overture;
mod painter;
mod pictures;
mod pipelines;
mod shader;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use belt::{Belt, Frame};
use canvas::{Boards, Canvas, Studies};
use choreography::{Choreography, WEAVE_ROUNDS_AT_START};
pub use error::StageError;
pub use gpu::{ADAPTER_VARIABLE, Display, Gpu};
use painter::Painter;
use pictures::Pictures;
use pipelines::Pipelines;
pub use shader::Shaders;

pub use crate::knobs::Scene;
use crate::{controls::Controls, hearing::Heard, picture::Picture};

/// One stage: a scene, a size, and everything that it remembers from frame to frame.
pub struct Stage {
    gpu: Arc<Gpu>,
    scene: Scene,
    controls: Controls,
    frame_px: [u32; 2],
    format: wgpu::TextureFormat,
    painter: Painter,
    pipelines: Pipelines,
    pictures: Pictures,
    studies: Studies,
    boards: Boards,
    output: Canvas,
    choreography: Choreography,
    /// What the studies were last made from: pictures shown, tween weight, knobs.
    studied: Option<(u64, f32, Controls)>,
    started: bool,
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
        let pipelines = gpu.shelf.pipelines(&gpu, &painter, scene, format)?;
        let pictures = Pictures::new(&gpu, seed)?;
        let studies = Studies::new(&gpu, pictures.size_px())?;
        let boards = Boards::new(&gpu, frame_px)?;
        let output = output(&gpu, frame_px, format)?;
        Ok(Self {
            gpu,
            scene,
            controls: Controls::default(),
            frame_px,
            format,
            painter,
            pipelines,
            pictures,
            studies,
            boards,
            output,
            choreography: Choreography::new(seed),
            studied: None,
            started: false,
        })
    }

    /// Takes new shaders; when they do not compile, the ones before stay and play on.
    ///
    /// # Errors
    /// [`StageError::Shader`] with file and line.
    pub fn reload(&mut self, shaders: &Shaders) -> Result<(), StageError> {
        self.pipelines =
            Pipelines::compile(&self.gpu, &self.painter, shaders, self.scene, self.format, None)?;
        self.studied = None;
        Ok(())
    }

    /// Plays another scene from the next frame on.
    ///
    /// # Errors
    /// Its passes do not compile; the scene before plays on.
    pub fn set_scene(&mut self, scene: Scene) -> Result<(), StageError> {
        if scene != self.scene {
            self.pipelines = self.gpu.shelf.pipelines(&self.gpu, &self.painter, scene, self.format)?;
            self.scene = scene;
        }
        Ok(())
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
        self.output = output(&self.gpu, frame_px, self.format)?;
        let before = std::mem::replace(&mut self.boards, boards);
        self.frame_px = frame_px;
        self.carry(&before);
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
        let pipelines = gpu.shelf.pipelines(&gpu, &painter, self.scene, format)?;
        let mut stage = Self {
            scene: self.scene,
            controls: self.controls,
            frame_px,
            format,
            painter,
            pipelines,
            pictures: self.pictures.clone(),
            studies: Studies::new(&gpu, self.pictures.size_px())?,
            boards: Boards::new(&gpu, frame_px)?,
            output: output(&gpu, frame_px, format)?,
            choreography: self.choreography.clone(),
            studied: None,
            started: false,
            gpu,
        };
        stage.carry(&self.boards);
        Ok(stage)
    }

    /// Takes over what a scene remembers of the frame before. Strokes are woven anew.
    fn carry(&mut self, before: &Boards) {
        self.started = false;
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let (_, now) = self.boards.painted.next();
        let inputs = [before.painted.newest()];
        self.painter.pass(&self.gpu, &mut encoder, &self.pipelines.common.carry, &inputs, &[now], false);
        self.gpu.submit([encoder.finish()]);
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
        self.pictures.show(&self.gpu, picture, due_s)
    }

    /// Says that the newest picture still stands for `time_s`: the next one will not have been on its way since it came.
    pub fn hold(&mut self, time_s: f64) {
        self.pictures.hold(time_s);
    }

    /// Draws the frame for `time_s` (seconds of audio) with what is heard by then, and submits it. Does not
    /// wait for it: see [`Belt`].
    ///
    /// # Errors
    /// [`StageError::Device`] when the device was lost or failed since the last call.
    pub fn draw(&mut self, time_s: f64, heard: &Heard) -> Result<(), StageError> {
        self.gpu.healthy()?;
        let mut moment = self.choreography.step(time_s, heard, &self.controls);
        moment.frame_px = with_inverse(self.frame_px);
        moment.scene_px = with_inverse(self.boards.scene_px);
        moment.aspect = self.frame_px[0] as f32 / self.frame_px[1] as f32;
        moment.tween = self.pictures.weight(time_s);
        self.painter.set(&self.gpu, &moment, &self.controls, heard);

        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.study(&mut encoder, moment.tween)?;
        self.weave(&mut encoder);
        self.paint(&mut encoder);
        self.bloom(&mut encoder);
        self.finish(&mut encoder);
        self.gpu.submit([encoder.finish()]);
        self.started = true;
        Ok(())
    }

    fn study(&mut self, encoder: &mut wgpu::CommandEncoder, tween: f32) -> Result<(), StageError> {
        if self.studies.picture_px != self.pictures.size_px() {
            self.studies = Studies::new(&self.gpu, self.pictures.size_px())?;
            self.studied = None;
        }
        let wanted = Some((self.pictures.shown(), tween, self.controls));
        if self.studied == wanted {
            return Ok(());
        }
        let Studies { tween, field, ambience, .. } = &self.studies;
        let [previous, newest] = self.pictures.views();
        let (gpu, painter, pipelines) = (&self.gpu, &self.painter, &self.pipelines.common);
        painter.pass(gpu, encoder, &pipelines.ambience, &[previous, newest], &[&ambience.view], false);
        let inputs = [previous, newest, &ambience.view];
        painter.pass(gpu, encoder, &pipelines.tween, &inputs, &[&tween.view], false);
        painter.pass(gpu, encoder, &pipelines.field, &[&tween.view], &[&field.view], false);
        self.studied = wanted;
        Ok(())
    }

    fn weave(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let rounds = if self.started { self.choreography.weave_rounds() } else { WEAVE_ROUNDS_AT_START };
        for _ in 0..rounds {
            let (before, now) = self.boards.weave.next();
            let inputs = [before, &self.studies.field.view];
            self.painter.pass(&self.gpu, encoder, &self.pipelines.common.weave, &inputs, &[now], false);
        }
    }

    fn paint(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let Boards { painted, surface, weave, .. } = &mut self.boards;
        let Studies { tween, field, .. } = &self.studies;
        let (before, now) = painted.next();
        let inputs = [&tween.view, &field.view, weave.newest(), before];
        let targets = [now, &surface.view];
        self.painter.pass(&self.gpu, encoder, &self.pipelines.scene, &inputs, &targets, false);
    }

    fn bloom(&self, encoder: &mut wgpu::CommandEncoder) {
        let Boards { painted, bloom, .. } = &self.boards;
        let mut source = painted.newest();
        for level in bloom {
            self.painter.pass(
                &self.gpu,
                encoder,
                &self.pipelines.common.bloom_down,
                &[source],
                &[&level.view],
                false,
            );
            source = &level.view;
        }
        for pair in bloom.windows(2).rev() {
            let (inputs, targets) = ([&pair[1].view], [&pair[0].view]);
            self.painter.pass(&self.gpu, encoder, &self.pipelines.common.bloom_up, &inputs, &targets, true);
        }
    }

    fn finish(&self, encoder: &mut wgpu::CommandEncoder) {
        let Boards { painted, surface, bloom, .. } = &self.boards;
        let Some(bloom) = bloom.first() else { return };
        let inputs = [painted.newest(), &surface.view, &bloom.view];
        let targets = [&self.output.view];
        self.painter.pass(&self.gpu, encoder, &self.pipelines.finish, &inputs, &targets, false);
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
