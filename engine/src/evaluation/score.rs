//! A piece's figures.

use serde::Serialize;

use super::annotation::{Annotation, Split};
use super::beats::{cemgil, lateness_s, settled};
use super::calibration::Calibration;
use super::continuity::continuity;
use super::figures::{BeatFigures, Figures, HitFigures, SectionFigures};
use super::matching::agreement;
use super::shown::Shown;
use super::{BEAT_WINDOW_S, ONSET_WINDOW_S, SETTLING_S, lock, median, onsets, sections, tempo};

/// From this confidence on a beat is told as sure.
const SURE: f64 = 0.5;

/// All figures of a piece, or their means over pieces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Score {
    /// Beats, bars, tempo.
    pub beats: BeatFigures,
    /// Kick drums.
    pub kick: HitFigures,
    /// Snares.
    pub snare: HitFigures,
    /// Hats.
    pub hat: HitFigures,
    /// Onsets of anything.
    pub onset: HitFigures,
    /// Changes of section.
    pub sections: SectionFigures,
    /// Where confidence was told, and what was right.
    #[serde(skip)]
    pub calibration: Calibration,
}

/// Figures of a tracker.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrackerScore {
    /// Its name.
    pub tracker: String,
    /// Pieces that were scored.
    pub pieces: usize,
    /// Their mean figures.
    #[serde(flatten)]
    pub score: Score,
}

/// Figures of a piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PieceScore {
    /// Its name, that of its files.
    pub name: String,
    /// What kind of piece it is.
    pub group: String,
    /// Whether it may be tuned on, if that is said.
    pub split: Option<Split>,
    /// How long it is.
    pub seconds: f64,
    /// Figures of each tracker, ours first.
    pub trackers: Vec<TrackerScore>,
}

impl Score {
    /// Compares what was shown with the truth.
    pub fn of(truth: &Annotation, shown: &Shown) -> Self {
        let mut score = Self::default();
        if let Some(beats) = truth.beat_times() {
            score.beats = beat_figures(truth, &beats, shown);
            let confidences = shown.confidences.as_deref().unwrap_or_default();
            score.calibration = Calibration::of(&beats, &shown.beats, confidences);
        }
        if let Some(hits) = &shown.hits {
            let figures = |drum: Option<&Vec<f64>>, hits| {
                drum.map(|times| onsets::score(times, hits, shown.seconds)).unwrap_or_default()
            };
            score.kick = figures(truth.drums.kick.as_ref(), &hits.kick);
            score.snare = figures(truth.drums.snare.as_ref(), &hits.snare);
            score.hat = figures(truth.drums.hat.as_ref(), &hits.hat);
            score.onset = figures(truth.onsets.as_ref(), &hits.onset);
        }
        if let (Some(starts), Some(changes)) = (truth.section_starts(), &shown.sections) {
            score.sections = sections::score(&starts, changes, shown.seconds);
        }
        score
    }

    /// The mean of each figure over the scores that have it; the calibration error is that of all beats together.
    pub fn mean(of: &[Self]) -> Self {
        fn over<F: Figures>(of: &[Score], figures: impl Fn(&Score) -> F) -> F {
            F::mean(&of.iter().map(figures).collect::<Vec<_>>())
        }
        let mut mean = Self {
            beats: over(of, |score| score.beats),
            kick: over(of, |score| score.kick),
            snare: over(of, |score| score.snare),
            hat: over(of, |score| score.hat),
            onset: over(of, |score| score.onset),
            sections: over(of, |score| score.sections),
            calibration: Calibration::pooled(of.iter().map(|score| &score.calibration)),
        };
        mean.beats.calibration_error = mean.calibration.error();
        mean
    }
}

fn beat_figures(truth: &Annotation, beats: &[f64], shown: &Shown) -> BeatFigures {
    if beats.is_empty() {
        return idle(shown);
    }
    let mut figures = BeatFigures {
        lock_s: lock::lock_s(beats, &shown.beats),
        relock_s: lock::relock_s(beats, &shown.beats),
        ..BeatFigures::default()
    };
    let (settled_beats, found) = (settled(beats), settled(&shown.beats));
    if settled_beats.is_empty() {
        return figures; // a piece of five seconds
    }
    let continuity = continuity(settled_beats, found);
    figures.f_70ms = Some(agreement(settled_beats, found, BEAT_WINDOW_S).f);
    figures.f_50ms = Some(agreement(settled_beats, found, ONSET_WINDOW_S).f);
    figures.cemgil = Some(cemgil(settled_beats, found));
    (figures.cmlc, figures.cmlt) = (Some(continuity.cmlc), Some(continuity.cmlt));
    (figures.amlc, figures.amlt) = (Some(continuity.amlc), Some(continuity.amlt));
    figures.late_ms = median(&lateness_s(settled_beats, found, BEAT_WINDOW_S)).map(|late_s| 1000.0 * late_s);
    if let (Some(true_downbeats), Some(downbeats)) = (truth.downbeats(), &shown.downbeats) {
        let true_downbeats = settled(&true_downbeats);
        figures.downbeat_f_70ms = (!true_downbeats.is_empty())
            .then(|| agreement(true_downbeats, settled(downbeats), BEAT_WINDOW_S).f);
    }
    if let (Some(meter), true) = (truth.beats_per_bar(), shown.downbeats.is_some()) {
        figures.meter_right = Some(f64::from(shown_beats_per_bar(shown) == Some(meter)));
    }
    if let Some(true_bpm) = truth.tempo_bpm.or_else(|| Some(tempo::of_beats(beats)).filter(|bpm| *bpm > 0.0))
    {
        let shown_bpm =
            shown.tempi.as_deref().map_or_else(|| tempo::of_beats(&shown.beats), tempo::of_samples);
        figures.tempo_accuracy_1 = Some(f64::from(tempo::is_right(true_bpm, shown_bpm)));
        figures.tempo_accuracy_2 = Some(f64::from(tempo::is_right_at_any_level(true_bpm, shown_bpm)));
    }
    figures.tempo_share_right = shown.tempi.as_deref().and_then(|tempi| tempo::share_right(beats, tempi));
    figures
}

/// Of music without a beat.
fn idle(shown: &Shown) -> BeatFigures {
    let per_min = |beats: usize| (shown.seconds > 0.0).then(|| 60.0 * beats as f64 / shown.seconds);
    let sure = |confidences: &Vec<f64>| per_min(confidences.iter().filter(|said| **said >= SURE).count());
    BeatFigures {
        idle_beats_per_min: per_min(shown.beats.len()),
        idle_sure_beats_per_min: shown.confidences.as_ref().and_then(sure),
        ..BeatFigures::default()
    }
}

/// What most beats were said to be in, or how far most downbeats were apart.
fn shown_beats_per_bar(shown: &Shown) -> Option<usize> {
    let Some(told) = &shown.beats_per_bar else {
        return tempo::beats_per_bar(settled(&shown.beats), settled(shown.downbeats.as_deref()?));
    };
    let later = shown.beats.iter().zip(told).filter(|(time_s, _)| **time_s >= SETTLING_S);
    tempo::most(later.map(|(_, beats)| beats.round() as usize))
}
