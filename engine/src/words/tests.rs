use std::sync::Arc;

use serde::Deserialize;

use super::tensors::tests::{file, float_bytes};
use super::*;
use crate::controls::Controls;
use crate::hearing::Heard;
use crate::motion::{Motion, Point, sphere};
use crate::pack::Pack;

/// A table of two words in a space of three dimensions, with one thing changed.
fn tiny(change: impl Fn(&str, &mut Vec<usize>, &mut Vec<u8>)) -> Vec<u8> {
    let mut tensors = vec![
        ("vectors", "I8", vec![2, 2], vec![127, 0, 0, 127]),
        ("scales", "F32", vec![2], float_bytes(&[0.01, 0.01])),
        ("vocabulary", "U8", vec![8], b"sea\nfire".to_vec()),
        ("hidden.weight", "F32", vec![2, 2], float_bytes(&[4.0, 0.0, 0.0, 4.0])),
        ("hidden.bias", "F32", vec![2], float_bytes(&[0.0; 2])),
        ("out.weight", "F32", vec![3, 2], float_bytes(&[1.0, 0.0, 0.0, 1.0, 0.0, 0.0])),
        ("out.bias", "F32", vec![3], float_bytes(&[0.0; 3])),
        ("music", "F32", vec![3], float_bytes(&[0.0, 0.0, 0.5])),
        ("reach", "F32", vec![1], float_bytes(&[1.0])),
    ];
    for (name, _, shape, bytes) in &mut tensors {
        change(name, shape, bytes);
    }
    file(&tensors)
}

#[test]
fn a_phrase_lies_where_its_words_say_around_the_mean_of_music() {
    let table = Table::read("words", &tiny(|_, _, _| {}), 3).unwrap();
    let (sea, fire) = (table.embed("the SEA").unwrap(), table.embed("fire!").unwrap());
    assert!(sea[0] > 0.8 && sea[1].abs() < 1e-6 && sea[2] > 0.3, "{sea:?}");
    assert!(fire[1] > 0.8, "{fire:?}");
    let both = table.embed("fire and sea").unwrap();
    assert!((both[0] - both[1]).abs() < 1e-6 && both[0] > 0.5, "{both:?}");
    let error = table.embed("quux 42").unwrap_err().to_string();
    assert!(error.contains("quux 42") && error.contains("in other words"), "{error}");
}

#[test]
fn a_strangers_table_is_refused_in_words() {
    let refused = |name: &'static str, shape: Vec<usize>, bytes: Vec<u8>, needle: &str| {
        let bent = tiny(|tensor, own_shape, own| {
            if tensor == name {
                own_shape.clone_from(&shape);
                own.clone_from(&bytes);
            }
        });
        let error = Table::read("odd/words", &bent, 3).unwrap_err().to_string();
        assert!(error.contains("odd/words") && error.contains(needle), "{name}: {error}");
    };
    refused("vocabulary", vec![3], b"sea".to_vec(), "pieces");
    refused("vocabulary", vec![7], b"sea\nsea".to_vec(), "pieces");
    refused("vocabulary", vec![2], vec![0xff, 0xfe], "UTF-8");
    refused("vectors", vec![4], vec![0; 4], "[V, D]");
    refused("vectors", vec![0, 2], Vec::new(), "limit");
    refused("scales", vec![1], float_bytes(&[1.0]), "scales");
    refused("hidden.weight", vec![1, 4], float_bytes(&[0.0; 4]), "hidden");
    refused("out.bias", vec![3], float_bytes(&[0.0, f32::INFINITY, 0.0]), "finite");
    refused("reach", vec![1], float_bytes(&[-1.0]), "reach");
    refused("music", vec![2], float_bytes(&[0.0; 2]), "encoder's embedding");
    let error = Table::read("words", &tiny(|_, _, _| {}), 512).unwrap_err().to_string();
    assert!(error.contains("512"), "{error}");
}

#[derive(Deserialize)]
struct Fixture {
    phrase: String,
    embedding: Vec<f32>,
}

#[test]
fn the_shipped_table_reads_as_the_training_does() {
    let text = include_str!("../../../models/default/fixtures/words.json");
    let fixtures: Vec<Fixture> = serde_json::from_str(text).unwrap();
    let table = Pack::load("default").unwrap().words.unwrap().table;
    assert!(fixtures.len() >= 5);
    for Fixture { phrase, embedding } in fixtures {
        let found = table.embed(&phrase).unwrap();
        let off = found.iter().zip(&embedding).map(|(a, b)| (a - b).abs()).fold(0.0_f32, f32::max);
        assert!(off < 2e-4, "{phrase}: {off}");
    }
}

#[test]
fn phrases_come_apart_at_semicolons_and_no_more_than_four_are_taken() {
    let wording = Wording::parse(" a sea ;; fire\n ").unwrap();
    assert_eq!(wording.phrases, ["a sea", "fire"]);
    assert_eq!(Wording::parse(&wording.text()).unwrap(), wording);
    assert!(Wording::parse("").unwrap().is_empty());
    let error = Wording::parse("a; b; c; d; e").unwrap_err().to_string();
    assert!(error.contains('5') && error.contains("leave some out"), "{error}");
}

