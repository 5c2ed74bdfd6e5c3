//! Whether a confidence is honest: of the beats that are told at 0.8, 8 in 10 should be right.

use serde::Serialize;

use super::BEAT_WINDOW_S;
use super::beats::distance;

const BINS: usize = 10;

/// Beats by what was said of them, in bins of a tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Calibration {
    bins: [Tally; BINS],
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    beats: u32,
    right: u32,
    said: f64,
}

/// Beats whose confidence lies within a tenth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Where it begins.
    pub from: f64,
    /// How many beats.
    pub beats: u32,
    /// Their mean confidence.
    pub said: f64,
    /// The share that lies within 70 ms of a true beat.
    pub right: f64,
}

impl Calibration {
    /// Of shown beats with their confidences, 0 to 1, against rising true ones. In music without a beat none is right.
    pub fn of(truth: &[f64], shown: &[f64], confidences: &[f64]) -> Self {
        let mut calibration = Self::default();
        for (time_s, confidence) in shown.iter().zip(confidences) {
            let at = ((confidence * BINS as f64) as usize).min(BINS - 1);
            let tally = &mut calibration.bins[at];
            tally.beats += 1;
            tally.right += u32::from(distance(truth, *time_s) <= BEAT_WINDOW_S);
            tally.said += confidence;
        }
        calibration
    }

    /// The beats of all of these.
    pub fn pooled<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut pool = Self::default();
        for tallies in all {
            for (sum, tally) in pool.bins.iter_mut().zip(&tallies.bins) {
                sum.beats += tally.beats;
                sum.right += tally.right;
                sum.said += tally.said;
            }
        }
        pool
    }

    /// Expected calibration error (Naeini, Cooper and Hauskrecht 2015): the distance between what was said and what was right, the mean
    /// over all beats of their bins'; none without a beat.
    pub fn error(&self) -> Option<f64> {
        let beats: u32 = self.bins.iter().map(|tally| tally.beats).sum();
        let apart: f64 = self.bins.iter().map(|tally| (tally.said - f64::from(tally.right)).abs()).sum();
        (beats > 0).then(|| apart / f64::from(beats))
    }

    /// The bins that hold beats.
    pub fn bins(&self) -> Vec<Bin> {
        let filled = self.bins.iter().enumerate().filter(|(_, tally)| tally.beats > 0);
        filled
            .map(|(at, tally)| Bin {
                from: at as f64 / BINS as f64,
                beats: tally.beats,
                said: tally.said / f64::from(tally.beats),
                right: f64::from(tally.right) / f64::from(tally.beats),
            })
            .collect()
    }
}
