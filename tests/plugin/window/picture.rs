//! The picture's own window.

use std::time::Duration;

use klangbild_tests::alone::Alone;
use klangbild_tests::frames::luminance;
use klangbild_tests::screen::{Screen, keys};

use super::keys::host;
use super::panel_is_seen;

#[test]
fn the_picture_fills_a_monitor_of_choice_and_leaves_it_again() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let (mut plugin, window) = host(&screen);
        let before = screen.windows();
        // The last sign in the first line opens a list of monitors.
        let (left, top) = window.pane.place(0.98, 0.04);
        screen.click(left, top);
        plugin.pump_for(Duration::from_millis(300));
        for down in 10..60 {
            let (left, top) = window.pane.place(0.95, down as f32 / 100.0);
            screen.click(left, top);
            plugin.pump_for(Duration::from_millis(200));
            if screen.windows() > before {
                break;
            }
        }
        // It lies over the host's window and fills the screen: there is no panel in it. What is seen of it here is a corner, which
        // may be dark, but not black.
        plugin.pump_until("picture alone", || {
            let picture = window.pane.picture();
            luminance(&picture) > 0.005 && !panel_is_seen(&picture)
        });
        window.pane.keys();
        screen.press(keys::SPACE);
        plugin.pump_until("the host's key", || window.pane.keys() == [keys::SPACE]);
        screen.press(keys::ESCAPE);
        plugin.pump_until("end of the picture's window", || screen.windows() == before);
        plugin.pump_until("panel", || panel_is_seen(&window.pane.picture()));
        plugin.close(window);
        assert_eq!(screen.windows(), 0);
    });
}
