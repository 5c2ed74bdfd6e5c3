//! Where nothing is to be seen or recorded, nothing is done.

use std::time::Duration;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Player, Plugin};
use klangbild_tests::process::{maps, threads, ticks};
use klangbild_tests::screen::Screen;
use klangbild_tests::sound::Sound as Music;

use crate::window::shows_a_picture;
use crate::{library, plugin};

/// What takes long to load, and may crash or warn while it does.
const HEAVY: [&str; 6] = ["libvulkan", "libonnxruntime", "libEGL", "libGLX", "libLLVM", "libX11"];

#[test]
fn a_scan_loads_nothing_heavy() {
    Alone::new().run(|| {
        let library = library();
        let plugin = Plugin::new(&library);
        drop(plugin);
        let mut plugin = Plugin::new(&library);
        // What scanners look at.
        let _ = (plugin.params(), plugin.save(), plugin.latency());
        for name in HEAVY {
            assert!(!maps(name), "a scan loads {name}");
        }
        assert_eq!(threads("klangbild"), [""; 0]);
        drop(plugin);
    });
}

#[test]
fn without_a_window_it_only_passes_sound() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let player = Player::start(sound, &Music::music(48_000, 2.0));
        plugin.pump_for(Duration::from_secs(1));
        // The one that looks now and then whether anything is wanted, whose name the system cuts.
        assert_eq!(threads("klangbild"), ["klangbild-atten"]);
        for name in HEAVY {
            assert!(!maps(name), "playing loads {name}");
        }
        plugin.deactivate(player.stop().0);
    });
}

#[test]
fn a_window_that_is_closed_works_no_more() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        plugin.close(window);
        let player = Player::start(sound, &Music::music(48_000, 2.0));
        plugin.pump_until("rest", || {
            let before = ticks("klangbild");
            std::thread::sleep(Duration::from_secs(1));
            ticks("klangbild") <= before
        });
        assert_eq!(threads("klangbild-ears"), [""; 0]);
        plugin.deactivate(player.stop().0);
    });
}
