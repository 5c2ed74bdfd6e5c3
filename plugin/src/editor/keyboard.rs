//! Keys that the host has taken before they could reach the window, and offers it (VST3's `onKeyDown`); and the keyboard's way back
//! to the host.

use egui::{Event, Key};
use nice_plug::prelude::{Modifiers, VirtualKeyCode};

/// egui's event for it; `None` for keys that mean nothing in a text.
pub fn from_host(key: VirtualKeyCode, pressed: bool, with: Modifiers) -> Option<Event> {
    let key = match key {
        VirtualKeyCode::Backspace => Key::Backspace,
        VirtualKeyCode::Tab => Key::Tab,
        VirtualKeyCode::Return | VirtualKeyCode::NumpadEnter => Key::Enter,
        VirtualKeyCode::Escape => Key::Escape,
        VirtualKeyCode::End => Key::End,
        VirtualKeyCode::Home => Key::Home,
        VirtualKeyCode::ArrowLeft => Key::ArrowLeft,
        VirtualKeyCode::ArrowUp => Key::ArrowUp,
        VirtualKeyCode::ArrowRight => Key::ArrowRight,
        VirtualKeyCode::ArrowDown => Key::ArrowDown,
        VirtualKeyCode::PageUp => Key::PageUp,
        VirtualKeyCode::PageDown => Key::PageDown,
        VirtualKeyCode::Delete => Key::Delete,
        // A letter like any other, if it is one that hosts want for themselves.
        VirtualKeyCode::Space if pressed && with.is_empty() => return Some(Event::Text(" ".to_owned())),
        _ => return None,
    };
    let modifiers = egui::Modifiers {
        alt: with.contains(Modifiers::ALT),
        ctrl: with.contains(Modifiers::CONTROL),
        shift: with.contains(Modifiers::SHIFT),
        mac_cmd: cfg!(target_os = "macos") && with.contains(Modifiers::COMMAND),
        command: with.contains(Modifiers::COMMAND),
    };
    Some(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers })
}

/// Gives the keyboard to the host's window around ours (Microsoft, "SetFocus", winuser.h); on the window's own thread.
#[cfg(windows)]
pub fn give_back(window: &impl raw_window_handle::HasWindowHandle) {
    use std::ffi::c_void;

    #[link(name = "user32")]
    // SAFETY: the signatures are those of winuser.h; HWND is a pointer.
    unsafe extern "system" {
        fn GetParent(window: *mut c_void) -> *mut c_void;
        fn SetFocus(window: *mut c_void) -> *mut c_void;
    }
    let Ok(handle) = window.window_handle() else { return };
    let raw_window_handle::RawWindowHandle::Win32(ours) = handle.as_raw() else { return };
    // SAFETY: a window's handle is a number to these functions, which answer for one that is gone with null; null given to SetFocus
    // means nobody.
    unsafe { SetFocus(GetParent(ours.hwnd.get() as *mut c_void)) };
}

/// Elsewhere who is asked for keys and does not want them passes them on.
#[cfg(not(windows))]
pub fn give_back(_window: &impl raw_window_handle::HasWindowHandle) {}
