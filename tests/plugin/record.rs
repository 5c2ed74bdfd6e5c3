//! Videos and stills while it plays.

use std::path::Path;
use std::time::Duration;

use image::GenericImageView;
use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Player, Plugin, state};
use klangbild_tests::process::threads;
use klangbild_tests::program::Scratch;
use klangbild_tests::screen::Screen;
use klangbild_tests::sound::Sound as Music;
use klangbild_tests::video::{Video, samples_48k};
use serde_json::json;

use crate::plugin_that_writes_to;
use crate::window::shows_a_picture;

const FPS: f64 = 10.0;

fn plugin_that_records_to(folder: &Path) -> Plugin {
    let mut plugin = plugin_that_writes_to(folder);
    let mp4 = state::with_settings(&plugin.save(), &json!({"video_kind": "mp4"}));
    assert!(plugin.load(&mp4));
    plugin
}

#[test]
fn a_recording_is_what_was_played() {
    Alone::new().run(|| {
        let scratch = Scratch::new();
        let mut plugin = plugin_that_records_to(scratch.folder());
        let record = plugin.param("Record Video").id;
        let sound = plugin.activate(48_000.0, 512);
        // A drum beat that no second of has twice.
        let mut music = Music::music(48_000, 60.0);
        [0.31, 1.07, 1.62, 2.9, 3.03, 3.71, 4.4].iter().for_each(|time_s| music.add_kick(*time_s));
        let player = Player::start(sound, &music);
        plugin.pump_for(Duration::from_millis(200));
        player.change(record, 1.0);
        plugin.pump_until("file", || !scratch.names().is_empty());
        plugin.pump_for(Duration::from_secs(3));
        player.change(record, 0.0);
        plugin.pump_for(Duration::from_millis(300));
        let (sound, played) = player.stop();
        plugin.deactivate(sound);
        // The host may end right after this: now the file has to be whole.
        drop(plugin);

        let names = scratch.names();
        let [name] = &names[..] else { panic!("not one video: {names:?}") };
        assert!(name.ends_with(".mp4"));
        let video = Video::open(&scratch.path(name));
        assert_eq!(video.size_px, (160, 90));
        // The last frame is completed with silence.
        let most_s = played.len() as f64 / 48_000.0 + 1.0 / FPS + 0.02;
        assert!(
            video.audio_s > 2.5 && video.audio_s < most_s,
            "{video:?}, and {most_s} s were played at most"
        );
        assert!((video.audio_s - video.video_s).abs() <= 1.0 / FPS, "{video:?}");
        assert!((video.frames as f64 / FPS - video.video_s).abs() <= 1.0 / FPS, "{video:?}");
        let alike = best_correlation(&played, &samples_48k(&scratch.path(name)));
        assert!(alike > 0.9, "{alike:.3}: something else was recorded than was played");
    });
}

/// Also where the GPU device or the file took longer to open than the recording lasts.
#[test]
fn a_recording_that_ends_at_once_has_what_was_played() {
    Alone::new().run(|| {
        let scratch = Scratch::new();
        let mut plugin = plugin_that_records_to(scratch.folder());
        let record = plugin.param("Record Video").id;
        let player = Player::start(plugin.activate(48_000.0, 512), &Music::music(48_000, 2.0));
        player.change(record, 1.0);
        // Until it listens: from then on, what is played is recorded.
        plugin.pump_until("ears", || !threads("klangbild-ears").is_empty());
        plugin.pump_for(Duration::from_millis(600));
        player.change(record, 0.0);
        plugin.pump_for(Duration::from_millis(200));
        plugin.deactivate(player.stop().0);
        drop(plugin);
        let names = scratch.names();
        let [name] = &names[..] else { panic!("not one video: {names:?}") };
        let video = Video::open(&scratch.path(name));
        assert!(video.audio_s > 0.5, "{video:?}");
        assert!((video.audio_s - video.video_s).abs() <= 1.0 / FPS, "{video:?}");
    });
}

/// How alike a part of `whole` is to `part`, at best: 1 for the same.
fn best_correlation(whole: &[f32], part: &[f32]) -> f64 {
    // An eighth of the samples is enough, and quick.
    let few = |samples: &[f32]| -> Vec<f64> {
        samples.chunks(8).map(|eight| eight.iter().map(|&x| f64::from(x)).sum::<f64>()).collect()
    };
    let (whole, part) = (few(whole), few(part));
    let power = |samples: &[f64]| samples.iter().map(|x| x * x).sum::<f64>();
    // The codec may have added a little silence at the end.
    let part = &part[..part.len() - part.len() / 16];
    (0..=whole.len().saturating_sub(part.len()))
        .map(|lag| {
            let there = &whole[lag..lag + part.len()];
            let product: f64 = there.iter().zip(part).map(|(a, b)| a * b).sum();
            product / (power(there) * power(part)).sqrt().max(f64::MIN_POSITIVE)
        })
        .fold(0.0, f64::max)
}

/// Pulses the parameter while it plays, and waits for the still.
fn captures(plugin: &mut Plugin, scratch: &Scratch) {
    let capture = plugin.param("Capture").id;
    let sound = plugin.activate(48_000.0, 512);
    let player = Player::start(sound, &Music::music(48_000, 2.0));
    for count in 1..=2 {
        for value in [1.0, 0.0] {
            player.change(capture, value);
            plugin.pump_for(Duration::from_millis(100));
        }
        // It is there under its name when it is whole.
        plugin.pump_until("still", || scratch.complete().len() == count);
    }
    plugin.deactivate(player.stop().0);
    for name in scratch.names() {
        assert!(name.ends_with(".png"), "{name}");
        let still = image::open(scratch.path(&name)).unwrap();
        assert_eq!(still.dimensions(), (320, 180));
        assert!(crate::window::is_a_picture(&still.to_rgb8()), "{name} is no picture");
    }
}

#[test]
fn a_still_is_taken_without_a_window() {
    Alone::new().run(|| {
        let scratch = Scratch::new();
        captures(&mut plugin_that_writes_to(scratch.folder()), &scratch);
    });
}

#[test]
fn a_still_is_taken_of_the_window() {
    Alone::new().with_screen().run(|| {
        let scratch = Scratch::new();
        let screen = Screen::connect();
        let mut plugin = plugin_that_writes_to(scratch.folder());
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        captures(&mut plugin, &scratch);
        plugin.close(window);
    });
}

#[test]
fn a_still_is_taken_while_the_window_is_hidden() {
    Alone::new().with_screen().run(|| {
        let scratch = Scratch::new();
        let screen = Screen::connect();
        let mut plugin = plugin_that_writes_to(scratch.folder());
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        plugin.show(false);
        captures(&mut plugin, &scratch);
        plugin.close(window);
    });
}

/// Pressed in the last moment: closing the window, and the plugin right after, loses no still.
#[test]
fn a_still_outlives_the_window_in_which_it_was_asked_for() {
    Alone::new().with_screen().run(|| {
        let scratch = Scratch::new();
        let screen = Screen::connect();
        let mut plugin = plugin_that_writes_to(scratch.folder());
        let capture = plugin.param("Capture").id;
        let window = plugin.open(&screen, 0, 0);
        let player = Player::start(plugin.activate(48_000.0, 512), &Music::music(48_000, 2.0));
        shows_a_picture(&mut plugin, &window);
        player.change(capture, 1.0);
        plugin.pump_for(Duration::from_millis(50));
        plugin.close(window);
        plugin.deactivate(player.stop().0);
        drop(plugin);
        assert_eq!(scratch.names().len(), 1, "{:?}", scratch.names());
    });
}
