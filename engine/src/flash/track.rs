//! All cells of a frame under one rule: who has how many transitions in the last second.

use super::limits::{AT_ONCE_S, MANY_TRANSITIONS, MOST_TRANSITIONS, WINDOW_S, within};
use super::swing::{Move, Swing};

/// Times that a cell keeps: one more than it may have.
const KEPT: usize = MOST_TRANSITIONS + 1;

/// No transition yet.
const NEVER: u32 = u32::MAX;

/// Swings and times of all cells.
pub(super) struct Track<S> {
    swings: Vec<S>,
    /// The newest first.
    times: Vec<[u32; KEPT]>,
    too_many: Vec<bool>,
    many: Vec<bool>,
    last: Vec<Move>,
    fresh: [Vec<bool>; 2],
    first: u32,
    new_of: [f64; 2],
}

/// What the newest frame has brought, a flag for each cell.
pub(super) struct Marks<'a> {
    /// More than three flashes in the last second.
    pub too_many: &'a [bool],
    /// Two flashes or more in the last second.
    pub many: &'a [bool],
    /// A transition just now: up, and down.
    pub fresh: &'a [Vec<bool>; 2],
    /// When the oldest transition was that makes too many.
    pub first_of_too_many: u32,
    new_of: [f64; 2],
}

impl<S: Swing> Track<S> {
    pub fn new(cells: usize) -> Self {
        Self {
            swings: vec![S::new(); cells],
            times: vec![[NEVER; KEPT]; cells],
            too_many: vec![false; cells],
            many: vec![false; cells],
            last: vec![Move::Stays; cells],
            fresh: [vec![false; cells], vec![false; cells]],
            first: 0,
            new_of: [0.0; 2],
        }
    }

    /// Takes a frame.
    pub fn step(&mut self, now: u32, values: &[S::Value]) {
        let since = |time: u32, span_s: f64| time != NEVER && within(now, time, span_s);
        self.first = now;
        let mut counts = [[0_u32; 2]; 2];
        for (cell, value) in values.iter().enumerate() {
            let times = &mut self.times[cell];
            let moves = self.swings[cell].step(*value);
            let new = moves != Move::Stays;
            if new {
                self.last[cell] = moves;
                times.copy_within(0..KEPT - 1, 1);
                times[0] = now;
            }
            let fresh = since(times[0], AT_ONCE_S);
            for (marks, way) in self.fresh.iter_mut().zip([Move::Up, Move::Down]) {
                marks[cell] = fresh && self.last[cell] == way;
            }
            self.many[cell] = since(times[MANY_TRANSITIONS - 1], WINDOW_S);
            self.too_many[cell] = since(times[KEPT - 1], WINDOW_S);
            if self.too_many[cell] {
                self.first = self.first.min(times[KEPT - 1]);
            }
            for (count, marked) in counts.iter_mut().zip([self.too_many[cell], self.many[cell]]) {
                count[0] += u32::from(marked);
                count[1] += u32::from(marked && new);
            }
        }
        self.new_of = counts.map(|[all, new]| f64::from(new) / f64::from(all.max(1)));
    }

    /// What the newest frame has brought.
    pub fn marks(&self) -> Marks<'_> {
        Marks {
            too_many: &self.too_many,
            many: &self.many,
            fresh: &self.fresh,
            first_of_too_many: self.first,
            new_of: self.new_of,
        }
    }
}

impl Marks<'_> {
    /// Flashes that this frame adds to a cell which has too many, in the mean.
    pub fn flashes_of_too_many(&self) -> f64 {
        0.5 * self.new_of[0]
    }

    /// The same for those that have many.
    pub fn flashes_of_many(&self) -> f64 {
        0.5 * self.new_of[1]
    }
}
