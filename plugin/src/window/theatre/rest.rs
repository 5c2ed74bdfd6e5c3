//! A picture that rests is drawn a few times a second: while nothing sounds, nothing moves, and nobody is at the window.

use std::time::{Duration, Instant};

use super::Theatre;

/// Between two frames at rest: dust and meters may still change a little.
const EVERY: Duration = Duration::from_millis(300);
/// What has moved within this time may still come to rest.
const SETTLES: Duration = Duration::from_millis(1500);
/// Between two looks whether something moves again: a frame at most.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Less than this of the presence of music is silence.
const SILENT: f32 = 0.01;

/// When something moved last, and when a frame was drawn last.
pub(super) struct Rest {
    moved: Instant,
    drawn: Option<Instant>,
    /// The number of the picture that was the newest then.
    picture: u64,
    /// Stills that had been asked for then.
    captures: u32,
    /// Whether the panel is on its way to look otherwise.
    pub panel_moves: bool,
}

impl Rest {
    /// A window that has just opened moves.
    pub fn new(now: Instant) -> Self {
        Self { moved: now, drawn: None, picture: 0, captures: 0, panel_moves: true }
    }

    /// Somebody is there, or something has come.
    pub fn stir(&mut self) {
        self.moved = Instant::now();
    }

    /// A frame is being drawn.
    pub fn draws(&mut self, now: Instant) {
        self.drawn = Some(now);
    }

    /// How long the next frame may wait; zero if it may not.
    fn left(&self, now: Instant) -> Duration {
        if now.saturating_duration_since(self.moved) < SETTLES {
            return Duration::ZERO;
        }
        self.drawn.map_or(Duration::ZERO, |drawn| (drawn + EVERY).saturating_duration_since(now))
    }
}

impl Theatre {
    /// How long there is nothing to be drawn; ask again after that.
    pub(super) fn rests_for(&mut self, now: Instant) -> Duration {
        let sounds = self.instance.live.now().heard.presence > SILENT && !self.instance.params.bypass.value();
        let newest = self.instance.live.picture(self.rest.picture).map(|(number, _)| number);
        let asked = self.instance.params.triggers.captures();
        if sounds || newest.is_some() || asked != self.rest.captures || self.rest.panel_moves {
            self.rest.captures = asked;
            self.rest.picture = newest.unwrap_or(self.rest.picture);
            self.rest.moved = now;
        }
        self.rest.left(now).min(LOOK_EVERY)
    }
}
