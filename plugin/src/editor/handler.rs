//! What the window does with the system's events: it passes them on to the stage, and answers the host at once.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use baseview::{Event, EventStatus, HandlerError, WindowContext, WindowEvent, WindowHandler, WindowSize};
use crossbeam_channel::Receiver;
use nice_plug::context::gui::GuiContext;

use super::edits::Edits;
use super::front::ToWindow;
use super::keyboard;
use super::size::{Meaning, Sizes};
use super::translate::Translator;
use crate::clipboard::Clipboard;
use crate::instance::Instance;
use crate::window::{Message, StageThread};

/// Runs on baseview's thread on X11, on the host's main thread elsewhere.
pub struct Handler {
    context: WindowContext,
    from_stage: Receiver<ToWindow>,
    stage: Arc<StageThread>,
    instance: Arc<Instance>,
    sizes: Arc<Sizes>,
    translator: Mutex<Translator>,
    clipboard: Mutex<Clipboard>,
    /// Made here where this is the main thread.
    edits: Option<(Arc<Edits>, GuiContext)>,
    /// Whether keys come another way.
    keys_elsewhere: bool,
}

impl Handler {
    /// For an open window.
    pub fn new(
        context: WindowContext,
        from_stage: Receiver<ToWindow>,
        stage: Arc<StageThread>,
        instance: Arc<Instance>,
        sizes: Arc<Sizes>,
        keys_elsewhere: bool,
        edits: (Arc<Edits>, GuiContext),
    ) -> Self {
        let edits = (!cfg!(target_os = "linux")).then_some(edits);
        let (translator, clipboard) = (Mutex::default(), Mutex::default());
        Self { context, from_stage, stage, instance, sizes, translator, clipboard, edits, keys_elsewhere }
    }
}

impl Handler {
    fn remember(&self, size: WindowSize) {
        self.instance.change_settings(|settings| {
            settings.window = (size.logical.width.round() as u32, size.logical.height.round() as u32);
        });
    }
}

impl WindowHandler for Handler {
    fn draw(&self) -> Result<(), HandlerError> {
        Ok(()) // the stage draws, at its own pace
    }

    fn poll(&self) {
        while let Ok(wish) = self.from_stage.try_recv() {
            match wish {
                ToWindow::Close => self.context.request_close(),
                ToWindow::Cursor(cursor) => {
                    if let Err(error) = self.context.set_mouse_cursor(cursor) {
                        tracing::debug!("the pointer stays as it is: {error}");
                    }
                }
                ToWindow::Keys(true) if !self.context.has_focus() => {
                    if let Err(error) = self.context.focus() {
                        tracing::debug!("no keyboard focus: {error}");
                    }
                }
                ToWindow::Keys(false) if self.context.has_focus() => keyboard::give_back(&self.context),
                ToWindow::Keys(_) => {}
                ToWindow::Copy(text) => {
                    self.clipboard.lock().unwrap_or_else(PoisonError::into_inner).set(text);
                }
                #[cfg(target_os = "macos")]
                ToWindow::Surface(instance, answer) => {
                    let made = instance.create_surface(self.context.platform_handle());
                    // The stage may have given up waiting.
                    let _ = answer.send(made.map_err(|error| error.to_string()));
                }
            }
        }
        let size = self.context.size();
        if self.sizes.settles(size) {
            self.remember(size);
        }
        if let Some((edits, host)) = &self.edits {
            edits.apply(host);
        }
    }

    fn resized(&self, size: WindowSize) -> Result<(), HandlerError> {
        match self.sizes.got(size) {
            Meaning::Refused => {
                return Err(HandlerError::from_boxed("no window can be as small as that".into()));
            }
            Meaning::Passing => {}
            Meaning::Meant => self.remember(size),
        }
        let px = (size.physical.width, size.physical.height);
        self.stage.tell(Message::Resized { px, scale: size.scale_factor as f32 });
        Ok(())
    }

    fn on_event(&self, event: Event) -> EventStatus {
        match &event {
            Event::Window(WindowEvent::WillClose) => {
                self.stage.stop();
                return EventStatus::Captured;
            }
            Event::Keyboard(_) | Event::Window(WindowEvent::Focused | WindowEvent::Unfocused)
                if self.keys_elsewhere =>
            {
                return EventStatus::Ignored;
            }
            _ => {}
        }
        let scale = self.context.scale_factor() as f32;
        let mut is_tab = false;
        let mut translator = self.translator.lock().unwrap_or_else(PoisonError::into_inner);
        let typing = self.stage.signals().wants_keys.load(Ordering::Relaxed);
        for event in translator.translate(&event, scale) {
            is_tab |= matches!(event, egui::Event::Key { key: egui::Key::Tab, .. });
            let event = match typing {
                true => self.clipboard.lock().unwrap_or_else(PoisonError::into_inner).serve(event),
                false => event,
            };
            self.stage.tell(Message::Input(event));
        }
        // Keys are the host's (space starts and stops it) unless a text field is being edited.
        match event {
            Event::Keyboard(_) if !is_tab && !typing => EventStatus::Ignored,
            _ => EventStatus::Captured,
        }
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        self.stage.stop();
    }
}
