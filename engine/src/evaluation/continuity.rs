//! How long beats are right in a row, at the annotated level or at any (Hainsworth 2004; Klapuri, Eronen and Astola 2006).

/// Largest distance from a true beat, and largest difference of the interval, as shares of the true interval.
const PHASE_TOLERANCE: f64 = 0.175;
const PERIOD_TOLERANCE: f64 = 0.175;

/// Shares of beats that are continuously right, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Continuity {
    /// Correct metrical level: the longest stretch, and all.
    pub(super) cmlc: f64,
    pub(super) cmlt: f64,
    /// Any level: also the off-beat, double and half the tempo, whichever is best.
    pub(super) amlc: f64,
    pub(super) amlt: f64,
}

/// Of rising times in seconds; all 0 with fewer than two beats on either side.
pub(super) fn continuity(truth: &[f64], estimate: &[f64]) -> Continuity {
    if truth.len() < 2 || estimate.len() < 2 {
        return Continuity::default();
    }
    let (cmlc, cmlt) = shares(truth, estimate);
    let mut best = Continuity { cmlc, cmlt, amlc: cmlc, amlt: cmlt };
    for level in other_levels(truth) {
        let (longest, total) = shares(&level, estimate);
        best.amlc = best.amlc.max(longest);
        best.amlt = best.amlt.max(total);
    }
    best
}

/// The off-beats, twice the tempo, and half of it beginning with the first beat or with the second.
fn other_levels(truth: &[f64]) -> [Vec<f64>; 4] {
    let between = |pair: &[f64]| pair[0] + 0.5 * (pair[1] - pair[0]);
    let off_beats: Vec<f64> = truth.windows(2).map(between).collect();
    let mut double: Vec<f64> = truth.windows(2).flat_map(|pair| [pair[0], between(pair)]).collect();
    double.extend(truth.last());
    let half = |from: usize| truth.iter().skip(from).step_by(2).copied().collect();
    [off_beats, double, half(0), half(1)]
}

/// The longest stretch of right beats, and all of them, as shares of the larger number of beats.
fn shares(truth: &[f64], estimate: &[f64]) -> (f64, f64) {
    let mut taken = vec![false; truth.len()];
    let (mut stretch, mut longest, mut total) = (0, 0, 0);
    for at in 0..estimate.len() {
        let nearest = nearest(truth, estimate[at]);
        if !taken[nearest] && is_right(truth, nearest, estimate, at) {
            taken[nearest] = true;
            (stretch, total) = (stretch + 1, total + 1);
            longest = longest.max(stretch);
        } else {
            stretch = 0;
        }
    }
    let beats = truth.len().max(estimate.len()) as f64;
    (f64::from(longest) / beats, f64::from(total) / beats)
}

/// Whether a beat lies near its true one, and its interval is near the true one's: the interval before, or the one after where
/// either is the first.
fn is_right(truth: &[f64], nearest: usize, estimate: &[f64], at: usize) -> bool {
    let forward = nearest == 0 || at == 0;
    let (Some(true_interval), Some(interval)) =
        (interval(truth, nearest, forward), interval(estimate, at, forward))
    else {
        return false;
    };
    let distance = (estimate[at] - truth[nearest]).abs();
    // Two true beats in one place have no interval to be right by: what is divided by it is infinite, or no number.
    distance / true_interval < PHASE_TOLERANCE && (1.0 - interval / true_interval).abs() < PERIOD_TOLERANCE
}

/// The interval after a beat, or before it; the other one where that is missing.
fn interval(beats: &[f64], at: usize, forward: bool) -> Option<f64> {
    let after = || Some(beats.get(at + 1)? - beats.get(at)?);
    let before = || Some(beats.get(at)? - beats.get(at.checked_sub(1)?)?);
    if forward { after().or_else(before) } else { before() }
}

/// The index of the beat that is nearest to a time, the earlier one of two.
fn nearest(beats: &[f64], time_s: f64) -> usize {
    let later = beats.partition_point(|beat| *beat < time_s);
    let Some(earlier) = later.checked_sub(1) else { return 0 };
    let is_later =
        beats.get(later).is_some_and(|beat| (beat - time_s).abs() < (beats[earlier] - time_s).abs());
    if is_later { later } else { beats.partition_point(|beat| *beat < beats[earlier]) }
}
