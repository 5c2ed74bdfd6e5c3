//! Scenes in a host: how their knobs are called, which are the user's own, and what happens where one is broken.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{ClapId, Plugin, With, state};
#[cfg(target_os = "linux")]
use klangbild_tests::program::Scratch;

use crate::{library, plugin};

/// Where the user's own scenes lie.
pub(crate) fn scenes_folder() -> PathBuf {
    let data = std::env::var_os("XDG_DATA_HOME").expect("a test has a home of its own");
    let folder = Path::new(&data).join("klangbild/scenes");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A scene that is one colour.
const PLAIN: &str = r#"/*
name = "Plain"
[[control]]
id = "zoom"
max = 8.0
default = 2.0
[[control]]
id = "mode"
kind = "choice"
choices = ["Soft", "Hard"]
*/
@fragment fn paint() -> @location(0) vec4f {
    return vec4f(0.2 * scene.zoom, 0.3, 0.1 + 0.1 * scene.mode, 1.0);
}
"#;

/// The numbers of the scene's eight knobs, and their names now.
fn knobs(plugin: &mut Plugin) -> (Vec<ClapId>, Vec<String>) {
    let params = plugin.params();
    let first = params.iter().position(|param| param.name == "Freeze").unwrap() + 1;
    let knobs = params.into_iter().skip(first).take(8);
    knobs.map(|param| (param.id, param.name)).unzip()
}

#[test]
fn knobs_are_called_what_the_scene_calls_them() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let (ids, names) = knobs(&mut plugin);
        assert_eq!(names, (1..=8).map(|at| format!("Scene {at}")).collect::<Vec<_>>());
        assert_eq!(plugin.text(ids[0], 1.0), "100.0 %");
        let scene = plugin.param("Scene").id;
        let mut sound = plugin.activate(48_000.0, 512);
        sound.passes(&[0.1; 64], &With { changes: vec![(scene, 1.0)], ..With::default() });
        let began = Instant::now();
        while knobs(&mut plugin).1[0] != "Brush" {
            assert!(began.elapsed() < Duration::from_secs(10), "{:?}", knobs(&mut plugin).1);
            plugin.pump_for(Duration::from_millis(20));
        }
        let (same, names) = knobs(&mut plugin);
        assert_eq!(
            (same, &names[..6]),
            (
                ids.clone(),
                &["Brush", "Folds", "Ribbons", "Gloss", "Thread", "Scene 6"].map(str::to_owned)[..]
            )
        );
        assert!(plugin.renames() >= 1);
        // As the scene has it in the middle, and to the ends of its range.
        assert_eq!([0.0, 0.5, 1.0].map(|way| plugin.text(ids[0], way)), ["0.00", "0.80", "2.00"]);
        assert_eq!(plugin.text(ids[5], 1.0), "100.0 %");
        for way in [0.0, 0.3, 0.5, 0.77, 1.0] {
            let text = plugin.text(ids[2], way);
            let back = plugin.read_text(ids[2], &text).unwrap();
            assert_eq!(plugin.text(ids[2], back), text);
        }
        assert_eq!(plugin.read_text(ids[0], "no such value"), None);

        // The scene is automated: two changes in each block, as fast as they come.
        plugin.pump_for(Duration::from_millis(500));
        let before = plugin.renames();
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(1) {
            for place in [0.0, 2.0] {
                sound.passes(&[0.1; 64], &With { changes: vec![(scene, place)], ..With::default() });
                plugin.pump_for(Duration::from_millis(9));
            }
        }
        assert!(plugin.renames() - before <= 5, "{} times in a second", plugin.renames() - before);
        plugin.deactivate(sound);
    });
}

