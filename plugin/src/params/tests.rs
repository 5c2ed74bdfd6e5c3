use std::collections::HashSet;

use klangbild_engine::knobs::Kind;

use super::*;

fn all() -> (Box<KlangbildParams>, Vec<(String, ParamPtr)>) {
    // Boxed, so that it stays where its pointers point at.
    let params = Box::<KlangbildParams>::default();
    let list = params.param_map().into_iter().map(|(id, param, _)| (id, param)).collect();
    (params, list)
}

#[test]
fn names_fit_a_hardware_display_and_differ() {
    let (_params, list) = all();
    // SAFETY: `_params` lives until the end of this test.
    let names: Vec<String> = list.iter().map(|(_, param)| unsafe { param.name() }.to_owned()).collect();
    for name in &names {
        assert!(!name.is_empty() && name.chars().count() <= 20, "{name}");
    }
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len());
}

#[test]
fn every_row_has_its_parameter_in_its_group() {
    let params = KlangbildParams::default();
    let map = params.param_map();
    assert_eq!(map.len(), KnobId::ALL.len() - KnobId::VIEWER.len());
    for (id, (key, param, group)) in KnobId::parameters().zip(map) {
        let knob = id.knob();
        // SAFETY: `params` lives until the end of this test.
        let name = unsafe { param.name() };
        assert_eq!((key.as_str(), name, group.as_str()), (knob.key, knob.label, knob.group.name()));
    }
}

#[test]
fn a_knob_that_is_turned_turns_its_control() {
    let params = KlangbildParams::default();
    for id in KnobId::turned() {
        let before = params.controls();
        let value = match id.knob().kind {
            Kind::Number(number) => Value::Number(number.min + 0.3 * (number.max - number.min)),
            Kind::Whole(whole) => Value::Whole(whole.max - 1),
            Kind::Switch { default } => Value::Switch(!default),
            Kind::Choice(choices) => Value::Choice(choices.keys.len() - 1),
            Kind::Scene => Value::Scene("flow".parse().unwrap()),
            Kind::Act => continue,
        };
        params.turn(id, value);
        let after = params.controls();
        let found = after.get(id).unwrap().as_f32();
        assert!((found - value.as_f32()).abs() < 1e-4, "{id:?} is {found}, not {value:?}");
        let others = KnobId::turned().filter(|other| *other != id);
        others.for_each(|other| assert_eq!(after.get(other), before.get(other), "{id:?} turned {other:?}"));
    }
}

/// Once released, an id is in people's projects: this list only ever grows.
#[test]
fn ids_are_those_that_projects_hold() {
    let (_params, list) = all();
    let ids: Vec<&str> = list.iter().map(|(id, _)| id.as_str()).collect();
    let known = [
        "scene",
        "intensity",
        "speed",
        "morph",
        "complexity",
        "smoothing",
        "beatsync",
        "beatdiv",
        "hue",
        "zoom",
        "feedback",
        "relief",
        "bloom",
        "grain",
        "vignette",
        "exposure",
        "sens",
        "sensbass",
        "sensmid",
        "senstreb",
        "seed",
        "freeze",
        "scene1",
        "scene2",
        "scene3",
        "scene4",
        "scene5",
        "scene6",
        "scene7",
        "scene8",
        "trans",
        "transbeats",
        "transon",
        "halation",
        "aberration",
        "contrast",
        "saturation",
        "metrolock",
        "keycolour",
        "director",
        "wordsamount",
        "wordsmorph",
        "wordsbars",
        "next",
        "capture",
        "record",
        "bounce",
        "bypass",
        "tap",
        "half",
        "double",
        "earlier",
        "later",
        "one",
    ];
    assert_eq!(ids, known);
}

#[test]
fn what_is_shown_can_be_typed_in_again() {
    let (_params, list) = all();
    for (id, param) in &list {
        for step in 0..=20 {
            let value = step as f32 / 20.0;
            // SAFETY: `_params` lives until the end of this test.
            let (text, back, again) = unsafe {
                let text = param.normalized_value_to_string(value, true);
                let back = param.string_to_normalized_value(&text);
                let again = back.map(|back| param.normalized_value_to_string(back, true));
                (text, back, again)
            };
            assert_eq!(again.as_deref(), Some(text.as_str()), "{id} at {value}: read back as {back:?}");
        }
    }
}

