//! What is read from heads, and what is said about those that are wrong.

use super::*;

fn read(head: &str) -> Isf {
    Isf::read(&format!("/*{head}*/ void main() {{}}")).unwrap()
}

fn input(input: &str) -> InputKind {
    read(&format!(r#"{{ "INPUTS": [ {{ "NAME": "x", {input} }} ] }}"#)).inputs.remove(0).kind
}

#[test]
fn heads_say_what_a_file_is() {
    let isf = read(
        r#"{ "DESCRIPTION": "Rain", "CREDIT": "Somebody", "ISFVSN": "2.0", "CATEGORIES": ["Generator", "Weather"] }"#,
    );
    assert_eq!((isf.description.as_str(), isf.credit.as_str(), isf.version), ("Rain", "Somebody", 2));
    assert_eq!(
        (isf.categories, isf.passes),
        (vec!["Generator".to_owned(), "Weather".to_owned()], vec![Pass::default()])
    );
    assert_eq!(read("{}").version, 1);
    for (name, kind) in [
        ("plain-colour.fs", Kind::Generator),
        ("untouched.fs", Kind::Filter),
        ("dissolve.fs", Kind::Transition),
        ("audio-bars.fs", Kind::Generator),
    ] {
        assert_eq!(file(name).0.kind, kind, "{name}");
    }
}

#[test]
fn inputs_have_the_bounds_that_are_meant() {
    let float = |min, max, default| InputKind::Float { min, max, default, identity: None };
    for (text, expected) in [
        (r#""TYPE": "event""#, InputKind::Event),
        (r#""TYPE": "bool", "DEFAULT": 1"#, InputKind::Bool { default: true }),
        (r#""TYPE": "bool", "DEFAULT": "false""#, InputKind::Bool { default: false }),
        (r#""TYPE": "float""#, float(0.0, 1.0, 0.5)),
        (r#""TYPE": "float", "DEFAULT": 5"#, float(0.0, 5.0, 5.0)),
        (r#""TYPE": "float", "MIN": "-1.5", "MAX": 2, "DEFAULT": 9"#, float(-1.5, 2.0, 2.0)),
        (r#""TYPE": "float", "MIN": 2, "MAX": 1, "DEFAULT": 1"#, float(1.0, 2.0, 1.0)),
        (r#""TYPE": "float", "MIN": 1"#, float(1.0, 1.0, 1.0)),
        (r#""TYPE": "image""#, InputKind::Image),
        (r#""TYPE": "audio""#, InputKind::Audio { samples: None }),
        (r#""TYPE": "audioFFT", "MAX": 1e9"#, InputKind::AudioFft { bins: Some(limits::SAMPLES) }),
        (r#""TYPE": "color", "DEFAULT": [1, 0.5]"#, InputKind::Color { default: [1.0, 0.5, 0.0, 1.0] }),
        (r#""TYPE": "point2D", "DEFAULT": [3, 4]"#, InputKind::Point2D { range: None, default: [3.0, 4.0] }),
        (
            r#""TYPE": "point2D", "MIN": [0, 1], "MAX": [1, 0]"#,
            InputKind::Point2D { range: Some([[0.0, 0.0], [1.0, 1.0]]), default: [0.5, 0.5] },
        ),
        (
            r#""TYPE": "long", "VALUES": [4, 2], "LABELS": ["four"], "DEFAULT": 3"#,
            InputKind::Long {
                choices: vec![(4, "four".to_owned()), (2, "2".to_owned())],
                min: 2,
                max: 4,
                default: 4,
            },
        ),
        (
            r#""TYPE": "long", "MIN": 1, "MAX": 5, "DEFAULT": 7"#,
            InputKind::Long { choices: vec![], min: 1, max: 5, default: 5 },
        ),
    ] {
        assert_eq!(input(text), expected, "{text}");
    }
}

#[test]
fn passes_have_the_sizes_that_are_written() {
    let (isf, _) = file("size-by-inputs.fs");
    let value = |name: &str| match name {
        "quality" => Some(0.25),
        "cells" => Some(16.0),
        _ => None,
    };
    let sizes: Vec<_> = isf.passes.iter().map(|pass| pass.size_px([640, 360], value)).collect();
    assert_eq!(sizes, [[160, 90], [16, 1], [640, 360]]);
    assert_eq!(isf.passes[0].size_px([1, 1], value), [8, 8]);
    assert!(isf.passes[0].float && !isf.passes[1].float);

    let (isf, _) = file("isf-1-buffers.fs");
    assert_eq!(isf.passes[0].size_px([640, 360], |_| None), [64, 90]);
    assert!(isf.passes[0].persistent && isf.passes[0].float && !isf.passes[1].persistent);
    assert!(file("isf-1-list.fs").0.passes[0].persistent);

    for (size, expected) in
        [("-5", 1), ("0", 1), ("1e30", limits::SIDE_PX), ("1/0", 100), ("0/0", 100), ("10.9", 10)]
    {
        let isf = read(&format!(r#"{{ "PASSES": [ {{ "TARGET": "a", "WIDTH": "{size}" }} ] }}"#));
        assert_eq!(isf.passes[0].size_px([100, 100], |_| None), [expected, 100], "{size}");
    }
}

#[test]
fn imported_pictures_have_names_and_paths() {
    let path = |name: &str, path: &str| Imported { name: name.to_owned(), path: path.to_owned() };
    assert_eq!(
        file("imported-object.fs").0.imported,
        [path("paper", "paper.png"), path("ramp", "images/ramp.png")]
    );
    assert_eq!(file("imported-list.fs").0.imported, [path("grain", "grain.png")]);
}

#[test]
fn careless_heads_are_read() {
    let isf = file("lenient-head.fs").0;
    let names: Vec<_> = isf.inputs.iter().map(|input| input.name.as_str()).collect();
    assert_eq!(names, ["gain", "on", "off"]);
    assert_eq!(isf.inputs[0].kind, InputKind::Float { min: 0.0, max: 2.0, default: 0.5, identity: None });
    assert_eq!((isf.description.as_str(), isf.version), ("Tabs\tand\nline breaks in texts", 2));
    assert_eq!((isf.categories.len(), isf.passes.len(), isf.passes[0].target.is_none()), (1, 1, true));
    file("licence-first.fs");
}

#[test]
fn wrong_heads_are_told_by_line_or_key() {
    let inputs = format!("/*{{ \"INPUTS\": [{}] }}*/", r#"{ "NAME": "x", "TYPE": "image" },"#.repeat(1000));
    let passes = format!("/*{{ \"PASSES\": [{}] }}*/", r#"{ "TARGET": "x" },"#.repeat(33));
    for (text, message) in [
        ("void main() {}", "no ISF head"),
        ("/* only words */ void main() {}", "no ISF head"),
        ("/*{ \"never\": \"ends\"", "no ISF head"),
        ("/*{\n\"A\": nonsense\n}*/", "line 2: the head is not JSON: \"nonsense\""),
        ("\n/*\n{\n\"A\" 1 }*/", "line 4: the head is not JSON"),
        (r#"/*{ "INPUTS": [ 3 ] }*/"#, "INPUTS[0] in the head: expected an object"),
        (r#"/*{ "INPUTS": [ { "TYPE": "float" } ] }*/"#, "INPUTS[0] in the head: it has no NAME"),
        (
            r#"/*{ "INPUTS": [ { "NAME": "a b", "TYPE": "float" } ] }*/"#,
            "\"a b\" cannot be the name of a variable",
        ),
        (
            r#"/*{ "INPUTS": [ { "NAME": "a", "TYPE": "bool" }, { "NAME": "a", "TYPE": "bool" } ] }*/"#,
            "a second input a",
        ),
        (
            r#"/*{ "PASSES": [ { "TARGET": "x", "WIDTH": "$WIDTH +" } ] }*/"#,
            "PASSES[0].WIDTH in the head: ends too early",
        ),
        (r#"/*{ "PASSES": [ { "TARGET": "x", "HEIGHT": "$what" } ] }*/"#, "nothing is called $what"),
        (r#"/*{ "IMPORTED": { "x": {} } }*/"#, "IMPORTED.x in the head: it has no PATH"),
        (&inputs, "the number of INPUTS is 1000, over the limit of 256"),
        (&passes, "the number of PASSES is 33, over the limit of 32"),
    ] {
        let error = Isf::read(text).unwrap_err().to_string();
        assert!(error.contains(message), "{error:?} does not say {message:?}");
    }
}
