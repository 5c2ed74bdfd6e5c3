//! Where things go from one picture to the next.
//!
//! The flow is symmetric: `v` at a place half-way says that what lies at `place - v / 2` in the picture before lies at
//! `place + v / 2` in the newest. So one flow serves both, and at either end of the way the picture is shown as it is. It is found as
//! Brox et al. do ("High accuracy optical flow estimation based on a theory for warping", 2004): robust constancy of colour and robust
//! smoothness, from coarse to fine, with both pictures warped half-way anew before each linear step, which is relaxed by
//! Gauss and Seidel's method with over-relaxation.
//!
//! On the processor and not the GPU: at 64 px it takes a millisecond once a picture, where some sixty small passes of a GPU would have to wait
//! for each other, and the flow is the same on every machine.

use super::reduction::Reduction;

/// The flow between two pictures, on a grid of the reductions' size.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Motion {
    pub width_px: usize,
    pub height_px: usize,
    /// Row-major: the way in widths and heights of the picture; when the newest takes over, on the way from 0 to 1: half-way
    /// where the flow holds; and how badly it fails, 0 to 1.
    pub cells: Vec<[f32; 4]>,
}

/// Weight of smoothness against colour (OKLab, per pixel of the grid).
const SMOOTHNESS: f32 = 0.03;
/// Differences of colour and of flow count by their square below these, and by their size above.
const COLOUR_KNEE: f32 = 0.01;
const BEND_KNEE: f32 = 0.2;
/// Linear steps at each size and at the finest, and rounds of relaxation in each.
const STEPS: usize = 3;
const STEPS_AT_LAST: usize = 1;
const ROUNDS: usize = 5;
const OVER_RELAXATION: f32 = 1.6;
/// The coarsest grid is at least this long on its shorter side.
const COARSEST_PX: usize = 6;

impl Motion {
    /// No motion: a dissolve.
    pub fn none(width_px: usize, height_px: usize) -> Self {
        Self { width_px, height_px, cells: vec![[0.0, 0.0, 0.5, 0.0]; width_px * height_px] }
    }

    /// From `previous` to `newest`, which must be of one size.
    pub fn between(previous: &Reduction, newest: &Reduction) -> Self {
        let (width_px, height_px) = (previous.width_px, previous.height_px);
        if (width_px, height_px) != (newest.width_px, newest.height_px) || width_px.min(height_px) < 4 {
            return Self::none(newest.width_px, newest.height_px);
        }
        let mut pyramid = vec![(previous.clone(), newest.clone())];
        while let Some((from, to)) = pyramid.last()
            && from.width_px.min(from.height_px) >= 2 * COARSEST_PX
        {
            pyramid.push((from.halved(), to.halved()));
        }
        let mut flow: Option<Flow> = None;
        for (from, to) in pyramid.iter().rev() {
            let mut finer = match flow {
                Some(coarser) => coarser.enlarged(from.width_px, from.height_px),
                None => Flow::still(from.width_px, from.height_px),
            };
            // Most of the way is found where steps are cheap.
            let steps = if from.pixels.len() == previous.pixels.len() { STEPS_AT_LAST } else { STEPS };
            for _ in 0..steps {
                finer.refine(from, to);
            }
            flow = Some(finer);
        }
        flow.map_or_else(|| Self::none(width_px, height_px), |flow| flow.unfolded().judged(previous, newest))
    }

    /// What a small picture looks like at `weight` of the newest: as the shaders warp the large ones.
    pub fn tweened(&self, previous: &Reduction, newest: &Reduction, weight: f32) -> Reduction {
        let (across, down) = (self.width_px as f32, self.height_px as f32);
        let pixels = self.cells.iter().enumerate().map(|(at, &[u, v, when, _])| {
            let (x, y) = ((at % self.width_px) as f32, (at / self.width_px) as f32);
            let (u, v) = (u * across, v * down);
            let from = previous.sample(x - weight * u, y - weight * v);
            let to = newest.sample(x + (1.0 - weight) * u, y + (1.0 - weight) * v);
            let share = share(weight, when);
            std::array::from_fn(|i| from[i] + share * (to[i] - from[i]))
        });
        Reduction { width_px: self.width_px, height_px: self.height_px, pixels: pixels.collect() }
    }
}

