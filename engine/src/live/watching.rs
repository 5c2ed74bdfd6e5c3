//! The score of a window: what is now, and nothing of what has gone by.

use std::sync::Arc;
use std::time::Instant;

use super::clock::Clock;
use super::{Hub, note_frame};
use crate::hearing::Heard;
use crate::performance::{Event, Score};
use crate::render::RenderError;

/// Plays what is newest, each time that it is asked. It has no sound, and time goes by the clock on the wall.
pub struct Watching {
    hub: Arc<Hub>,
    clock: Clock,
    time_s: f64,
    /// Number of the picture that was told last, and of its stills.
    seen: (u64, u64),
    rests: bool,
    /// Whether music was heard since the window opened.
    heard_music: bool,
}

/// Before the first music the picture is lit as if there were some: a window that opens while its host stands shows a picture,
/// and not the dark that follows a song.
const LIT: f32 = 0.8;

impl Watching {
    pub(super) fn new(hub: Arc<Hub>) -> Self {
        Self { hub, clock: Clock::default(), time_s: 0.0, seen: (0, 0), rests: false, heard_music: false }
    }

    /// Whether it plays as if nothing were heard.
    pub fn rest(&mut self, rests: bool) {
        self.rests = rests;
    }
}

impl Score for Watching {
    fn sample_rate_hz(&self) -> u32 {
        1 // there are no samples
    }

    fn frame(&mut self, size_px: (u32, u32)) {
        note_frame(&self.hub.watched_px, size_px);
    }

    fn go_on(
        &mut self,
        _frames: usize,
        each: &mut dyn FnMut(Event<'_>) -> Result<(), RenderError>,
    ) -> Result<&[[f32; 2]], RenderError> {
        let now = self.hub.now.get();
        self.time_s = self.clock.time_s(Instant::now(), now.heard.time_s, now.at);
        each(Event::Turn(&self.hub.direction.get().over(&self.hub.controls.get())))?;
        let scope = self.hub.scope.get();
        if !self.rests {
            each(Event::Sound(&scope.frames, scope.sample_rate_hz))?;
        }
        let shown = self.hub.shown.get();
        if let Some(picture) = shown.picture.as_ref().filter(|_| shown.number != self.seen.0) {
            // Due when it comes: it was dreamt for a moment that has gone by, and the tween to it begins now.
            each(Event::Picture(picture, self.time_s))?;
        } else if shown.stills != self.seen.1 {
            each(Event::Still(self.time_s))?;
        }
        self.seen = (shown.number, shown.stills);
        if self.rests {
            each(Event::Hop(&Heard { time_s: now.heard.time_s, ..Heard::default() }))?;
        } else {
            self.heard_music |= now.heard.presence >= LIT;
            let least = if self.heard_music { 0.0 } else { LIT };
            each(Event::Hop(&Heard { presence: now.heard.presence.max(least), ..now.heard }))?;
        }
        Ok(&[])
    }

    fn time_s(&self) -> f64 {
        self.time_s
    }
}
