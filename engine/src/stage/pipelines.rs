//! The passes, compiled. Stages on one device share what is compiled already: a second window opens at once, and a scene
//! that was shown before comes back within the frame.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::canvas::{LIGHT, RELIEF, STRANDS};
use super::painter::{Layouts, Painter, Recipe};
use super::{Gpu, Scene, Shaders, StageError};

/// Everything that a scene's frame takes. Cheap to clone: the handles are counted references.
#[derive(Clone)]
pub(super) struct Pipelines {
    pub common: Common,
    pub scene: wgpu::RenderPipeline,
    pub finish: wgpu::RenderPipeline,
}

/// The passes that every scene has.
#[derive(Clone)]
pub(super) struct Common {
    pub tween: wgpu::RenderPipeline,
    pub field: wgpu::RenderPipeline,
    pub ambience: wgpu::RenderPipeline,
    pub weave: wgpu::RenderPipeline,
    pub bloom_down: wgpu::RenderPipeline,
    pub bloom_up: wgpu::RenderPipeline,
    pub carry: wgpu::RenderPipeline,
}

/// What was compiled on one device from the built-in shaders.
#[derive(Default)]
pub(super) struct Shelf {
    layouts: OnceLock<Arc<Layouts>>,
    compiled: Mutex<Vec<(Scene, wgpu::TextureFormat, Pipelines)>>,
}

impl Shelf {
    /// The layouts that all passes on this device share.
    pub fn layouts(&self, device: &wgpu::Device) -> Arc<Layouts> {
        Arc::clone(self.layouts.get_or_init(|| Arc::new(Layouts::new(device))))
    }

    /// The built-in passes of a scene, compiled now if nobody has asked for them yet.
    ///
    /// # Errors
    /// A shader that does not compile, or a driver that refuses it.
    pub fn pipelines(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        scene: Scene,
        format: wgpu::TextureFormat,
    ) -> Result<Pipelines, StageError> {
        // Held while compiling: a second stage that asks for the same waits instead of compiling it again.
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((.., found)) = compiled.iter().find(|(s, f, _)| (*s, *f) == (scene, format)) {
            return Ok(found.clone());
        }
        let common = compiled.first().map(|(.., other)| other.common.clone());
        let made = Pipelines::compile(gpu, painter, &Shaders::default(), scene, format, common)?;
        compiled.push((scene, format, made.clone()));
        Ok(made)
    }
}

impl Pipelines {
    /// Compiles a scene's passes; those that every scene has too, if they are not given.
    pub fn compile(
        gpu: &Gpu,
        painter: &Painter,
        shaders: &Shaders,
        scene: Scene,
        format: wgpu::TextureFormat,
        common: Option<Common>,
    ) -> Result<Self, StageError> {
        let make = |files: &[&str], entry: &str, targets: &[wgpu::TextureFormat], adds: bool| {
            painter.pipeline(gpu, shaders, &Recipe { files, entry, targets, adds })
        };
        let scene_file = match scene {
            Scene::Picture => "picture.wgsl",
            Scene::Flow => "flow.wgsl",
            Scene::Kaleidoscope => "kaleidoscope.wgsl",
        };
        let common = match common {
            Some(common) => common,
            None => Common {
                tween: make(&["prelude.wgsl", "tween.wgsl"], "tween", &[LIGHT], false)?,
                field: make(&["prelude.wgsl", "field.wgsl"], "field", &[LIGHT], false)?,
                ambience: make(&["prelude.wgsl", "ambience.wgsl"], "ambience", &[LIGHT], false)?,
                weave: make(&["prelude.wgsl", "weave.wgsl"], "weave", &[STRANDS], false)?,
                bloom_down: make(&["prelude.wgsl", "bloom.wgsl"], "down", &[LIGHT], false)?,
                bloom_up: make(&["prelude.wgsl", "bloom.wgsl"], "up", &[LIGHT], true)?,
                carry: make(&["prelude.wgsl", "carry.wgsl"], "carry", &[LIGHT], false)?,
            },
        };
        Ok(Self {
            common,
            scene: make(&["prelude.wgsl", scene_file], "paint", &[LIGHT, RELIEF], false)?,
            finish: make(&["prelude.wgsl", scene_file, "finish.wgsl"], "finish", &[format], false)?,
        })
    }
}
