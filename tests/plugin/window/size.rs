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
