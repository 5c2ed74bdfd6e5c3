//! A screen of the tests' own: an X server that shows its picture to nobody, and what a user does there.

mod pane;
mod server;

use std::rc::Rc;
use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, InputFocus, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, PropMode,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

pub use pane::{EMPTY, Pane};
pub use server::Server;

/// The key codes that a test presses, of the server's own keyboard.
pub mod keys {
    /// Tab.
    pub const TAB: u8 = 23;
    /// Escape.
    pub const ESCAPE: u8 = 9;
    /// Space.
    pub const SPACE: u8 = 65;
    /// Enter.
    pub const ENTER: u8 = 36;
    /// The left Shift.
    pub const SHIFT: u8 = 50;
    /// The left Ctrl.
    pub const CTRL: u8 = 37;
    /// The right Alt, which is AltGr in most of Europe.
    pub const ALT_GR: u8 = 108;
    /// The key beside the left Shift that American keyboards do not have: `<` and `>` on German ones.
    pub const LESS: u8 = 94;
}

/// A connection to the screen that `DISPLAY` names.
pub struct Screen {
    connection: Rc<RustConnection>,
    root: u32,
}

impl Screen {
    /// Connects to it.
    #[track_caller]
    pub fn connect() -> Self {
        let (connection, number) = x11rb::connect(None).expect("connects to the tests' X server");
        let root = connection.setup().roots[number].root;
        Self { connection: Rc::new(connection), root }
    }

    /// A host's window, on top of all others.
    #[track_caller]
    pub fn pane(&self, left: i16, top: i16, width: u32, height: u32) -> Pane {
        Pane::open(Rc::clone(&self.connection), self.root, (left, top), (width, height))
    }

    /// Windows on the screen, without those inside of others.
    pub fn windows(&self) -> usize {
        let tree = self.connection.query_tree(self.root).expect("asks the X server");
        tree.reply().expect("the X server knows its windows").children.len()
    }

    /// Moves the pointer.
    pub fn point(&self, left: i16, top: i16) {
        self.fake(MOTION_NOTIFY_EVENT, 0, left, top);
    }

    /// Moves the pointer there and clicks.
    pub fn click(&self, left: i16, top: i16) {
        self.point(left, top);
        for kind in [BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT] {
            std::thread::sleep(Duration::from_millis(50));
            self.fake(kind, 1, left, top);
        }
    }

    /// Presses a key and lets it go.
    pub fn press(&self, key: u8) {
        self.fake(KEY_PRESS_EVENT, key, 0, 0);
        std::thread::sleep(Duration::from_millis(20));
        self.fake(KEY_RELEASE_EVENT, key, 0, 0);
    }

    /// Presses a key while another is held.
    pub fn press_with(&self, held: u8, key: u8) {
        self.fake(KEY_PRESS_EVENT, held, 0, 0);
        std::thread::sleep(Duration::from_millis(20));
        self.press(key);
        self.fake(KEY_RELEASE_EVENT, held, 0, 0);
    }

    /// Gives the keyboard another layout: `de`, `fr`.
    #[track_caller]
    pub fn set_layout(&self, layout: &str) {
        let set = std::process::Command::new("setxkbmap").arg(layout).status();
        assert!(
            set.is_ok_and(|set| set.success()),
            "setxkbmap, which comes with Xvfb, sets the layout {layout}"
        );
    }

    /// Gives the keyboard to a window.
    #[track_caller]
    pub fn focus(&self, window: u32) {
        let given = self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME);
        given.expect("asks the X server").check().expect("the window takes the keyboard");
    }

    /// The window that has the keyboard.
    #[track_caller]
    pub fn focused(&self) -> u32 {
        self.connection.get_input_focus().expect("asks the X server").reply().expect("it answers").focus
    }

    /// Whether anything was copied that can be pasted.
    #[track_caller]
    pub fn has_copied(&self) -> bool {
        let clipboard = self.connection.intern_atom(false, b"CLIPBOARD").expect("asks the X server");
        let clipboard = clipboard.reply().expect("it answers").atom;
        let owner = self.connection.get_selection_owner(clipboard).expect("asks the X server");
        owner.reply().expect("it answers").owner != x11rb::NONE
    }

    /// Makes everything so much larger, as desktops tell programs: 1 is usual.
    #[track_caller]
    pub fn set_scale(&self, scale: f64) {
        let resources = format!("Xft.dpi:\t{}\n", (96.0 * scale).round());
        let (name, kind) = (AtomEnum::RESOURCE_MANAGER, AtomEnum::STRING);
        let set =
            self.connection.change_property8(PropMode::REPLACE, self.root, name, kind, resources.as_bytes());
        set.expect("asks the X server").check().expect("the X server remembers");
    }

    fn fake(&self, kind: u8, detail: u8, left: i16, top: i16) {
        let sent = self.connection.xtest_fake_input(kind, detail, 0, self.root, left, top, 0);
        sent.expect("asks the X server").check().expect("the X server takes input");
    }
}