#[test]
fn a_wording_of_a_project_is_cut_to_what_can_be_said() {
    let phrases = vec!["a\u{0}b".to_owned(), String::new(), "x".repeat(999), "c".to_owned(), "d".to_owned()];
    let said = Wording { phrases, paint_like: None }.bounded();
    assert_eq!((said.phrases[0].as_str(), said.phrases.len()), ("ab", 3));
    assert_eq!(said.phrases[1].len(), table::PHRASE_LETTERS);
}

#[test]
fn every_set_is_understood() {
    let table = Pack::load("default").unwrap().words.unwrap().table;
    for set in SETS {
        assert!((1..=PHRASES).contains(&set.phrases.len()), "{}", set.name);
        assert_eq!(Wording::parse(&set.wording().text()).unwrap(), set.wording());
        set.phrases.iter().for_each(|phrase| _ = table.embed(phrase).unwrap());
    }
}

fn axis(place: usize) -> Vec<f32> {
    (0..8).map(|i| f32::from(u8::from(i == place))).collect()
}

fn drawn(said: &Said, controls: &Controls, heard: &Heard) -> Vec<f32> {
    let mut embedding = axis(7);
    said.draw(&mut embedding, controls, heard);
    embedding
}

#[test]
fn words_lead_as_far_as_the_amount_says() {
    let said = Said::of(vec![axis(0)]).unwrap();
    let at = |amount: f32| {
        let controls = Controls { words_amount: amount, ..Controls::default() };
        drawn(&said, &controls, &Heard::default())
    };
    assert_eq!(at(0.0), axis(7), "bit by bit");
    let half = at(0.5);
    assert!(half[0] > half[7] && half[7] > 0.4, "both are in it: {half:?}");
    assert!(at(0.25)[0] < half[0] && half[0] < at(0.75)[0]);
    assert!(sphere::cosine(&at(1.0), &axis(0)) > 0.9999);
    // Before there is music there is nothing to be drawn.
    let mut silent = vec![0.0; 8];
    said.draw(&mut silent, &Controls { words_amount: 1.0, ..Controls::default() }, &Heard::default());
    assert_eq!(silent, vec![0.0; 8]);
}

#[test]
fn phrases_follow_one_another_by_bars_or_by_hand() {
    let said = Said::of((0..3).map(axis).collect()).unwrap();
    let lead = |morph: f32, bars: u64, heard: Heard| {
        let controls =
            Controls { words_amount: 1.0, words_morph: morph, words_bars: bars, ..Controls::default() };
        let found = drawn(&said, &controls, &heard);
        (0..3).map(|place| (found[place] * 100.0).round() / 100.0).collect::<Vec<_>>()
    };
    let bar = |count: u32, phase: f32| Heard { bar_count: count, bar_phase: phase, ..Heard::default() };
    assert_eq!(lead(0.0, 4, bar(1, 0.0)), [1.0, 0.0, 0.0]);
    assert_eq!(lead(0.0, 4, bar(4, 0.5)), [0.0, 1.0, 0.0]);
    let on_the_way = lead(0.0, 4, bar(6, 0.8));
    assert!(on_the_way[1] > 0.1 && on_the_way[2] > 0.1, "{on_the_way:?}");
    assert_eq!(lead(0.0, 4, bar(12, 0.0)), [1.0, 0.0, 0.0], "anew after the last");
    // By hand the music says nothing.
    assert_eq!(lead(0.5, 0, bar(7, 0.3)), [0.0, 1.0, 0.0]);
    assert_eq!(lead(1.0, 0, bar(9, 0.0)), [0.0, 0.0, 1.0]);
    assert_eq!(lead(0.25, 0, bar(9, 0.0)), [0.71, 0.71, 0.0]);
}

#[test]
fn the_music_still_moves_what_words_lead() {
    let controls = Controls { words_amount: 0.5, ..Controls::default() };
    let mut motion = Motion::new(16, 8, &controls);
    motion.set_words(Said::of(vec![axis(0)]).map(Arc::new));
    let mut points = [Point::default(), Point::default()];
    for (at, point) in points.iter_mut().enumerate() {
        motion.embed(&axis(3 + at), at as f64);
        for hop in 1..=2000 {
            let time_s = at as f64 * 10.0 + f64::from(hop) * 0.005;
            motion.advance(&Heard { time_s, presence: 1.0, loudness: 0.8, level: 0.8, ..Heard::default() });
        }
        motion.point(point);
    }
    assert!(points.iter().all(|point| sphere::cosine(&point.embedding, &axis(0)) > 0.6));
    assert!(sphere::cosine(&points[0].embedding, &points[1].embedding) < 0.95);
    // Places of another pack's space say nothing.
    motion.set_words(Said::of(vec![vec![1.0; 5]]).map(Arc::new));
    motion.point(&mut points[0]);
    assert!(points[0].embedding[0].abs() < 1e-6);
}
