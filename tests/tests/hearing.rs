//! `klangbild hear` against what is known about a song.

use std::fs;
use std::path::Path;

use klangbild_tests::program::{Outcome, Scratch};
use klangbild_tests::score::{f_measure, merge, within};
use klangbild_tests::sound::Sound;
use serde_json::{Value, json};

use crate::{demo_folder, klangbild};

/// A beat tracker may take this long to find the beat; evaluations of beat trackers leave it out.
const SETTLING_S: f64 = 5.0;

/// The lines of `hear --json`.
fn hear(song: &Path) -> Vec<Value> {
    let heard = klangbild().arg("hear").arg(song).arg("--json").run().succeeds();
    heard.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// Times at which a counter of hits rose.
fn hits(heard: &[Value], drum: &str) -> Vec<f64> {
    let mut times_s = Vec::new();
    let mut before = 0;
    for hop in heard {
        let count = hop[drum]["count"].as_u64().unwrap_or_else(|| panic!("no {drum}.count in {hop}"));
        if count > before {
            times_s.push(hop[drum]["time_s"].as_f64().expect("a hit has a time"));
        }
        before = count;
    }
    times_s
}

/// Times at which a beat fell.
fn beats(heard: &[Value]) -> Vec<f64> {
    let mut times_s = Vec::new();
    let mut before = 0;
    for hop in heard {
        let count = hop["beat_count"].as_u64().expect("beat_count");
        if count > before {
            times_s.push(hop["time_s"].as_f64().expect("time_s"));
        }
        before = count;
    }
    times_s
}

fn column(heard: &[Value], name: &str, from_s: f64, to_s: f64) -> Vec<f64> {
    let inside = |hop: &&Value| (from_s..to_s).contains(&hop["time_s"].as_f64().expect("time_s"));
    heard.iter().filter(inside).map(|hop| hop[name].as_f64().unwrap_or_else(|| panic!("no {name}"))).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[test]
fn clicks_and_their_beat() {
    let scratch = Scratch::new();
    for tempo_bpm in [96.0, 120.0, 140.0] {
        let clicks_s: Vec<f64> =
            (1..).map(|i| f64::from(i) * 60.0 / tempo_bpm).take_while(|t| *t < 19.9).collect();
        let song = Sound::clicks(44_100, 20.0, &clicks_s).write(&scratch.path("clicks.wav"), 2);
        let heard = hear(&song);

        let onsets = f_measure(&hits(&heard, "onset"), &clicks_s);
        assert!(onsets >= 0.95, "{tempo_bpm} BPM: onsets score {onsets:.3}");
        let found = within(&beats(&heard), SETTLING_S, 20.0);
        let score = f_measure(&found, &within(&clicks_s, SETTLING_S, 20.0));
        assert!(score >= 0.95, "{tempo_bpm} BPM: beats score {score:.3}: {found:.2?}");
        let tempo = heard.last().expect("hops")["tempo_bpm"].as_f64().expect("tempo_bpm");
        assert!((tempo - tempo_bpm).abs() < 2.0, "{tempo_bpm} BPM is heard as {tempo}");
    }
}

#[test]
fn the_demo_song() {
    let truth = fs::read_to_string(demo_folder().join("truth.json")).expect("reads truth.json");
    let truth: Value = serde_json::from_str(&truth).expect("truth.json is JSON");
    let times = |value: &Value| -> Vec<f64> {
        value.as_array().expect("a list").iter().map(|time| time.as_f64().expect("a time")).collect()
    };
    let [kick, snare, hat, notes] =
        ["kick", "snare", "hat", "notes"].map(|kind| times(&truth["onsets"][kind]));
    let true_beats = times(&truth["beats"]);
    let (from_s, to_s) = (true_beats[0] - 0.05, true_beats[true_beats.len() - 1] + 0.4);
    let heard = hear(&demo_folder().join("song.ogg"));

    let kicks = f_measure(&hits(&heard, "kick"), &kick);
    // Notes of the bass begin in the same band, and some of them are taken for kicks.
    assert!(kicks >= 0.8, "kicks score {kicks:.3}");
    let all = within(&merge(&[&kick, &snare, &hat, &notes]), from_s, to_s);
    let onsets = f_measure(&within(&hits(&heard, "onset"), from_s, to_s), &all);
    assert!(onsets >= 0.85, "onsets score {onsets:.3}");
    let settled_s = true_beats[0] + SETTLING_S;
    let found = within(&beats(&heard), settled_s, to_s);
    let score = f_measure(&found, &within(&true_beats, settled_s, to_s));
    assert!(score >= 0.85, "beats score {score:.3}: {found:.2?}");
    let tempo = mean(&column(&heard, "tempo_bpm", settled_s, to_s));
    assert!((tempo - 124.0).abs() < 2.0, "the tempo is heard as {tempo:.1}");
}

#[test]
fn one_line_per_hop_with_every_field() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 2.0).write(&scratch.path("song.wav"), 2);
    let heard = hear(&song);
    let times_s: Vec<f64> = heard.iter().map(|hop| hop["time_s"].as_f64().expect("time_s")).collect();
    let hops_s: Vec<f64> = times_s.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(hops_s.iter().all(|hop_s| (0.003..0.007).contains(hop_s)), "hops of {:?} s", hops_s.first());
    assert!((times_s[times_s.len() - 1] - 2.0).abs() < 0.02);
    for hop in &heard {
        for name in [
            "loudness",
            "level",
            "presence",
            "bass",
            "mid",
            "treble",
            "beat_phase",
            "beat_confidence",
            "brightness",
            "flatness",
        ] {
            let value = hop[name].as_f64().unwrap_or_else(|| panic!("no {name} in {hop}"));
            assert!((0.0..=1.0).contains(&value), "{name} is {value}");
        }
        assert_eq!(hop["bands"].as_array().map(Vec::len), Some(24));
        assert_eq!(hop["chroma"].as_array().map(Vec::len), Some(12));
    }
}

