//! Whether the panel shows: it comes when a hand moves, and goes when that rests.

use std::time::{Duration, Instant};

use egui::Pos2;

/// The panel stays for this long after the pointer has rested; for longer where it rests on the panel.
const STAYS: Duration = Duration::from_secs(4);
const STAYS_UNDER_POINTER: Duration = Duration::from_secs(15);
/// How fast it comes and goes, in opacity per second.
const COMES_PER_S: f32 = 4.0;
const GOES_PER_S: f32 = 1.6;
/// A pointer that has not come so far still rests, in logical pixels: a table on a stage trembles.
const TREMBLE: f32 = 6.0;
/// What is paler than this cannot be aimed at.
const SEEN: f32 = 0.5;
/// How long it is said how the panel comes back.
const HINT_STAYS: Duration = Duration::from_secs(6);
/// How long that takes to come and to go.
const HINT_FADES: Duration = Duration::from_millis(600);

/// What keeps the panel.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holds {
    /// The user wants it to stay.
    pub pinned: bool,
    /// Something in it is open, dragged or typed into.
    pub busy: bool,
    /// The pointer is over it.
    pub under_pointer: bool,
}

/// The panel's coming and going in one window.
#[derive(Debug)]
pub struct Presence {
    shown: bool,
    /// Put away by key: a pointer that is brushed on a stage does not bring it back.
    put_away: bool,
    opacity: f32,
    /// When a hand was last at the window.
    moved: Instant,
    /// Where the pointer rests.
    rests_at: Option<Pos2>,
    stepped: Instant,
    hint: Hint,
}

/// The words that say how the panel comes back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hint {
    /// Nobody had to be told yet.
    Due,
    /// They show since then.
    Since(Instant),
    /// They are known.
    Told,
}

impl Presence {
    /// Shown, as every window begins. `told` says whether its user knows how it comes back.
    pub fn new(now: Instant, told: bool) -> Self {
        let hint = if told { Hint::Told } else { Hint::Due };
        Self { shown: true, put_away: false, opacity: 1.0, moved: now, rests_at: None, stepped: now, hint }
    }

    /// The pointer has come to `at`.
    pub fn pointed(&mut self, at: Pos2, now: Instant) {
        if self.rests_at.is_some_and(|rests_at| rests_at.distance(at) < TREMBLE) {
            return;
        }
        self.rests_at = Some(at);
        self.moved = now;
        if !self.put_away {
            self.come();
        }
    }

    /// The pointer has left the window.
    pub fn left(&mut self) {
        self.rests_at = None;
    }

    /// A button of the pointer was pressed; whether the press is for the panel, and not only to bring it back.
    pub fn pressed(&mut self, now: Instant) -> bool {
        let seen = self.shown && self.opacity >= SEEN;
        self.moved = now;
        self.come();
        seen
    }

    /// The key that shows and hides.
    pub fn toggle(&mut self, now: Instant) {
        self.moved = now;
        if self.shown {
            self.put_away = true;
            self.go(now);
        } else {
            self.come();
        }
    }

    /// That key is held down.
    pub fn hold(&mut self, now: Instant) {
        self.moved = now;
    }

    /// Whether a hand was at the window within this time.
    pub fn attended(&self, within: Duration, now: Instant) -> bool {
        now.saturating_duration_since(self.moved) < within
    }

    /// Time passes; returns the panel's opacity.
    pub fn step(&mut self, holds: Holds, now: Instant) -> f32 {
        let stays = if holds.under_pointer { STAYS_UNDER_POINTER } else { STAYS };
        if self.shown && !(holds.pinned || holds.busy || self.attended(stays, now)) {
            self.go(now);
        }
        // From one call to the next: a frame that waits for its display takes longer than it is worked on.
        let step_s = now.saturating_duration_since(std::mem::replace(&mut self.stepped, now));
        let step_s = step_s.as_secs_f32().min(0.1);
        self.opacity = match self.shown {
            true => (self.opacity + COMES_PER_S * step_s).min(1.0),
            false => (self.opacity - GOES_PER_S * step_s).max(0.0),
        };
        self.opacity
    }

    /// What is to be said about the panel's return, and how strongly.
    pub fn hint(&mut self, now: Instant) -> Option<(&'static str, f32)> {
        let Hint::Since(since) = self.hint else { return None };
        let age = now.saturating_duration_since(since);
        if self.shown || age >= HINT_STAYS {
            self.hint = Hint::Told;
            return None;
        }
        let words = match self.put_away {
            true => "Tab, or a click, brings the panel back",
            false => "Move the pointer, and the panel is back. Tab puts it away",
        };
        let fades = |left: Duration| (left.as_secs_f32() / HINT_FADES.as_secs_f32()).min(1.0);
        Some((words, fades(age).min(fades(HINT_STAYS - age))))
    }

