//! The keyboard, while a text is edited: taken from the host, and given back to whom it was taken from.

use x11rb::CURRENT_TIME;
use x11rb::errors::ReplyError;
use x11rb::protocol::xproto::{ConnectionExt as _, InputFocus, Window};
use x11rb::xcb_ffi::XCBConnection;

/// Who had the keyboard before us.
pub struct Focus {
    /// A window of ours that gets the keys. Not the one that is seen: keys that go there would reach us without being asked for,
    /// whenever the pointer is over it.
    seat: Window,
    before: Option<Window>,
}

impl Focus {
    /// Nothing is taken.
    pub fn new(seat: Window) -> Self {
        Self { seat, before: None }
    }

    /// Takes the keyboard.
    pub fn take(&mut self, connection: &XCBConnection) {
        let taken = || -> Result<Option<Window>, ReplyError> {
            let now = connection.get_input_focus()?.reply()?.focus;
            if now == self.seat {
                return Ok(self.before);
            }
            connection.set_input_focus(InputFocus::PARENT, self.seat, CURRENT_TIME)?.check()?;
            Ok(Some(now))
        };
        match taken() {
            Ok(before) => self.before = before,
            Err(error) => tracing::debug!("the keyboard stays with the host: {error}"),
        }
    }

    /// Gives it back, unless somebody has taken it from us meanwhile. `host` is the host's window around ours.
    pub fn give_back(&mut self, connection: &XCBConnection, host: Window) {
        let Some(before) = self.before.take() else { return };
        let has = connection.get_input_focus().ok().and_then(|asked| asked.reply().ok());
        if has.is_none_or(|has| has.focus != self.seat) {
            return;
        }
        // Who had it may be gone.
        let any = u32::from(u8::from(InputFocus::POINTER_ROOT));
        let given = [before, host, any].into_iter().any(|to| {
            let asked = connection.set_input_focus(InputFocus::PARENT, to, CURRENT_TIME);
            asked.is_ok_and(|asked| asked.check().is_ok())
        });
        if !given {
            tracing::debug!("the keyboard could not be given back");
        }
    }

    /// Somebody has taken it.
    pub fn lost(&mut self) {
        self.before = None;
    }
}