#[test]
fn quiet_and_loud_masters_move_the_picture_alike() {
    let scratch = Scratch::new();
    let loud = Sound::music(44_100, 12.0);
    let mut quiet = loud.clone();
    quiet.samples.iter_mut().for_each(|sample| *sample *= 0.03); // 30 dB down
    let level = |sound: &Sound, name: &str| {
        mean(&column(&hear(&sound.write(&scratch.path(name), 2)), "loudness", 6.0, 12.0))
    };
    let (loud, quiet) = (level(&loud, "loud.wav"), level(&quiet, "quiet.wav"));
    assert!(quiet > 0.7 * loud, "30 dB down, loudness is {quiet:.2} and not {loud:.2}");
}

#[test]
fn silence_is_heard_as_silence() {
    let scratch = Scratch::new();
    let song = Sound::silence(48_000, 4.0).write(&scratch.path("song.wav"), 2);
    let heard = hear(&song);
    let last = heard.last().expect("hops");
    for name in ["loudness", "level", "presence", "bass", "mid", "treble"] {
        assert_eq!(last[name].as_f64(), Some(0.0), "{name}");
    }
    assert_eq!(hits(&heard, "onset"), [0.0; 0]);
    assert_eq!(beats(&heard), [0.0; 0]);
}

#[test]
fn the_table_is_for_people() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 2.0).write(&scratch.path("song.wav"), 2);
    let heard = klangbild().arg("hear").arg(&song).run().succeeds();
    assert!(heard.stdout.contains("bpm"), "{}", heard.stdout);
    assert!(!heard.stdout.trim_start().starts_with('{'));
}

/// A folder with two annotated songs: clicks and kicks at 120 BPM in fours, without a snare, and a tone that has no
/// beat; and the true beats as another tracker's, and half of them as one's that is not as good.
fn annotated(scratch: &Scratch) {
    let folders = ["set", "perfect", "half"].map(|name| scratch.path(name));
    folders.iter().for_each(|folder| fs::create_dir(folder).expect("makes a folder"));
    let beats_s: Vec<f64> = (1..40).map(|beat| 0.5 * f64::from(beat)).collect();
    let mut clicks = Sound::clicks(44_100, 20.0, &beats_s);
    beats_s.iter().for_each(|beat_s| clicks.add_kick(*beat_s));
    clicks.write(&folders[0].join("clicks.wav"), 1);
    let beats: Vec<Value> = beats_s.iter().zip(0..).map(|(beat_s, at)| json!([beat_s, at % 4 + 1])).collect();
    let clicks = json!({
        "group": "steady", "split": "keep", "beats": beats, "meter": [4, 4], "tempo_bpm": 120.0,
        "drums": {"kick": beats_s, "snare": []}, "onsets": beats_s,
    });
    fs::write(folders[0].join("clicks.json"), clicks.to_string()).expect("writes");
    Sound::tone(48_000, 12.0, 440.0, 0.3).write(&folders[0].join("tone.wav"), 2);
    let tone =
        json!({"group": "still", "split": "tune", "beats": [], "tempo_bpm": null, "drums": {"kick": []}});
    fs::write(folders[0].join("tone.json"), tone.to_string()).expect("writes");
    for (folder, step) in [(&folders[1], 1), (&folders[2], 2)] {
        let lines: Vec<String> =
            beats_s.iter().step_by(step).map(|beat_s| format!("{beat_s:.3}\n")).collect();
        fs::write(folder.join("clicks.beats"), lines.concat()).expect("writes");
        fs::write(folder.join("tone.beats"), "").expect("writes");
    }
}

