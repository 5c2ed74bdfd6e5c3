use klangbild_engine::knobs::{KnobId, Value};
use klangbild_engine::scene::Scene;
use klangbild_engine::words::Wording;

use super::*;

fn library() -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::in_folder(Some(folder.path().join("presets")));
    (folder, library)
}

#[test]
fn every_factory_preset_is_understood_and_has_a_look_of_its_own() {
    let (_folder, library) = library();
    let params = KlangbildParams::default();
    let mut looks: Vec<Vec<f32>> = Vec::new();
    for preset in library.all() {
        let (values, problems) = preset.values(&params);
        assert!(problems.is_empty(), "{problems:?}");
        assert!(!preset.description.is_empty(), "{} says nothing about itself", preset.name);
        let look = values.into_iter().map(|(_, value)| value).collect();
        assert!(!looks.contains(&look), "{} looks like another preset", preset.name);
        looks.push(look);
    }
}

#[test]
fn a_look_comes_back_from_its_file() {
    let (_folder, mut library) = library();
    let params = KlangbildParams::default();
    let all = params.preset_params();
    for (place, (_, param)) in all.iter().enumerate() {
        // SAFETY: `params` lives until the end of this test.
        unsafe { param._internal_set_normalized_value((place as f32 * 0.37).fract()) };
    }
    let before = Preset::of("My look", "music2image", &Wording::default(), &params);
    library.save(&before).unwrap();
    let found = library.find("my LOOK").unwrap();
    assert_eq!(found, &before);
    let (values, problems) = found.values(&params);
    assert!(problems.is_empty(), "{problems:?}");
    for (param, value) in values {
        // SAFETY: as above.
        let (name, now) = unsafe { (param.name().to_owned(), param.unmodulated_normalized_value()) };
        assert!((now - value).abs() < 0.02, "{name}: {now} came back as {value}");
    }
    library.delete("My look").unwrap();
    assert!(library.find("My look").is_err());
}

#[test]
fn a_look_that_was_changed_is_known_from_its_preset() {
    let (_folder, library) = library();
    let params = KlangbildParams::default();
    let mut settings = crate::settings::Settings { preset: "Silk".to_owned(), ..Default::default() };
    let set = |values: Vec<(ParamPtr, f32)>| {
        for (param, value) in values {
            // SAFETY: `params` lives until the end of this test.
            unsafe { param._internal_set_normalized_value(value) };
        }
    };
    assert!(library.is_changed(&settings, &params));
    set(library.find("Silk").unwrap().values(&params).0);
    assert!(!library.is_changed(&settings, &params));
    set(vec![(params.ptr(KnobId::Grain), 0.9)]);
    assert!(library.is_changed(&settings, &params));
    set(library.find("Silk").unwrap().values(&params).0);
    settings.pack = "starter".to_owned();
    assert!(library.is_changed(&settings, &params));
    settings.preset = "deleted long ago".to_owned();
    assert!(!library.is_changed(&settings, &params));
}

#[test]
fn a_preset_leaves_the_seed_alone_and_knows_a_scene_by_its_key() {
    let params = KlangbildParams::default();
    params.turn(KnobId::Seed, Value::Whole(42));
    assert!(!Preset::of("My look", "default", &Wording::default(), &params).params.contains_key("seed"));
    // As an older file, with a seed and in the words of a command line.
    let text = "name = \"Old\"\n[params]\nscene = \"flow\"\nbeatdiv = \"half\"\nseed = \"5\"\n";
    let old = Preset::from_toml(text).unwrap();
    let (values, problems) = old.values(&params);
    assert!(problems.is_empty(), "{problems:?}");
    for (param, value) in values {
        // SAFETY: `params` lives until the end of this test.
        unsafe { param._internal_set_normalized_value(value) };
    }
    let controls = params.controls();
    assert_eq!((controls.scene.name(), controls.beat_division.beats()), ("flow", 0.5));
    assert_eq!(controls.seed, 42, "a preset is a look, and not the song's seed");
    assert!(old.is_shown_by("default", &params));
}

fn wear(preset: &Preset, params: &KlangbildParams) -> Vec<String> {
    let (values, problems) = preset.values(params);
    for (param, value) in values {
        // SAFETY: the parameters live until the end of the test.
        unsafe { param._internal_set_normalized_value(value) };
    }
    problems
}

