//! What hosts want of a window that lies in one of theirs (freedesktop.org, "XEmbed Protocol Specification", version 0.5).

use x11rb::connection::Connection as _;
use x11rb::errors::ReplyOrIdError;
use x11rb::protocol::xproto::{ChangeWindowAttributesAux, ConnectionExt as _, EventMask, PropMode};
use x11rb::wrapper::ConnectionExt as _;
use x11rb::xcb_ffi::XCBConnection;

use super::Connection;

/// The version that is spoken, and that the window wants to be seen.
const XEMBED_INFO: [u32; 2] = [0, 1];

impl Connection {
    /// Says that a window may be embedded. Some hosts refuse one that does not.
    ///
    /// # Errors
    /// The server's, in its words.
    pub fn declare_embedded(&self, window: u32) -> Result<(), ReplyOrIdError> {
        let atom = self.inner.intern_atom(false, b"_XEMBED_INFO")?.reply()?.atom;
        let property = self.inner.change_property32(PropMode::REPLACE, window, atom, atom, &XEMBED_INFO)?;
        property.check()?;
        Ok(())
    }
}

/// Asks for no keys any more on `window`: those that nobody below takes go on to the host. `raw` is the connection that has
/// asked for them.
///
/// # Safety
/// `raw` points to an open connection of libxcb, and stays so for the call.
///
/// # Errors
/// The server's, in its words.
pub unsafe fn leave_keys_to_the_host(
    raw: *mut std::ffi::c_void,
    window: u32,
) -> Result<(), Box<dyn std::error::Error>> {
    // SAFETY: the caller's word; not dropped with this value.
    let connection = unsafe { XCBConnection::from_raw_xcb_connection(raw, false) }?;
    let asked = connection.get_window_attributes(window)?.reply()?.your_event_mask;
    let keys = EventMask::KEY_PRESS | EventMask::KEY_RELEASE;
    let rest = ChangeWindowAttributesAux::new().event_mask(asked.remove(keys));
    connection.change_window_attributes(window, &rest)?.check()?;
    connection.flush()?;
    Ok(())
}
