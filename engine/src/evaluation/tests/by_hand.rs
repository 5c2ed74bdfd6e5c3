//! What mir_eval does not measure.

use super::annotation::Annotation;
use super::shown::{Collector, Hit, Hits, Shown};
use super::*;
use crate::hearing::Heard;

fn shown(beats: &[f64]) -> Shown {
    Shown { beats: beats.to_vec(), seconds: 30.0, ..Shown::default() }
}

fn truth(beats: &[f64], beats_per_bar: u32) -> Annotation {
    let places = (0..beats_per_bar).map(|place| Some(place + 1)).cycle();
    Annotation { beats: Some(beats.iter().copied().zip(places).collect()), ..Annotation::default() }
}

#[test]
fn lock_is_the_first_of_four_right_beats_in_a_row() {
    let beats = steady(1.0, 0.5, 40);
    assert_eq!(lock::lock_s(&beats, &beats), Some(0.0));
    assert_eq!(lock::lock_s(&beats, &beats[5..]), Some(2.5));
    // Three right ones and a wrong one lock nothing.
    let mut late = beats.clone();
    late[3] += 0.1;
    assert_eq!(lock::lock_s(&beats, &late), Some(2.0));
    // Neither twice nor half the tempo is the right level.
    assert_eq!(lock::lock_s(&beats, &steady(1.0, 0.25, 80)), Some(19.5), "never: all the time that there is");
    assert_eq!(lock::lock_s(&beats, &steady(1.0, 1.0, 20)), Some(19.5));
    assert_eq!(lock::lock_s(&beats, &[]), Some(19.5));
    assert_eq!(lock::lock_s(&beats[..3], &beats), None);
}

#[test]
fn relock_begins_at_the_jump() {
    let mut beats = steady(1.0, 0.6, 20);
    let jump_s = beats[19];
    beats.extend(steady(jump_s + 0.4, 0.4, 30));
    assert_eq!(lock::jumps(&beats), [19]);
    let mut found = beats.clone();
    found.drain(20..25);
    let relock_s = lock::relock_s(&beats, &found).expect("there is a jump");
    assert!((relock_s - 6.0 * 0.4).abs() < 1e-9, "{relock_s}");
    let stuck = steady(1.0, 0.6, 40);
    assert!((lock::relock_s(&beats, &stuck).expect("a jump") - 30.0 * 0.4).abs() < 1e-9);
}

#[test]
fn only_jumps_are_jumps() {
    let ramp: Vec<f64> = (0..60)
        .scan(0.0, |at_s, beat| {
            *at_s += 0.7 * 0.98_f64.powi(beat);
            Some(*at_s)
        })
        .collect();
    assert_eq!(lock::jumps(&ramp), [0; 0], "a ramp");
    let live: Vec<f64> =
        steady(1.0, 0.5, 60).iter().enumerate().map(|(at, t)| t + 0.012 * (at as f64 * 2.1).sin()).collect();
    assert_eq!(lock::jumps(&live), [0; 0], "live jitter");
    let mut pause = steady(1.0, 0.5, 20);
    pause.extend(steady(15.0, 0.5, 20));
    assert_eq!(lock::jumps(&pause), [0; 0], "a pause");
    let mut broken = steady(1.0, 0.5, 20);
    broken.extend(steady(broken[19] + 0.75, 0.5, 20));
    assert_eq!(lock::jumps(&broken), [19], "half a beat more");
}

#[test]
fn tempo_is_right_within_four_percent_or_at_another_level() {
    let accuracies = |bpm: f64| {
        let beats = steady(0.5, 0.5, 50);
        let score = Score::of(&truth(&beats, 4), &Shown { tempi: Some(vec![(6.0, bpm)]), ..shown(&beats) });
        (score.beats.tempo_accuracy_1, score.beats.tempo_accuracy_2)
    };
    assert_eq!(accuracies(124.0), (Some(1.0), Some(1.0)));
    assert_eq!(accuracies(126.0), (Some(0.0), Some(0.0)));
    for level in [240.0, 60.0, 360.0, 40.0] {
        assert_eq!(accuracies(level), (Some(0.0), Some(1.0)), "{level}");
    }
    assert_eq!(accuracies(0.0), (Some(0.0), Some(0.0)), "unknown");
}

