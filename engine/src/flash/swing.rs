//! The memory of one cell: its last extreme, and whether it has left it.

use super::light::Chroma;
use super::limits::{DARKER_BELOW, LUMINANCE_CHANGE, RED_CHANGE};

/// What a value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Nothing that counts.
    Stays,
    /// A transition to more light, or to red.
    Up,
    /// A transition to less light, or from red.
    Down,
}

/// Follows a value from peak to valley to peak.
pub(super) trait Swing: Clone {
    type Value: Copy;

    /// Before anything was seen.
    fn new() -> Self;

    /// Takes the next value; what it does.
    fn step(&mut self, value: Self::Value) -> Move;
}

/// Luminance, in shares of the maximum. Reversals below the threshold are no extremes.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// Least and most since the last transition, or since the beginning.
    low: f32,
    high: f32,
    /// The last transition.
    last: Move,
}

impl Swing for Level {
    type Value = f32;

    fn new() -> Self {
        Self { low: f32::MAX, high: f32::MIN, last: Move::Stays }
    }

    fn step(&mut self, value: f32) -> Move {
        self.low = self.low.min(value);
        self.high = self.high.max(value);
        let rises = value - self.low >= LUMINANCE_CHANGE && self.low < DARKER_BELOW;
        let falls = self.high - value >= LUMINANCE_CHANGE && value < DARKER_BELOW;
        let moves = match self.last {
            Move::Stays | Move::Down if rises => Move::Up,
            Move::Stays | Move::Up if falls => Move::Down,
            _ => return Move::Stays,
        };
        (self.low, self.high, self.last) = (value, value, moves);
        moves
    }
}

/// Chromaticity. In a plane there is no up and down: an extreme is what lies farthest from the extreme before. Every change over
/// the threshold makes a new extreme; those that go to or from a saturated red are transitions.
#[derive(Clone, Debug)]
pub(super) struct Hue {
    before: Chroma,
    extreme: Option<Chroma>,
}

impl Swing for Hue {
    type Value = Chroma;

    fn new() -> Self {
        Self { before: Chroma::default(), extreme: None }
    }

    fn step(&mut self, value: Chroma) -> Move {
        let Some(extreme) = self.extreme else {
            (self.before, self.extreme) = (value, Some(value));
            return Move::Stays;
        };
        if value.apart(extreme) > RED_CHANGE {
            (self.before, self.extreme) = (extreme, Some(value));
            return match (value.red, extreme.red) {
                (true, _) => Move::Up,
                (false, true) => Move::Down,
                (false, false) => Move::Stays,
            };
        }
        if value.apart(self.before) > extreme.apart(self.before) {
            self.extreme = Some(value);
        }
        Move::Stays
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transitions<S: Swing>(values: &[S::Value]) -> Vec<usize> {
        let mut swing = S::new();
        (0..values.len()).filter(|at| swing.step(values[*at]) != Move::Stays).collect()
    }

    #[test]
    fn a_change_counts_from_the_last_extreme_and_only_where_it_is_dark_enough() {
        // In steps, and with a wiggle on the way: one transition up, one down.
        assert_eq!(transitions::<Level>(&[0.2, 0.25, 0.24, 0.31, 0.5, 0.45, 0.39, 0.3]), [3, 6]);
        assert_eq!(transitions::<Level>(&[0.2, 0.29, 0.2, 0.29]), [0; 0]);
        assert_eq!(transitions::<Level>(&[1.0, 0.85, 1.0, 0.82, 1.0]), [0; 0]);
        assert_eq!(transitions::<Level>(&[1.0, 0.79, 1.0]), [1, 2]);
    }

    #[test]
    fn only_red_counts_among_changes_of_colour() {
        let [red, blue, green, grey] =
            [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.3; 3]].map(Chroma::of);
        assert_eq!(transitions::<Hue>(&[red, blue, red]), [1, 2]);
        assert_eq!(transitions::<Hue>(&[green, blue, green, blue]), [0; 0]);
        assert_eq!(transitions::<Hue>(&[grey, red, grey, blue, red]), [1, 2, 4]);
    }
}
