//! All cells of a frame under one rule: who has how many transitions in the last second. One counts where enough of what is around
//! it goes the same way at once; where things merely move, each place changes at a time of its own.

use super::area::Field;
use super::limits::{AT_ONCE_S, JOINT, MANY_TRANSITIONS, MOST_TRANSITIONS, WINDOW_S, within};
use super::swing::{Move, Swing};

/// Times that a cell keeps: one more than it may have.
const KEPT: usize = MOST_TRANSITIONS + 1;

/// No transition yet.
const NEVER: u32 = u32::MAX;

/// Swings and times of all cells.
pub(super) struct Track<S> {
    swings: Vec<S>,
    /// Their last transitions, and whether those do not count yet.
    newest: Vec<u32>,
    alone: Vec<bool>,
    /// Those that count, the newest first.
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
            newest: vec![NEVER; cells],
            alone: vec![false; cells],
            times: vec![[NEVER; KEPT]; cells],
            too_many: vec![false; cells],
            many: vec![false; cells],
            last: vec![Move::Stays; cells],
            fresh: [vec![false; cells], vec![false; cells]],
            first: 0,
            new_of: [0.0; 2],
        }
    }

    /// Takes a frame; `around` is how much of it counts as being around a cell.
    pub fn step(&mut self, now: u32, values: &[S::Value], around: &mut Field) {
        let since = |time: u32, span_s: f64| time != NEVER && within(now, time, span_s);
        for (cell, value) in values.iter().enumerate() {
            let moves = self.swings[cell].step(*value);
            if moves != Move::Stays {
                (self.last[cell], self.newest[cell], self.alone[cell]) = (moves, now, true);
            }
            let fresh = since(self.newest[cell], AT_ONCE_S);
            self.alone[cell] &= fresh;
            for (marks, way) in self.fresh.iter_mut().zip([Move::Up, Move::Down]) {
                marks[cell] = fresh && self.last[cell] == way;
            }
        }
        let mut counted = vec![false; values.len()];
        for marks in &self.fresh {
            around.sum(marks);
            for cell in (0..values.len()).filter(|cell| marks[*cell]) {
                if self.alone[cell] && around.share_around(cell) >= JOINT {
                    (self.alone[cell], counted[cell]) = (false, true);
                    self.times[cell].copy_within(0..KEPT - 1, 1);
                    self.times[cell][0] = self.newest[cell];
                }
            }
        }
        self.first = now;
        let mut counts = [[0_u32; 2]; 2];
        for (cell, times) in self.times.iter().enumerate() {
            self.many[cell] = since(times[MANY_TRANSITIONS - 1], WINDOW_S);
            self.too_many[cell] = since(times[KEPT - 1], WINDOW_S);
            if self.too_many[cell] {
                self.first = self.first.min(times[KEPT - 1]);
            }
            for (count, marked) in counts.iter_mut().zip([self.too_many[cell], self.many[cell]]) {
                count[0] += u32::from(marked);
                count[1] += u32::from(marked && counted[cell]);
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
