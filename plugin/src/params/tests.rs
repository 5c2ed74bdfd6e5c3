use std::collections::HashSet;

use klangbild_engine::knobs::Kind;

use super::*;

fn all() -> (KlangbildParams, Vec<(String, ParamPtr)>) {
    let params = KlangbildParams::default();
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
    assert_eq!(map.len(), KnobId::ALL.len());
    for (id, (key, param, group)) in KnobId::ALL.iter().zip(map) {
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
        "next",
        "capture",
        "record",
        "bounce",
        "bypass",
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
fn the_defaults_are_the_renderers() {
    let params = KlangbildParams::default();
    assert_eq!(params.controls(), Controls::default());
}

#[test]
fn notes_choose_scenes_until_the_parameter_moves() {
    let params = KlangbildParams::default();
    params.triggers.note(38);
    assert_eq!(params.controls().scene.name(), "kaleidoscope");
    params.turn(KnobId::Scene, Value::Choice(1));
    assert_eq!(params.controls().scene.name(), "flow");
    params.triggers.note(60);
    assert_eq!(params.controls().picture, 1);
}
