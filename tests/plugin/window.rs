//! The plugin's window in a host's: a picture is there and moves with the music, whatever the host does with the window.

mod keys;
mod life;
mod picture;
mod size;

use std::collections::HashSet;

use image::RgbImage;
use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Player, Plugin, Sound, Window};
use klangbild_tests::frames::{difference, luminance, without_grain};
use klangbild_tests::screen::{Screen, keys::TAB};
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

/// Software Vulkan left windows with an alpha channel empty there.
#[test]
fn a_desktop_with_translucent_windows_shows_it() {
    Alone::new().with_composited_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let sound = plugin.activate(48_000.0, 512);
        let window = plugin.open(&screen, 0, 0);
        let sound = moves(&mut plugin, &window, sound, &Music::music(48_000, 4.0));
        plugin.close(window);
        plugin.deactivate(sound);
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

#[test]
fn the_panel_goes_by_itself_and_comes_when_it_is_wanted() {
    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut plugin = plugin();
        let window = plugin.open(&screen, 0, 0);
        let seen = || panel_is_seen(&window.pane.picture());
        // Under the pointer it would stay.
        let (left, top) = window.pane.place(0.5, 0.3);
        screen.point(left, top);
        plugin.pump_until("panel", seen);
        plugin.pump_until("picture without the panel", || !seen());

        // Where there is only the picture, a click does nothing else; but hosts give the keyboard to what is clicked.
        screen.click(left, top);
        plugin.pump_until("panel after a click", seen);
        plugin.pump_until("picture without the panel", || !seen());
        // A pointer that moves brings it, one that trembles does not.
        screen.point(left + 40, top + 20);
        plugin.pump_until("panel after a move", seen);
        plugin.pump_until("picture without the panel", || !seen());
        screen.press(TAB);
        plugin.pump_until("panel after Tab", seen);
        plugin.close(window);
    });
}

/// Whether there is writing in the lower half of the window: pictures are soft, letters have edges.
fn panel_is_seen(picture: &RgbImage) -> bool {
    let (width, height) = picture.dimensions();
    let edges = (height / 2..height)
        .flat_map(|y| (1..width).map(move |x| (x, y)))
        .filter(|&(x, y)| picture.get_pixel(x - 1, y)[1].abs_diff(picture.get_pixel(x, y)[1]) > 48)
        .count();
    edges as f64 > 0.01 * f64::from(width * height / 2)
}
