//! What comes in from the window: events for the panel, and keys that are commands.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::Theatre;
use crate::instance::Instance;
use crate::recording::{record, recorded};
use crate::window::keys::{Command, command};
use crate::window::presence::Presence;

/// What came in since the last frame, and whether the panel shows.
pub(super) struct Input {
    pub events: Vec<egui::Event>,
    pub focused: bool,
    pub opened: Instant,
    pub presence: Presence,
    pub cursor: egui::CursorIcon,
}

impl Input {
    /// Nothing came in yet.
    pub fn new(instance: &Instance) -> Self {
        let now = Instant::now();
        Self {
            events: Vec::new(),
            focused: false,
            opened: now,
            presence: Presence::new(now, instance.is_introduced()),
            cursor: egui::CursorIcon::Default,
        }
    }
}

impl Theatre {
    /// Takes an event: it is a command, or the panel gets it.
    pub(super) fn input(&mut self, event: egui::Event) {
        let typing = self.signals.wants_keys.load(Ordering::Relaxed);
        let owns_keys = self.front.full_screen().is_some();
        if !typing && let Some(command) = command(&event, owns_keys) {
            self.obey(command);
            return;
        }
        let now = Instant::now();
        match &event {
            egui::Event::PointerMoved(at) => self.input.presence.pointed(*at, now),
            egui::Event::PointerGone => self.input.presence.left(),
            // A notice is clicked whether the panel shows or not.
            egui::Event::PointerButton { pressed: true, .. }
                if !self.panel.over_notice && !self.input.presence.pressed(now) =>
            {
                return;
            }
            egui::Event::WindowFocused(focused) => {
                self.input.focused = *focused;
                // Who types elsewhere has ended typing here.
                if let (false, Some(show)) = (focused, &self.show) {
                    show.egui.memory_mut(egui::Memory::stop_text_input);
                }
            }
            _ => {}
        }
        self.input.events.push(event);
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::TogglePanel => self.input.presence.toggle(Instant::now()),
            Command::HoldPanel => self.input.presence.hold(Instant::now()),
            Command::FullScreen => {
                self.front.set_full_screen(!self.front.full_screen().unwrap_or(false));
            }
            Command::Window => self.front.set_full_screen(false),
            Command::NextPicture => self.instance.params.triggers.next_picture(),
            Command::Still => self.instance.params.triggers.capture(),
            Command::Correct(correction) => self.instance.params.triggers.correct(correction),
            Command::Lock => self.lock(!self.instance.params.controls().metronome_lock),
            Command::Record => record(&self.instance, recorded(&self.instance).is_none()),
        }
    }
}
