//! How much of a scene is painted, and how much there is to paint.

use super::super::program::Program;
use super::super::{isf, store::size_px};
use crate::scene::head::{Head, Pass, Size};
use crate::scene::limits;

/// How much of a scene is painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::stage) struct Quality {
    /// Whether as much as the scene says for a processor.
    pub by_processor: bool,
    /// Which tier: 0 is the whole, 1 the scene's first one.
    pub tier: usize,
    /// Most points, and most things of a buffer.
    pub most: u32,
    /// Longest side of anything, in pixels.
    pub side_px: u32,
}

impl Quality {
    /// The whole of a scene, or what it says for a processor.
    pub fn best(by_processor: bool) -> Self {
        Self {
            by_processor,
            tier: 0,
            most: limits::COUNT.max(limits::BUFFER_BYTES as u32),
            side_px: u32::MAX,
        }
    }

    /// What multiplies the size of targets that are a share of the frame.
    pub(in crate::stage::graph) fn share(self, head: &Head) -> f32 {
        let whole = if self.by_processor { head.processor.size } else { 1.0 };
        whole * self.tier(head).map_or(1.0, |tier| tier.size)
    }

    /// What multiplies points, and how much of a buffer is computed.
    pub(super) fn count(self, head: &Head) -> f32 {
        let whole = if self.by_processor { head.processor.count } else { 1.0 };
        whole * self.tier(head).map_or(1.0, |tier| tier.count)
    }

    pub(super) fn tier(self, head: &Head) -> Option<&crate::scene::head::Tier> {
        // The last one for those that have fewer.
        self.tier.checked_sub(1).and_then(|at| head.tiers.get(at).or(head.tiers.last()))
    }
}

pub(super) fn units(program: &Program, frame_px: [u32; 2], quality: Quality) -> f64 {
    let own = program.isf.as_ref().map_or(0.0, |isf| isf::units(isf, &program.head, frame_px, quality));
    own + units_of(&program.head, frame_px, quality)
}

fn units_of(head: &Head, frame_px: [u32; 2], quality: Quality) -> f64 {
    let targets = head.targets();
    let of = |pass: &Pass| {
        let name = pass.over.as_deref().or(pass.targets().first().map(|(name, _)| *name));
        let target = targets.iter().find(|target| Some(target.name) == name);
        let size = target.map_or(Size::Share(1.0), |target| target.size);
        let px =
            size_px(size, frame_px, quality.share(head)).map(|side| f64::from(side.min(quality.side_px)));
        let buffer = head.buffers.iter().find(|buffer| Some(buffer.name.as_str()) == pass.over.as_deref());
        let count = pass.count.or(buffer.map(|buffer| buffer.count)).unwrap_or(0).min(quality.most);
        let rounds = pass.repeats.unwrap_or(1).max(pass.rate_hz.map_or(1, |hz| (hz / 30.0).ceil() as u32));
        let each = if buffer.is_some() { 0.0 } else { px[0] * px[1] };
        f64::from(rounds) * (each + f64::from(count))
    };
    head.passes.iter().map(of).sum()
}
