//! What a project remembers, and what it makes of a file that is broken.

use std::time::Duration;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Param, ParamInfoFlags, Player, Plugin, With, state};
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound as Music;
use serde_json::json;

use crate::{plugin, plugin_that_writes_to};

/// What is done at a moment: a project remembers how the parameter was, and does not do it again.
const MOMENTS: [&str; 3] = ["Next Picture", "Capture", "Record Video"];

/// A plugin with every parameter away from its default.
fn turned() -> Plugin {
    let mut plugin = plugin();
    let params = plugin.params();
    let values: Vec<(&str, f64)> = params
        .iter()
        .map(|param| {
            let (low, high, default) = param.range;
            (param.name.as_str(), if default > (low + high) / 2.0 { low } else { high })
        })
        .collect();
    plugin.set(&values);
    plugin
}

#[test]
fn a_project_brings_everything_back() {
    Alone::new().run(|| {
        let mut saved = turned();
        let settings = json!({
            "pack": "a pack that is gone", "preset": "mine", "favourites": ["flow", "gone"], "folder": "/no/such/folder", "still_px": [123, 456],
            "video_px": [640, 358], "video_fps": 25, "video_kind": "webm", "window": [777, 555], "pinned": true,
            "words": {"phrases": ["a stormy sea", "cathedral windows"]}, "preset_words": ["embers"],
        });
        let bytes = state::with_settings(&saved.save(), &settings);
        assert!(saved.load(&bytes));

        let mut opened = plugin();
        assert_ne!(opened.values(), saved.values());
        assert!(opened.load(&saved.save()));
        assert_eq!(opened.values(), saved.values());
        assert_eq!(state::settings(&opened.save()), settings);
        assert_eq!(opened.save(), saved.save());
    });
}

#[test]
fn a_project_that_was_saved_while_it_recorded_does_not_begin_to_record() {
    Alone::new().run(|| {
        let scratch = Scratch::new();
        let mut opened = plugin_that_writes_to(scratch.folder());
        let names: Vec<String> = opened.params().into_iter().map(|param| param.name).collect();
        let moments: Vec<_> =
            MOMENTS.iter().filter(|name| names.iter().any(|known| known == *name)).collect();
        opened.set(&moments.iter().map(|name| (**name, 1.0)).collect::<Vec<_>>());
        let saved = opened.save();
        let mut opened = plugin_that_writes_to(scratch.folder());
        assert!(opened.load(&saved));
        for name in moments {
            let id = opened.param(name).id;
            assert_eq!(opened.value(id), 1.0, "{name}");
        }
        let player = Player::start(opened.activate(48_000.0, 512), &Music::music(48_000, 1.0));
        opened.pump_for(Duration::from_millis(700));
        opened.deactivate(player.stop().0);
        drop(opened);
        assert!(scratch.names().is_empty(), "{:?}", scratch.names());
    });
}

/// What validators, and some hosts at a click, do: all parameters at once, again and again, in real time and as fast as it goes.
#[test]
fn a_host_that_sets_everything_writes_no_file() {
    Alone::new().run(|| {
        let scratch = Scratch::new();
        let mut plugin = plugin_that_writes_to(scratch.folder());
        let params = plugin.params();
        let mut noise = 7_u32;
        let mut everything = || -> Vec<_> {
            let value = |param: &Param| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let (low, high, _) = param.range;
                (param.id, low + (high - low) * f64::from(noise >> 8) / f64::from(1 << 24))
            };
            params
                .iter()
                .filter(|param| !param.flags.contains(ParamInfoFlags::IS_BYPASS))
                .map(value)
                .collect()
        };
        for (offline, pause_ms) in [(false, 0), (false, 10), (true, 0)] {
            plugin.set_offline(offline);
            let mut sound = plugin.activate(48_000.0, 512);
            for _ in 0..60 {
                let mut changes = everything();
                // Of what is done, all is asked for.
                changes.iter_mut().rev().take(5).for_each(|(_, value)| *value = value.round());
                sound.passes(&[0.1; 480], &With { changes, ..With::default() });
                plugin.pump_for(Duration::from_millis(pause_ms));
            }
            plugin.pump_for(Duration::from_millis(200));
            plugin.deactivate(sound);
        }
        drop(plugin);
        assert!(scratch.names().is_empty(), "{:?}", scratch.names());
    });
}

