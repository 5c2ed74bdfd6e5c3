//! Pictures without any model: while a pack loads, and where ONNX Runtime is missing.

use crate::performance::{Cue, Stretch, What};
use crate::picture::Picture;
use crate::stage::overture;

/// Veils that the music folds, from the same seed as the stage's first picture.
#[derive(Default)]
pub(super) struct Overture {
    /// What the newest picture was painted from.
    last: Option<(u64, f32)>,
    travel: f32,
    time_s: f64,
    kicks: u32,
}

impl Overture {
    /// Moves with what was heard, and tells of each picture that was due: `None` where nothing has changed.
    pub(super) fn play(&mut self, stretch: &Stretch, mut dreamt: impl FnMut(u64, Option<Picture>)) {
        let controls = &stretch.controls;
        for Cue { at, what } in &stretch.cues {
            match what {
                What::Hop(heard, _) if !controls.freeze => {
                    let dt_s = (heard.time_s - self.time_s).clamp(0.0, 0.1) as f32;
                    self.travel += controls.speed * heard.presence * dt_s * (0.05 + 0.35 * heard.loudness);
                    if heard.kick.count != self.kicks {
                        self.kicks = heard.kick.count;
                        self.travel += 0.04 * controls.morph * heard.kick.strength;
                    }
                    self.time_s = heard.time_s;
                }
                What::Hop(heard, _) => self.time_s = heard.time_s,
                What::Paint => {
                    let wanted = (controls.seed ^ (u64::from(controls.picture) << 32), self.travel);
                    let moved = self.last.replace(wanted) != Some(wanted);
                    let paint =
                        || Picture { time_s: stretch.time_s(*at), ..overture::picture(wanted.0, wanted.1) };
                    dreamt(*at, moved.then(paint));
                }
                What::Turn(_) | What::Embed => {}
            }
        }
    }
}