#[test]
fn a_scene_and_its_controls_are_known_by_their_ids() {
    let params = KlangbildParams::default();
    params.turn(KnobId::Scene, Value::Scene(Scene::FLOW));
    params.turn(KnobId::Scene1, Value::Number(1.0));
    params.turn(KnobId::Scene3, Value::Number(0.2));
    let preset = Preset::of("Mine", "default", &Wording::default(), &params);
    assert_eq!((preset.scene.as_deref(), preset.params.len()), (Some("flow"), 0));
    assert_eq!(preset.controls["brush"], Setting::Number(2.0));
    assert_eq!(preset.controls.keys().collect::<Vec<_>>(), ["brush", "fold_count"]);
    let text = toml::to_string_pretty(&preset).unwrap();
    assert!(text.contains("scene = \"flow\"") && text.contains("brush = 2.0"), "{text}");
    assert!(preset.is_shown_by("default", &params));

    // On other parameters, where another scene is turned another way.
    let others = KlangbildParams::default();
    others.turn(KnobId::Scene2, Value::Number(0.9));
    assert!(!preset.is_shown_by("default", &others));
    assert_eq!(wear(&Preset::from_toml(&text).unwrap(), &others), Vec::<String>::new());
    let (now, wanted) = (others.controls(), params.controls());
    assert_eq!((now.scene, now.scene_1, now.scene_2), (Scene::FLOW, 1.0, 0.5));
    assert!((now.scene_3 - wanted.scene_3).abs() < 1e-3, "{} {}", now.scene_3, wanted.scene_3);
    assert!(preset.is_shown_by("default", &others));
    others.turn(KnobId::Scene4, Value::Number(0.0));
    assert!(!preset.is_shown_by("default", &others));
}

#[test]
fn what_of_a_scene_is_not_there_is_told_and_the_rest_is_applied() {
    let params = KlangbildParams::default();
    params.turn(KnobId::Scene, Value::Scene(Scene::KALEIDOSCOPE));
    params.turn(KnobId::Scene1, Value::Number(0.9));
    let text = "name = \"Theirs\"\nscene = \"nowhere\"\n[params]\nspeed = \"50 %\"\n[controls]\nglow = 3\n";
    let problems = wear(&Preset::from_toml(text).unwrap(), &params);
    assert!(
        matches!(&problems[..], [one] if one.contains("nowhere") && one.contains("not installed")),
        "{problems:?}"
    );
    let controls = params.controls();
    assert_eq!((controls.scene, controls.scene_1, controls.speed), (Scene::KALEIDOSCOPE, 0.9, 0.5));

    let text = "name = \"Theirs\"\nscene = \"flow\"\n[controls]\nglow = 3\nbrush = \"wide\"\ngloss = 3\n";
    let problems = wear(&Preset::from_toml(text).unwrap(), &params);
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("glow") && problems[1].contains("brush"), "{problems:?}");
    let controls = params.controls();
    assert_eq!((controls.scene, controls.scene_1, controls.scene_4), (Scene::FLOW, 0.5, 1.0));
}

#[test]
fn an_older_preset_has_its_scene_among_the_parameters() {
    for word in ["Flow", "flow"] {
        let params = KlangbildParams::default();
        let text = format!("name = \"Old\"\n[params]\nscene = \"{word}\"\nscene2 = \"90.0 %\"\n");
        let old = Preset::from_toml(&text).unwrap();
        assert_eq!(wear(&old, &params), Vec::<String>::new());
        let controls = params.controls();
        assert_eq!((controls.scene, controls.scene_2), (Scene::FLOW, 0.9));
        assert!(old.is_shown_by("default", &params));
    }
}

#[test]
fn names_stay_inside_the_folder_and_broken_files_are_told() {
    let (folder, mut library) = library();
    for name in ["CON", "com1", "", " ", "../out", "a/b", "a\\b", ".hidden"] {
        assert!(matches!(
            library.save(&Preset { name: name.into(), ..Preset::default() }),
            Err(PresetError::Name { .. })
        ));
    }
    std::fs::create_dir_all(folder.path().join("presets")).unwrap();
    std::fs::write(folder.path().join("presets/broken.toml"), "name = 3").unwrap();
    library.rescan();
    assert_eq!(library.problems.len(), 1, "{:?}", library.problems);
    assert!(library.problems[0].contains("broken.toml"));
}

#[test]
fn a_preset_says_its_words_and_one_without_leaves_what_was_said() {
    let (_folder, mut library) = library();
    let params = KlangbildParams::default();
    let said = Wording::parse("a sea; embers").unwrap().like(Path::new("/pictures/mine.png"));
    library.save(&Preset::of("Mine", "default", &said, &params)).unwrap();
    let mine = library.find("Mine").unwrap();
    assert_eq!(mine.words, said.phrases);
    let mut words = Wording::parse("glass").unwrap();
    mine.say(&mut words);
    assert_eq!(words, Wording::parse("a sea; embers").unwrap());
    library.find("Silk").unwrap().say(&mut words);
    assert_eq!(words.phrases, said.phrases);
}

#[test]
fn what_a_preset_said_goes_with_it_and_what_somebody_typed_stays() {
    let (_folder, library) = library();
    let mut storm = library.find("Silk").unwrap().clone();
    storm.words = vec!["a stormy sea".to_owned()];
    let silk = library.find("Silk").unwrap();
    let mut settings = Settings::default();
    storm.settle(&mut settings);
    assert_eq!(settings.words.phrases, ["a stormy sea"]);
    silk.settle(&mut settings);
    assert!(settings.words.is_empty(), "words of a preset outlive it: {:?}", settings.words);
    storm.settle(&mut settings);
    settings.words = Wording::parse("embers").unwrap();
    silk.settle(&mut settings);
    assert_eq!(settings.words.phrases, ["embers"]);
}
