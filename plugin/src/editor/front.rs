//! What the stage asks of a window in a host.

use std::sync::Arc;
#[cfg(target_os = "macos")]
use std::time::Duration;

#[cfg(not(target_os = "linux"))]
use baseview::PlatformHandle;
use baseview::{MouseCursor, WindowContext, WindowWaker};
use crossbeam_channel::Sender;
use klangbild_engine::stage::Gpu;

use super::edits::Edits;
#[cfg(target_os = "linux")]
use super::embedded::Embedded;
use super::host::Caller;
use super::translate;
use crate::window::{Edit, Front};
#[cfg(target_os = "linux")]
use crate::x11::{Target, Watch};

/// What the window is to do; it looks when it is woken.
pub enum ToWindow {
    /// Close.
    Close,
    /// Show another pointer.
    Cursor(MouseCursor),
    /// Take the keyboard, or give it back.
    Keys(bool),
    /// Put text on the clipboard.
    Copy(String),
    /// Make a surface: only the main thread may, on macOS.
    #[cfg(target_os = "macos")]
    Surface(wgpu::Instance, Sender<Result<wgpu::Surface<'static>, String>>),
}

/// A window that baseview has made.
pub struct HostFront {
    #[cfg(not(target_os = "linux"))]
    handle: PlatformHandle,
    waker: WindowWaker,
    to_window: Sender<ToWindow>,
    edits: Arc<Edits>,
    /// `None` where the main thread is woken by the window itself.
    caller: Option<Caller>,
    #[cfg(target_os = "linux")]
    x11: Option<Arc<Embedded>>,
}

impl HostFront {
    /// For the window of this context.
    pub fn new(
        context: &WindowContext,
        to_window: Sender<ToWindow>,
        edits: Arc<Edits>,
        caller: Option<Caller>,
    ) -> Self {
        let handle = context.platform_handle();
        #[cfg(target_os = "linux")]
        let x11 = Embedded::new(&handle, context.size().physical.into());
        Self {
            #[cfg(not(target_os = "linux"))]
            handle,
            waker: context.waker(),
            to_window,
            edits,
            caller,
            #[cfg(target_os = "linux")]
            x11: x11.map(Arc::new),
        }
    }

    /// What looks after the keys; `None` where the window library does.
    #[cfg(target_os = "linux")]
    pub fn embedded(&self) -> Option<Arc<Embedded>> {
        self.x11.clone()
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
        let x11 = self.x11.as_ref().ok_or("there is no connection to the X server")?;
        gpu.instance().create_surface(x11.canvas.clone()).map_err(|error| error.to_string())
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

    fn tell_names(&self) {
        self.edits.push_names();
        self.call_main_thread();
    }

    fn set_cursor(&self, icon: egui::CursorIcon) {
        self.send(ToWindow::Cursor(translate::cursor(icon)));
    }

    fn frame_done(&self) {
        // Requests that have come meanwhile are looked at; on X11 this also drains the connection.
        self.waker.request_poll();
    }

    fn want_keys(&self, wanted: bool) {
        #[cfg(target_os = "linux")]
        if let Some(watch) = self.watch() {
            return watch.want_keys(wanted);
        }
        self.send(ToWindow::Keys(wanted));
    }

    fn copy(&self, text: String) {
        #[cfg(target_os = "linux")]
        if let Some(watch) = self.watch() {
            return watch.copy(text);
        }
        self.send(ToWindow::Copy(text));
    }

    #[cfg(target_os = "linux")]
    fn resized(&self, px: (u32, u32)) {
        if let Some(x11) = &self.x11 {
            x11.canvas.resize(px);
        }
    }

    #[cfg(target_os = "linux")]
    fn monitors(&self) -> Vec<String> {
        let monitors =
            self.x11.iter().filter(|x11| x11.watch.is_some()).flat_map(|x11| x11.connection.monitors());
        monitors.map(|monitor| format!("{} {}x{}", monitor.name, monitor.px.0, monitor.px.1)).collect()
    }

    #[cfg(target_os = "linux")]
    fn show_picture(&self, monitor: Option<usize>) {
        let Some(x11) = &self.x11 else { return };
        let on =
            monitor.and_then(|number| Some((number, x11.connection.monitors().into_iter().nth(number)?)));
        x11.watch.iter().for_each(|watch| watch.show_picture(on.clone()));
    }

    #[cfg(target_os = "linux")]
    fn picture_monitor(&self) -> Option<usize> {
        self.watch().and_then(Watch::picture_monitor)
    }

    #[cfg(target_os = "linux")]
    fn picture_surface(&self, gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        let window = self.x11.as_ref().zip(self.watch().and_then(Watch::picture));
        let target = window.and_then(|(x11, id)| Target::from_id(x11.connection.clone(), id));
        let target = target.ok_or("its window is gone")?;
        gpu.instance().create_surface(target).map_err(|error| error.to_string())
    }

    #[cfg(target_os = "linux")]
    fn is_viewable(&self) -> bool {
        self.x11.as_ref().is_none_or(|x11| x11.canvas.is_viewable())
    }

    #[cfg(target_os = "linux")]
    fn write(&self, lines: &[String]) {
        if let Some(x11) = &self.x11 {
            x11.canvas.write(lines);
        }
    }
}

#[cfg(target_os = "linux")]
impl HostFront {
    fn watch(&self) -> Option<&Watch> {
        self.x11.as_ref().and_then(|x11| x11.watch.as_ref())
    }
}
