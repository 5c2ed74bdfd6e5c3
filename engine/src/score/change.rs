//! What happens from frame to frame.

use super::{Luma, Score};

/// A mean change of luma that eyes hardly see.
const STILL: f32 = 0.002;

#[derive(Default)]
pub(super) struct Change {
    before: Option<Vec<f32>>,
    /// Change of each tile to the frame before, and of the mean over all.
    steps: Option<(Vec<f32>, f32)>,
    /// Mean change of the tiles, frame by frame from the second on.
    pub motions: Vec<f32>,
    flicker: f64,
    whole_flicker: f64,
}

impl Change {
    pub fn add(&mut self, luma: &Luma) {
        let tiles = luma.tiles();
        if let Some(before) = &self.before {
            let steps: Vec<f32> = tiles.iter().zip(before).map(|(now, before)| now - before).collect();
            let mean = |values: &mut dyn Iterator<Item = f32>| values.sum::<f32>() / steps.len() as f32;
            let whole = mean(&mut steps.iter().copied());
            self.motions.push(mean(&mut steps.iter().map(|step| step.abs())));
            if let Some((earlier, earlier_whole)) = &self.steps {
                let back = |a: f32, b: f32| if a * b < 0.0 { a.abs().min(b.abs()) } else { 0.0 };
                self.flicker +=
                    f64::from(mean(&mut steps.iter().zip(earlier).map(|(now, before)| back(*now, *before))));
                self.whole_flicker += f64::from(back(whole, *earlier_whole));
            }
            self.steps = Some((steps, whole));
        }
        self.before = Some(tiles);
    }

    pub fn tell(&self, score: &mut Score, fps: f64) {
        let count = self.motions.len();
        let turns = count.saturating_sub(1).max(1) as f64;
        score.flicker_percent = 100.0 * self.flicker / turns;
        score.whole_flicker_percent = 100.0 * self.whole_flicker / turns;
        score.motion_percent =
            100.0 * self.motions.iter().map(|m| f64::from(*m)).sum::<f64>() / count.max(1) as f64;
        let still: Vec<bool> = self.motions.iter().map(|motion| *motion < STILL).collect();
        let stills = still.iter().filter(|still| **still).count();
        score.still_frames_percent = 100.0 * stills as f64 / count.max(1) as f64;
        let longest = still.split(|still| !still).map(<[bool]>::len).max().unwrap_or(0);
        score.longest_still_s = longest as f64 / fps;
    }
}
