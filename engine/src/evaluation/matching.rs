//! Which estimates fit which events of the truth.

/// How well two lists of times agree.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Agreement {
    pub(super) f: f64,
    /// Share of the estimates that are right.
    pub(super) precision: f64,
    /// Share of the truth that was found.
    pub(super) recall: f64,
}

/// A largest matching of two rising lists in seconds: pairs of indices (truth, estimate), each in one pair at most, at most
/// `window_s` apart.
///
/// mir_eval looks for one in a bipartite graph. On a line and with one window for all, each event in turn may take the earliest
/// that is left: any larger matching could be exchanged for this one, pair by pair.
pub(super) fn pairs(truth: &[f64], estimate: &[f64], window_s: f64) -> Vec<(usize, usize)> {
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while let (Some(event), Some(told)) = (truth.get(i), estimate.get(j)) {
        // Rounded as mir_eval rounds, for times that are exactly a window apart.
        if *event < told - window_s {
            i += 1;
        } else if *event > told + window_s {
            j += 1;
        } else {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        }
    }
    pairs
}

/// F-measure, precision and recall within a window; all 0 where either list is empty.
pub(super) fn agreement(truth: &[f64], estimate: &[f64], window_s: f64) -> Agreement {
    let hits = pairs(truth, estimate, window_s).len() as f64;
    if hits == 0.0 {
        return Agreement::default();
    }
    Agreement {
        f: 2.0 * hits / (truth.len() + estimate.len()) as f64,
        precision: hits / estimate.len() as f64,
        recall: hits / truth.len() as f64,
    }
}
