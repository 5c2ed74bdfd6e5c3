//! The system's clipboard, as far as it holds text.

use egui::{Event, Key};

/// Opened when it is first used; what was copied can be pasted elsewhere for as long as this lives, or longer where the desktop
/// keeps it.
#[derive(Default)]
pub struct Clipboard {
    inner: Option<arboard::Clipboard>,
}

impl Clipboard {
    /// The text in it; `None` where there is none, or nothing but a picture. Waits for the program that holds it.
    pub fn text(&mut self) -> Option<String> {
        let text = self.open()?.get_text();
        text.map_err(|error| tracing::debug!("nothing to paste: {error}")).ok()
    }

    /// Puts text into it.
    pub fn set(&mut self, text: String) {
        if let Some(Err(error)) = self.open().map(|clipboard| clipboard.set_text(text)) {
            tracing::warn!("cannot copy: {error}");
        }
    }

    /// The event, or the cutting, copying or pasting that its keys stand for.
    pub fn serve(&mut self, event: Event) -> Event {
        let Event::Key { key, pressed: true, modifiers, .. } = &event else { return event };
        let (command, shift) = (modifiers.command && !modifiers.alt, modifiers.shift);
        match key {
            Key::C | Key::Insert if command && !shift => Event::Copy,
            Key::X if command && !shift => Event::Cut,
            Key::Delete if shift && !command => Event::Cut,
            Key::V if command && !shift => self.paste(event),
            Key::Insert if shift && !command => self.paste(event),
            _ => event,
        }
    }

    fn paste(&mut self, event: Event) -> Event {
        self.text().filter(|text| !text.is_empty()).map_or(event, Event::Paste)
    }

    fn open(&mut self) -> Option<&mut arboard::Clipboard> {
        if self.inner.is_none() {
            let opened = arboard::Clipboard::new();
            self.inner = opened.map_err(|error| tracing::warn!("no clipboard: {error}")).ok();
        }
        self.inner.as_mut()
    }
}
