//! Annotations: what is read, and what is refused with its place.

use std::fs;

use super::annotation::{Annotation, Split};
use super::*;

fn read(name: &str, text: &str) -> Result<Annotation, String> {
    let folder = tempfile::tempdir().expect("makes a folder");
    let folder = folder.path().join("ballroom");
    fs::create_dir(&folder).expect("makes a folder");
    let path = folder.join(name);
    fs::write(&path, text).expect("writes");
    Annotation::read(&path).map_err(|error| error.to_string().replace(&format!("{}/", folder.display()), ""))
}

#[test]
fn all_fields() {
    let text = r#"{"group": "swing", "split": "keep", "seconds": 2.0, "beats": [[0.5, 1], [1.0, 2], [1.5, 3], [2, 1]],
        "meter": [3, 4], "tempo_bpm": null, "drums": {"kick": [0.5], "snare": []}, "sections": [[0.5, "A"]], "seed": 3}"#;
    let truth = read("a.json", text).expect("is right");
    assert_eq!((truth.group.as_str(), truth.split, truth.tempo_bpm), ("swing", Some(Split::Keep), None));
    assert_eq!(truth.downbeats(), Some(vec![0.5, 2.0]));
    assert_eq!(truth.beats_per_bar(), Some(3));
    assert_eq!((truth.drums.kick, truth.drums.snare, truth.drums.hat), (Some(vec![0.5]), Some(vec![]), None));
    assert_eq!((truth.onsets, truth.sections), (None, Some(vec![(0.5, "A".into())])));
}

#[test]
fn lines_of_beats() {
    let truth = read("a.beats", "# by hand\n0.5 1\n1.0\t2.0\n\n1.5, 1\n").expect("is right");
    assert_eq!(truth.beats, Some(vec![(0.5, Some(1)), (1.0, Some(2)), (1.5, Some(1))]));
    assert_eq!(truth.group, "ballroom", "the folder's name");
    let times = read("a.beats", "0.5\n1.0\n").expect("is right");
    assert_eq!((times.beat_times(), times.downbeats()), (Some(vec![0.5, 1.0]), None));
}

#[test]
fn a_compound_meter_is_felt_in_threes() {
    for (meter, beats) in [("[6, 8]", 2), ("[12, 8]", 4), ("[7, 8]", 7), ("[3, 8]", 3), ("[5, 4]", 5)] {
        let truth = read("a.json", &format!(r#"{{"meter": {meter}}}"#)).expect("is right");
        assert_eq!(truth.beats_per_bar(), Some(beats), "{meter}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let cases = [
        (
            "a.json",
            "{\"beats\":\n [[0.5, 1], [\"x\", 2]]}",
            "a.json, line 2, column 16 (beats[1][0]): invalid type: string \"x\"",
        ),
        (
            "a.json",
            "{\"beats\":\n [[1.0, 1], [0.5, 2]]\n}",
            "a.json, line 3, column 1 (beats): entry 2: 0.5 s comes after 1 s, but times must rise",
        ),
        ("a.json", "{\"beats\": [[1.0, 0]]}", "beat 1 has place 0 in its bar"),
        ("a.json", "{\"drums\": {\"kick\": [-1.0]}}", "(drums.kick): entry 1: -1 is no time in seconds"),
        ("a.json", "{\"onsets\": [1.0", "a.json, line 1, column 15"),
        ("a.json", "{} x", "a.json, line 1, column 4: trailing characters"),
        ("a.json", "{\"split\": \"test\"}", "(split): unknown variant `test`, expected `tune` or `keep`"),
        ("a.json", "{\"meter\": [4, 0]}", "4/0 is no meter"),
        ("a.json", "{\"tempo_bpm\": 0}", "(tempo_bpm): a tempo of 0"),
        ("a.beats", "0.5 1\n1.0 x\n", "a.beats, line 2, column 5: \"x\" where a place in the bar"),
        ("a.beats", "0.5\n  one\n", "a.beats, line 2, column 3: \"one\" where a time"),
        ("a.beats", "0.5\n0.4\n", "a.beats, line 2, column 1: 0.4 s comes after 0.5 s"),
        ("a.beats", "nan\n", "a.beats, line 1, column 1: NaN is no time"),
    ];
    for (name, text, expected) in cases {
        let error = read(name, text).expect_err(text);
        assert!(error.contains(expected), "{text}\n gives {error}\n not {expected}");
        assert!(error.ends_with(": mend the file"), "{error}");
    }
}

#[test]
fn a_set_is_songs_with_annotations() {
    let folder = tempfile::tempdir().expect("makes a folder");
    let find = || set::find(folder.path()).map_err(|error| error.to_string());
    assert!(find().expect_err("it is empty").contains("there is nothing to score"));
    for name in ["b.wav", "b.json", "b.beats", "a.FLAC", "a.beats", "lonely.wav", "set.json", "readme.txt"] {
        fs::write(folder.path().join(name), "").expect("writes");
    }
    let set = find().expect("two pieces");
    let file = |path: &std::path::Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let pieces: Vec<_> =
        set.pieces.iter().map(|piece| (file(&piece.song), file(&piece.annotation))).collect();
    assert_eq!(
        pieces,
        [("a.FLAC", "a.beats"), ("b.wav", "b.json")].map(|(a, b)| (a.to_owned(), b.to_owned()))
    );
    assert_eq!(set.left_out.iter().map(|path| file(path)).collect::<Vec<_>>(), ["lonely.wav", "set.json"]);
    assert!(
        set::find(&folder.path().join("none")).is_err_and(|error| error.to_string().contains("cannot read"))
    );
}
