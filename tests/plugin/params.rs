//! What a host sees of the parameters. Projects hold their ids and automation their ranges: neither may ever change.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{ParamInfoFlags, With};

use crate::plugin;

/// Points of a range that are tried.
const POINTS: u32 = 21;

/// After a wanted change, which may only add lines: `KLANGBILD_BLESS=1 cargo test --profile fast -p klangbild --test plugin golden`.
#[test]
fn they_are_those_of_the_golden_list() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let mut found = String::from("# id name | lowest highest default | flags\n");
        for param in plugin.params() {
            let (low, high, default) = param.range;
            let flags: Vec<String> = param
                .flags
                .iter_names()
                .map(|(name, _)| name.trim_start_matches("IS_").to_lowercase())
                .collect();
            found += &format!(
                "{} {} | {low} {high} {default:.4} ({}) | {}\n",
                param.id.get(),
                param.name,
                plugin.text(param.id, default),
                flags.join(" ")
            );
        }
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/params.txt");
        if std::env::var_os("KLANGBILD_BLESS").is_some() {
            fs::write(&golden, &found).unwrap();
        }
        let wanted = fs::read_to_string(&golden).unwrap();
        for (line, (found, wanted)) in found.lines().zip(wanted.lines()).enumerate() {
            assert_eq!(found, wanted, "line {} of tests/golden/params.txt", line + 1);
        }
        assert_eq!(found.lines().count(), wanted.lines().count(), "{found}");
    });
}

#[test]
fn hosts_can_show_their_names() {
    Alone::new().run(|| {
        let params = plugin().params();
        assert!(params.len() > 20);
        // The narrowest displays of controllers and mixers have 20 letters, or fewer.
        let long: Vec<_> = params.iter().filter(|param| param.name.chars().count() > 20).collect();
        assert!(long.is_empty(), "{long:?}");
        let ids: HashSet<u32> = params.iter().map(|param| param.id.get()).collect();
        let names: HashSet<&str> = params.iter().map(|param| param.name.as_str()).collect();
        assert_eq!((ids.len(), names.len()), (params.len(), params.len()));
    });
}

#[test]
fn there_is_a_bypass() {
    Alone::new().run(|| {
        let params = plugin().params();
        let bypass: Vec<_> =
            params.iter().filter(|param| param.flags.contains(ParamInfoFlags::IS_BYPASS)).collect();
        assert_eq!(bypass.iter().map(|param| param.name.as_str()).collect::<Vec<_>>(), ["Bypass"]);
    });
}

/// What a host shows can be typed in again.
#[test]
fn text_leads_back_to_the_value() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        for param in plugin.params() {
            let (low, high, _) = param.range;
            for point in 0..POINTS {
                let mut value = low + (high - low) * f64::from(point) / f64::from(POINTS - 1);
                if param.flags.contains(ParamInfoFlags::IS_STEPPED) {
                    value = value.round();
                }
                let text = plugin.text(param.id, value);
                let back = plugin.read_text(param.id, &text);
                let back = back.unwrap_or_else(|| panic!("{}: {text:?} means nothing", param.name));
                assert_eq!(plugin.text(param.id, back), text, "{}: {value} has become {back}", param.name);
                // A text has few digits, and those of a skewed range are worth more at its low end.
                assert!(
                    (back - value).abs() <= 0.01 * (high - low),
                    "{}: {value}, {text}, {back}",
                    param.name
                );
            }
            // To the framework, whatever does not say that a switch is on says that it is off.
            if !param.flags.contains(ParamInfoFlags::IS_STEPPED) {
                assert_eq!(plugin.read_text(param.id, "no such value"), None, "{}", param.name);
            }
        }
    });
}

#[test]
fn automation_moves_them() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let mut sound = plugin.activate(48_000.0, 512);
        for param in plugin.params() {
            assert!(param.flags.contains(ParamInfoFlags::IS_AUTOMATABLE), "{}", param.name);
            let (low, high, default) = param.range;
            assert_eq!(plugin.value(param.id), default, "{}", param.name);
            for value in [high, low, default] {
                sound.passes(&[0.5; 64], &With { changes: vec![(param.id, value)], ..With::default() });
                assert!((plugin.value(param.id) - value).abs() < 1e-6, "{}", param.name);
            }
        }
        plugin.deactivate(sound);
    });
}

/// By a still, which says in its tags what was seen.
#[cfg(target_os = "linux")]
#[test]
fn a_scene_that_a_note_has_chosen_is_left_by_choosing_the_parameters_own() {
    use std::time::Duration;

    use klangbild_tests::program::Scratch;

    Alone::new().run(|| {
        let scratch = Scratch::new();
        let mut plugin = crate::plugin_that_writes_to(scratch.folder());
        let (scene, capture) = (plugin.param("Scene").id, plugin.param("Capture").id);
        let mut sound = plugin.activate(48_000.0, 512);
        let mut scenes = Vec::new();
        for changes in [vec![], vec![(scene, 0.0)]] {
            if changes.is_empty() {
                sound.strike(38);
            }
            sound.passes(&[0.1; 64], &With { changes, ..With::default() });
            for value in [1.0, 0.0] {
                sound.passes(&[0.1; 64], &With { changes: vec![(capture, value)], ..With::default() });
            }
            plugin.pump_until("still", || {
                plugin_passes(&mut sound);
                std::thread::sleep(Duration::from_millis(5));
                scratch.complete().len() == scenes.len() + 1
            });
            let newest =
                scratch.complete().into_iter().find(|name| !scenes.iter().any(|(known, _)| known == name));
            let newest = newest.unwrap();
            let file = String::from_utf8_lossy(&fs::read(scratch.path(&newest)).unwrap()).into_owned();
            scenes.push((newest, file.contains("kaleidoscope")));
        }
        plugin.deactivate(sound);
        assert_eq!(scenes.iter().map(|(_, is)| *is).collect::<Vec<_>>(), [true, false]);
    });
}

#[cfg(target_os = "linux")]
fn plugin_passes(sound: &mut klangbild_tests::clap_host::Sound) {
    sound.passes(&[0.1; 64], &With::default());
}