#[test]
fn a_project_knows_its_scene_by_its_id_also_where_that_is_missing() {
    let params = KlangbildParams::default();
    let bring_back =
        |id: &str| params.deserialize_fields(&BTreeMap::from([(SCENE.to_owned(), id.to_owned())]));
    let kept = || params.serialize_fields()[SCENE].clone();
    bring_back("flow");
    assert_eq!((params.own_scene(), kept().as_str()), (Scene::FLOW, "flow"));
    assert_eq!(params.take_missing_scene(), None);
    bring_back("a scene of somebody else's");
    assert_eq!(params.own_scene(), Scene::default());
    assert_eq!(params.take_missing_scene().as_deref(), Some("a scene of somebody else's"));
    assert_eq!(params.take_missing_scene(), None, "it is said once");
    assert_eq!(kept(), "a scene of somebody else's", "it may be there tomorrow");
    params.turn(KnobId::Scene, Value::Scene(Scene::KALEIDOSCOPE));
    assert_eq!(kept(), "kaleidoscope");
    // As a project from before there was such a field: the parameter alone has it.
    params.deserialize_fields(&BTreeMap::new());
    assert_eq!(params.own_scene(), Scene::KALEIDOSCOPE);
}

#[test]
fn the_last_scene_that_was_whole_plays_for_a_broken_one() {
    let params = KlangbildParams::default();
    let instance = crate::instance::Instance::new(Arc::new(params));
    let params = &instance.params;
    let broken = klangbild_engine::stage::StageError::Shader {
        file: "kaleidoscope.wgsl".to_owned(),
        line: 3,
        column: 7,
        message: "no such function".to_owned(),
    };
    params.turn(KnobId::Scene, Value::Scene(Scene::FLOW));
    instance.scene_plays(Scene::FLOW);
    params.turn(KnobId::Scene, Value::Scene(Scene::KALEIDOSCOPE));
    assert_eq!(params.controls().scene, Scene::KALEIDOSCOPE);
    instance.scene_fails(Scene::KALEIDOSCOPE, &broken);
    instance.scene_fails(Scene::KALEIDOSCOPE, &broken);
    assert_eq!((params.controls().scene, params.asked_scene()), (Scene::FLOW, Scene::KALEIDOSCOPE));
    let told = || instance.notices.newest().into_iter().map(|notice| notice.text).collect::<Vec<_>>();
    assert!(matches!(&told()[..], [line] if line.contains("kaleidoscope.wgsl:3:7")), "{:?}", told());
    for _ in 0..3 {
        instance.scene_plays(Scene::FLOW);
        assert_eq!((params.controls().scene, told().len()), (Scene::FLOW, 1));
    }
    // Nobody asks for it any more.
    params.turn(KnobId::Scene, Value::Scene(Scene::PICTURE));
    instance.scene_plays(Scene::PICTURE);
    assert_eq!((params.controls().scene, told().len()), (Scene::PICTURE, 0));
    params.turn(KnobId::Scene, Value::Scene(Scene::KALEIDOSCOPE));
    assert_eq!(params.controls().scene, Scene::KALEIDOSCOPE, "it is tried again");
    // One that plays and whose newest files are broken goes on as it was, until they are mended.
    instance.scene_plays(Scene::KALEIDOSCOPE);
    instance.scene_fails(Scene::KALEIDOSCOPE, &broken);
    instance.scene_plays(Scene::KALEIDOSCOPE);
    assert_eq!((params.controls().scene, told().len()), (Scene::KALEIDOSCOPE, 1));
    instance.scene_is_mended(Scene::KALEIDOSCOPE);
    assert!(told().is_empty());
}

#[test]
fn the_defaults_are_the_renderers() {
    let params = KlangbildParams::default();
    assert_eq!(params.controls(), Controls::default());
}

#[test]
fn notes_choose_scenes_until_the_parameter_moves() {
    let params = KlangbildParams::default();
    params.triggers.note(38);
    assert_eq!(params.controls().scene.name(), "kaleidoscope");
    params.turn(KnobId::Scene, Value::Scene("flow".parse().unwrap()));
    assert_eq!(params.controls().scene.name(), "flow");
    params.triggers.note(20);
    assert_eq!(params.controls().picture, 1);
}

#[test]
fn notes_below_the_scenes_put_the_beat_right() {
    let params = KlangbildParams::default();
    (24..30).for_each(|note| params.triggers.note(note));
    params.triggers.note(24);
    let by_hand = params.controls().by_hand;
    let counts = Correction::ALL.map(|correction| by_hand.count(correction));
    assert_eq!((counts, params.controls().picture), ([2, 1, 1, 1, 1, 1], 0));
    params.triggers.note(30);
    assert!(params.controls().metronome_lock);
    params.triggers.note(30);
    assert!(!params.controls().metronome_lock);
    // Until the parameter moves.
    params.triggers.note(30);
    params.turn(KnobId::MetronomeLock, Value::Switch(true));
    assert!(params.controls().metronome_lock);
    params.turn(KnobId::MetronomeLock, Value::Switch(false));
    assert!(!params.controls().metronome_lock);
}

/// Turns a switch on or off as a host does.
fn turn(param: ParamPtr, on: bool) {
    // SAFETY: the test keeps its parameters alive.
    unsafe { param._internal_set_normalized_value(f32::from(u8::from(on))) };
}

