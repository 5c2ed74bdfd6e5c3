//! Tempo and meter.

use super::beats::settled;
use super::{SETTLING_S, median};

/// A tempo is right within 4 % (Gouyon et al. 2006).
const TOLERANCE: f64 = 0.04;
/// What accuracy 2 forgives: thirds, halves, doubles, triples.
const LEVELS: [f64; 5] = [1.0, 0.5, 2.0, 1.0 / 3.0, 3.0];
/// Intervals whose mean is the tempo at a beat.
const LOCAL_INTERVALS: usize = 4;
/// A beat and the downbeat that it is were shown at once; times that were written and read again may differ by less than this.
const SAME_S: f64 = 1e-3;

/// Accuracy 1: whether the tempo is right.
pub(super) fn is_right(true_bpm: f64, shown_bpm: f64) -> bool {
    (shown_bpm / true_bpm - 1.0).abs() <= TOLERANCE
}

/// Accuracy 2: whether it is right at some level.
pub(super) fn is_right_at_any_level(true_bpm: f64, shown_bpm: f64) -> bool {
    LEVELS.iter().any(|level| is_right(true_bpm * level, shown_bpm))
}

/// The one tempo that a piece was shown to have: the median of what was told, from [`SETTLING_S`] on.
pub(super) fn of_samples(tempi: &[(f64, f64)]) -> f64 {
    let told: Vec<f64> = tempi
        .iter()
        .filter(|(time_s, bpm)| *time_s >= SETTLING_S && *bpm > 0.0)
        .map(|(_, bpm)| *bpm)
        .collect();
    median(&told).unwrap_or(0.0)
}

/// The median tempo of beats, from [`SETTLING_S`] on; 0 with fewer than two.
pub(super) fn of_beats(beats: &[f64]) -> f64 {
    let intervals: Vec<f64> = settled(beats).windows(2).map(|pair| pair[1] - pair[0]).collect();
    median(&intervals).filter(|interval_s| *interval_s > 0.0).map_or(0.0, |interval_s| 60.0 / interval_s)
}

/// Share of true beats, from [`SETTLING_S`] on, at which the tempo told was that of the intervals around: it follows ramps and jumps.
/// None where there is nothing to compare.
pub(super) fn share_right(truth: &[f64], tempi: &[(f64, f64)]) -> Option<f64> {
    let half = LOCAL_INTERVALS / 2;
    let (mut right, mut beats) = (0_u32, 0_u32);
    for around in truth.windows(LOCAL_INTERVALS + 1).filter(|around| around[half] >= SETTLING_S) {
        let true_bpm = 60.0 * LOCAL_INTERVALS as f64 / (around[LOCAL_INTERVALS] - around[0]);
        let told = tempi.partition_point(|(time_s, _)| *time_s <= around[half]).checked_sub(1);
        beats += 1;
        right += u32::from(told.is_some_and(|at| is_right(true_bpm, tempi[at].1)));
    }
    (beats > 0).then(|| f64::from(right) / f64::from(beats))
}

/// How many beats most bars have; none without a whole bar.
pub(super) fn beats_per_bar(beats: &[f64], downbeats: &[f64]) -> Option<usize> {
    let before = |time_s: f64| beats.partition_point(|beat| *beat < time_s - SAME_S);
    most(downbeats.windows(2).map(|bar| before(bar[1]) - before(bar[0])))
}

/// The number that comes most often, the least of several.
pub(super) fn most(numbers: impl Iterator<Item = usize>) -> Option<usize> {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    numbers.for_each(|number| *counts.entry(number).or_default() += 1);
    counts
        .into_iter()
        .max_by_key(|(number, count)| (*count, std::cmp::Reverse(*number)))
        .map(|(number, _)| number)
}