/// Share of the newest picture at `weight`, where it takes over at `when`: 0 and 1 at the ends, whatever lies between.
fn share(weight: f32, when: f32) -> f32 {
    ((weight - when) / (1.0 - (2.0 * when - 1.0).abs()) + 0.5).clamp(0.0, 1.0)
}

/// A flow in pixels of its own grid.
struct Flow {
    width: usize,
    height: usize,
    way: Vec<[f32; 2]>,
}

impl Flow {
    fn still(width: usize, height: usize) -> Self {
        Self { width, height, way: vec![[0.0; 2]; width * height] }
    }

    /// The cells left, right, above and below; at an edge the cell itself.
    fn around(&self, x: usize, y: usize) -> [usize; 4] {
        let at = y * self.width + x;
        [
            at - usize::from(x > 0),
            at + usize::from(x + 1 < self.width),
            if y > 0 { at - self.width } else { at },
            if y + 1 < self.height { at + self.width } else { at },
        ]
    }

    /// Twice as large, or one less.
    fn enlarged(&self, width: usize, height: usize) -> Self {
        let half = |at: usize, most: usize| {
            let place = ((at as f32 + 0.5) * 0.5 - 0.5).clamp(0.0, (most - 1) as f32);
            let low = place as usize;
            (low, (low + 1).min(most - 1), place - low as f32)
        };
        let way = (0..width * height).map(|at| {
            let (x0, x1, fx) = half(at % width, self.width);
            let (y0, y1, fy) = half(at / width, self.height);
            let way = |x: usize, y: usize| self.way[y * self.width + x];
            std::array::from_fn(|i| {
                let top = way(x0, y0)[i] * (1.0 - fx) + way(x1, y0)[i] * fx;
                let bottom = way(x0, y1)[i] * (1.0 - fx) + way(x1, y1)[i] * fx;
                2.0 * (top * (1.0 - fy) + bottom * fy)
            })
        });
        Self { width, height, way: way.collect() }
    }

    /// Both pictures half-way: their mean and their difference (newest less previous), cell by cell.
    fn halfway(&self, previous: &Reduction, newest: &Reduction) -> Vec<([f32; 4], [f32; 4])> {
        let mut cells = Vec::with_capacity(self.way.len());
        for (y, row) in self.way.chunks_exact(self.width).enumerate() {
            for (x, [u, v]) in row.iter().enumerate() {
                let (x, y) = (x as f32, y as f32);
                let from = previous.sample(x - 0.5 * u, y - 0.5 * v);
                let to = newest.sample(x + 0.5 * u, y + 0.5 * v);
                let mean = std::array::from_fn(|i| 0.5 * (from[i] + to[i]));
                cells.push((mean, std::array::from_fn(|i| to[i] - from[i])));
            }
        }
        cells
    }

