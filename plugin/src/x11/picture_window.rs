//! A window for the picture alone, which fills a monitor.

use x11rb::connection::Connection as _;
use x11rb::errors::ReplyOrIdError;
use x11rb::properties::{WmSizeHints, WmSizeHintsSpecification};
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, Window, WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;
use x11rb::xcb_ffi::XCBConnection;

use super::monitors::Monitor;

x11rb::atom_manager! {
    /// Names that the desktop knows (freedesktop.org, "Extended Window Manager Hints").
    pub Atoms: AtomsCookie {
        WM_PROTOCOLS,
        WM_DELETE_WINDOW,
        UTF8_STRING,
        _NET_WM_NAME,
        _NET_WM_STATE,
        _NET_WM_STATE_FULLSCREEN,
        _NET_WM_BYPASS_COMPOSITOR,
    }
}

/// It goes with this value's [`close`](Self::close).
pub struct PictureWindow {
    /// Its number.
    pub id: Window,
    delete: u32,
}

impl PictureWindow {
    /// Opens it.
    ///
    /// # Errors
    /// The server's, in its words.
    pub fn open(connection: &XCBConnection, on: &Monitor) -> Result<Self, ReplyOrIdError> {
        let atoms = Atoms::new(connection)?.reply()?;
        let Some(screen) = connection.setup().roots.first() else { return Err(ReplyOrIdError::IdsExhausted) };
        let (id, no_pointer) = (connection.generate_id()?, no_pointer(connection, screen.root)?);
        let events = EventMask::KEY_PRESS
            | EventMask::KEY_RELEASE
            | EventMask::BUTTON_PRESS
            | EventMask::STRUCTURE_NOTIFY;
        let look =
            CreateWindowAux::new().background_pixel(screen.black_pixel).cursor(no_pointer).event_mask(events);
        let ((x, y), (width, height)) = (on.place, on.px);
        let (depth, class, visual) = (screen.root_depth, WindowClass::INPUT_OUTPUT, screen.root_visual);
        connection
            .create_window(depth, id, screen.root, x, y, width, height, 0, class, visual, &look)?
            .check()?;
        connection.free_cursor(no_pointer)?;
        let set8 = |property, kind: u32, text: &[u8]| {
            connection.change_property8(PropMode::REPLACE, id, property, kind, text)
        };
        set8(AtomEnum::WM_NAME.into(), AtomEnum::STRING.into(), b"Klangbild")?;
        set8(atoms._NET_WM_NAME, atoms.UTF8_STRING, b"Klangbild")?;
        set8(AtomEnum::WM_CLASS.into(), AtomEnum::STRING.into(), b"klangbild\0Klangbild\0")?;
        let set32 = |property, kind: AtomEnum, values: &[u32]| {
            connection.change_property32(PropMode::REPLACE, id, property, kind, values)
        };
        set32(atoms.WM_PROTOCOLS, AtomEnum::ATOM, &[atoms.WM_DELETE_WINDOW])?;
        set32(atoms._NET_WM_STATE, AtomEnum::ATOM, &[atoms._NET_WM_STATE_FULLSCREEN])?;
        set32(atoms._NET_WM_BYPASS_COMPOSITOR, AtomEnum::CARDINAL, &[1])?;
        // Or the desktop would choose a place, and with it a monitor.
        let hints = WmSizeHints {
            position: Some((WmSizeHintsSpecification::UserSpecified, x.into(), y.into())),
            size: Some((WmSizeHintsSpecification::UserSpecified, width.into(), height.into())),
            ..WmSizeHints::default()
        };
        hints.set_normal_hints(connection, id)?;
        connection.map_window(id)?.check()?;
        Ok(Self { id, delete: atoms.WM_DELETE_WINDOW })
    }

    /// Whether this message of the desktop's asks it to close.
    pub fn is_to_close(&self, message: &x11rb::protocol::xproto::ClientMessageEvent) -> bool {
        message.window == self.id && message.format == 32 && message.data.as_data32()[0] == self.delete
    }

    /// Takes it away.
    pub fn close(self, connection: &XCBConnection) {
        let closed = connection.destroy_window(self.id).map_err(Into::into);
        if let Err(error) = closed.and_then(x11rb::cookie::VoidCookie::check) {
            tracing::debug!("the picture's window was gone: {error}");
        }
    }
}

/// A pointer of which nothing is seen.
fn no_pointer(connection: &XCBConnection, root: Window) -> Result<u32, ReplyOrIdError> {
    let (nothing, pointer) = (connection.generate_id()?, connection.generate_id()?);
    connection.create_pixmap(1, nothing, root, 1, 1)?;
    connection.create_cursor(pointer, nothing, nothing, 0, 0, 0, 0, 0, 0, 0, 0)?;
    connection.free_pixmap(nothing)?;
    Ok(pointer)
}
