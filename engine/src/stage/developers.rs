//! What develops light that a scene has painted into a texture: as it is, or with colours that part.

use super::graph::{Given, Graph, Quality, Shown, Step};
use super::painter::Painter;
use super::{Gpu, StageError};

/// Entry points of `shown.wgsl`.
pub(super) const ENTRIES: [&str; 2] = ["show", "show_parted"];

/// One for each of the [entries](ENTRIES).
pub(super) struct Developers([Graph; 2]);

impl Developers {
    /// For frames of this size and format.
    ///
    /// # Errors
    /// A driver that refuses them.
    pub fn new(
        gpu: &Gpu,
        painter: &Painter,
        frame_px: [u32; 2],
        quality: Quality,
        format: wgpu::TextureFormat,
    ) -> Result<Self, StageError> {
        let make = |entry| Graph::new(gpu, gpu.shelf.shown(gpu, painter, entry, format)?, frame_px, quality);
        let [plain, parting] = ENTRIES.map(make);
        Ok(Self([plain?, parting?]))
    }

    /// Takes another size.
    ///
    /// # Errors
    /// No memory for it.
    pub fn resize(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<(), StageError> {
        self.0.iter_mut().try_for_each(|graph| graph.resize(gpu, painter, frame_px, quality))
    }

    /// Develops the light that is given as `before` into a frame.
    ///
    /// # Errors
    /// No memory for what a pass knows of itself.
    pub fn develop(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        step: &Step<'_>,
        given: Given<'_>,
        frame: &wgpu::TextureView,
    ) -> Result<(), StageError> {
        let graph = &mut self.0[usize::from(step.post.parts())];
        graph.run(gpu, painter, encoder, step, given)?;
        graph.show(gpu, painter, encoder, given, Shown::Frame(frame));
        Ok(())
    }
}
