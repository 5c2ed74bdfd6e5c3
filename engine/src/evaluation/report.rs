//! All pieces together: means by group, and over groups.

use std::collections::BTreeMap;

use serde::Serialize;

use super::calibration::{Bin, Calibration};
use super::score::{PieceScore, Score, TrackerScore};

/// The figures of a set.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Over groups, each counting alike however many pieces it has; of each tracker, ours first.
    pub mean: Vec<TrackerScore>,
    /// By group, in the order of the alphabet.
    pub groups: Vec<GroupScore>,
    /// By piece.
    pub pieces: Vec<PieceScore>,
    /// Our confidence at beats, over all pieces.
    pub calibration: Vec<Bin>,
}

/// The figures of a group.
#[derive(Clone, Debug, Serialize)]
pub struct GroupScore {
    /// Its name.
    pub group: String,
    /// How many pieces it has.
    pub pieces: usize,
    /// The means of each tracker over the group's pieces.
    pub trackers: Vec<TrackerScore>,
}

impl Report {
    /// Takes the means. `trackers` are their names, in the order in which they are to stand.
    pub fn new(pieces: Vec<PieceScore>, trackers: &[String]) -> Self {
        let mut by_group = BTreeMap::<&str, Vec<&PieceScore>>::new();
        for piece in &pieces {
            by_group.entry(&piece.group).or_default().push(piece);
        }
        let groups: Vec<GroupScore> = by_group
            .into_iter()
            .map(|(group, pieces)| {
                let scores = pieces.iter().map(|piece| piece.trackers.as_slice());
                let trackers = means(scores, trackers);
                GroupScore { group: group.to_owned(), pieces: pieces.len(), trackers }
            })
            .collect();
        let mean = means(groups.iter().map(|group| group.trackers.as_slice()), trackers);
        let ours = mean.first().map_or_else(Calibration::default, |first| first.score.calibration);
        Self { mean, groups, pieces, calibration: ours.bins() }
    }

    /// Our `count` pieces with the lowest F-measure of beats, the worst first.
    pub fn worst(&self, count: usize) -> Vec<&PieceScore> {
        let ours = |piece: &PieceScore| piece.trackers.first().and_then(|first| first.score.beats.f_70ms);
        let mut pieces: Vec<(f64, &PieceScore)> =
            self.pieces.iter().filter_map(|piece| Some((ours(piece)?, piece))).collect();
        pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
        pieces.into_iter().take(count).map(|(_, piece)| piece).collect()
    }
}

/// The mean of each tracker over rows that have it.
#[expect(clippy::needless_pass_by_value, reason = "an iterator that is walked again for each tracker")]
fn means<'a>(
    rows: impl Iterator<Item = &'a [TrackerScore]> + Clone,
    trackers: &[String],
) -> Vec<TrackerScore> {
    let mean = |tracker: &String| {
        let scored: Vec<&TrackerScore> =
            rows.clone().flatten().filter(|row| row.tracker == *tracker).collect();
        let scores: Vec<Score> = scored.iter().map(|row| row.score).collect();
        let pieces = scored.iter().map(|row| row.pieces).sum();
        (pieces > 0).then(|| TrackerScore { tracker: tracker.clone(), pieces, score: Score::mean(&scores) })
    };
    trackers.iter().filter_map(mean).collect()
}