#[test]
fn the_tempo_told_is_compared_beat_by_beat() {
    let mut beats = steady(0.5, 0.5, 40);
    beats.extend(steady(beats[39] + 0.6, 0.6, 40));
    let told = Shown { tempi: Some(vec![(1.0, 120.0), (20.0, 100.0)]), ..shown(&beats) };
    let stuck = Shown { tempi: Some(vec![(1.0, 120.0)]), ..shown(&beats) };
    let share = |shown: &Shown| Score::of(&truth(&beats, 4), shown).beats.tempo_share_right.expect("a share");
    assert!(share(&told) > 0.9, "{}", share(&told));
    assert!((0.3..0.5).contains(&share(&stuck)), "{}", share(&stuck));
}

#[test]
fn bars_are_scored_where_they_are_told() {
    let beats = steady(0.5, 0.5, 48);
    let told = |beats_per_bar: u32, first: u32| -> Vec<(f64, Option<u32>)> {
        (first..)
            .map(|at| Some(at % beats_per_bar + 1))
            .zip(&beats)
            .map(|(place, time_s)| (*time_s, place))
            .collect()
    };
    let score = |shown: &Shown| Score::of(&truth(&beats, 4), shown).beats;
    let right = score(&Shown::of_beats(&told(4, 0), 30.0));
    assert_eq!((right.downbeat_f_70ms, right.meter_right), (Some(1.0), Some(1.0)));
    let shifted = score(&Shown::of_beats(&told(4, 2), 30.0));
    assert_eq!((shifted.downbeat_f_70ms, shifted.meter_right), (Some(0.0), Some(1.0)));
    assert_eq!(score(&Shown::of_beats(&told(3, 0), 30.0)).meter_right, Some(0.0));
    let none = score(&shown(&beats));
    assert_eq!((none.f_70ms, none.downbeat_f_70ms, none.meter_right), (Some(1.0), None, None));
}

#[test]
fn the_first_five_seconds_are_not_scored() {
    let beats = steady(0.5, 0.5, 48);
    let late = Score::of(&truth(&beats, 4), &shown(&beats[9..])).beats;
    assert_eq!((late.f_70ms, late.cmlt, late.lock_s), (Some(1.0), Some(1.0), Some(4.5)));
}

#[test]
fn music_without_a_beat_counts_what_is_told_as_sure() {
    let beats = steady(1.0, 1.0, 20);
    let confidences = (0..20).map(|at| if at < 5 { 0.7 } else { 0.1 }).collect();
    let score = Score::of(&truth(&[], 4), &Shown { confidences: Some(confidences), ..shown(&beats) });
    assert_eq!(
        (score.beats.idle_beats_per_min, score.beats.idle_sure_beats_per_min),
        (Some(40.0), Some(10.0))
    );
    assert_eq!(score.beats.f_70ms, None);
    let error = score.calibration.error().expect("beats");
    assert!((error - (5.0 * 0.7 + 15.0 * 0.1) / 20.0).abs() < 1e-9, "none of them is right: {error}");
}

#[test]
fn a_confidence_is_honest_when_as_many_are_right() {
    let beats = steady(1.0, 1.0, 10);
    let mut found = beats.clone();
    found[2] += 0.3;
    found[7] -= 0.2;
    let honest = Calibration::of(&beats, &found, &[0.8; 10]);
    assert!(honest.error().expect("beats") < 1e-9, "8 in 10 are right");
    let boastful = Calibration::of(&beats, &found, &[1.0; 10]);
    assert!((boastful.error().expect("beats") - 0.2).abs() < 1e-9);
    let [bin] = boastful.bins()[..] else { panic!("one bin") };
    assert_eq!((bin.from, bin.beats, bin.said, bin.right), (0.9, 10, 1.0, 0.8));
    // Errors of opposite sign in two bins do not cancel, within a pool neither.
    let shy = Calibration::of(&beats, &beats, &[0.6; 10]);
    let pool = Calibration::pooled([&boastful, &shy]);
    assert!((pool.error().expect("beats") - 0.3).abs() < 1e-9);
    assert_eq!(Calibration::default().error(), None);
}

