//! `klangbild hear` against what is known about a song.

use std::fs;
use std::path::Path;

use klangbild_tests::program::Scratch;
use klangbild_tests::score::{f_measure, merge, within};
use klangbild_tests::sound::Sound;
use serde_json::Value;

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
