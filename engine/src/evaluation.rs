//! How well music is heard, in figures: what a listener was shown, against what is annotated.
//!
//! Judged is what a user sees: a beat counts at the hop that showed it, not at the time that was meant. The measures of beats are
//! those of Davies, Degara and Plumbley, "Evaluation Methods for Musical Audio Beat Tracking Algorithms" (2009), as mir_eval
//! (Raffel et al. 2014) works them out, beats of the first five seconds left out; a test compares the two.
//!
//! In the order of an evaluation: a [`set`] is a folder of songs with an [`annotation`] each; [`shown`] collects what a listener, or
//! another tracker, makes of a song; [`PieceScore`] compares the two; [`Report`] takes the means, by group.
//!
//! ```
//! use klangbild_engine::evaluation::annotation::Annotation;
//! use klangbild_engine::evaluation::shown::Shown;
//! use klangbild_engine::evaluation::{PieceScore, Score};
//!
//! let beats: Vec<(f64, Option<u32>)> = (0..24).map(|at| (0.5 + 0.5 * f64::from(at), Some(at % 4 + 1))).collect();
//! let truth = Annotation { beats: Some(beats.clone()), ..Annotation::default() };
//! let score = Score::of(&truth, &Shown::of_beats(&beats, 13.0));
//! assert_eq!(score.beats.f_70ms, Some(1.0));
//! assert_eq!(score.beats.lock_s, Some(0.0));
//! ```

pub mod annotation;
mod beats;
mod calibration;
mod continuity;
mod error;
mod figures;
mod lock;
mod matching;
mod onsets;
mod report;
mod score;
mod sections;
pub mod set;
pub mod shown;
mod tempo;
#[cfg(test)]
mod tests;

pub use calibration::{Bin, Calibration};
pub use error::EvaluationError;
pub use figures::{BeatFigures, Column, Figures, HitFigures, SectionFigures};
pub use report::{GroupScore, Report};
pub use score::{PieceScore, Score, TrackerScore};

/// Beats before this are not scored: mir_eval's default, since trackers take time to find the beat. In seconds.
pub const SETTLING_S: f64 = 5.0;
/// A beat is right when it is this near, in seconds.
const BEAT_WINDOW_S: f64 = 0.07;
/// An onset is right when it is this near, in seconds.
const ONSET_WINDOW_S: f64 = 0.05;

/// The middle of values, the mean of the two middle ones where their number is even; none of none.
fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = sorted.get(sorted.len() / 2 - 1)?;
    Some(0.5 * (lower + upper))
}
