//! Light around bright places: a chain of halvings, and the way back up (`bloom.wgsl`).

use super::canvas::{Canvas, LIGHT, SHOWN};
use super::painter::{Painter, Recipe};
use super::{Gpu, StageError};

/// The passes of it.
#[derive(Clone)]
pub(super) struct BloomPasses {
    down: wgpu::RenderPipeline,
    down_rooted: wgpu::RenderPipeline,
    halve: wgpu::RenderPipeline,
    halve_rooted: wgpu::RenderPipeline,
    up: wgpu::RenderPipeline,
    shed: wgpu::RenderPipeline,
}

impl BloomPasses {
    /// # Errors
    /// A driver that refuses them.
    pub fn compile(gpu: &Gpu, painter: &Painter) -> Result<Self, StageError> {
        let make = |entry: &str, target: wgpu::TextureFormat, adds: bool| {
            painter.pipeline(gpu, &Recipe { file: "bloom.wgsl", entry, target, adds })
        };
        Ok(Self {
            down: make("down", LIGHT, false)?,
            down_rooted: make("down_rooted", LIGHT, false)?,
            halve: make("halve", LIGHT, false)?,
            halve_rooted: make("halve_rooted", LIGHT, false)?,
            up: make("up", LIGHT, true)?,
            shed: make("shed", SHOWN, false)?,
        })
    }
}

/// Light that blooms.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub view: &'a wgpu::TextureView,
    /// Whether it is kept as its square roots: see [`Format::Root8`](crate::scene::head::Format::Root8).
    pub rooted: bool,
}

/// The textures of it, for frames of one size.
pub(super) struct Bloom {
    /// Each half the size of the one before.
    levels: Vec<Canvas>,
    /// What comes of it, in bytes: every pixel of the frame reads it.
    shed: Canvas,
}

impl Bloom {
    /// Where the processor draws, bloom begins a step further down than from this on: what is softer there nobody sees.
    const BY_PROCESSOR_PX: u32 = 240;
    const MOST_LEVELS: usize = 6;
    const LEAST_PX: u32 = 8;

    /// # Errors
    /// No memory for it.
    pub fn new(gpu: &Gpu, frame_px: [u32; 2]) -> Result<Self, StageError> {
        let half = |size: [u32; 2]| size.map(|side| side.div_ceil(2));
        let mut size = half(half(frame_px));
        if gpu.is_software() && size[0].max(size[1]) > Self::BY_PROCESSOR_PX {
            size = half(size);
        }
        let shed = Canvas::readable(gpu, "what blooms", size, SHOWN)?;
        let mut levels = vec![Canvas::readable(gpu, "the bloom", size, LIGHT)?];
        while levels.len() < Self::MOST_LEVELS && half(size).iter().all(|side| *side >= Self::LEAST_PX) {
            size = half(size);
            levels.push(Canvas::readable(gpu, "the bloom", size, LIGHT)?);
        }
        Ok(Self { levels, shed })
    }

    /// How many levels add to each other.
    pub fn levels(&self) -> usize {
        self.levels.len()
    }

    /// Lets light bloom, and returns where what comes of it is: square roots of it, over [`MOST_SHED`](self).
    pub fn of(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        passes: &BloomPasses,
        encoder: &mut wgpu::CommandEncoder,
        source: Source<'_>,
    ) -> &wgpu::TextureView {
        let Source { mut view, mut rooted } = source;
        for level in &self.levels {
            let far = view.texture().width() > 5 * level.texture.width() / 2;
            let pass = match (far, rooted) {
                (true, false) => &passes.down,
                (true, true) => &passes.down_rooted,
                (false, false) => &passes.halve,
                (false, true) => &passes.halve_rooted,
            };
            painter.pass(gpu, encoder, pass, &[view], &[&level.view], false);
            (view, rooted) = (&level.view, false);
        }
        for pair in self.levels.windows(2).skip(1).rev() {
            painter.pass(gpu, encoder, &passes.up, &[&pair[1].view], &[&pair[0].view], true);
        }
        let finest: Vec<_> = self.levels.iter().take(2).map(|level| &level.view).collect();
        painter.pass(gpu, encoder, &passes.shed, &finest, &[&self.shed.view], false);
        &self.shed.view
    }
}
