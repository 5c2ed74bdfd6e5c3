use std::collections::HashSet;

use super::*;
use crate::controls::Controls;

#[test]
fn every_row_can_be_shown_told_apart_and_turned() {
    let keys: HashSet<_> = table::KNOBS.iter().map(|knob| knob.key).collect();
    let labels: HashSet<_> = table::KNOBS.iter().map(|knob| knob.label).collect();
    assert_eq!((keys.len(), labels.len()), (table::KNOBS.len(), table::KNOBS.len()));
    for knob in table::KNOBS {
        assert!((1..=20).contains(&knob.label.chars().count()), "{}", knob.label);
        assert!(knob.help.ends_with('.') && !knob.help.contains('\n'), "{}: {}", knob.label, knob.help);
        assert!(knob.kind.bears(knob.default()), "{}", knob.label);
        let controls = Controls::default();
        assert_eq!(controls.get(knob.id), (!knob.is_act()).then(|| knob.default()), "{}", knob.label);
    }
    for group in Group::ALL {
        assert!(group.knobs().next().is_some(), "{}", group.name());
    }
}

#[test]
fn a_flag_brings_back_the_very_same_value() {
    let mut controls = Controls {
        scene: Scene::Flow,
        seed: u64::MAX - 1,
        speed: 0.1 + 0.2,
        hue: -59.999_996,
        beat_division: BeatDivision::Eight,
        freeze: true,
        ..Controls::default()
    };
    let told: Vec<_> = controls.changed().map(|(id, value)| (id, value.flag(id))).collect();
    assert_eq!(told.len(), 6);
    let mut again = Controls::default();
    for (id, words) in told {
        again.set(id, Value::parse_flag(id, &words).unwrap());
    }
    assert_eq!(again, controls);
    controls.set(KnobId::Capture, Value::Switch(true));
    assert_eq!(again, controls, "what is done is turned by nobody");
    assert!(Value::parse_flag(KnobId::Scene, "sunset").unwrap_err().contains("kaleidoscope"));
}

#[test]
fn what_is_out_of_range_is_named_and_brought_into_it() {
    assert_eq!(Controls::default().out_of_range(), None);
    let wild = Controls { zoom: f32::NAN, bloom: 99.0, bass_sensitivity: 8.0, ..Controls::default() };
    let (id, found, expected) = wild.out_of_range().unwrap();
    assert_eq!((id, found.as_str(), expected.as_str()), (KnobId::Zoom, "NaN", "from 0.5 to 4"));
    let tame = wild.bounded();
    assert_eq!((tame.zoom, tame.bloom, tame.bass_sensitivity), (1.0, 3.0, 8.0));
}
