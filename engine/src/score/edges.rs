//! How sharp a frame is, and whether its edges are drawn once.
//!
//! An edge is a ridge of steepness: a pixel that is steeper than its neighbours up and down the slope. From there luma is followed
//! both ways along the slope. Its rise, until it goes no further, over its steepest step is the edge's width (the width of Marziliano
//! et al., "A no-reference perceptual blur metric", 2002, along the slope instead of along rows). The next step of at least a third of the
//! edge's own says whether it is doubled: where one thing is shown twice, half each, luma goes up in two steps; where it has two sides, like a stroke,
//! it goes up and down.

use super::{Luma, Score, quantile};

/// Steeper than this from one pixel to the next is an edge.
const EDGE: f32 = 0.06;
/// A ridge counts from here on, so that soft edges are measured too.
const RIDGE: f32 = 0.02;
/// Frames are followed along their slopes at every which row and column.
const STRIDE_PX: usize = 3;
/// A second step is at least this much of the first.
const SECOND: f32 = 1.0 / 3.0;
/// How far the rise is followed, and a second step is looked for at the least, in pixels.
const REACH_PX: usize = 16;

#[derive(Default)]
pub(super) struct Edges {
    frames: f64,
    edge_share: f64,
    fine_share: f64,
    widths_px: Vec<f32>,
    ridges: u64,
    doubled: u64,
}

impl Edges {
    pub fn add(&mut self, luma: &Luma) {
        let mut edges = 0_usize;
        for y in 1..luma.height - 1 {
            for x in 1..luma.width - 1 {
                let [across, down] = luma.slope(x, y);
                edges += usize::from(across * across + down * down > EDGE * EDGE);
            }
        }
        self.edge_share += edges as f64 / ((luma.width - 2) * (luma.height - 2)) as f64;
        self.fine_share += luma.fine_share();
        self.frames += 1.0;

        let reach = (luma.width / 40).max(REACH_PX);
        let rows = (reach..luma.height.saturating_sub(reach)).step_by(STRIDE_PX);
        for (y, x) in rows.flat_map(|y| (reach..luma.width - reach).step_by(STRIDE_PX).map(move |x| (y, x))) {
            let [across, down] = luma.slope(x, y);
            let steepness = across.hypot(down);
            if steepness < RIDGE {
                continue;
            }
            let ridge = Ridge { luma, x: x as f32, y: y as f32, way: [across / steepness, down / steepness] };
            // Within half a step of the top, since only every third pixel is looked at.
            if steepness < 0.98 * ridge.slope(-1.0).max(ridge.slope(1.0)) {
                continue;
            }
            self.widths_px.push((ridge.rise(1.0) + ridge.rise(-1.0)) / steepness);
            self.ridges += 1;
            let doubled = [1.0, -1.0].iter().any(|&side| ridge.next_step(side, steepness, reach) > 0.0);
            self.doubled += u64::from(doubled);
        }
    }

    pub fn tell(mut self, score: &mut Score) {
        let frames = self.frames.max(1.0);
        score.edges_percent = 100.0 * self.edge_share / frames;
        score.fine_detail_percent = 100.0 * self.fine_share / frames;
        self.widths_px.sort_by(f32::total_cmp);
        score.edge_width_px = quantile(&self.widths_px, 0.5);
        if self.ridges > 0 {
            score.doubled_edges_percent = Some(100.0 * self.doubled as f64 / self.ridges as f64);
        }
    }
}

/// An edge, and the way up its slope.
struct Ridge<'a> {
    luma: &'a Luma,
    x: f32,
    y: f32,
    way: [f32; 2],
}

impl Ridge<'_> {
    /// Luma so many pixels up the slope.
    #[inline]
    fn at(&self, far: f32) -> f32 {
        self.luma.sample(self.x + far * self.way[0], self.y + far * self.way[1])
    }

    /// Change of luma there from one pixel to the next.
    #[inline]
    fn slope(&self, far: f32) -> f32 {
        0.5 * (self.at(far + 1.0) - self.at(far - 1.0))
    }

    /// How far luma goes on to one side of the edge, until it does so no more than a tenth as fast.
    fn rise(&self, side: f32) -> f32 {
        let top = self.slope(0.0).abs();
        let mut before = self.at(0.0);
        let mut risen = 0.0;
        for step in 1..=REACH_PX {
            let here = self.at(side * step as f32);
            let change = side * (here - before);
            if change < 0.1 * top {
                break;
            }
            risen += change;
            before = here;
        }
        risen
    }

    /// The next step on one side that is a third of this one: above 0 if luma goes the same way, below 0 if it goes back, 0 if
    /// there is none. It has to stand apart: between the two luma goes no more than half as fast.
    fn next_step(&self, side: f32, steepness: f32, reach: usize) -> f32 {
        let (mut least, mut best) = (steepness, 0.0_f32);
        for step in 2..reach {
            let slope = self.slope(side * step as f32);
            if slope < -SECOND * steepness {
                return slope;
            }
            if best > 0.0 && slope < best {
                return best;
            }
            if slope > SECOND * steepness && least < 0.5 * slope.min(steepness) {
                best = slope;
            }
            least = least.min(slope.max(0.0));
        }
        best
    }
}
