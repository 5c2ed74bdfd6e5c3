//! What happens over seconds and minutes.

use std::f64::consts::TAU;

use super::synth::{drum_loop, noise, sound};
use super::*;

#[test]
fn silence_is_told_after_a_while_and_ends_at_once() {
    let hops = hear(
        44_100,
        &sound(44_100, 8.0, |t| if (2.0..6.0).contains(&t) { 0.0 } else { 0.3 * (TAU * 220.0 * t).sin() }),
    );
    let at = |time_s: f64| hops[(time_s * 200.0) as usize].silence;
    assert_eq!((at(1.5), at(2.3), at(5.9), at(6.4)), (0.0, 0.0, 1.0, 0.0));
    assert!((0.01..0.99).contains(&at(4.0)), "{}", at(4.0));
}

/// Twelve seconds of drums and bass; eight of a riser over a roll that grows faster, without bass; twelve of drums and bass.
fn build_and_drop(rate: u32, gain: f64) -> Vec<[f32; 2]> {
    let groove = drum_loop(rate, 12.0, 120.0, gain);
    let bass = |t: f64| 0.25 * gain * (TAU * 55.0 * t).sin();
    let with_bass: Vec<_> = groove
        .iter()
        .enumerate()
        .map(|(i, frame)| frame.map(|side| side + bass(i as f64 / f64::from(rate)) as f32))
        .collect();
    let (mut hiss, mut low) = (noise(1.0), 0.0);
    let mut roll = 0.0;
    let build = sound(rate, 8.0, |t| {
        let share = t / 8.0;
        // The noise opens: a low-pass that rises from 300 Hz to 8 kHz.
        let cut = (TAU * 300.0 * 27_f64.powf(share) / f64::from(rate)).min(1.0);
        let white = hiss();
        low += cut * (white - low);
        roll += 2.0_f64.powf(1.0 + 3.0 * share) / f64::from(rate);
        let age = roll.fract() / 2.0_f64.powf(1.0 + 3.0 * share);
        let snare = (-age / 0.03).exp() * 0.15 * white;
        gain * (0.25 * share * low + (0.3 + 0.7 * share) * snare + 0.04 * (TAU * 330.0 * t).sin())
    });
    [with_bass.clone(), build, with_bass].concat()
}

#[test]
fn a_build_rises_to_its_drop_and_ends_with_it() {
    for (rate, gain) in [(44_100, 0.6), (22_050, 0.06)] {
        let hops = hear(rate, &build_and_drop(rate, gain));
        let at = |time_s: f64| &hops[(time_s * 200.0) as usize];
        let steady = hops[..2400].iter().map(|heard| heard.build_up).fold(0.0, f32::max);
        assert!(steady < 0.3, "{steady} in a loop");
        assert!(at(19.5).build_up > 0.6, "{} at its end", at(19.5).build_up);
        assert!(at(16.5).build_up < at(19.5).build_up, "it rises");
        let drops = hits(&hops, |heard| heard.drop);
        assert!(drops.len() == 1 && (drops[0] - 20.0).abs() < 0.35, "at {drops:?}");
        assert!(at(21.0).build_up < 0.15, "{} after the drop", at(21.0).build_up);
        assert!(at(20.4).drop.pulse > 0.3 && at(24.0).drop.pulse < 0.1);
    }
}

#[test]
fn a_break_without_bass_ends_with_a_drop_and_a_steady_loop_has_none() {
    let loud = |t: f64| !(10.0..16.0).contains(&t);
    let groove = drum_loop(22_050, 24.0, 120.0, 0.6);
    let pad = sound(22_050, 24.0, |t| 0.1 * ((TAU * 440.0 * t).sin() + (TAU * 554.4 * t).sin()));
    let song: Vec<_> = groove
        .iter()
        .zip(&pad)
        .enumerate()
        .map(|(i, (drums, pad))| if loud(i as f64 / 22_050.0) { [drums[0] + pad[0]; 2] } else { *pad })
        .collect();
    let drops = hits(&hear(22_050, &song), |heard| heard.drop);
    assert!(drops.len() == 1 && (drops[0] - 16.0).abs() < 0.35, "at {drops:?}");
    assert!(hits(&hear(22_050, &groove), |heard| heard.drop).is_empty());
}

/// Sixteen bars of one sort: a verse, a chorus that is fuller and brighter, a bridge of tones alone.
fn section(kind: char, rate: u32, seconds: f64) -> Vec<[f32; 2]> {
    let mut hiss = noise(1.0);
    let drums = drum_loop(rate, seconds, 120.0, if kind == 'C' { 0.0 } else { 0.5 });
    let roots: [f64; 4] = match kind {
        'A' => [220.0, 174.6, 130.8, 196.0],
        'B' => [261.6, 220.0, 174.6, 196.0],
        _ => [164.8, 146.8, 164.8, 123.5],
    };
    let extra = sound(rate, seconds, |t| {
        let root = roots[(t / 2.0) as usize % 4];
        let tone = |hz: f64| (TAU * hz * t).sin();
        let eighth = t % 0.25;
        match kind {
            'A' => 0.05 * (tone(root) + tone(1.5 * root)) + 0.12 * tone(root / 4.0),
            'B' => {
                let saw = (1..12).map(|k| tone(root * f64::from(k)) / f64::from(k)).sum::<f64>();
                0.1 * saw + 0.2 * tone(root / 4.0) + 0.06 * (-eighth / 0.05).exp() * hiss()
            }
            _ => 0.08 * (tone(root) + tone(1.2 * root) + tone(2.0 * root)),
        }
    });
    drums.iter().zip(extra).map(|(drum, extra)| [drum[0] + extra[0], drum[1] + extra[1]]).collect()
}

#[test]
fn sections_are_found_and_one_that_comes_back_is_known() {
    for rate in [16_000, 44_100] {
        let kinds = ['A', 'B', 'A', 'C', 'B'];
        let song: Vec<_> = kinds.iter().flat_map(|kind| section(*kind, rate, 16.0)).collect();
        let hops = hear(rate, &song);
        let truth: Vec<f64> = (1..5).map(|at| 16.0 * f64::from(at)).collect();
        let found = hits(&hops, |heard| heard.section_change);
        assert!(f_measure(&found, &truth, 1.5, 0.0) == 1.0, "{found:?} at {rate} Hz");
        let at = |time_s: f64| &hops[(time_s * 200.0) as usize];
        // How it ends, when all of it was heard.
        for (end_s, like, is_known) in [(31.5, 0, false), (47.5, 0, true), (63.5, 0, false), (79.5, 1, true)]
        {
            let heard = at(end_s);
            assert_eq!(heard.section_similarity > 0.6, is_known, "{} at {end_s} s", heard.section_similarity);
            assert!(!is_known || heard.section_match == like, "section {} at {end_s} s", heard.section_match);
        }
        assert_eq!(at(79.5).section_change.count, 4);
    }
}

#[test]
fn steady_music_is_one_section() {
    for (bpm, gain) in [(93.0, 0.5), (128.0, 0.05)] {
        let hops = hear(22_050, &drum_loop(22_050, 60.0, bpm, gain));
        assert!(hits(&hops, |heard| heard.section_change).is_empty(), "at {bpm} BPM");
    }
    let verse = hear(22_050, &section('A', 22_050, 60.0));
    assert!(hits(&verse, |heard| heard.section_change).is_empty(), "chords that change every two seconds");
}
