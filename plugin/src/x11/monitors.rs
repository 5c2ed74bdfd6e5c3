//! The monitors of an X11 desktop.

use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::randr::ConnectionExt as _;
use x11rb::protocol::xproto::ConnectionExt as _;

use super::Connection;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// As the desktop calls it: `HDMI-1`.
    pub name: String,
    /// Its upper left corner on the desktop, in pixels.
    pub place: (i16, i16),
    /// Its size in pixels.
    pub px: (u16, u16),
}

impl Connection {
    /// Those that are in use, as the desktop orders them; the whole screen where the server knows of none.
    pub fn monitors(&self) -> Vec<Monitor> {
        let found = self.ask_for_monitors();
        let found = found.map_err(|error| tracing::debug!("no monitors: {error}")).unwrap_or_default();
        if !found.is_empty() {
            return found;
        }
        let screens = self.inner.setup().roots.iter();
        let whole = |screen: &x11rb::protocol::xproto::Screen| Monitor {
            name: "screen".to_owned(),
            place: (0, 0),
            px: (screen.width_in_pixels, screen.height_in_pixels),
        };
        screens.take(1).map(whole).collect()
    }

    fn ask_for_monitors(&self) -> Result<Vec<Monitor>, ReplyError> {
        let Some(screen) = self.inner.setup().roots.first() else { return Ok(Vec::new()) };
        let mut monitors = Vec::new();
        for found in self.inner.randr_get_monitors(screen.root, true)?.reply()?.monitors {
            let name = self.inner.get_atom_name(found.name)?.reply()?.name;
            let name = String::from_utf8_lossy(&name).into_owned();
            monitors.push(Monitor { name, place: (found.x, found.y), px: (found.width, found.height) });
        }
        Ok(monitors)
    }
}