#[test]
fn what_is_turned_on_alone_is_done() {
    let params = KlangbildParams::default();
    for id in [KnobId::NextPicture, KnobId::Capture, KnobId::Record] {
        turn(params.ptr(id), true);
    }
    assert_eq!((params.triggers.pictures(), params.triggers.captures()), (0, 0), "before any block");
    params.triggers.settle(1);
    assert_eq!((params.triggers.pictures(), params.triggers.captures()), (1, 1));
    assert_eq!(params.triggers.take_record(), Some(Ask::Begin));
    for correction in Correction::ALL {
        turn(params.ptr(act_of(correction)), true);
        assert_eq!(params.controls().by_hand.count(correction), 0, "before any block");
        params.triggers.settle(1);
        turn(params.ptr(act_of(correction)), false);
        params.triggers.settle(1);
        assert_eq!(params.controls().by_hand.count(correction), 1);
    }
    // Once, until it is turned on anew.
    params.triggers.settle(0);
    assert_eq!((params.triggers.pictures(), params.triggers.take_record()), (1, None));
    turn(params.ptr(KnobId::Record), false);
    params.triggers.settle(20);
    assert_eq!(params.triggers.take_record(), Some(Ask::End), "what is turned off ends, whatever else moves");
}

#[test]
fn a_host_that_sets_everything_means_nothing_by_it() {
    let params = KlangbildParams::default();
    let mut last = Vec::new();
    assert_eq!(params.moved(&mut last), 0);
    for (_, param, _) in params.param_map() {
        // SAFETY: `params` lives until the end of this test.
        unsafe { param._internal_set_normalized_value(0.83) };
    }
    let moved = params.moved(&mut last);
    params.triggers.settle(moved);
    assert!(moved > 12, "{moved}");
    assert_eq!((params.triggers.pictures(), params.triggers.captures()), (0, 0));
    assert_eq!(params.triggers.take_record(), None);
    assert_eq!(params.controls().by_hand, Default::default());
    assert!(params.bounce.value() && !params.triggers.bounce_is_meant());
    // And then a user, who means it.
    for on in [false, true] {
        turn(params.ptr(KnobId::Bounce), on);
        params.triggers.settle(params.moved(&mut last));
    }
    assert!(params.triggers.bounce_is_meant());
}

#[test]
fn a_project_brings_values_back_and_does_nothing() {
    let params = KlangbildParams::default();
    {
        let _loading = params.triggers.loading();
        for id in [KnobId::NextPicture, KnobId::Capture, KnobId::Record, KnobId::Bounce, KnobId::HalfTempo] {
            turn(params.ptr(id), true);
        }
    }
    params.triggers.settle(0);
    assert!(params.record.value());
    assert_eq!(params.controls().by_hand, Default::default());
    assert_eq!(params.triggers.take_record(), None);
    assert_eq!((params.triggers.pictures(), params.triggers.captures()), (0, 0));
    assert!(params.triggers.bounce_is_meant());
}

#[test]
fn hosts_know_the_scene_by_the_number_that_the_framework_makes() {
    assert_eq!(SCENE_NUMBER, 109_254_796);
}

#[test]
fn nothing_that_a_host_or_a_preset_sets_lets_light_flash() {
    let params = KlangbildParams::default();
    for value in [0.0, 0.4, 1.0] {
        for (_, param, _) in params.param_map() {
            // SAFETY: `params` lives until the end of this test.
            unsafe { param._internal_set_normalized_value(value) };
        }
        assert!(params.controls().limit_flashes);
    }
    let text = "name = \"Wild\"\n[params]\nflashlimit = \"off\"\n";
    let (_, problems) = crate::preset::Preset::from_toml(text).unwrap().values(&params);
    assert!(problems.len() == 1 && problems[0].contains("flashlimit"), "{problems:?}");
    assert!(params.controls().limit_flashes);
}

#[test]
fn what_suits_the_viewer_stays_with_the_project() {
    let params = KlangbildParams::default();
    params.turn(KnobId::LimitFlashes, Value::Switch(false));
    params.turn(KnobId::ReducedMotion, Value::Switch(true));
    params.turn(KnobId::ColourVision, Value::Choice(2));
    let mut saved = params.serialize_fields();
    let other = KlangbildParams::default();
    other.deserialize_fields(&saved);
    let (found, wanted) = (other.controls(), params.controls());
    for id in KnobId::VIEWER {
        assert_eq!(found.get(*id), wanted.get(*id), "{id:?}");
    }
    assert!(other.viewer.take_untold() && !other.viewer.take_untold(), "it is said once");
    // A project from before there was a choice, and one that cannot be read.
    for broken in [None, Some("?"), Some(r#"{"flashlimit":"perhaps"}"#)] {
        saved.remove(VIEWER);
        saved.extend(broken.map(|text| (VIEWER.to_owned(), text.to_owned())));
        other.deserialize_fields(&saved);
        assert!(other.controls().limit_flashes && !other.viewer.take_untold(), "{broken:?}");
    }
}