#[test]
fn hits_are_late_by_what_is_said_and_by_what_is_shown() {
    let drum = steady(0.5, 0.5, 20);
    let hits: Vec<Hit> = drum.iter().map(|t| Hit { began_s: t + 0.004, shown_s: t + 0.021 }).collect();
    let truth = Annotation {
        drums: annotation::Drums { kick: Some(drum), snare: Some(Vec::new()), hat: None },
        ..Annotation::default()
    };
    let extra = [Hit { began_s: 3.25, shown_s: 3.27 }; 1];
    let heard = Hits { kick: hits, snare: extra.to_vec(), hat: extra.to_vec(), onset: Vec::new() };
    let score = Score::of(&truth, &Shown { hits: Some(heard), ..shown(&[]) });
    assert_eq!((score.kick.f, score.kick.false_per_min), (Some(1.0), None));
    let late = |figure: Option<f64>| figure.expect("right hits").round();
    assert_eq!((late(score.kick.late_ms), late(score.kick.shown_late_ms)), (4.0, 21.0));
    assert_eq!((score.snare.f, score.snare.false_per_min), (None, Some(2.0)), "there is no snare");
    assert_eq!(score.hat, HitFigures::default(), "hats are not annotated");
}

#[test]
fn changes_of_section_are_false_where_there_are_none() {
    let named = |starts: &[f64]| Some(starts.iter().map(|start_s| (*start_s, "A".to_owned())).collect());
    let changes = Shown { sections: Some(vec![10.5, 27.0]), ..shown(&[]) };
    let score = |starts: &[f64]| {
        Score::of(&Annotation { sections: named(starts), ..Annotation::default() }, &changes).sections
    };
    assert_eq!((score(&[0.0, 8.0]).precision, score(&[0.0, 8.0]).recall), (Some(0.5), Some(1.0)));
    assert_eq!((score(&[0.0]).f_3s, score(&[0.0]).false_per_min), (None, Some(4.0)));
}

#[test]
fn what_counts_is_the_hop_that_shows_it() {
    let mut collector = Collector::default();
    let mut heard = Heard::default();
    for hop in 1..=400_u32 {
        heard.time_s = f64::from(hop) * 0.005;
        heard.tempo_bpm = if hop < 200 { 0.0 } else { 120.0 };
        heard.beat_confidence = f32::from(u8::from(hop > 250)) * 0.5;
        if hop.is_multiple_of(100) {
            heard.beat_count += 1;
        }
        if hop == 150 {
            (heard.kick.count, heard.kick.time_s) = (1, 0.731);
        }
        collector.hop(&heard);
    }
    let shown = collector.finish();
    assert_eq!(shown.beats, [0.5, 1.0, 1.5, 2.0]);
    assert_eq!(shown.confidences, Some(vec![0.0, 0.0, 0.5, 0.5]));
    assert_eq!(shown.hits.map(|hits| hits.kick), Some(vec![Hit { began_s: 0.731, shown_s: 0.75 }]));
    let tempi = shown.tempi.expect("tempi");
    assert!((19..=21).contains(&tempi.len()), "ten a second: {}", tempi.len());
    assert_eq!(tempi.iter().find(|(_, bpm)| *bpm > 0.0).map(|(time_s, _)| time_s.round()), Some(1.0));
}

#[test]
fn groups_count_alike_however_many_pieces_they_have() {
    let piece = |name: &str, group: &str, f: Option<f64>| PieceScore {
        name: name.into(),
        group: group.into(),
        split: None,
        seconds: 10.0,
        trackers: vec![TrackerScore {
            tracker: "ours".into(),
            pieces: 1,
            score: Score { beats: BeatFigures { f_70ms: f, ..BeatFigures::default() }, ..Score::default() },
        }],
    };
    let pieces = [("a", "swing", 0.9), ("b", "swing", 0.5), ("c", "swing", 0.7), ("d", "funk", 0.1)];
    let mut pieces: Vec<_> = pieces.iter().map(|(name, group, f)| piece(name, group, Some(*f))).collect();
    pieces.push(piece("e", "noise", None));
    let report = Report::new(pieces, &["ours".into(), "absent".into()]);
    let mean = report.mean[0].score.beats.f_70ms.expect("a mean");
    assert!((mean - 0.4).abs() < 1e-9, "the mean of 0.7 and 0.1 is {mean}");
    assert_eq!((report.mean.len(), report.mean[0].pieces), (1, 5));
    let names: Vec<&str> = report.worst(2).iter().map(|piece| piece.name.as_str()).collect();
    assert_eq!(names, ["d", "b"]);
}
