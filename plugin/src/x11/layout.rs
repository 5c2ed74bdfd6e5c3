//! What a key means: by the keyboard's own layout as the X server has it now, with dead keys and the compose key. The window
//! library knows the positions of an American keyboard only.
//!
//! The work is xkbcommon's; it is loaded when the first window opens, and where it is missing the window library's reading
//! stands.

use std::ffi::{CStr, CString, c_char};

use egui::{Event, Key, Modifiers};
use x11rb::protocol::xproto::KeyButMask;
use x11rb::xcb_ffi::XCBConnection;
use xkbcommon_dl as xkb;

/// Longer than what any key gives.
const TEXT_BYTES: usize = 64;
/// Where the user's locale has no compose sequences: the ones that most locales share.
const USUAL_LOCALE: &str = "en_US.UTF-8";

/// The layout of the keyboard, and the dead keys that wait for another.
pub struct Layout {
    xkb: &'static xkb::XkbCommon,
    x11: &'static xkb::x11::XkbCommonX11,
    context: *mut xkb::xkb_context,
    keymap: *mut xkb::xkb_keymap,
    state: *mut xkb::xkb_state,
    compose: Option<Compose>,
    modifiers: Modifiers,
}

/// Sequences of keys that make one letter.
struct Compose {
    functions: &'static xkb::XkbCommonCompose,
    table: *mut xkb::xkb_compose_table,
    state: *mut xkb::xkb_compose_state,
}

/// What a key press comes to, beside the key itself.
enum Text {
    /// These letters, or none.
    Is(String),
    /// Another key has to follow.
    Waits,
}

impl Layout {
    /// Reads the keyboard's layout; `None` where xkbcommon is missing or the server has no XKB.
    pub fn open(connection: &XCBConnection) -> Option<Self> {
        let xkb = xkb::xkbcommon_option()?;
        let x11 = xkb::x11::xkbcommon_x11_option()?;
        // SAFETY: takes no pointers.
        let context = unsafe { (xkb.xkb_context_new)(xkb::xkb_context_flags::XKB_CONTEXT_NO_FLAGS) };
        if context.is_null() {
            return None;
        }
        let (keymap, state) = (std::ptr::null_mut(), std::ptr::null_mut());
        let compose = Compose::open(context);
        let modifiers = Modifiers::default();
        let mut layout = Self { xkb, x11, context, keymap, state, compose, modifiers };
        layout.read(connection);
        (!layout.state.is_null()).then_some(layout)
    }

    /// Reads it again, after it has changed. What cannot be read stays as it was.
    pub fn read(&mut self, connection: &XCBConnection) {
        let server = connection.get_raw_xcb_connection().cast();
        // SAFETY: the connection is open for as long as it is borrowed; the context is ours.
        let (keymap, state) = unsafe {
            let device = (self.x11.xkb_x11_get_core_keyboard_device_id)(server);
            let flags = xkb::xkb_keymap_compile_flags::XKB_KEYMAP_COMPILE_NO_FLAGS;
            let keymap = (self.x11.xkb_x11_keymap_new_from_device)(self.context, server, device, flags);
            if keymap.is_null() {
                return;
            }
            (keymap, (self.x11.xkb_x11_state_new_from_device)(keymap, server, device))
        };
        self.let_go();
        (self.keymap, self.state) = (keymap, state);
    }

    /// What a key event means; `held` is the event's own word on modifiers and group, so that one that was sent by another
    /// program is understood like any other.
    pub fn key(&mut self, code: u8, held: KeyButMask, pressed: bool, repeat: bool) -> Vec<Event> {
        let (code, held) = (u32::from(code), u32::from(u16::from(held)));
        let group = (held >> 13) & 3;
        // SAFETY: the state is ours. The lowest eight modifiers of a keymap that comes from X are those of X.
        unsafe { (self.xkb.xkb_state_update_mask)(self.state, held & 0xff, 0, 0, group, 0, 0) };
        let mut events = Vec::new();
        let modifiers = modifiers(held);
        if modifiers != self.modifiers {
            self.modifiers = modifiers;
            events.push(Event::ModifiersChanged(modifiers));
        }
        // SAFETY: the state is ours.
        let symbol = unsafe { (self.xkb.xkb_state_key_get_one_sym)(self.state, code) };
        let key = self.named(code, symbol);
        if let Some(key) = key {
            events.push(Event::Key { key, physical_key: None, pressed, repeat, modifiers });
        }
        if !pressed {
            return events;
        }
        let commands = modifiers.ctrl || modifiers.alt;
        match self.text(code, symbol) {
            // A letter that a dead key changes, or Enter that ends a sequence, does nothing else.
            Text::Waits => events.retain(|event| !matches!(event, Event::Key { .. })),
            Text::Is(text) if !commands && !text.is_empty() => events.push(Event::Text(text)),
            Text::Is(_) => {}
        }
        events
    }

