//! Presets in a host's own browser.

use std::fs;

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Listed, Plugin, state};

use crate::library;

/// The folder that presets of the test's own user lie in.
fn presets_folder() -> std::path::PathBuf {
    let config = std::env::var_os("XDG_CONFIG_HOME").expect("a test has a home of its own");
    let folder = std::path::Path::new(&config).join("klangbild/presets");
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_browser_lists_and_loads_the_factorys_presets() {
    Alone::new().run(|| {
        let library = library();
        let (presets, errors) = library.presets();
        assert_eq!(errors, Vec::<String>::new());
        assert!(presets.len() >= 18, "{presets:?}");
        let mut plugin = Plugin::new(&library);
        let mut looks = Vec::new();
        for preset in &presets {
            assert!(!preset.description.is_empty(), "{preset:?}");
            assert!(plugin.load_preset(preset), "{preset:?}: {:?}", plugin.trouble());
            assert_eq!(state::settings(&plugin.save())["preset"], preset.name.as_str());
            looks.push(format!("{:?}", plugin.values()));
        }
        assert_eq!(plugin.rescans(), presets.len() as u32, "the host shows old values");
        looks.sort();
        looks.dedup();
        assert_eq!(looks.len(), presets.len(), "two presets are the same look");
    });
}

#[test]
fn a_browser_lists_and_loads_the_users_own_presets() {
    Alone::new().run(|| {
        let folder = presets_folder();
        fs::write(folder.join("Mine.toml"), "name = \"Mine\"\n[params]\nspeed = \"50.0 %\"\n").unwrap();
        fs::write(folder.join("broken.toml"), "speed = 3").unwrap();
        let library = library();
        let (presets, errors) = library.presets();
        assert_eq!(errors.len(), 1, "{errors:?}");
        let mine = presets.iter().find(|preset| preset.name == "Mine").unwrap();
        let mut plugin = Plugin::new(&library);
        assert!(plugin.load_preset(mine));
        let speed = plugin.param("Speed").id;
        let value = plugin.value(speed);
        assert_eq!(plugin.text(speed, value), "50.0 %");

        // One that went meanwhile: nothing changes, and the host is told why.
        let gone = Listed { place: Ok(folder.join("gone.toml")), ..mine.clone() };
        let before = plugin.save();
        assert!(!plugin.load_preset(&gone));
        assert!(plugin.trouble().unwrap().contains("gone.toml"));
        assert_eq!(plugin.save(), before);
    });
}
