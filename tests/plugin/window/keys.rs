//! The keyboard: it is the host's, but for Tab and for a text that is edited.

use std::time::Duration;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Plugin, Window, state};
use klangbild_tests::screen::{Screen, keys};
use serde_json::json;

use super::{panel_is_seen, shows_a_picture};
use crate::plugin;

/// A host whose window has the keyboard, and the plugin's window in it with a panel that stays.
pub fn host(screen: &Screen) -> (Plugin, Window) {
    let mut plugin = plugin();
    let changed = state::with_settings(&plugin.save(), &json!({"pinned": true}));
    assert!(plugin.load(&changed));
    let window = plugin.open(screen, 0, 0);
    window.pane.listen_for_keys();
    screen.focus(window.pane.id());
    shows_a_picture(&mut plugin, &window);
    plugin.pump_until("panel", || panel_is_seen(&window.pane.picture()));
    (plugin, window)
}

/// Clicks about until the plugin has taken the keyboard for a field, types with `types` what ends with Enter, and looks whether it
/// was the folder's field. Returns what the folder is then.
#[track_caller]
fn folder_typed(screen: &Screen, plugin: &mut Plugin, window: &Window, types: impl Fn()) -> String {
    let before = state::settings(&plugin.save())["folder"].clone();
    for down in (20..90).rev() {
        for right in [0.85, 0.6] {
            screen.focus(window.pane.id());
            let (left, top) = window.pane.place(right, down as f32 / 90.0);
            screen.click(left, top);
            plugin.pump_for(Duration::from_millis(150));
            if screen.focused() == window.pane.id() {
                continue;
            }
            screen.press_with(keys::CTRL, 38); // all of it
            types();
            screen.press(keys::ENTER);
            plugin.pump_until("keyboard", || screen.focused() == window.pane.id());
            let folder = state::settings(&plugin.save())["folder"].clone();
            if folder != before {
                return folder.as_str().expect("a folder").to_owned();
            }
        }
    }
    panic!("the panel has no field for the folder");
}

#[test]
fn the_host_keeps_its_keys_after_a_click() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let (mut plugin, window) = host(&screen);
        let (left, top) = window.pane.place(0.5, 0.2);
        screen.click(left, top);
        plugin.pump_for(Duration::from_millis(300));
        for _ in 0..5 {
            screen.press(keys::SPACE);
        }
        plugin.pump_for(Duration::from_millis(300));
        assert_eq!(window.pane.keys(), [keys::SPACE; 5]);
        assert_eq!(screen.focused(), window.pane.id());
        plugin.close(window);
    });
}

#[test]
fn a_field_understands_european_keyboards_and_gives_the_keyboard_back() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let (mut plugin, window) = host(&screen);
        // While the window is open.
        screen.set_layout("de");
        let folder = folder_typed(&screen, &mut plugin, &window, || {
            screen.press(61); // a slash is Shift and 7 there: this key is a minus
            screen.press(keys::LESS);
            screen.press_with(keys::SHIFT, keys::LESS);
            screen.press(48); // a with two dots
            screen.press(21); // an acute, which waits
            screen.press(26); // for an e
            screen.press_with(keys::ALT_GR, 24);
        });
        assert_eq!(folder, "-<>\u{e4}\u{e9}@");
        window.pane.keys();
        screen.press(keys::SPACE);
        plugin.pump_for(Duration::from_millis(300));
        assert_eq!(window.pane.keys(), [keys::SPACE], "the host has its keys back");
        plugin.close(window);
    });
}

#[test]
fn text_is_copied_out_and_pasted_in() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let (mut plugin, window) = host(&screen);
        let folder = folder_typed(&screen, &mut plugin, &window, || {
            [38, 56, 54].into_iter().for_each(|key| screen.press(key)); // abc
            screen.press_with(keys::CTRL, 38);
            screen.press_with(keys::CTRL, 54);
            let began = std::time::Instant::now();
            // A field of numbers has taken none of the letters: there is nothing to be copied.
            while !screen.has_copied() && began.elapsed() < Duration::from_secs(10) {
                std::thread::sleep(Duration::from_millis(20));
            }
            screen.press(115); // End
            screen.press_with(keys::CTRL, 55);
            std::thread::sleep(Duration::from_millis(300));
        });
        assert_eq!(folder, "abcabc");
        plugin.close(window);
    });
}

/// Steinberg's own host takes no window without it.
#[test]
fn the_window_says_that_it_may_be_embedded() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let window = plugin.open(&screen, 0, 0);
        assert_eq!(window.pane.plugins_numbers("_XEMBED_INFO"), [0, 1]);
        plugin.close(window);
    });
}