fn evaluate(scratch: &Scratch, options: &str) -> Outcome {
    klangbild().arg("hear").arg("--evaluate").arg(scratch.path("set")).args(options).run()
}

#[test]
fn hearing_is_scored_against_annotations() {
    let scratch = Scratch::new();
    annotated(&scratch);
    let estimates = |name: &str| format!("--estimates {name}={}", scratch.path(name).display());
    let options = format!("--json {} {}", estimates("perfect"), estimates("half"));
    let report: Value = serde_json::from_str(&evaluate(&scratch, &options).succeeds().stdout).expect("JSON");
    let [steady, still] = ["steady", "still"].map(|name| {
        let groups = report["groups"].as_array().expect("groups");
        groups.iter().find(|group| group["group"] == name).unwrap_or_else(|| panic!("no {name} in {report}"))
    });
    let figure = |group: &Value, tracker: usize, part: &str, figure: &str| {
        group["trackers"][tracker][part][figure].as_f64()
    };
    let ours =
        |part: &str, name: &str| figure(steady, 0, part, name).unwrap_or_else(|| panic!("no {part}.{name}"));
    assert!(ours("beats", "f_70ms") > 0.9 && ours("beats", "cmlt") > 0.9, "{steady}");
    assert_eq!(ours("beats", "tempo_accuracy_1"), 1.0);
    assert!((0.0..6.0).contains(&ours("beats", "lock_s")), "{steady}");
    assert!(ours("kick", "f") > 0.9 && ours("onset", "f") > 0.9, "{steady}");
    assert!((5.0..50.0).contains(&ours("kick", "shown_late_ms")), "hits are shown after they fall: {steady}");
    assert_eq!(figure(steady, 0, "snare", "f"), None, "there is no snare to be found");
    assert!(ours("snare", "false_per_min") >= 0.0);
    assert_eq!(figure(still, 0, "beats", "f_70ms"), None, "there is no beat to be found");
    assert_eq!(figure(still, 0, "beats", "idle_sure_beats_per_min"), Some(0.0));

    assert_eq!(steady["trackers"][1]["tracker"], "perfect");
    assert_eq!(figure(steady, 1, "beats", "f_50ms"), Some(1.0));
    assert_eq!(figure(steady, 2, "beats", "cmlt"), Some(0.0));
    assert_eq!(figure(steady, 2, "beats", "amlt"), Some(1.0));
    assert_eq!(figure(steady, 2, "beats", "tempo_accuracy_2"), Some(1.0));
    assert_eq!(report["mean"][0]["beats"]["f_70ms"], steady["trackers"][0]["beats"]["f_70ms"]);
    assert_eq!((&report["problems"], &report["left_out"]), (&json!([]), &json!([])));

    let table = evaluate(&scratch, &options.replace("--json", "")).succeeds().stdout;
    for heading in ["klangbild: beats", "klangbild: kick", "half: beats", "mean over groups", "worst pieces"]
    {
        assert!(table.contains(heading), "no {heading:?} in\n{table}");
    }
    let kept = evaluate(&scratch, "--split keep").succeeds().stdout;
    assert!(kept.contains("steady") && !kept.contains("still"), "{kept}");
}

#[test]
fn a_broken_annotation_is_told_and_the_others_are_scored() {
    let scratch = Scratch::new();
    annotated(&scratch);
    let broken = "{\"group\": \"still\",\n \"beats\": [[0.5, 1], [\"soon\", 2]]}";
    fs::write(scratch.path("set").join("tone.json"), broken).expect("writes");
    let outcome = evaluate(&scratch, "").fails(1, &["not everything"]);
    let told = outcome.stderr.lines().find(|line| line.contains("tone.json")).expect("the file is named");
    assert!(told.contains("line 2, column") && told.contains("beats[1][0]"), "{told}");
    assert!(outcome.stdout.contains("steady"), "{}", outcome.stdout);
    evaluate(&scratch, "--split tune").fails(1, &["not everything"]);
}

#[test]
fn what_cannot_be_evaluated() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("set")).expect("makes a folder");
    evaluate(&scratch, "").fails(1, &["there is nothing to score", "NAME.json"]);
    fs::remove_dir(scratch.path("set")).expect("removes a folder");
    evaluate(&scratch, "").fails(1, &["cannot read"]);
    annotated(&scratch);
    fs::remove_file(scratch.path("set").join("tone.json")).expect("removes");
    evaluate(&scratch, "--split tune").fails(1, &["leave out --split"]);
    evaluate(&scratch, "--estimates none=nowhere").fails(1, &["nowhere", "none"]);
    evaluate(&scratch, "--estimates nowhere").fails(2, &["equals sign"]);
    klangbild().args("hear").run().fails(2, &["required"]);
    klangbild().args("hear song.wav --split keep").run().fails(2, &["--split", "song"]);
}