    /// One linear step towards the flow under which both pictures agree.
    fn refine(&mut self, previous: &Reduction, newest: &Reduction) {
        let warped = self.halfway(previous, newest);
        let (mut pulls, mut stiffness) = (Vec::with_capacity(warped.len()), Vec::with_capacity(warped.len()));
        for (at, ([u, v], (_, apart))) in self.way.iter().zip(&warped).enumerate() {
            let (x, y) = (at % self.width, at / self.width);
            let [left, right, above, below] = self.around(x, y);
            let across = if right - left == 2 { 0.5 } else { 1.0 };
            let down = if below - above == 2 * self.width { 0.5 } else { 1.0 };
            let mut pull = Pull::default();
            let mut apart_2 = 0.0;
            for (i, apart) in apart.iter().enumerate() {
                let gx = (warped[right].0[i] - warped[left].0[i]) * across;
                let gy = (warped[below].0[i] - warped[above].0[i]) * down;
                pull.add(gx, gy, *apart);
                apart_2 += apart * apart;
            }
            let trust = (apart_2 + COLOUR_KNEE * COLOUR_KNEE).sqrt().recip();
            pulls.push(pull.about(*u, *v, trust));
            let bend: f32 = [(left, right), (above, below)]
                .iter()
                .flat_map(|&(a, b)| (0..2).map(move |i| (a, b, i)))
                .map(|(a, b, i)| (0.5 * (self.way[b][i] - self.way[a][i])).powi(2))
                .sum();
            stiffness.push(SMOOTHNESS / (bend + BEND_KNEE * BEND_KNEE).sqrt());
        }
        // Like the squares of a chessboard: those of one colour depend on the others alone, so a processor takes several at once.
        for colour in (0..2 * ROUNDS).map(|half_round| half_round % 2) {
            for y in 0..self.height {
                for x in ((y + colour) % 2..self.width).step_by(2) {
                    self.relax(x, y, &pulls, &stiffness);
                }
            }
        }
    }

    #[inline]
    fn relax(&mut self, x: usize, y: usize, pulls: &[Pull], stiffness: &[f32]) {
        let at = y * self.width + x;
        let pull = &pulls[at];
        let (mut sum, mut u, mut v) = (0.0, 0.0, 0.0);
        // At an edge the cell is its own neighbour, which changes nothing but the pace.
        for other in self.around(x, y) {
            let stiff = 0.5 * (stiffness[at] + stiffness[other]);
            sum += stiff;
            u += stiff * self.way[other][0];
            v += stiff * self.way[other][1];
        }
        let (xx, yy) = (pull.xx + sum, pull.yy + sum);
        let (u, v) = (pull.x + u, pull.y + v);
        let scale = (xx * yy - pull.xy * pull.xy).max(1e-12).recip();
        let solved = [(yy * u - pull.xy * v) * scale, (xx * v - pull.xy * u) * scale];
        for (way, solved) in self.way[at].iter_mut().zip(solved) {
            *way += OVER_RELAXATION * (solved - *way);
        }
    }

    /// Smoothed where it would fold the picture, or crush it.
    fn unfolded(mut self) -> Self {
        for _ in 0..UNFOLDINGS {
            let folds: Vec<bool> = (0..self.way.len()).map(|at| self.is_folded(at)).collect();
            if !folds.contains(&true) {
                break;
            }
            let smooth = self.blurred();
            for (at, way) in self.way.iter_mut().enumerate() {
                let around =
                    [at.saturating_sub(1), at, at + 1, at.saturating_sub(self.width), at + self.width];
                if around.iter().any(|&at| folds.get(at) == Some(&true)) {
                    *way = smooth.way[at];
                }
            }
        }
        self
    }

    /// Whether a cell of either picture is less than a fifth of its size half-way: by the determinant of how it is bent.
    fn is_folded(&self, at: usize) -> bool {
        let [left, right, above, below] = self.around(at % self.width, at / self.width);
        let across: [f32; 2] = std::array::from_fn(|i| 0.5 * (self.way[right][i] - self.way[left][i]));
        let down: [f32; 2] = std::array::from_fn(|i| 0.5 * (self.way[below][i] - self.way[above][i]));
        [-0.5, 0.5].iter().any(|&half: &f32| {
            let determinant =
                (1.0 + half * across[0]) * (1.0 + half * down[1]) - half * half * across[1] * down[0];
            determinant < 0.2
        })
    }

