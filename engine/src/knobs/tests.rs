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
        scene: Scene::FLOW,
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

const BEGIN: &str = "<!-- knobs: made from engine/src/knobs/table.rs -->\n";
const END: &str = "<!-- end of knobs -->";

/// The table as the README shows it.
fn readme_table() -> String {
    let mut lines = String::from("| | knob | from, to (at first) | flag | |\n|---|---|---|---|---|\n");
    for group in Group::ALL {
        let mut name = group.name();
        for knob in group.knobs() {
            let flag = if knob.is_act() { String::new() } else { format!("`--{}`", knob.flag()) };
            lines += &format!("| {name} | {} | {} | {flag} | {} |\n", knob.label, reach(knob), knob.help);
            name = "";
        }
    }
    lines
}

fn reach(knob: &Knob) -> String {
    match knob.kind {
        Kind::Number(number) => {
            let of_percent = if number.unit == Unit::Percent { 100.0 } else { 1.0 };
            let [min, max, default] =
                [number.min, number.max, number.default].map(|value| value * of_percent);
            let unit = number.unit.suffix();
            format!("{min:.1} to {max:.1}{unit} ({default:.1}{unit})").replace(".0", "")
        }
        Kind::Whole(whole) => format!("{} to {} ({})", whole.min, whole.max, whole.default),
        Kind::Switch { default } => format!("on, off ({})", if default { "on" } else { "off" }),
        Kind::Choice(choices) => format!("{} ({})", choices.names.join(", "), choices.names[choices.default]),
        Kind::Scene => "`klangbild scene list` lists them (picture)".to_owned(),
        Kind::Act => String::new(),
    }
}

/// After a change of the table: `KLANGBILD_BLESS=1 cargo test --profile fast -p klangbild-engine readme`.
#[test]
fn the_readme_shows_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the README has a place for the table");
    let (shown, after) = rest.split_once(END).unwrap();
    let wanted = readme_table();
    if std::env::var_os("KLANGBILD_BLESS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
    } else {
        assert_eq!(shown, wanted, "the README's table is stale: see this test");
    }
}

/// The lines of all Rust files of engine and plugin besides tests and the table.
fn sources(folder: &std::path::Path, each: &mut impl FnMut(&std::path::Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") || path.ends_with("tests.rs") || path.ends_with("table.rs") {
            continue;
        }
        if path.is_dir() {
            sources(&path, each);
        } else if path.extension().is_some_and(|end| end == "rs") {
            each(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// What makes a new knob cheap: nobody but the table knows its words.
#[test]
fn the_words_of_a_row_stand_nowhere_else() {
    for folder in ["src", "../plugin/src"] {
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut |path, text| {
            for knob in table::KNOBS {
                for words in [knob.label, knob.help] {
                    let quoted = format!("\"{words}\"");
                    assert!(!text.contains(&quoted), "{quoted} stands in {} too", path.display());
                }
            }
        });
    }
}
