//! Where a song changes.

use super::figures::SectionFigures;
use super::matching::agreement;

/// A boundary is right when it is this near (mir_eval's wider window), in seconds.
pub(super) const BOUNDARY_WINDOW_S: f64 = 3.0;

/// Scores changes that were shown, rising, against where sections begin, in a song of `seconds`. That the first begins is no change;
/// where there is only one, each change is false.
pub(super) fn score(starts: &[f64], shown: &[f64], seconds: f64) -> SectionFigures {
    let boundaries = starts.get(1..).unwrap_or_default();
    if boundaries.is_empty() {
        let false_per_min = (seconds > 0.0).then(|| 60.0 * shown.len() as f64 / seconds);
        return SectionFigures { false_per_min, ..SectionFigures::default() };
    }
    let agreement = agreement(boundaries, shown, BOUNDARY_WINDOW_S);
    SectionFigures {
        f_3s: Some(agreement.f),
        precision: Some(agreement.precision),
        recall: Some(agreement.recall),
        false_per_min: None,
    }
}
