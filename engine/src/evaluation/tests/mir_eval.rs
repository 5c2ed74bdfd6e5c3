//! Our figures are mir_eval's. Its answers are written by `models/beats/mir_eval_fixture.py`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::*;
use crate::evaluation::sections::BOUNDARY_WINDOW_S;

#[derive(Deserialize)]
struct Case {
    name: String,
    truth: Vec<f64>,
    estimate: Vec<f64>,
    figures: BTreeMap<String, f64>,
}

/// A figure by the name that it has in the fixture.
fn figure(name: &str, truth: &[f64], estimate: &[f64]) -> f64 {
    let onsets = matching::agreement(truth, estimate, ONSET_WINDOW_S);
    let continuity = continuity::continuity(truth, estimate);
    match name {
        "f_70ms" => matching::agreement(truth, estimate, BEAT_WINDOW_S).f,
        "f_50ms" => matching::agreement(truth, estimate, 0.05).f,
        "cemgil" => beats::cemgil(truth, estimate),
        "cmlc" => continuity.cmlc,
        "cmlt" => continuity.cmlt,
        "amlc" => continuity.amlc,
        "amlt" => continuity.amlt,
        "onset_f" => onsets.f,
        "onset_precision" => onsets.precision,
        "onset_recall" => onsets.recall,
        "section_f_3s" => matching::agreement(truth, estimate, BOUNDARY_WINDOW_S).f,
        _ => panic!("no figure is called {name}"),
    }
}

#[test]
fn all_figures_are_those_of_mir_eval() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("mir_eval.json")).expect("the fixture is JSON");
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    for case in &cases {
        for (name, expected) in &case.figures {
            let ours = figure(name, &case.truth, &case.estimate);
            assert!((ours - expected).abs() < 1e-6, "{}: {name} is {ours}, mir_eval's {expected}", case.name);
        }
    }
}
