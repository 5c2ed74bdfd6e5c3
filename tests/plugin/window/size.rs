//! Sizes, and windows that nobody sees.

use std::time::Duration;

use klangbild_tests::alone::Alone;
use klangbild_tests::frames::luminance;
use klangbild_tests::screen::{EMPTY, Screen};
use klangbild_tests::sound::Sound as Music;

use super::{is_a_picture, moves, shows_a_picture};
use crate::plugin;

#[test]
fn the_picture_fills_every_size() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let mut window = plugin.open(&screen, 0, 0);
        for (width, height) in [(640, 360), (1200, 700), (320, 180), (333, 777), (800, 600)] {
            plugin.resize(&mut window, width, height);
            // To the last pixel: the host's window is to be seen nowhere.
            plugin.pump_until("picture that fills its window", || {
                let picture = window.pane.picture();
                is_a_picture(&picture) && picture.pixels().all(|pixel| *pixel != EMPTY)
            });
            assert_eq!(plugin.window_px(), (width, height));
        }
        plugin.close(window);
    });
}

#[test]
fn no_window_is_too_small_to_work_in() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let mut window = plugin.open(&screen, 0, 0);
        plugin.resize(&mut window, 10, 10);
        let (width, height) = plugin.window_px();
        assert!(width >= 200 && height >= 100, "{width}x{height}");
        shows_a_picture(&mut plugin, &window);
        plugin.close(window);
    });
}

#[test]
fn the_least_size_grows_with_the_desktops_scale() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        screen.set_scale(2.0);
        let mut plugin = plugin();
        let mut window = plugin.open(&screen, 0, 0);
        plugin.resize(&mut window, 400, 300);
        assert_eq!(plugin.window_px(), (640, 360));
        plugin.close(window);
    });
}

/// Some hosts give the window the size of their own first, of a few pixels, before they look how large ours is.
#[test]
fn a_host_that_makes_room_does_not_make_it_small_for_ever() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let mut window = plugin.open(&screen, 0, 0);
        let full = plugin.window_px();
        for (width, height) in [(1, 1), (100, 50), (400, 100)] {
            window.pane.push(width, height);
            plugin.pump_for(Duration::from_millis(100));
            assert_eq!(plugin.window_px(), full, "after {width}x{height}");
        }
        plugin.pump_until("size again", || window.pane.plugins_px() == full);
        // What it says is taken.
        plugin.resize(&mut window, 700, 400);
        plugin.pump_until("the host's size", || window.pane.plugins_px() == (700, 400));
        let saved = klangbild_tests::clap_host::state::settings(&plugin.save());
        assert_eq!(saved["window"], serde_json::json!([700, 400]));
        plugin.close(window);
    });
}

#[test]
fn a_storm_of_sizes_passes() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let mut window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        let mut noise = 1_u32;
        for _ in 0..150 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            plugin.resize(&mut window, 320 + (noise >> 16) % 900, 180 + (noise >> 8) % 600);
            plugin.pump_for(Duration::from_millis(4));
        }
        plugin.resize(&mut window, 640, 360);
        plugin.pump_for(Duration::from_millis(200));
        let sound = moves(&mut plugin, &window, sound, &Music::music(48_000, 4.0));
        assert_eq!(plugin.window_px(), (640, 360));
        plugin.close(window);
        plugin.deactivate(sound);
    });
}

#[test]
fn it_hides_and_comes_back() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        for _ in 0..3 {
            plugin.show(false);
            plugin.pump_until("empty window", || window.pane.picture().pixels().all(|pixel| *pixel == EMPTY));
            plugin.show(true);
            shows_a_picture(&mut plugin, &window);
        }
        let sound = moves(&mut plugin, &window, sound, &Music::music(48_000, 4.0));
        assert!(luminance(&window.pane.picture()) > 0.03);
        plugin.close(window);
        plugin.deactivate(sound);
    });
}