    /// The code of the key that gives this symbol without any modifier.
    pub fn code_of(&self, symbol: u32) -> Option<u8> {
        // SAFETY: the keymap is ours.
        let (least, most) = unsafe {
            ((self.xkb.xkb_keymap_min_keycode)(self.keymap), (self.xkb.xkb_keymap_max_keycode)(self.keymap))
        };
        (least..=most.min(255)).find(|code| self.plain(*code, 0) == Some(symbol)).map(|code| code as u8)
    }

    /// egui's name for a key. A letter's is that on the key, whatever the modifiers make of it; on a keyboard that writes another
    /// script, that of the first layout with Latin letters, so that Ctrl+C is where it is expected.
    fn named(&self, code: u32, symbol: u32) -> Option<Key> {
        if let Some(key) = special(symbol) {
            return Some(key);
        }
        // SAFETY: keymap and state are ours.
        let (layouts, active) = unsafe {
            let layouts = (self.xkb.xkb_keymap_num_layouts_for_key)(self.keymap, code);
            (layouts, (self.xkb.xkb_state_key_get_layout)(self.state, code))
        };
        std::iter::once(active)
            .chain(0..layouts)
            .filter_map(|layout| self.plain(code, layout))
            .find_map(|symbol| special(symbol).or_else(|| self.letter(symbol)))
    }

    /// The symbol of a key without modifiers.
    fn plain(&self, code: u32, layout: u32) -> Option<u32> {
        let mut symbols = std::ptr::null();
        // SAFETY: the keymap is ours; codes and layouts that it does not have give no symbols.
        let count = unsafe {
            (self.xkb.xkb_keymap_key_get_syms_by_level)(self.keymap, code, layout, 0, &raw mut symbols)
        };
        // SAFETY: there are `count` symbols, in memory of the keymap's.
        (count > 0).then(|| unsafe { *symbols })
    }

    fn letter(&self, symbol: u32) -> Option<Key> {
        // SAFETY: takes no pointers.
        let letter = char::from_u32(unsafe { (self.xkb.xkb_keysym_to_utf32)(symbol) })?;
        match letter {
            ' ' => Some(Key::Space),
            _ if letter.is_control() => None,
            _ => Key::from_name(&letter.to_uppercase().to_string()),
        }
    }

    fn text(&mut self, code: u32, symbol: u32) -> Text {
        if let Some(composed) = self.compose.as_mut().and_then(|compose| compose.feed(symbol)) {
            return composed;
        }
        let mut bytes = [0; TEXT_BYTES];
        // SAFETY: the state is ours, and the buffer as long as is said.
        unsafe { (self.xkb.xkb_state_key_get_utf8)(self.state, code, bytes.as_mut_ptr(), TEXT_BYTES) };
        Text::Is(printable(&bytes))
    }

    fn let_go(&mut self) {
        // SAFETY: both are ours, or null, which is nothing to these functions.
        unsafe {
            (self.xkb.xkb_state_unref)(self.state);
            (self.xkb.xkb_keymap_unref)(self.keymap);
        }
    }
}

impl Drop for Layout {
    fn drop(&mut self) {
        self.compose = None;
        self.let_go();
        // SAFETY: ours, and used no more.
        unsafe { (self.xkb.xkb_context_unref)(self.context) };
    }
}

