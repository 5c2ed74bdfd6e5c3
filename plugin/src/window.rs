//! What is to be seen: a stage thread that owns the window's surface, draws, and paces itself.
//!
//! The window itself belongs to a host (through [`editor`](crate::editor)) or to the program. Both send [`Message`]s and are
//! asked through a [`Front`] for what only they can do. So the host's own thread never waits for the GPU, and a stage that is
//! slow holds up nobody.

mod again;
mod armed;
mod keys;
mod nowhere;
mod pace;
mod painter;
mod patience;
mod presence;
mod resolution;
mod screen;
mod theatre;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use klangbild_engine::hearing::Heard;
use klangbild_engine::stage::Gpu;

use crate::instance::Instance;
use crate::outlet::{Outlet, Ticket};
pub use crate::params::Edit;
pub use nowhere::Nowhere;
use theatre::Theatre;

/// A stage that does not end within this time is left behind: a driver that hangs must not hang the host.
const LONGEST_END: Duration = Duration::from_secs(4);

/// What a window tells its stage.
#[derive(Debug)]
pub enum Message {
    /// Something that the panel may want.
    Input(egui::Event),
    /// The window's size in pixels, and pixels per logical pixel.
    Resized {
        /// Width and height.
        px: (u32, u32),
        /// Pixels per logical pixel.
        scale: f32,
    },
    /// Whether the window can be seen.
    Visible(bool),
    /// The window that the picture has of its own is open, and of so many pixels; or it is to close.
    Picture(Option<(u32, u32)>),
    /// The stage is to end.
    Stop,
}

/// What a stage asks of the window that it draws in. Called on the stage's thread; none of it may wait for the host.
pub trait Front: Send {
    /// Makes a surface for the window.
    ///
    /// # Errors
    /// The system's words.
    fn surface(&self, gpu: &Gpu) -> Result<wgpu::Surface<'static>, String>;

    /// Passes a change of a parameter on.
    fn edit(&self, edit: Edit);

    /// Tells a host that the project has changed, beside the parameters that it sees itself.
    fn mark_dirty(&self) {}

    /// Has a host told what the knobs of the scene are called, on its main thread.
    fn tell_names(&self) {}

    /// Shows another pointer.
    fn set_cursor(&self, icon: egui::CursorIcon);

    /// Takes the keyboard from the host while a text is edited, or gives it back.
    fn want_keys(&self, _wanted: bool) {}

    /// Puts text on the clipboard.
    fn copy(&self, _text: String) {}

    /// The window has so many pixels now.
    fn resized(&self, _px: (u32, u32)) {}

    /// The monitors that a window of the picture's own can fill, by name; none where there can be no such window. The system is
    /// asked: not in every frame.
    fn monitors(&self) -> Vec<String> {
        Vec::new()
    }

    /// Opens a window that shows the picture alone and fills this one of the [`monitors`](Self::monitors); `None` closes it.
    fn show_picture(&self, _monitor: Option<usize>) {}

    /// The monitor that the picture's own window fills, while there is one.
    fn picture_monitor(&self) -> Option<usize> {
        None
    }

    /// Makes a surface for the picture's own window.
    ///
    /// # Errors
    /// The system's words.
    fn picture_surface(&self, _gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        Err("the picture has no window of its own".to_owned())
    }

    /// Whether any of the window can be seen, where the system has to be asked for that. It is, now and then.
    fn is_viewable(&self) -> bool {
        true
    }

    /// Whether there is no window at all: frames are drawn and shown to nobody, for measurements and tests.
    fn is_offscreen(&self) -> bool {
        false
    }

    /// Called after each frame has been handed to the display.
    fn frame_done(&self) {}

    /// As [`Front::frame_done`], with what was heard in the frame.
    fn frame_shown(&self, _heard: &Heard) {}

    /// Writes plain lines where nothing can be drawn.
    fn write(&self, _lines: &[String]) {}

    /// Whether the window fills the screen; `None` where that is not ours to say.
    fn full_screen(&self) -> Option<bool> {
        None
    }

    /// Fills the screen, or not.
    fn set_full_screen(&self, _on: bool) {}

    /// The display's refresh rate in Hz, where it is known.
    fn refresh_hz(&self) -> Option<f64> {
        None
    }
}

/// What others may read of a stage at any time.
#[derive(Debug, Default)]
pub struct Signals {
    /// Whether a text field is being edited: only then are keys ours.
    pub wants_keys: AtomicBool,
    /// Frames shown so far.
    pub frames: AtomicU64,
    /// Frames in the last second, times 100.
    fps_times_100: AtomicU32,
}

impl Signals {
    /// Frames in the last second.
    pub fn fps(&self) -> f32 {
        self.fps_times_100.load(Ordering::Relaxed) as f32 / 100.0
    }
}

/// A running stage.
pub struct StageThread {
    inbox: Sender<Message>,
    signals: Arc<Signals>,
    ticket: Arc<Ticket>,
}

/// The window as an outlet.
struct Picture {
    instance: Arc<Instance>,
    front: Box<dyn Front>,
    messages: Receiver<Message>,
    signals: Arc<Signals>,
    px: (u32, u32),
    scale: f32,
}

impl Outlet for Picture {
    fn name(&self) -> &'static str {
        "klangbild-stage"
    }

    fn is_seen(&self) -> bool {
        true
    }

    fn run(self: Box<Self>, ticket: &Ticket) {
        let Self { instance, front, messages, signals, px, scale } = *self;
        Theatre::new(instance, front, messages, signals, px, scale).play(ticket);
    }
}

impl StageThread {
    /// Starts a stage in a window of `px` pixels.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        instance: Arc<Instance>,
        front: Box<dyn Front>,
        px: (u32, u32),
        scale: f32,
    ) -> std::io::Result<Self> {
        let (inbox, messages) = unbounded();
        let signals = Arc::new(Signals::default());
        let outlets = Arc::clone(&instance.outlets);
        let picture = Picture { instance, front, messages, signals: Arc::clone(&signals), px, scale };
        Ok(Self { inbox, signals, ticket: outlets.open(picture)? })
    }

    /// Tells the stage something; one that has ended does not mind.
    pub fn tell(&self, message: Message) {
        let _ = self.inbox.send(message);
    }

    /// Where it is told things, for who does so on another thread.
    pub fn inbox(&self) -> Sender<Message> {
        self.inbox.clone()
    }

    /// What can be read of it.
    pub fn signals(&self) -> &Arc<Signals> {
        &self.signals
    }

    /// Ends the stage and waits for it, a few seconds at most. Calling it again does nothing.
    pub fn stop(&self) {
        self.tell(Message::Stop);
        self.ticket.join_within(LONGEST_END);
    }
}

impl Drop for StageThread {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests;
