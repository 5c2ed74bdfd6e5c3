//! What a window in an X11 host needs beside what the window library makes: one to draw in, and a thread for its keys.

use std::sync::Arc;

use baseview::PlatformHandle;
use raw_window_handle::{HasDisplayHandle, HasWindowHandle, RawDisplayHandle};

use crate::window::StageThread;
use crate::x11::{Connection, Target, Watch, leave_keys_to_the_host};

/// Goes with its window.
pub struct Embedded {
    /// What is drawn into.
    pub canvas: Target,
    /// To the server.
    pub connection: Connection,
    /// Keys, clipboard, the picture's own window; `None` where that failed.
    pub watch: Option<Watch>,
}

impl Embedded {
    /// `None` where the server cannot be reached, or refuses a window.
    pub fn new(handle: &PlatformHandle, px: (u32, u32)) -> Option<Self> {
        let connection = Connection::shared()?;
        let around = Target::new(connection.clone(), handle.window_handle().ok()?.as_raw())?.id();
        if let Err(error) = connection.declare_embedded(around) {
            tracing::warn!("hosts may not take the window for one to be embedded: {error}");
        }
        let canvas = connection.canvas(around, px);
        let canvas = canvas.map_err(|error| tracing::error!("no window to draw in: {error}")).ok()?;
        let watch = Watch::start(around);
        let watch =
            watch.map_err(|error| tracing::warn!("keys stay as the window library reads them: {error}")).ok();
        if watch.as_ref().is_some_and(Watch::understands_keys) {
            leave_keys(handle, around);
        }
        Some(Self { canvas, connection, watch })
    }

    /// Keys, and the picture's own window, tell this stage from now on.
    pub fn report_to(&self, stage: &StageThread) {
        self.watch.iter().for_each(|watch| watch.report_to(stage.inbox(), Arc::clone(stage.signals())));
    }

    /// Whether keys come by themselves, and not through the window library.
    pub fn has_keys(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::understands_keys)
    }
}

/// Takes the window library's word back that it wants keys: with it, none would reach the host while the pointer is over us.
fn leave_keys(handle: &PlatformHandle, window: u32) {
    let Ok(display) = handle.display_handle() else { return };
    let RawDisplayHandle::Xcb(display) = display.as_raw() else { return };
    let Some(connection) = display.connection else { return };
    // SAFETY: the handle keeps the window library's connection open.
    if let Err(error) = unsafe { leave_keys_to_the_host(connection.as_ptr(), window) } {
        tracing::warn!("the host gets no keys while the pointer is over the window: {error}");
    }
}
