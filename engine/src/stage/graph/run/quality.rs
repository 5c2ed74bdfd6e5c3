//! How much of a scene is painted, and how much there is to paint.

use super::super::program::Program;
use super::super::{isf, store::size_px};
use crate::scene::head::{Head, Pass, PassKind, Size};
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
    fn count(self, head: &Head) -> f32 {
        let whole = if self.by_processor { head.processor.count } else { 1.0 };
        whole * self.tier(head).map_or(1.0, |tier| tier.count)
    }

    /// Points, vertices, or things in the buffer that is computed over.
    pub(super) fn drawn(self, head: &Head, pass: &Pass) -> u32 {
        let over = pass.over.as_deref();
        let buffer = head.buffers.iter().find(|buffer| Some(buffer.name.as_str()) == over);
        // A few hundred cost nothing, and each of them may stand for something.
        let fewer = |whole: u32| {
            let fewer = (whole as f32 * self.count(head)).ceil() as u32;
            fewer.max(whole.min(limits::FEW)).min(self.most)
        };
        match (pass.kind, pass.count, buffer) {
            // So many for each thing of the buffer.
            (PassKind::Triangles, Some(each), Some(buffer)) => {
                fewer(buffer.count).saturating_mul(each).min(limits::COUNT)
            }
            // Half of them would be holes: fewer only in a trial.
            (PassKind::Triangles, count, _) => count.unwrap_or(0).min(self.most),
            (_, count, buffer) => fewer(count.or(buffer.map(|buffer| buffer.count)).unwrap_or(0)),
        }
    }

    pub(super) fn tier(self, head: &Head) -> Option<&crate::scene::head::Tier> {
        // The last one for those that have fewer.
        self.tier.checked_sub(1).and_then(|at| head.tiers.get(at).or(head.tiers.last()))
    }
}

/// How much a frame paints.
#[derive(Clone, Copy, Debug)]
pub(in crate::stage) struct Work {
    /// Pixels, points and things together.
    pub units: f64,
    /// Pixels that points and triangles paint if each of them covers its target.
    pub overdrawn: f64,
}

pub(super) fn work(program: &Program, frame_px: [u32; 2], quality: Quality) -> Work {
    let mut work = work_of(&program.head, frame_px, quality);
    work.units += program.isf.as_ref().map_or(0.0, |isf| isf::units(isf, &program.head, frame_px, quality));
    work
}

fn work_of(head: &Head, frame_px: [u32; 2], quality: Quality) -> Work {
    let targets = head.targets();
    let of = |pass: &Pass| {
        let name = pass.over.as_deref().or(pass.targets().first().map(|(name, _)| *name));
        let target = targets.iter().find(|target| Some(target.name) == name);
        let size = target.map_or(Size::Share(1.0), |target| target.size);
        let px =
            size_px(size, frame_px, quality.share(head)).map(|side| f64::from(side.min(quality.side_px)));
        let buffer = head.buffers.iter().find(|buffer| Some(buffer.name.as_str()) == pass.over.as_deref());
        let count = quality.drawn(head, pass);
        let rounds = pass.repeats.unwrap_or(1).max(pass.rate_hz.map_or(1, |hz| (hz / 30.0).ceil() as u32));
        let each = if buffer.is_some() { 0.0 } else { px[0] * px[1] };
        let covered = match pass.kind {
            PassKind::Points => f64::from(count) * px[0] * px[1],
            PassKind::Triangles => f64::from(count / 3) * px[0] * px[1],
            PassKind::Fragment | PassKind::Compute => 0.0,
        };
        let rounds = f64::from(rounds);
        Work { units: rounds * (each + f64::from(count)), overdrawn: rounds * covered }
    };
    let sum = |a: Work, b: Work| Work { units: a.units + b.units, overdrawn: a.overdrawn + b.overdrawn };
    head.passes.iter().map(of).fold(Work { units: 0.0, overdrawn: 0.0 }, sum)
}
