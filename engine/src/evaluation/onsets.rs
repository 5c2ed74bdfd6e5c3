//! Hits of one drum, or all onsets.

use super::beats::lateness_s;
use super::figures::HitFigures;
use super::matching::{agreement, pairs};
use super::shown::Hit;
use super::{ONSET_WINDOW_S, median};

/// Scores hits within 50 ms of rising true times, in seconds, in a song of `seconds`.
pub(super) fn score(truth: &[f64], hits: &[Hit], seconds: f64) -> HitFigures {
    let mut began_s: Vec<f64> = hits.iter().map(|hit| hit.began_s).collect();
    began_s.sort_by(f64::total_cmp);
    if truth.is_empty() {
        let false_per_min = (seconds > 0.0).then(|| 60.0 * hits.len() as f64 / seconds);
        return HitFigures { false_per_min, ..HitFigures::default() };
    }
    let agreement = agreement(truth, &began_s, ONSET_WINDOW_S);
    // Late by what is known of when it began, and by when it was shown.
    let mut by_beginning: Vec<&Hit> = hits.iter().collect();
    by_beginning.sort_by(|a, b| a.began_s.total_cmp(&b.began_s));
    let shown_late_s: Vec<f64> = pairs(truth, &began_s, ONSET_WINDOW_S)
        .into_iter()
        .map(|(i, j)| by_beginning[j].shown_s - truth[i])
        .collect();
    HitFigures {
        f: Some(agreement.f),
        precision: Some(agreement.precision),
        recall: Some(agreement.recall),
        false_per_min: None,
        late_ms: median(&lateness_s(truth, &began_s, ONSET_WINDOW_S)).map(|late_s| 1000.0 * late_s),
        shown_late_ms: median(&shown_late_s).map(|late_s| 1000.0 * late_s),
    }
}
