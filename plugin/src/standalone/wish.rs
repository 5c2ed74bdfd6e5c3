//! What other threads want of the main thread, where alone a window may be changed.

use winit::window::CursorIcon;

/// One of them.
#[derive(Debug)]
pub enum Wish {
    /// End.
    Quit,
    /// Fill the screen, or not.
    FullScreen(bool),
    /// Show another pointer.
    Cursor(CursorIcon),
    /// Put text on the clipboard.
    Copy(String),
    /// Make a surface: only the main thread may.
    #[cfg(target_os = "macos")]
    Surface(wgpu::Instance, crossbeam_channel::Sender<Result<wgpu::Surface<'static>, String>>),
}
