//! Regular patterns: stripes, and rows of things that repeat.
//!
//! Every row and column of cells is followed from light to dark and back, as a cell is over time. Where that happens more than
//! five times at even distances, the stretch is striped; slanted stripes cross rows and columns alike, and circles and
//! checkerboards do so in most of their area. How stripes move is told by their gradient (Horn and Schunck, "Determining optical
//! flow", 1981, for one unknown) and by whether light lies where dark was.

use std::collections::VecDeque;

use super::limits::{
    AREA, LUMINANCE_CHANGE, STEADY_STRIPE_AREA, STRIPE_CHANGES, STRIPE_LIGHT, STRIPE_NEAREST, STRIPE_PAIRS,
    STRIPE_S, STRIPE_STANDS, STRIPE_UNEVEN, TICKS_PER_S, WINDOW_S, seconds, within,
};
use super::swing::{Level, Move, Swing};

/// Stripes for too long.
pub(super) struct Seen {
    /// When they were seen first.
    pub since: u32,
    /// Share of the picture.
    pub area: f64,
    /// Light and dark pairs, in the longest row.
    pub pairs: f64,
}

/// What is remembered from frame to frame.
pub(super) struct Stripes {
    size: [usize; 2],
    before: Vec<f32>,
    striped: Vec<bool>,
    line: Vec<[f32; 2]>,
    seconds: VecDeque<Striped>,
}

/// One frame.
#[derive(Clone, Copy)]
struct Striped {
    at: u32,
    area: f64,
    /// Which way they go along rows and columns: -1, 0 or 1.
    way: [i8; 2],
    reversed: bool,
}

/// Sums over stretches of one direction.
#[derive(Clone, Copy, Default)]
struct Motion {
    change: f32,
    slope: f32,
    alike: f32,
}

impl Motion {
    fn way(self) -> i8 {
        let speed = if self.slope > 0.0 { -self.change / self.slope } else { 0.0 };
        i8::from(speed > STRIPE_STANDS) - i8::from(speed < -STRIPE_STANDS)
    }
}

impl Stripes {
    pub fn new(size: [usize; 2]) -> Self {
        Self {
            size,
            before: Vec::new(),
            striped: vec![false; size[0] * size[1]],
            line: Vec::new(),
            seconds: VecDeque::new(),
        }
    }

    /// Takes a frame's luminance; what is wrong with it, if it is.
    pub fn step(&mut self, now: u32, luminance: &[f32]) -> Option<Seen> {
        let first = self.before.is_empty();
        if first {
            self.before = luminance.to_vec();
        }
        self.striped.fill(false);
        let mut motion = [Motion::default(); 2];
        let mut transitions = 0;
        for (axis, motion) in motion.iter_mut().enumerate() {
            let [along, across] = [self.size[axis], self.size[1 - axis]];
            let [step, next] = if axis == 0 { [1, self.size[0]] } else { [self.size[0], 1] };
            for line in 0..across {
                let at = |place: usize| line * next + place * step;
                self.line.clear();
                self.line.extend((0..along).map(|place| [luminance[at(place)], self.before[at(place)]]));
                for (run, count) in runs(&self.line) {
                    transitions = transitions.max(count);
                    follow(motion, &self.line[run.clone()]);
                    run.for_each(|place| self.striped[at(place)] = true);
                }
            }
        }
        self.before.copy_from_slice(luminance);
        let area = self.striped.iter().filter(|striped| **striped).count() as f64 / luminance.len() as f64;
        let reversed = !first && motion.iter().any(|motion| motion.alike < 0.0);
        self.seconds.push_back(Striped { at: now, area, way: motion.map(Motion::way), reversed });
        self.seconds.retain(|frame| within(now, frame.at, WINDOW_S));
        self.judge(now, area, f64::from(transitions) / 2.0)
    }

    fn judge(&self, now: u32, area: f64, pairs: f64) -> Option<Seen> {
        let frames = || self.seconds.iter();
        let turns = |axis: usize| {
            let ways: Vec<_> = frames().map(|frame| frame.way[axis]).filter(|way| *way != 0).collect();
            ways.windows(2).filter(|pair| pair[0] != pair[1]).count()
        };
        let reversals = frames().filter(|frame| frame.reversed && frame.area > AREA).count();
        let appearances =
            frames().zip(frames().skip(1)).filter(|(a, b)| a.area <= AREA && b.area > AREA).count();
        let changes =
            [turns(0), turns(1), reversals, appearances].into_iter().any(|count| count >= STRIPE_CHANGES);
        let most = if changes { AREA } else { STEADY_STRIPE_AREA };

        let shown: u32 = frames()
            .zip(frames().skip(1).map(|next| next.at).chain([now]))
            .filter(|(frame, _)| frame.area > most)
            .map(|(frame, until)| until - frame.at)
            .sum();
        let since = frames().find(|frame| frame.area > most)?.at;
        // Counted to the newest frame, which is on until the next: half a second is over with it.
        let lasting = f64::from(shown) > STRIPE_S * TICKS_PER_S && seconds(now - since) > STRIPE_S;
        (area > most && lasting).then_some(Seen { since, area, pairs })
    }
}

/// Stretches of a line with more than five pairs at even distances, and how many transitions they have. Of each place the line
/// has the luminance now and before; only the first is looked at.
fn runs(line: &[[f32; 2]]) -> Vec<(std::ops::Range<usize>, u32)> {
    let mut level = Level::new();
    let places: Vec<usize> = (0..line.len()).filter(|at| level.step(line[*at][0]) != Move::Stays).collect();
    let least = 2 * STRIPE_PAIRS as usize + 1;
    let mut found = Vec::new();
    let mut begin = 0;
    while begin + least <= places.len() {
        // The distance to the next transition of the same direction is one pair.
        let pair = |at: usize| (places[at + 2] - places[at]) as f32;
        let mut mean = pair(begin);
        let mut end = begin + 3;
        while end < places.len() && (pair(end - 2) - mean).abs() <= STRIPE_UNEVEN * mean {
            mean += 0.25 * (pair(end - 2) - mean);
            end += 1;
        }
        let half = (0.5 * mean) as usize;
        let range = places[begin].saturating_sub(half)..(places[end - 1] + half).min(line.len());
        if end - begin >= least && mean >= STRIPE_NEAREST && is_bright(&line[range.clone()]) {
            found.push((range, (end - begin) as u32));
            begin = end - 1;
        } else {
            begin += 1;
        }
    }
    found
}

/// Whether the light stripes of a stretch are light enough to do harm.
fn is_bright(stretch: &[[f32; 2]]) -> bool {
    let mean = mean(stretch);
    let light = stretch.iter().map(|now| now[0]).filter(|now| *now > mean);
    let (count, sum) = light.fold((0.0, 0.0), |(count, sum), now| (count + 1.0, sum + now));
    sum > STRIPE_LIGHT * count && sum > (mean + 0.5 * LUMINANCE_CHANGE) * count
}

fn mean(stretch: &[[f32; 2]]) -> f32 {
    stretch.iter().map(|now| now[0]).sum::<f32>() / stretch.len() as f32
}

/// How a stretch has moved since the frame before.
fn follow(motion: &mut Motion, stretch: &[[f32; 2]]) {
    let mean = mean(stretch);
    for places in stretch.windows(3) {
        let [now, before] = places[1];
        let slope = 0.5 * (places[2][1] - places[0][1]);
        motion.change += (now - before) * slope;
        motion.slope += slope * slope;
        motion.alike += (now - mean) * (before - mean);
    }
}
