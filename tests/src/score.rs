//! How well a list of times fits the truth, the way beat and onset trackers are compared (as in MIREX).

/// A hit may be this far off.
pub const TOLERANCE_S: f64 = 0.05;

/// F-measure of `found` against `truth`, both in rising order: each truth is matched at most once, within
/// [`TOLERANCE_S`].
pub fn f_measure(found: &[f64], truth: &[f64]) -> f64 {
    let (mut i, mut j, mut hits) = (0, 0, 0);
    while i < found.len() && j < truth.len() {
        let apart_s = found[i] - truth[j];
        if apart_s.abs() <= TOLERANCE_S {
            hits += 1;
            i += 1;
            j += 1;
        } else if apart_s < 0.0 {
            i += 1;
        } else {
            j += 1;
        }
    }
    2.0 * f64::from(hits) / (found.len() + truth.len()).max(1) as f64
}

/// The times within a range.
pub fn within(times_s: &[f64], from_s: f64, to_s: f64) -> Vec<f64> {
    times_s.iter().copied().filter(|time_s| (from_s..to_s).contains(time_s)).collect()
}

/// All times in one rising list, where those that a listener cannot tell apart (30 ms) count once.
pub fn merge(lists: &[&[f64]]) -> Vec<f64> {
    let mut all: Vec<f64> = lists.concat();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|later, earlier| *later - *earlier < 0.03);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_hits_misses_and_false_alarms() {
        let truth = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(f_measure(&truth, &truth), 1.0);
        assert_eq!(f_measure(&[1.04, 1.96, 3.0, 4.0], &truth), 1.0);
        assert_eq!(f_measure(&[1.0, 2.0], &truth), 2.0 * 2.0 / 6.0);
        assert_eq!(f_measure(&[1.0, 1.02, 2.0, 3.0, 4.0], &truth), 2.0 * 4.0 / 9.0);
        assert_eq!(f_measure(&[1.1, 2.1], &truth), 0.0);
        assert_eq!(f_measure(&[], &truth), 0.0);
    }

    #[test]
    fn merges_what_sounds_as_one() {
        assert_eq!(merge(&[&[1.0, 2.0], &[1.01, 3.0]]), [1.0, 2.0, 3.0]);
    }
}
