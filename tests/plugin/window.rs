//! The plugin's window in a host's: a picture is there and moves with the music, whatever the host does with the window.

mod life;
mod size;

use std::collections::HashSet;
use std::time::Duration;

use image::RgbImage;
use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Player, Plugin, Sound, Window};
use klangbild_tests::frames::{difference, luminance, without_grain};
use klangbild_tests::screen::{Screen, keys};
use klangbild_tests::sound::Sound as Music;

use crate::plugin;

/// Whether this is a picture, and not black, nor the host's empty window, nor plain text.
pub fn is_a_picture(picture: &RgbImage) -> bool {
    let colours: HashSet<[u8; 3]> = picture.pixels().map(|pixel| pixel.0.map(|value| value >> 2)).collect();
    luminance(picture) > 0.03 && colours.len() > 200
}

/// Waits until there is a picture in the window.
#[track_caller]
pub fn shows_a_picture(plugin: &mut Plugin, window: &Window) {
    plugin.pump_until("picture", || is_a_picture(&window.pane.picture()));
}

/// Plays, and waits until the picture has moved by more than a silent one does. Gives the audio thread's end back.
#[track_caller]
pub fn moves(plugin: &mut Plugin, window: &Window, sound: Sound, music: &Music) -> Sound {
    let player = Player::start(sound, music);
    shows_a_picture(plugin, window);
    let first = without_grain(&window.pane.picture());
    plugin.pump_until("movement", || difference(&first, &without_grain(&window.pane.picture())) > 0.02);
    assert!(is_a_picture(&window.pane.picture()));
    player.stop().0
}

#[test]
fn a_picture_moves_with_the_music() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let window = plugin.open(&screen, 0, 0);
        let sound = moves(&mut plugin, &window, sound, &Music::music(48_000, 4.0));
        plugin.close(window);
        plugin.deactivate(sound);
        assert_eq!(plugin.closed(), 0, "the host has closed it, and knows");
        assert_eq!(screen.windows(), 0);
    });
}

#[test]
fn two_windows_show_their_own() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let (mut one, mut two) = (plugin(), plugin());
        let (sound_one, sound_two) = (one.activate(48_000.0, 512), two.activate(44_100.0, 512));
        let (mut window_one, mut window_two) = (one.open(&screen, 0, 0), two.open(&screen, 640, 400));
        one.resize(&mut window_one, 480, 270);
        two.resize(&mut window_two, 480, 270);
        let player = Player::start(sound_one, &Music::music(48_000, 4.0));
        let sound_two = moves(&mut two, &window_two, sound_two, &Music::music(44_100, 4.0));
        shows_a_picture(&mut one, &window_one);

        // One goes, the other stays.
        one.close(window_one);
        one.deactivate(player.stop().0);
        drop(one);
        let sound_two = moves(&mut two, &window_two, sound_two, &Music::music(44_100, 4.0));
        two.close(window_two);
        two.deactivate(sound_two);
    });
}

/// Tab shows and hides the panel.
#[test]
fn tab_toggles_the_panel() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        // Without sound the picture rests, so that what changes is the panel.
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        let (left, top) = window.pane.middle();
        screen.point(left, top);
        let seen = panel_is_seen(&screen, &mut plugin, &window);
        println!("the panel is seen: {seen}");
        shows_a_picture(&mut plugin, &window);
        plugin.close(window);
    });
}

/// Whether Tab makes a difference to what the window shows, beyond what the picture does by itself.
fn panel_is_seen(screen: &Screen, plugin: &mut Plugin, window: &Window) -> bool {
    // As long as the panel takes to come or go.
    const FADE: Duration = Duration::from_millis(1500);
    let picture = |plugin: &mut Plugin| {
        plugin.pump_for(FADE);
        without_grain(&window.pane.picture())
    };
    let (shown, still_shown) = (picture(plugin), picture(plugin));
    screen.press(keys::TAB);
    let hidden = picture(plugin);
    let by_itself = difference(&shown, &still_shown);
    let by_tab = difference(&still_shown, &hidden);
    println!("by itself {by_itself:.4}, by Tab {by_tab:.4}");
    by_tab > 0.02 + 3.0 * by_itself
}
