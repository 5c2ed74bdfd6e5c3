//! Many instances in one project.

use std::time::Duration;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Player, Plugin};
use klangbild_tests::process::{memory_bytes, threads};
use klangbild_tests::screen::Screen;
use klangbild_tests::sound::Sound as Music;

use crate::library;
use crate::window::{moves, shows_a_picture};

/// What a further instance may add, models being shared.
const MOST_BYTES: u64 = 60 << 20;

/// Those that run the models, and those that watch over them.
fn threads_of_models() -> Vec<String> {
    [threads("klangbild-infer"), threads("klangbild-watch")].concat()
}

#[test]
fn eight_instances_share_the_models() {
    Alone::new().with_screen().run(|| {
        let (screen, library) = (Screen::connect(), library());
        let music = Music::music(48_000, 4.0);
        let mut first = Plugin::new(&library);
        let sound = first.activate(48_000.0, 512);
        let mut window = first.open(&screen, 0, 0);
        first.resize(&mut window, 480, 270);
        let sound = moves(&mut first, &window, sound, &music);
        let player = Player::start(sound, &music);
        first.pump_for(Duration::from_secs(2));
        let models = threads_of_models();
        assert!(!models.is_empty());
        let settled = memory_bytes();

        // Six that only pass sound.
        let mut others: Vec<Plugin> = (0..6).map(|_| Plugin::new(&library)).collect();
        let mut players: Vec<Player> =
            others.iter_mut().map(|plugin| Player::start(plugin.activate(48_000.0, 512), &music)).collect();
        first.pump_for(Duration::from_secs(1));
        println!("six more: {} kB", memory_bytes().saturating_sub(settled) >> 10);

        // And one more with a window.
        let mut last = Plugin::new(&library);
        let sound = last.activate(48_000.0, 512);
        let mut last_window = last.open(&screen, 640, 400);
        last.resize(&mut last_window, 480, 270);
        let sound = moves(&mut last, &last_window, sound, &music);
        last.pump_for(Duration::from_secs(2));
        let more = memory_bytes().saturating_sub(settled);
        println!("seven more, one with a window: {} kB", more >> 10);
        assert_eq!(threads_of_models(), models, "each loads models of its own");
        assert!(more / 7 < MOST_BYTES, "each further instance takes {} MB", (more / 7) >> 20);
        shows_a_picture(&mut first, &window);

        last.close(last_window);
        last.deactivate(sound);
        first.close(window);
        first.deactivate(player.stop().0);
        for (plugin, player) in others.iter_mut().zip(players.drain(..)) {
            plugin.deactivate(player.stop().0);
        }
    });
}
