//! What the stage asks of a window in a host.

use std::sync::Arc;
#[cfg(target_os = "macos")]
use std::time::Duration;

use baseview::{MouseCursor, PlatformHandle, WindowContext, WindowWaker};
use crossbeam_channel::Sender;
use klangbild_engine::stage::Gpu;

use super::edits::Edits;
use super::host::Caller;
use super::translate;
use crate::window::{Edit, Front};

/// What the window is to do; it looks when it is woken.
pub enum ToWindow {
    /// Close.
    Close,
    /// Show another pointer.
    Cursor(MouseCursor),
    /// Make a surface: only the main thread may, on macOS.
    #[cfg(target_os = "macos")]
    Surface(wgpu::Instance, Sender<Result<wgpu::Surface<'static>, String>>),
}

/// A window that baseview has made.
pub struct HostFront {
    handle: PlatformHandle,
    waker: WindowWaker,
    to_window: Sender<ToWindow>,
    edits: Arc<Edits>,
    /// `None` where the main thread is woken by the window itself.
    caller: Option<Caller>,
}

impl HostFront {
    /// For the window of this context.
    pub fn new(
        context: &WindowContext,
        to_window: Sender<ToWindow>,
        edits: Arc<Edits>,
        caller: Option<Caller>,
    ) -> Self {
        Self { handle: context.platform_handle(), waker: context.waker(), to_window, edits, caller }
    }

    /// Has the edits made.
    fn call_main_thread(&self) {
        match &self.caller {
            Some(caller) if cfg!(target_os = "linux") => caller.call(),
            _ => self.waker.request_poll(),
        }
    }

    fn send(&self, what: ToWindow) {
        // A window that is gone needs nothing any more.
        let _ = self.to_window.send(what);
        self.waker.request_poll();
    }
}

impl Front for HostFront {
    #[cfg(target_os = "linux")]
    fn surface(&self, gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        let target = self.target().ok_or("there is no connection to the X server")?;
        gpu.instance().create_surface(target).map_err(|error| error.to_string())
    }

    #[cfg(windows)]
    fn surface(&self, gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        gpu.instance().create_surface(self.handle.clone()).map_err(|error| error.to_string())
    }

    #[cfg(target_os = "macos")]
    fn surface(&self, gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        let (answer, answered) = crossbeam_channel::bounded(1);
        self.send(ToWindow::Surface(gpu.instance().clone(), answer));
        // Bounded: the main thread may be waiting for this thread to end.
        answered
            .recv_timeout(Duration::from_secs(2))
            .unwrap_or_else(|_| Err("the host's main thread is busy".to_owned()))
    }

    fn edit(&self, edit: Edit) {
        self.edits.push(edit);
        self.call_main_thread();
    }

    fn mark_dirty(&self) {
        self.edits.push_dirty();
        self.call_main_thread();
    }

    fn set_cursor(&self, icon: egui::CursorIcon) {
        self.send(ToWindow::Cursor(translate::cursor(icon)));
    }

    fn frame_done(&self) {
        // Requests that have come meanwhile are looked at; on X11 this also drains the connection.
        self.waker.request_poll();
    }

    #[cfg(target_os = "linux")]
    fn is_viewable(&self) -> bool {
        self.target().is_none_or(|target| target.is_viewable())
    }

    #[cfg(target_os = "linux")]
    fn write(&self, lines: &[String]) {
        if let Some(target) = self.target() {
            target.write(lines);
        }
    }
}

#[cfg(target_os = "linux")]
impl HostFront {
    fn target(&self) -> Option<crate::x11::Target> {
        use raw_window_handle::HasWindowHandle;

        let connection = crate::x11::Connection::shared()?;
        let window = self.handle.window_handle().ok()?;
        crate::x11::Target::new(connection, window.as_raw())
    }
}
