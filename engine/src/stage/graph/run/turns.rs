//! Which passes a frame runs, how often, and what each time knows of itself.

use bytemuck::{Pod, Zeroable};

use super::super::super::with_inverse;
use super::super::program::Pipeline;
use super::super::store::size_px;
use super::{Graph, Step};
use crate::scene::head::{Pass, PassKind, Size};
use crate::scene::limits;

/// Where rounds fall between the frames of the usual rates, so that no rounding moves one to the next frame.
const ROUNDS_OFFSET: f64 = 0.25;
/// Workgroups that may stand in a row.
const MOST_GROUPS: u32 = 65_535;

/// What a pass knows of itself: `canvas` in WGSL.
#[repr(C)]
#[derive(Clone, Copy, Default, Pod, Zeroable)]
pub(super) struct CanvasBlock {
    px: [f32; 4],
    round: u32,
    rounds: u32,
    count: u32,
    row: u32,
    tier: u32,
    anew: f32,
    spare: [u32; 2],
}

/// A pass that is to be run, and which time in this frame that is.
pub(super) struct Turn {
    pub pass: usize,
    pub canvas: CanvasBlock,
}

impl Graph {
    /// What is to be run in this frame, in order, but for the last pass.
    pub(super) fn turns(&self, step: &Step<'_>) -> Vec<Turn> {
        let head = &self.program.head;
        let tier = self.quality.tier(head);
        let mut turns = Vec::new();
        for (at, pass) in head.passes.iter().enumerate().take(head.passes.len() - 1) {
            if tier.is_some_and(|tier| tier.skip.contains(&pass.entry)) {
                continue;
            }
            let rounds = self.rounds(pass, step);
            turns.extend(
                (0..rounds).map(|round| Turn { pass: at, canvas: self.canvas(at, round, rounds, step) }),
            );
        }
        turns
    }

    fn rounds(&self, pass: &Pass, step: &Step<'_>) -> u32 {
        let targets = self.program.head.targets();
        let mut written = pass.targets().into_iter().filter_map(|(name, _)| {
            let at = targets.iter().position(|target| target.name == name)?;
            self.store.targets.get(at)
        });
        let fresh =
            written.any(|target| target.fresh) || (pass.kind == PassKind::Compute && self.store.fresh);
        let begins = fresh || step.before_s.is_none();
        let usual = pass.repeats.unwrap_or(1);
        match (pass.rate_hz, step.before_s) {
            _ if pass.once => {
                if begins {
                    usual
                } else {
                    0
                }
            }
            (_, None) => pass.at_start.unwrap_or(usual),
            (Some(_), _) if fresh => pass.at_start.unwrap_or(usual),
            (None, _) => usual,
            (Some(rate_hz), Some(before_s)) => {
                let by = |time_s: f64| (time_s * f64::from(rate_hz) + ROUNDS_OFFSET).floor();
                (by(step.time_s) - by(before_s)).clamp(0.0, f64::from(limits::REPEATS)) as u32
            }
        }
    }

    pub(super) fn canvas(&self, at: usize, round: u32, rounds: u32, step: &Step<'_>) -> CanvasBlock {
        let pass = &self.program.head.passes[at];
        let px = self.px(pass);
        let count = self.count(pass);
        let groups = self.groups(at);
        let row = match &self.program.passes[at].pipeline {
            Pipeline::Compute(_, workgroup) => groups[0].saturating_mul(workgroup[0]),
            Pipeline::Render(_) => 0,
        };
        let (tier, anew) = (self.quality.tier as u32, f32::from(u8::from(step.before_s.is_none())));
        CanvasBlock { px: with_inverse(px), round, rounds, count, row, tier, anew, spare: [0; 2] }
    }

    /// What a pass writes, or computes over, in pixels.
    fn px(&self, pass: &Pass) -> [u32; 2] {
        let targets = self.program.head.targets();
        let name = pass.over.as_deref().or(pass.targets().first().map(|(name, _)| *name)).map(str::to_owned);
        let at = name.and_then(|name| targets.iter().position(|target| target.name == name));
        match at.and_then(|at| self.store.targets.get(at)) {
            Some(target) => target.px,
            None => size_px(Size::Share(1.0), self.frame_px, 1.0),
        }
    }

    fn count(&self, pass: &Pass) -> u32 {
        self.quality.drawn(&self.program.head, pass)
    }

    pub(super) fn drawn(&self, pass: &Pass) -> (u32, u32) {
        match pass.kind {
            PassKind::Points => (4, self.count(pass)),
            PassKind::Triangles => (self.count(pass), 1),
            PassKind::Fragment | PassKind::Compute => (3, 1),
        }
    }

    pub(super) fn groups(&self, at: usize) -> [u32; 3] {
        let pass = &self.program.head.passes[at];
        let Pipeline::Compute(_, [x, y, z]) = &self.program.passes[at].pipeline else { return [0; 3] };
        let count = self.count(pass);
        if count > 0 {
            let groups = count.div_ceil((*x).max(1) * (*y).max(1) * (*z).max(1));
            let in_row = groups.min(MOST_GROUPS);
            return [in_row, groups.div_ceil(in_row.max(1)), 1];
        }
        let px = self.px(pass);
        [px[0].div_ceil((*x).max(1)), px[1].div_ceil((*y).max(1)), 1]
    }
}
