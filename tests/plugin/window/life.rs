//! Windows that open and close, in and out of order.

use std::time::{Duration, Instant};

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Player, Plugin};
use klangbild_tests::process::{descriptors, maps, threads};
use klangbild_tests::screen::Screen;
use klangbild_tests::sound::Sound as Music;

use super::{moves, shows_a_picture};
use crate::{library, library_path, plugin};

/// Waits until no thread of ours is left.
#[track_caller]
fn all_threads_end() {
    let began = Instant::now();
    loop {
        let mut left = threads("klangbild");
        // ONNX Runtime's environment stays until the process ends, and has a thread that it has started from the one that loads.
        if let Some(at) = left.iter().position(|name| name == "klangbild-load") {
            left.remove(at);
        }
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "left behind: {left:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn thirty_windows_leave_nothing_behind() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let player = Player::start(sound, &Music::music(48_000, 2.0));

        // What the first one leaves are models and the GPU device, which the next one finds ready.
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        plugin.close(window);
        plugin.pump_until("end of the ears", || threads("klangbild-ears").is_empty());
        plugin.pump_for(Duration::from_secs(1));
        let (stages, dreams) = (threads("klangbild-stage").len(), threads("klangbild-dream").len());
        let mut after_five = 0;
        for cycle in 1..=30 {
            let window = plugin.open(&screen, 0, 0);
            match cycle % 5 {
                0 => shows_a_picture(&mut plugin, &window),
                wait => plugin.pump_for(Duration::from_millis([0, 1, 10, 40, 120][wait])),
            }
            plugin.close(window);
            assert!(threads("klangbild-stage").len() <= stages, "cycle {cycle}: {:?}", threads("klangbild"));
            assert_eq!(screen.windows(), 0, "cycle {cycle}");
            plugin.pump_until("end of the window's threads", || {
                threads("klangbild-ears").is_empty() && threads("klangbild-dream").len() <= dreams
            });
            if cycle == 5 {
                after_five = descriptors();
            }
        }
        assert!(descriptors() <= after_five, "{} descriptors, {after_five} before", descriptors());
        plugin.deactivate(player.stop().0);
        drop(plugin);
        all_threads_end();
    });
}

#[test]
fn the_hosts_window_may_go_first() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        for wait_ms in [0, 50, 1000] {
            let mut plugin = plugin();
            let window = plugin.open(&screen, 0, 0);
            plugin.pump_for(Duration::from_millis(wait_ms));
            window.pane.destroy();
            plugin.pump_for(Duration::from_millis(300));
            plugin.close(window);

            // And another one opens.
            let window = plugin.open(&screen, 0, 0);
            shows_a_picture(&mut plugin, &window);
            plugin.close(window);
            drop(plugin);
            all_threads_end();
        }
        assert_eq!(screen.windows(), 0);
    });
}

#[test]
fn the_plugin_may_go_while_its_window_is_open() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        for wait_ms in [0, 50, 1000] {
            let mut plugin = plugin();
            let window = plugin.open(&screen, 0, 0);
            plugin.pump_for(Duration::from_millis(wait_ms));
            drop(plugin);
            all_threads_end();
            assert_eq!(window.pane.children(), 0);
        }
    });
}

#[test]
fn the_library_may_go_and_come_back() {
    Alone::new().with_screen().run(|| {
        for _ in 0..3 {
            // What a library has put aside for a thread keeps it loaded until that thread has ended, and the system looks for
            // such libraries when the next one is let go.
            std::thread::spawn(open_and_close).join().unwrap();
            drop(library());
            assert!(!maps(library_path().file_name().unwrap().to_str().unwrap()), "it is still loaded");
        }
    });
}

/// All that a host does from loading the library to letting it go.
fn open_and_close() {
    let screen = Screen::connect();
    let library = library();
    let mut plugin = Plugin::new(&library);
    let sound = plugin.activate(48_000.0, 512);
    let window = plugin.open(&screen, 0, 0);
    let sound = moves(&mut plugin, &window, sound, &Music::music(48_000, 4.0));
    plugin.close(window);
    plugin.deactivate(sound);
    drop(plugin);
    all_threads_end();
    drop(library);
    std::thread::sleep(Duration::from_millis(200));
}