#[test]
fn a_broken_project_leaves_everything_as_it_was() {
    Alone::new().run(|| {
        let mut plugin = turned();
        let before = plugin.save();
        let mut noise = 1_u32;
        let mut random = |count: usize| -> Vec<u8> {
            let byte = |_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 24) as u8
            };
            (0..count).map(byte).collect()
        };
        let mut broken = vec![Vec::new(), vec![0; 8], u64::MAX.to_le_bytes().to_vec()];
        for count in [1, 7, 8, 9, 100, 10_000] {
            broken.push(random(count));
            broken.push(state::of_bytes(&random(count)));
        }
        for part in 1..16 {
            broken.push(before[..before.len() * part / 16].to_vec());
        }
        for json in [json!(null), json!([]), json!({}), json!("text"), json!({"params": 3})] {
            broken.push(state::write(&json));
        }
        for (number, bytes) in broken.iter().enumerate() {
            assert!(!plugin.load(bytes), "broken state {number} of {} bytes is taken", bytes.len());
            assert_eq!(plugin.save(), before, "broken state {number}");
        }
    });
}

/// What is strange in a file that is well formed is left out, and the rest is taken.
#[test]
fn a_strange_project_stays_within_bounds() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let mut json = state::read(&plugin.save());
        json["params"]["zoom"] = json!({"f32": 1e30});
        json["params"]["seed"] = json!({"i32": -5});
        json["params"]["hue"] = json!({"string": "blue"});
        json["params"]["scene"] = json!({"string": "a scene of the future"});
        json["params"]["future"] = json!({"f32": 0.5});
        json["params"]["grain"] = json!({"f32": 1.5});
        json["fields"]["settings"] = json!("no JSON at all");
        json["fields"]["future"] = json!("{}");
        let before = plugin.save();
        let settings = state::settings(&before);
        // Whether the host is told is the framework's matter; the values are ours.
        let _ = plugin.load(&state::write(&json));
        for param in plugin.params() {
            let value = plugin.value(param.id);
            let (low, high, _) = param.range;
            assert!((low..=high).contains(&value), "{}: {value}", param.name);
        }
        assert_eq!(state::settings(&plugin.save()), settings);
        assert!(plugin.load(&before));
        assert_eq!(plugin.save(), before);
    });
}

/// As projects were saved when there were three scenes: by the parameter alone, without knobs of a scene's own.
#[test]
fn a_project_of_three_scenes_still_has_its_scene() {
    Alone::new().run(|| {
        for (id, place) in [("picture", 0.0), ("flow", 1.0), ("kaleidoscope", 2.0)] {
            let mut json = state::read(&plugin().save());
            json["fields"].as_object_mut().unwrap().remove("scene");
            let params = json["params"].as_object_mut().unwrap();
            (1..=8).for_each(|knob| drop(params.remove(&format!("scene{knob}"))));
            params.insert("scene".to_owned(), json!({"string": id}));
            let mut opened = plugin();
            assert!(opened.load(&state::write(&json)));
            let scene = opened.param("Scene").id;
            assert_eq!(opened.value(scene), place, "{id}");
            assert_eq!(state::read(&opened.save())["params"]["scene"], json!({"string": id}));
        }
    });
}

#[test]
fn a_project_opens_and_closes_while_it_plays() {
    Alone::new().run(|| {
        let (mut turned, mut plugin) = (turned(), plugin());
        let states = [turned.save(), plugin.save()];
        let sound = plugin.activate(48_000.0, 512);
        let player = Player::start(sound, &Music::music(48_000, 1.0));
        for round in 0..200 {
            let state = &states[round % 2];
            assert!(plugin.load(state));
            assert_eq!(&plugin.save(), state);
            plugin.pump();
        }
        let (sound, _) = player.stop();
        plugin.deactivate(sound);
    });
}