    /// The flow in units of the picture, with what becomes of places where the pictures do not agree. Where edges would be doubled the
    /// brighter picture is shown for longer, so that each is seen as itself and not as half of two; what only changes its light changes it
    /// evenly.
    fn judged(&self, previous: &Reduction, newest: &Reduction) -> Motion {
        let warped = self.halfway(previous, newest);
        let norm = |by: [f32; 4]| by.iter().map(|value| value * value).sum::<f32>().sqrt();
        let apart = |a: usize, b: usize| norm(std::array::from_fn(|i| warped[a].1[i] - warped[b].1[i]));
        let doubt: Vec<[f32; 2]> = (0..warped.len())
            .map(|at| {
                let [left, right, above, below] = self.around(at % self.width, at / self.width);
                let doubled = apart(left, right).max(apart(above, below)) / DOUBLED;
                let brighter = (warped[at].1[0] * BRIGHTER).clamp(-1.0, 1.0);
                [
                    doubled.min(1.0),
                    brighter * ((norm(warped[at].1) - FAILS_FROM) / FAILS_FROM).clamp(0.0, 1.0),
                ]
            })
            .collect();
        // An edge speaks for what lies around it.
        let near = Flow { way: doubt, ..*self }.blurred();
        let half = near.halved();
        let wide =
            half.halved().blurred().enlarged(half.width, half.height).enlarged(self.width, self.height);
        let cells = self.way.iter().zip(near.way.iter().zip(&wide.way)).map(|([u, v], (near, wide))| {
            // A flow grows with its grid: here twice by two.
            let fails = (EDGE_SPEAKS * 0.25 * wide[0]).min(1.0);
            let when = 0.5 - EARLIEST * fails * near[1];
            [u / self.width as f32, v / self.height as f32, when, fails]
        });
        Motion { width_px: self.width, height_px: self.height, cells: cells.collect() }
    }

    /// Each cell mixed with its four neighbours.
    fn blurred(&self) -> Self {
        let mut way = Vec::with_capacity(self.way.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let [a, b, c, d] = self.around(x, y).map(|other| self.way[other]);
                let here = self.way[y * self.width + x];
                way.push(std::array::from_fn(|i| (2.0 * here[i] + a[i] + b[i] + c[i] + d[i]) / 6.0));
            }
        }
        Self { way, ..*self }
    }

    /// Half as large, each cell the mean of four.
    fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let mut way = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let rows = [2 * y, (2 * y + 1).min(self.height - 1)];
                let columns = [2 * x, (2 * x + 1).min(self.width - 1)];
                let [[a, b], [c, d]] = rows.map(|y| columns.map(|x| self.way[y * self.width + x]));
                way.push(std::array::from_fn(|i| 0.25 * (a[i] + b[i] + c[i] + d[i])));
            }
        }
        Self { width, height, way }
    }
}

/// Rounds of smoothing at most, where a flow folds.
const UNFOLDINGS: usize = 12;
/// Difference of colour (OKLab) from which on a flow fails.
const FAILS_FROM: f32 = 0.05;
/// How much this difference changes over two cells where edges are doubled.
const DOUBLED: f32 = 0.2;
/// How steeply the brighter picture is told from the darker one.
const BRIGHTER: f32 = 8.0;
/// How much sooner than half-way a picture takes over at most.
const EARLIEST: f32 = 0.25;
/// How loudly an edge speaks for its surroundings.
const EDGE_SPEAKS: f32 = 3.0;

/// What the pictures say about the flow in one cell: a quadratic form and its linear part.
#[derive(Clone, Copy, Default)]
struct Pull {
    xx: f32,
    xy: f32,
    yy: f32,
    x: f32,
    y: f32,
}

impl Pull {
    /// A channel with this gradient half-way, and this much apart.
    #[inline]
    fn add(&mut self, gx: f32, gy: f32, apart: f32) {
        self.xx += gx * gx;
        self.xy += gx * gy;
        self.yy += gy * gy;
        self.x -= gx * apart;
        self.y -= gy * apart;
    }

    /// Weighed, and said of the whole flow instead of a step from (`u`, `v`).
    #[inline]
    fn about(self, u: f32, v: f32, weight: f32) -> Self {
        Self {
            xx: weight * self.xx,
            xy: weight * self.xy,
            yy: weight * self.yy,
            x: weight * (self.x + self.xx * u + self.xy * v),
            y: weight * (self.y + self.xy * u + self.yy * v),
        }
    }
}
