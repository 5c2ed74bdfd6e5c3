//! What is compiled. Stages on one device share it: a second window opens at once, and a scene that was shown before comes back
//! within the frame.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::bloom::BloomPasses;
use super::graph::Program;
use super::limiter::Kit;
use super::painter::{Layouts, Painter};
use super::study::StudyPasses;
use super::{Gpu, StageError};
use crate::scene::head::{Head, Pass};
use crate::scene::{self, Part, Scene, SceneFile, Stamp};

/// Programs that are kept for who comes back to a scene: all that are built in, with the transitions, and as many again. The director
/// goes through all of them, and what is compiled anew each time makes drivers' memory grow.
const KEPT: usize = 96;

/// The passes that are there whatever scene is played.
#[derive(Clone)]
pub(super) struct Common {
    pub study: StudyPasses,
    pub bloom: BloomPasses,
}

/// A scene that was compiled, what its files were then, and for frames of which format.
struct Kept {
    scene: Scene,
    stamp: Option<Stamp>,
    format: wgpu::TextureFormat,
    program: Arc<Program>,
}

/// What was compiled on one device.
#[derive(Default)]
pub(super) struct Shelf {
    layouts: OnceLock<Arc<Layouts>>,
    common: Mutex<Option<Common>>,
    programs: Mutex<Vec<Kept>>,
    limiters: Mutex<Vec<Arc<Kit>>>,
}

impl Shelf {
    /// The layouts that all passes on this device share.
    pub fn layouts(&self, device: &wgpu::Device) -> Arc<Layouts> {
        Arc::clone(self.layouts.get_or_init(|| Arc::new(Layouts::new(device))))
    }

    /// The passes that are always there, compiled now if nobody has asked for them yet.
    ///
    /// # Errors
    /// A driver that refuses them.
    pub fn common(&self, gpu: &Gpu, painter: &Painter) -> Result<Common, StageError> {
        // Held while compiling: a second stage that asks for the same waits instead of compiling it again.
        let mut common = self.common.lock().unwrap_or_else(PoisonError::into_inner);
        match &*common {
            Some(common) => Ok(common.clone()),
            None => Ok(common.insert(Common::compile(gpu, painter)?).clone()),
        }
    }

    /// A scene, compiled now unless it lies there as its files are.
    ///
    /// # Errors
    /// There is no such scene, or it is broken.
    pub fn program(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        scene: Scene,
        format: wgpu::TextureFormat,
    ) -> Result<Arc<Program>, StageError> {
        // Before it is read: what changes meanwhile is seen at the next look.
        let stamp = scene::stamp(scene);
        let same = |kept: &&Kept| kept.scene == scene && kept.format == format && kept.stamp == stamp;
        if let Some(kept) = self.kept().iter().find(same) {
            return Ok(Arc::clone(&kept.program));
        }
        let file = scene::find(scene)?;
        // What is built in has been tried by us.
        let program = match stamp {
            None => Arc::new(Program::compile(gpu, painter, &file, format)?),
            Some(_) => Program::tried(gpu, painter, &file, format)?,
        };
        self.keep(Kept { scene, stamp, format, program: Arc::clone(&program) });
        Ok(program)
    }

    /// What develops light that was painted into a texture, by the entry point of `shown.wgsl`.
    ///
    /// # Errors
    /// A driver that refuses it.
    pub fn shown(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        entry: &str,
        format: wgpu::TextureFormat,
    ) -> Result<Arc<Program>, StageError> {
        let scene = Scene::of(&format!("\u{1}{entry}"));
        if let Some(kept) = self.kept().iter().find(|kept| kept.scene == scene && kept.format == format) {
            return Ok(Arc::clone(&kept.program));
        }
        let text = Cow::Borrowed(include_str!("../../../shaders/shown.wgsl"));
        let head = Head { name: "Shown".to_owned(), passes: vec![Pass::fragment(entry)], ..Head::default() };
        let parts = vec![Part { file: "shown.wgsl".to_owned(), text }];
        let file = SceneFile { scene, head, parts, images: Vec::new(), isf: None };
        let program = Arc::new(Program::compile(gpu, painter, &file, format)?);
        self.keep(Kept { scene, stamp: None, format, program: Arc::clone(&program) });
        Ok(program)
    }

    /// A transition.
    ///
    /// # Errors
    /// One of the user's own is missing or broken, or a driver refuses it.
    pub fn transition(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        name: &'static str,
        format: wgpu::TextureFormat,
    ) -> Result<Arc<Program>, StageError> {
        let scene = Scene::of(&format!("\u{1}{name}"));
        let stamp = scene::transition_stamp(name);
        let same = |kept: &&Kept| kept.scene == scene && kept.format == format && kept.stamp == stamp;
        if let Some(kept) = self.kept().iter().find(same) {
            return Ok(Arc::clone(&kept.program));
        }
        let file = scene::transition(name)?;
        let program = match stamp {
            None => Arc::new(Program::compile(gpu, painter, &file, format)?),
            Some(_) => Program::tried(gpu, painter, &file, format)?,
        };
        self.keep(Kept { scene, stamp, format, program: Arc::clone(&program) });
        Ok(program)
    }

    /// Whether a transition lies there, as its files are.
    pub fn has_transition(&self, name: &str, format: wgpu::TextureFormat) -> bool {
        let (scene, stamp) = (Scene::of(&format!("\u{1}{name}")), scene::transition_stamp(name));
        self.kept().iter().any(|kept| kept.scene == scene && kept.format == format && kept.stamp == stamp)
    }

    /// Whether a scene lies there, as its files are.
    pub fn has(&self, scene: Scene, format: wgpu::TextureFormat) -> bool {
        let stamp = scene::stamp(scene);
        self.kept().iter().any(|kept| kept.scene == scene && kept.format == format && kept.stamp == stamp)
    }

    /// What limits flashes in frames of a format.
    ///
    /// # Errors
    /// A driver that refuses it.
    pub fn limiter(&self, gpu: &Gpu, format: wgpu::TextureFormat) -> Result<Arc<Kit>, StageError> {
        let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kit) = limiters.iter().find(|kit| kit.format == format) {
            return Ok(Arc::clone(kit));
        }
        let kit = Arc::new(Kit::new(gpu, format)?);
        limiters.push(Arc::clone(&kit));
        Ok(kit)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        self.programs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, new: Kept) {
        let mut kept = self.kept();
        kept.retain(|kept| (kept.scene, kept.format) != (new.scene, new.format));
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(new);
    }
}

impl Common {
    fn compile(gpu: &Gpu, painter: &Painter) -> Result<Self, StageError> {
        Ok(Self { study: StudyPasses::compile(gpu, painter)?, bloom: BloomPasses::compile(gpu, painter)? })
    }
}