impl Compose {
    fn open(context: *mut xkb::xkb_context) -> Option<Self> {
        let functions = xkb::xkbcommon_compose_option()?;
        // As the C library looks for it.
        let own = ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .find(|name| !name.is_empty());
        // Without letters beyond ASCII a dead key could give nothing.
        let own = own.filter(|name| name.to_uppercase().contains("UTF"));
        let table = own.iter().map(String::as_str).chain([USUAL_LOCALE]).find_map(|locale| {
            let locale = CString::new(locale).ok()?;
            let flags = xkb::xkb_compose_compile_flags::XKB_COMPOSE_COMPILE_NO_FLAGS;
            // SAFETY: the context is open, and the name a C string that is only read.
            let table =
                unsafe { (functions.xkb_compose_table_new_from_locale)(context, locale.as_ptr(), flags) };
            (!table.is_null()).then_some(table)
        })?;
        // SAFETY: the table is ours.
        let state = unsafe {
            (functions.xkb_compose_state_new)(table, xkb::xkb_compose_state_flags::XKB_COMPOSE_STATE_NO_FLAGS)
        };
        Some(Self { functions, table, state })
    }

    /// Takes a symbol; `None` where it belongs to no sequence.
    fn feed(&mut self, symbol: u32) -> Option<Text> {
        use xkb::xkb_compose_status as Status;

        // SAFETY: the state is ours.
        let status = unsafe {
            (self.functions.xkb_compose_state_feed)(self.state, symbol);
            (self.functions.xkb_compose_state_get_status)(self.state)
        };
        match status {
            Status::XKB_COMPOSE_NOTHING => None,
            Status::XKB_COMPOSE_COMPOSING => Some(Text::Waits),
            Status::XKB_COMPOSE_CANCELLED => Some(Text::Is(String::new())),
            Status::XKB_COMPOSE_COMPOSED => {
                let mut bytes = [0; TEXT_BYTES];
                // SAFETY: the state is ours, and the buffer as long as is said.
                unsafe {
                    (self.functions.xkb_compose_state_get_utf8)(self.state, bytes.as_mut_ptr(), TEXT_BYTES);
                    (self.functions.xkb_compose_state_reset)(self.state);
                }
                Some(Text::Is(printable(&bytes)))
            }
        }
    }
}

impl Drop for Compose {
    fn drop(&mut self) {
        // SAFETY: both are ours, and used no more.
        unsafe {
            (self.functions.xkb_compose_state_unref)(self.state);
            (self.functions.xkb_compose_table_unref)(self.table);
        }
    }
}

/// What a C string holds that can be seen; Enter and Escape give letters as well.
fn printable(bytes: &[c_char; TEXT_BYTES]) -> String {
    let bytes = bytes.map(|byte| byte as u8);
    let text = CStr::from_bytes_until_nul(&bytes).map(CStr::to_string_lossy).unwrap_or_default();
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// From the modifiers of an event, where Alt is the first.
fn modifiers(held: u32) -> Modifiers {
    let has = |mask: KeyButMask| held & u32::from(u16::from(mask)) != 0;
    let (alt, ctrl, shift) = (has(KeyButMask::MOD1), has(KeyButMask::CONTROL), has(KeyButMask::SHIFT));
    Modifiers { alt, ctrl, shift, mac_cmd: false, command: ctrl }
}

/// Keys that give no letter (X11's keysymdef.h); those of the number pad with Num Lock off, too.
fn special(symbol: u32) -> Option<Key> {
    Some(match symbol {
        0xff08 => Key::Backspace,
        0xff09 | 0xfe20 => Key::Tab,
        0xff0d | 0xff8d => Key::Enter,
        0xff1b => Key::Escape,
        0xff50 | 0xff95 => Key::Home,
        0xff51 | 0xff96 => Key::ArrowLeft,
        0xff52 | 0xff97 => Key::ArrowUp,
        0xff53 | 0xff98 => Key::ArrowRight,
        0xff54 | 0xff99 => Key::ArrowDown,
        0xff55 | 0xff9a => Key::PageUp,
        0xff56 | 0xff9b => Key::PageDown,
        0xff57 | 0xff9c => Key::End,
        0xff63 | 0xff9e => Key::Insert,
        0xff9f | 0xffff => Key::Delete,
        0xffc8 => Key::F11,
        _ => return None,
    })
}
