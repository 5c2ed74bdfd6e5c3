//! A bounced video is, picture for picture, the one that the program renders from the same sound.

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Transport, With};
use klangbild_tests::frames;
use klangbild_tests::program::{Program, Scratch};
use klangbild_tests::sound::Sound as Music;

use crate::plugin_that_writes_to;

const RATE_HZ: u32 = 44_100;
const TEMPO_BPM: f64 = 120.0;

/// Hosts that render use whatever lengths they like.
const BLOCKS: [usize; 5] = [441, 1, 1024, 777, 64];

/// Renders `music` offline in a host, with a tempo or without; the bounced frames lie in `folder`.
fn bounce(folder: &std::path::Path, music: &Music, with_tempo: bool) {
    let mut plugin = plugin_that_writes_to(folder);
    plugin.set(&[("Bounce Video", 1.0), ("Seed", 7.0)]);
    plugin.set_offline(true);
    let mut sound = plugin.activate(f64::from(RATE_HZ), 1024);
    let (mut from, mut lengths) = (0, BLOCKS.into_iter().cycle());
    while from < music.samples.len() {
        let to = (from + lengths.next().unwrap()).min(music.samples.len());
        let beat = from as f64 / f64::from(RATE_HZ) * TEMPO_BPM / 60.0;
        let transport = with_tempo.then_some(Transport { tempo_bpm: TEMPO_BPM, beat });
        sound.passes(&music.samples[from..to], &With { transport, ..With::default() });
        from = to;
    }
    plugin.deactivate(sound);
    // The host may end right after this: now the file has to be whole.
    drop(plugin);
}

fn is_a_render(options: &str, with_tempo: bool) {
    let scratch = Scratch::new();
    let music = Music::music(RATE_HZ, 2.0);
    let song = music.write_floats(&scratch.path("song.wav"));
    Program::at(env!("CARGO_BIN_EXE_klangbild"))
        .arg("render")
        .arg(&song)
        .arg("-o")
        .arg(scratch.path("rendered"))
        .args("--size 160x90 --fps 10 --seed 7")
        .args(options)
        .run()
        .succeeds();

    let bounces = Scratch::new();
    bounce(bounces.folder(), &music, with_tempo);
    let names = bounces.names();
    let [name] = &names[..] else { panic!("not one bounce: {names:?}") };
    let (rendered, bounced) =
        (frames::load_all(&scratch.path("rendered")), frames::load_all(&bounces.path(name)));
    assert_eq!((rendered.len(), bounced.len()), (20, 20));
    for (number, (rendered, bounced)) in rendered.iter().zip(&bounced).enumerate() {
        let apart = frames::difference(rendered, bounced);
        assert!(rendered == bounced, "frame {number} differs by {apart:.5}");
    }
}

#[test]
fn without_a_tempo_it_is_a_render() {
    Alone::new().run(|| is_a_render("", false));
}

#[test]
fn with_a_tempo_it_is_a_render_with_that_tempo() {
    Alone::new().run(|| is_a_render("--tempo 120", true));
}

#[test]
fn nothing_is_bounced_that_was_not_asked_for() {
    Alone::new().run(|| {
        let scratch = Scratch::new();
        for (offline, wanted) in [(true, 0.0), (false, 1.0)] {
            let mut plugin = plugin_that_writes_to(scratch.folder());
            plugin.set(&[("Bounce Video", wanted)]);
            plugin.set_offline(offline);
            let mut sound = plugin.activate(f64::from(RATE_HZ), 1024);
            sound.passes(&[0.5; 1024], &With::default());
            plugin.deactivate(sound);
            drop(plugin);
            assert!(scratch.names().is_empty(), "{:?}", scratch.names());
        }
    });
}

/// A host that says offline when it activates, and then plays: what a block says, or what was said last, counts.
#[test]
fn what_is_played_in_real_time_is_not_bounced() {
    Alone::new().run(|| {
        let scratch = Scratch::new();
        let music = Music::music(RATE_HZ, 1.0);
        let mut plugin = plugin_that_writes_to(scratch.folder());
        plugin.set(&[("Bounce Video", 1.0)]);
        plugin.set_offline(true);
        let mut sound = plugin.activate(f64::from(RATE_HZ), 1024);
        // The restart that is asked for comes later.
        plugin.set_offline(false);
        music.samples.chunks(1024).for_each(|block| sound.passes(block, &With::default()));
        plugin.deactivate(sound);
        drop(plugin);
        assert!(scratch.names().is_empty(), "{:?}", scratch.names());
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_vst3_hosts_blocks_say_what_is_bounced() {
    use klangbild_tests::vst3_host::{Library, Mode};

    Alone::new().run(|| {
        let music = Music::music(RATE_HZ, 1.0);
        // A state is the same in both formats, but for the length before it.
        let mut clap = plugin_that_writes_to(std::path::Path::new("/"));
        let library = Library::load(&crate::library_path());
        for (told, block_says, bounced) in [
            (Mode::Offline, Mode::Realtime, false),
            (Mode::Realtime, Mode::Offline, true),
            (Mode::Offline, Mode::Offline, true),
        ] {
            let scratch = Scratch::new();
            let here = serde_json::json!({ "folder": scratch.folder() });
            let state = klangbild_tests::clap_host::state::with_settings(&clap.save(), &here);
            let instance = library.instance();
            assert!(instance.load(&state[8..]));
            instance.set(instance.param("Bounce Video"), 1.0);
            instance.activate(f64::from(RATE_HZ), 1024, told);
            for block in music.samples.chunks(1024) {
                assert_eq!(instance.process(block, &[], block_says), block);
            }
            instance.deactivate();
            drop(instance);
            assert_eq!(!scratch.names().is_empty(), bounced, "{told:?}, then {block_says:?}");
        }
    });
}
