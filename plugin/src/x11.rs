//! Our own connection to the X server. The window library has one too, but a Vulkan driver that reads from it steals its
//! events, and crashes have been seen; so everything that the GPU shows goes through this one.
//!
//! - `canvas`: the window that is drawn into. `picture_window`: one for the picture alone, on one of the `monitors`.
//! - `watch`: a thread for keys, by the keyboard's own `layout`, and for the keyboard's `focus`. `embedded`: what hosts want.

mod canvas;
mod embedded;
mod focus;
mod layout;
mod monitors;
mod picture_window;
mod watch;

use std::fmt;
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use raw_window_handle::{
    DisplayHandle, HandleError, HasDisplayHandle, HasWindowHandle, RawWindowHandle, WindowHandle,
    XcbDisplayHandle, XcbWindowHandle,
};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateGCAux, MapState, Window};
use x11rb::xcb_ffi::XCBConnection;

pub use embedded::leave_keys_to_the_host;
pub use monitors::Monitor;
pub use watch::Watch;

/// One connection, shared by the device and every surface. Closed with the last of them.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<XCBConnection>,
}

static SHARED: Mutex<Weak<XCBConnection>> = Mutex::new(Weak::new());

impl Connection {
    /// The process's own; `None` where there is no X server.
    pub fn shared() -> Option<Self> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inner) = shared.upgrade() {
            return Some(Self { inner });
        }
        match XCBConnection::connect(None) {
            Ok((connection, _)) => {
                let inner = Arc::new(connection);
                *shared = Arc::downgrade(&inner);
                Some(Self { inner })
            }
            Err(error) => {
                tracing::debug!("no connection to the X server: {error}");
                None
            }
        }
    }

    /// Writes lines of plain text into a window that no GPU can draw to. What the server refuses is left out: there is
    /// nothing better to be said.
    pub fn write(&self, window: u32, lines: &[String]) {
        let wrote = || -> Result<(), Box<dyn std::error::Error>> {
            let font = self.inner.generate_id()?;
            self.inner.open_font(font, b"fixed")?;
            let pen = self.inner.generate_id()?;
            let ink = CreateGCAux::new().foreground(0xffff_ffff).background(0xff00_0000).font(font);
            let window: Window = window;
            self.inner.create_gc(pen, window, &ink)?;
            self.inner.clear_area(false, window, 0, 0, 0, 0)?;
            for (row, line) in lines.iter().enumerate() {
                let latin: Vec<u8> =
                    line.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).take(255).collect();
                self.inner.image_text8(window, pen, 12, 24 + 18 * row as i16, &latin)?;
            }
            self.inner.free_gc(pen)?;
            self.inner.close_font(font)?;
            self.inner.flush()?;
            Ok(())
        };
        if let Err(error) = wrote() {
            tracing::warn!("cannot write into the window: {error}");
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}

impl HasDisplayHandle for Connection {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        let raw = NonNull::new(self.inner.get_raw_xcb_connection()).ok_or(HandleError::Unavailable)?;
        // SAFETY: the pointer is that of an open connection, which `self` keeps open for as long as the borrow lasts.
        Ok(unsafe { DisplayHandle::borrow_raw(XcbDisplayHandle::new(Some(raw), 0).into()) })
    }
}

/// A window that is drawn into, seen through our connection.
#[derive(Clone)]
pub struct Target {
    connection: Connection,
    window: XcbWindowHandle,
}

impl Target {
    /// `None` for what is no X11 window.
    pub fn new(connection: Connection, window: RawWindowHandle) -> Option<Self> {
        let window = match window {
            RawWindowHandle::Xcb(window) => window,
            RawWindowHandle::Xlib(window) => XcbWindowHandle::new((window.window as u32).try_into().ok()?),
            _ => return None,
        };
        Some(Self { connection, window })
    }

    /// The window of this number.
    pub fn from_id(connection: Connection, id: u32) -> Option<Self> {
        Some(Self { connection, window: XcbWindowHandle::new(id.try_into().ok()?) })
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.window.window.get()
    }
}

impl HasDisplayHandle for Target {
    fn display_handle(&self) -> Result<DisplayHandle<'_>, HandleError> {
        self.connection.display_handle()
    }
}

impl HasWindowHandle for Target {
    fn window_handle(&self) -> Result<WindowHandle<'_>, HandleError> {
        // SAFETY: an X11 window is a number: the server answers for a number that is no longer a window.
        Ok(unsafe { WindowHandle::borrow_raw(self.window.into()) })
    }
}

impl Target {
    /// Whether any of it can be seen: hosts hide the window that ours lies in without a word. A window that is gone cannot.
    pub fn is_viewable(&self) -> bool {
        let asked = self.connection.inner.get_window_attributes(self.id());
        let answer = asked.ok().and_then(|asked| asked.reply().ok());
        answer.is_some_and(|attributes| attributes.map_state == MapState::VIEWABLE)
    }

    /// Writes lines of plain text into it: see [`Connection::write`].
    pub fn write(&self, lines: &[String]) {
        self.connection.write(self.id(), lines);
    }
}