    /// Whether it need not be said again.
    pub fn is_told(&self) -> bool {
        self.hint != Hint::Due
    }

    fn come(&mut self) {
        (self.shown, self.put_away) = (true, false);
    }

    fn go(&mut self, now: Instant) {
        self.shown = false;
        if self.hint == Hint::Due {
            self.hint = Hint::Since(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    /// A window on a clock of its own.
    struct Window {
        presence: Presence,
        now: Instant,
        holds: Holds,
    }

    impl Window {
        fn open() -> Self {
            let now = Instant::now();
            Self { presence: Presence::new(now, false), now, holds: Holds::default() }
        }

        /// The opacity after so many seconds of frames.
        fn after(&mut self, seconds: f64) -> f32 {
            let mut opacity = 0.0;
            for _ in 0..(seconds * 50.0) as u32 {
                self.now += Duration::from_millis(20);
                opacity = self.presence.step(self.holds, self.now);
            }
            opacity
        }

        fn point(&mut self, x: f32) {
            self.presence.pointed(pos2(x, 50.0), self.now);
        }
    }

    #[test]
    fn a_resting_pointer_lets_the_panel_fade_and_a_moving_one_brings_it_back_softly() {
        let mut window = Window::open();
        window.point(100.0);
        assert_eq!(window.after(3.9), 1.0);
        assert_eq!(window.after(1.5), 0.0);
        window.point(120.0);
        let half_way = window.after(0.1);
        assert!(half_way > 0.1 && half_way < 0.9, "{half_way}");
        assert_eq!(window.after(0.5), 1.0);
    }

    #[test]
    fn a_trembling_table_does_not_bring_it() {
        let mut window = Window::open();
        window.point(100.0);
        for _ in 0..40 {
            window.point(103.0);
            window.after(0.1);
            window.point(98.0);
            window.after(0.1);
        }
        assert_eq!(window.after(0.1), 0.0);
        // Entering the window is a hand's deed, wherever it happens.
        window.presence.left();
        window.point(99.0);
        assert_eq!(window.after(0.5), 1.0);
    }

    #[test]
    fn what_is_put_away_by_key_comes_by_key_or_click_and_not_by_a_brush() {
        let mut window = Window::open();
        window.presence.toggle(window.now);
        assert_eq!(window.after(1.0), 0.0);
        window.point(300.0);
        assert_eq!(window.after(1.0), 0.0);
        assert!(!window.presence.pressed(window.now), "a click on what cannot be seen does nothing else");
        assert_eq!(window.after(1.0), 1.0);
        assert!(window.presence.pressed(window.now));
        window.presence.toggle(window.now);
        window.after(1.0);
        window.presence.toggle(window.now);
        assert_eq!(window.after(1.0), 1.0);
        // Brought back so, it fades and comes by pointer again.
        window.after(6.0);
        window.point(500.0);
        assert_eq!(window.after(1.0), 1.0);
    }

    #[test]
    fn a_click_on_what_is_only_coming_does_nothing_else() {
        let mut window = Window::open();
        window.after(6.0);
        window.point(200.0);
        window.after(0.04);
        assert!(!window.presence.pressed(window.now));
        window.after(0.4);
        assert!(window.presence.pressed(window.now));
    }

    #[test]
    fn it_is_said_once_how_the_panel_comes_back() {
        let mut window = Window::open();
        assert_eq!((window.presence.hint(window.now), window.presence.is_told()), (None, false));
        window.after(5.0);
        let (words, strength) = window.presence.hint(window.now).unwrap();
        assert!(words.contains("Move the pointer") && words.contains("Tab"), "{words}");
        assert!(strength > 0.9, "{strength}");
        window.point(200.0);
        window.after(0.1);
        assert_eq!(window.presence.hint(window.now), None);
        window.after(8.0);
        assert_eq!((window.presence.hint(window.now), window.presence.is_told()), (None, true));
        // Whoever was told in one window of an instance is not told in the next.
        let mut again = Presence::new(window.now, true);
        again.toggle(window.now);
        assert_eq!(again.hint(window.now), None);
    }

    #[test]
    fn what_is_held_stays() {
        for holds in [
            Holds { pinned: true, ..Holds::default() },
            Holds { busy: true, ..Holds::default() },
            Holds { under_pointer: true, ..Holds::default() },
        ] {
            let mut window = Window { holds, ..Window::open() };
            assert_eq!(window.after(14.0), 1.0, "{holds:?}");
        }
    }
}
