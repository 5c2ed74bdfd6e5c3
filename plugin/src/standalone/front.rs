//! What the stage asks of a window of our own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
#[cfg(target_os = "macos")]
use std::time::Duration;

use klangbild::window::{Edit, Front};
use klangbild_engine::stage::Gpu;
use winit::event_loop::EventLoopProxy;
use winit::window::CursorIcon;
#[cfg(not(target_os = "macos"))]
use winit::window::Window;

use super::wish::Wish;

/// What the window knows of itself, for whoever asks on another thread.
#[derive(Debug, Default)]
pub struct State {
    /// Whether it fills the screen.
    pub full_screen: AtomicBool,
    /// Refresh rate of its monitor in a thousandth of a Hz; 0 where it is not known.
    pub refresh_millihertz: AtomicU32,
}

/// The stage's end of a window.
pub struct OwnFront {
    /// What a surface is made on; on macOS the main thread does that.
    #[cfg(not(target_os = "macos"))]
    pub window: Arc<Window>,
    /// What it knows of itself.
    pub state: Arc<State>,
    /// The way to the main thread, where alone a window may be changed.
    pub proxy: EventLoopProxy<Wish>,
}

impl OwnFront {
    fn send(&self, wish: Wish) {
        // A window that is gone needs nothing any more.
        let _ = self.proxy.send_event(wish);
    }
}

impl Front for OwnFront {
    #[cfg(not(target_os = "macos"))]
    fn surface(&self, gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        gpu.instance().create_surface(Arc::clone(&self.window)).map_err(|error| error.to_string())
    }

    #[cfg(target_os = "macos")]
    fn surface(&self, gpu: &Gpu) -> Result<wgpu::Surface<'static>, String> {
        let (answer, answered) = crossbeam_channel::bounded(1);
        self.send(Wish::Surface(gpu.instance().clone(), answer));
        // Bounded: the main thread may be waiting for this thread to end.
        answered
            .recv_timeout(Duration::from_secs(2))
            .unwrap_or_else(|_| Err("the main thread is busy".to_owned()))
    }

    fn edit(&self, edit: Edit) {
        if let Edit::Set(param, value) = edit {
            // SAFETY: the stage takes its pointers from the parameters of its instance, which it keeps alive.
            unsafe { param._internal_set_normalized_value(value) };
        }
    }

    fn set_cursor(&self, icon: egui::CursorIcon) {
        self.send(Wish::Cursor(cursor(icon)));
    }

    fn copy(&self, text: String) {
        self.send(Wish::Copy(text));
    }

    fn full_screen(&self) -> Option<bool> {
        Some(self.state.full_screen.load(Ordering::Relaxed))
    }

    fn set_full_screen(&self, on: bool) {
        self.send(Wish::FullScreen(on));
    }

    fn refresh_hz(&self) -> Option<f64> {
        match self.state.refresh_millihertz.load(Ordering::Relaxed) {
            0 => None,
            millihertz => Some(f64::from(millihertz) / 1e3),
        }
    }
}

/// egui's pointer as winit has it; the panel uses no others.
fn cursor(icon: egui::CursorIcon) -> CursorIcon {
    match icon {
        egui::CursorIcon::PointingHand => CursorIcon::Pointer,
        egui::CursorIcon::Text => CursorIcon::Text,
        egui::CursorIcon::Grab => CursorIcon::Grab,
        egui::CursorIcon::Grabbing => CursorIcon::Grabbing,
        egui::CursorIcon::ResizeHorizontal => CursorIcon::EwResize,
        egui::CursorIcon::ResizeVertical => CursorIcon::NsResize,
        egui::CursorIcon::ResizeNwSe => CursorIcon::NwseResize,
        egui::CursorIcon::ResizeNeSw => CursorIcon::NeswResize,
        egui::CursorIcon::NotAllowed => CursorIcon::NotAllowed,
        _ => CursorIcon::Default,
    }
}
