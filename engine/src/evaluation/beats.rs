//! Beats: which are scored, and how exactly they fall.

use super::SETTLING_S;
use super::matching::pairs;

/// Standard deviation of the error that Cemgil's accuracy forgives, in seconds.
const CEMGIL_SIGMA_S: f64 = 0.04;

/// The beats that are scored: those from [`SETTLING_S`] on.
pub(super) fn settled(beats: &[f64]) -> &[f64] {
    &beats[beats.partition_point(|time_s| *time_s < SETTLING_S)..]
}

/// Cemgil's accuracy (Cemgil, Kappen, Desain and Honing 2001): a Gaussian of each true beat's distance from the nearest estimate,
/// summed, over the mean number of beats; 0 where either list is empty.
pub(super) fn cemgil(truth: &[f64], estimate: &[f64]) -> f64 {
    if truth.is_empty() || estimate.is_empty() {
        return 0.0;
    }
    let closeness = |beat: &f64| {
        let distance_s = distance(estimate, *beat);
        (-0.5 * (distance_s / CEMGIL_SIGMA_S).powi(2)).exp()
    };
    truth.iter().map(closeness).sum::<f64>() / (0.5 * (truth.len() + estimate.len()) as f64)
}

/// How far the nearest of rising times is, in seconds; infinite where there is none.
pub(super) fn distance(times_s: &[f64], time_s: f64) -> f64 {
    let later = times_s.partition_point(|other| *other < time_s);
    let neighbours = [later.checked_sub(1), Some(later)];
    let distances =
        neighbours.iter().flatten().filter_map(|at| times_s.get(*at)).map(|other| (other - time_s).abs());
    distances.fold(f64::INFINITY, f64::min)
}

/// How late the right ones of rising times are, each with its true time, in seconds; negative if early.
pub(super) fn lateness_s(truth: &[f64], shown: &[f64], window_s: f64) -> Vec<f64> {
    pairs(truth, shown, window_s).into_iter().map(|(i, j)| shown[j] - truth[i]).collect()
}
