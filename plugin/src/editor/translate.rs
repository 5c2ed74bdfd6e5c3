//! baseview's events in egui's words. egui-baseview has the same, but keeps it to itself.

use baseview::{Event as Given, MouseButton, MouseCursor, MouseEvent, ScrollDelta, WindowEvent};
use egui::{CursorIcon, Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, pos2, vec2};
use keyboard_types::{Key as GivenKey, KeyState, NamedKey};

/// Remembers where the pointer is and which modifiers are down.
#[derive(Default)]
pub struct Translator {
    modifiers: Modifiers,
    pointer: Option<Pos2>,
    events: Vec<Event>,
}

impl Translator {
    /// One event of the window becomes any number of egui's; `scale` is in pixels per point.
    pub fn translate(&mut self, event: &Given, scale: f32) -> impl Iterator<Item = Event> + '_ {
        match event {
            Given::Mouse(event) => self.mouse(event, scale),
            Given::Keyboard(event) => self.keyboard(event),
            Given::Window(WindowEvent::Focused) => self.events.push(Event::WindowFocused(true)),
            Given::Window(WindowEvent::Unfocused) => self.events.push(Event::WindowFocused(false)),
            _ => {}
        }
        self.events.drain(..)
    }

    fn mouse(&mut self, event: &MouseEvent, scale: f32) {
        match event {
            MouseEvent::CursorMoved { position, modifiers } => {
                self.modify(modifiers);
                let place = pos2(position.x as f32 / scale, position.y as f32 / scale);
                self.pointer = Some(place);
                self.events.push(Event::PointerMoved(place));
            }
            MouseEvent::ButtonPressed { button, modifiers } => {
                self.modify(modifiers);
                self.button(*button, true);
            }
            MouseEvent::ButtonReleased { button, modifiers } => {
                self.modify(modifiers);
                self.button(*button, false);
            }
            MouseEvent::WheelScrolled { delta, modifiers } => {
                self.modify(modifiers);
                let (unit, delta) = match delta {
                    ScrollDelta::Lines { x, y } => (MouseWheelUnit::Line, vec2(*x, *y)),
                    ScrollDelta::Pixels { x, y } => (MouseWheelUnit::Point, vec2(*x, *y) / scale),
                };
                self.events.push(Event::MouseWheel {
                    unit,
                    delta,
                    modifiers: self.modifiers,
                    phase: egui::TouchPhase::Move,
                    source: egui::MouseWheelSource::Unknown,
                });
            }
            MouseEvent::CursorLeft => {
                self.pointer = None;
                self.events.push(Event::PointerGone);
            }
            _ => {}
        }
    }

    fn button(&mut self, button: MouseButton, pressed: bool) {
        let button = match button {
            MouseButton::Left => PointerButton::Primary,
            MouseButton::Right => PointerButton::Secondary,
            MouseButton::Middle => PointerButton::Middle,
            MouseButton::Back => PointerButton::Extra1,
            MouseButton::Forward => PointerButton::Extra2,
            _ => return,
        };
        if let Some(pos) = self.pointer {
            self.events.push(Event::PointerButton { pos, button, pressed, modifiers: self.modifiers });
        }
    }

    fn keyboard(&mut self, event: &keyboard_types::KeyboardEvent) {
        self.modify(&event.modifiers);
        let pressed = event.state == KeyState::Down;
        if let Some(key) = key(&event.key) {
            let (repeat, modifiers) = (event.repeat, self.modifiers);
            self.events.push(Event::Key { key, physical_key: None, pressed, repeat, modifiers });
        }
        let commands = self.modifiers.ctrl || self.modifiers.command;
        if let (true, false, GivenKey::Character(text)) = (pressed, commands, &event.key) {
            self.events.push(Event::Text(text.clone()));
        }
    }

    fn modify(&mut self, given: &keyboard_types::Modifiers) {
        let (mac_cmd, command) =
            if cfg!(target_os = "macos") { (given.meta(), given.meta()) } else { (false, given.ctrl()) };
        let modifiers =
            Modifiers { alt: given.alt(), ctrl: given.ctrl(), shift: given.shift(), mac_cmd, command };
        if modifiers != self.modifiers {
            self.modifiers = modifiers;
            self.events.push(Event::ModifiersChanged(modifiers));
        }
    }
}

fn key(key: &GivenKey) -> Option<Key> {
    match key {
        GivenKey::Named(named) => Some(match named {
            NamedKey::ArrowDown => Key::ArrowDown,
            NamedKey::ArrowLeft => Key::ArrowLeft,
            NamedKey::ArrowRight => Key::ArrowRight,
            NamedKey::ArrowUp => Key::ArrowUp,
            NamedKey::Backspace => Key::Backspace,
            NamedKey::Delete => Key::Delete,
            NamedKey::End => Key::End,
            NamedKey::Enter => Key::Enter,
            NamedKey::Escape => Key::Escape,
            NamedKey::Home => Key::Home,
            NamedKey::Insert => Key::Insert,
            NamedKey::PageDown => Key::PageDown,
            NamedKey::PageUp => Key::PageUp,
            NamedKey::Tab => Key::Tab,
            _ => return None,
        }),
        GivenKey::Character(text) if text == " " => Some(Key::Space),
        GivenKey::Character(text) => Key::from_name(&text.to_uppercase()),
    }
}

/// egui's pointer as the window library has it.
pub fn cursor(icon: CursorIcon) -> MouseCursor {
    match icon {
        CursorIcon::PointingHand => MouseCursor::Hand,
        CursorIcon::Text => MouseCursor::Text,
        CursorIcon::Grab => MouseCursor::Hand,
        CursorIcon::Grabbing => MouseCursor::HandGrabbing,
        CursorIcon::ResizeHorizontal => MouseCursor::EwResize,
        CursorIcon::ResizeVertical => MouseCursor::NsResize,
        CursorIcon::ResizeNwSe => MouseCursor::NwseResize,
        CursorIcon::ResizeNeSw => MouseCursor::NeswResize,
        CursorIcon::None => MouseCursor::Hidden,
        _ => MouseCursor::Default,
    }
}