#[test]
fn a_scene_of_the_users_own_comes_back_with_the_project_and_is_missed_where_it_is_not() {
    Alone::new().run(|| {
        let mut first = plugin();
        let scene = first.param("Scene").id;
        assert_eq!(first.text(scene, 65.0), "Slot 65");
        fs::write(scenes_folder().join("plain.wgsl"), PLAIN).unwrap();
        let presets = Path::new(&std::env::var_os("XDG_CONFIG_HOME").unwrap()).join("klangbild/presets");
        fs::create_dir_all(&presets).unwrap();
        let preset = "name = \"Mine\"\nscene = \"plain\"\n[controls]\nzoom = 4.0\nmode = \"Hard\"\n";
        fs::write(presets.join("Mine.toml"), preset).unwrap();
        let library = library();
        let mine = library.presets().0.into_iter().find(|preset| preset.name == "Mine").unwrap();
        assert!(first.load_preset(&mine), "{:?}", first.trouble());
        let place = first.value(scene);
        assert!((65.0..128.0).contains(&place), "{place}");
        // It was not there when the plugin was made.
        assert_eq!(first.text(scene, place), "plain");
        assert_eq!(first.read_text(scene, "plain"), Some(place));
        let (ids, names) = knobs(&mut first);
        assert_eq!(&names[..3], ["Scene Zoom", "Mode", "Scene 3"], "Zoom there is already");
        let shown = |plugin: &mut Plugin, at: usize| {
            let value = plugin.value(ids[at]);
            plugin.text(ids[at], value)
        };
        assert_eq!((shown(&mut first, 0), shown(&mut first, 1)), ("4.00".to_owned(), "Hard".to_owned()));

        let saved = first.save();
        assert_eq!(state::read(&saved)["fields"]["scene"], "plain");
        let mut second = plugin();
        assert!(second.load(&saved));
        assert_eq!((second.value(scene), shown(&mut second, 0)), (place, "4.00".to_owned()));

        // On a machine that does not have it, the project keeps it.
        let elsewhere = state::of_bytes(state::read(&saved).to_string().replace("plain", "plane").as_bytes());
        let mut third = plugin();
        assert!(third.load(&elsewhere));
        assert_eq!(third.value(scene), 0.0);
        assert_eq!(state::read(&third.save())["fields"]["scene"], "plane");
    });
}

/// Hosts and validators try all of a parameter's values, also where no scene stands.
#[test]
fn every_place_comes_back_with_the_project() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let scene = plugin.param("Scene").id;
        let mut sound = plugin.activate(48_000.0, 512);
        for (place, other) in [(105.0, 64.0), (50.0, 128.0), (64.0, 105.0), (128.0, 1.0), (1.0, 50.0)] {
            let turn = |place| With { changes: vec![(scene, place)], ..With::default() };
            sound.passes(&[0.1; 64], &turn(place));
            let saved = plugin.save();
            sound.passes(&[0.1; 64], &turn(other));
            assert!(plugin.load(&saved));
            assert_eq!(plugin.value(scene), place, "after {other}");
        }
        plugin.deactivate(sound);
    });
}

/// By stills, which say in their tags what was drawn.
#[cfg(target_os = "linux")]
#[test]
fn a_broken_scene_plays_when_it_is_mended_and_until_then_the_one_before() {
    use klangbild_tests::screen::Screen;

    use crate::window::{is_a_picture, shows_a_picture};

    Alone::new().with_screen().run(|| {
        let (scratch, file) = (Scratch::new(), scenes_folder().join("plain.wgsl"));
        fs::write(&file, PLAIN.replace("0.3, 0.1", "0.3 +, 0.1")).unwrap();
        let screen = Screen::connect();
        let mut plugin = crate::plugin_that_writes_to(scratch.folder());
        let mut json = state::read(&plugin.save());
        json["fields"]["scene"] = "plain".into();
        let mut sound = plugin.activate(48_000.0, 512);
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        assert!(plugin.load(&state::write(&json)));
        let capture = plugin.param("Capture").id;
        let mut stills = 0;
        let mut drawn = |plugin: &mut Plugin| {
            for value in [1.0, 0.0] {
                sound.passes(&[0.1; 64], &With { changes: vec![(capture, value)], ..With::default() });
            }
            stills += 1;
            plugin.pump_until("still", || scratch.complete().len() == stills);
            // They are named by the time of day, and then numbered.
            let newest = scratch
                .complete()
                .into_iter()
                .max_by_key(|name| fs::metadata(scratch.path(name)).unwrap().modified().unwrap());
            let file =
                String::from_utf8_lossy(&fs::read(scratch.path(&newest.unwrap())).unwrap()).into_owned();
            file.contains("plain")
        };
        plugin.pump_for(Duration::from_millis(700));
        assert!(!drawn(&mut plugin), "it cannot be drawn");
        assert!(is_a_picture(&window.pane.picture()), "the one before plays on");

        fs::write(&file, PLAIN).unwrap();
        let began = Instant::now();
        while !drawn(&mut plugin) {
            assert!(began.elapsed() < Duration::from_secs(20), "it was mended");
            plugin.pump_for(Duration::from_millis(200));
        }
        plugin.close(window);
        plugin.deactivate(sound);
    });
}
