//! Pictures without any model: while a pack loads, and where ONNX Runtime is missing.

use std::time::{Duration, Instant};

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::motion::SongPlace;
use crate::picture::Picture;
use crate::stage::overture;

const EVERY: Duration = Duration::from_millis(80);

/// Veils that the music folds, from the same seed as the stage's first picture.
#[derive(Default)]
pub(super) struct Overture {
    painted: Option<Instant>,
    /// What the picture was painted from.
    last: Option<(u64, f32)>,
    travel: f32,
    time_s: f64,
    kicks: u32,
}

impl Overture {
    /// Moves with what was heard; a picture when one is due and anything has changed.
    pub(super) fn step(
        &mut self,
        hops: &[(Heard, Option<SongPlace>)],
        controls: &Controls,
    ) -> Option<Picture> {
        for (heard, _) in hops {
            let dt_s = (heard.time_s - self.time_s).clamp(0.0, 0.1) as f32;
            self.time_s = heard.time_s;
            if controls.motion.freeze {
                continue;
            }
            self.travel += controls.motion.speed * heard.presence * dt_s * (0.05 + 0.35 * heard.loudness);
            if heard.kick.count != self.kicks {
                self.kicks = heard.kick.count;
                self.travel += 0.04 * controls.motion.morph * heard.kick.strength;
            }
        }
        let wanted = (controls.seed ^ (u64::from(controls.picture) << 32), self.travel);
        if self.painted.is_some_and(|painted| painted.elapsed() < EVERY) || self.last == Some(wanted) {
            return None;
        }
        self.painted = Some(Instant::now());
        self.last = Some(wanted);
        Some(Picture { time_s: self.time_s, ..overture::picture(wanted.0, self.travel) })
    }
}
