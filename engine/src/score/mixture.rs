//! Whether frames are mixed of their neighbours.

use super::{Luma, Score};

/// Two frames that differ by less (root of the mean square of luma) say nothing about the one between.
const APART: f64 = 0.004;

#[derive(Default)]
pub(super) struct Mixture {
    /// The two frames before.
    before: Vec<Luma>,
    sum: f64,
    frames: u64,
}

impl Mixture {
    pub fn add(&mut self, luma: Luma) {
        if let [first, middle] = self.before.as_slice() {
            let (mut off, mut apart) = (0.0_f64, 0.0_f64);
            for ((first, middle), last) in first.values.iter().zip(&middle.values).zip(&luma.values) {
                off += f64::from((middle - 0.5 * (first + last)).powi(2));
                apart += f64::from((0.5 * (last - first)).powi(2));
            }
            if apart / luma.values.len() as f64 > APART * APART {
                self.sum += (1.0 - (off / apart).sqrt()).max(0.0);
                self.frames += 1;
            }
            self.before.remove(0);
        }
        self.before.push(luma);
    }

    pub fn tell(&self, score: &mut Score) {
        score.crossfade_percent = (self.frames > 0).then(|| 100.0 * self.sum / self.frames as f64);
    }
}
