//! Keys and chords.

use std::f64::consts::TAU;

use super::synth::{noise, sound};
use super::*;

/// Chords of semitones above C (of the octave below the middle one), each for `chord_s`, struck every half second.
fn chords(rate: u32, seconds: f64, chord_s: f64, chords: &[&[i32]]) -> Vec<[f32; 2]> {
    sound(rate, seconds, |t| {
        let chord = chords[(t / chord_s) as usize % chords.len()];
        let swell = 0.4 + 0.6 * (-(t % 0.5) / 0.2).exp();
        let tone = |semitone: i32| {
            let hz = 130.81 * 2_f64.powf(f64::from(semitone) / 12.0);
            (1..=4).map(|k| (TAU * hz * f64::from(k) * t).sin() / f64::from(k * k)).sum::<f64>()
        };
        0.08 * swell * chord.iter().map(|semitone| tone(*semitone)).sum::<f64>()
    })
}

/// One, four, five and one of a key, in major or in minor, each with the octave of its root.
fn cadence(tonic: i32, is_minor: bool) -> [Vec<i32>; 4] {
    let third = if is_minor { 3 } else { 4 };
    let triad = |root: i32, third: i32| [0, third, 7, 12].map(|step| tonic + root + step).to_vec();
    // The five of minor keys is major: it has the leading tone.
    [triad(0, third), triad(5, third), triad(-5, 4), triad(0, third)]
}

#[test]
fn the_key_of_a_cadence_is_found() {
    for (tonic, is_minor) in
        [(0, false), (3, false), (9, true), (7, false), (2, true), (6, false), (11, true)]
    {
        let cadence = cadence(tonic, is_minor);
        let hops = hear(22_050, &chords(22_050, 16.0, 1.0, &cadence.each_ref().map(Vec::as_slice)));
        let last = hops[hops.len() - 1];
        assert_eq!((last.key, last.key_is_minor == 1), (tonic as u32, is_minor), "{last:?}");
        assert!(last.key_confidence > 0.5, "{}", last.key_confidence);
    }
}

#[test]
fn a_modulation_is_followed_and_noise_has_no_key() {
    let (c, e_flat) = (cadence(0, false), cadence(3, false));
    let mut song = chords(22_050, 16.0, 1.0, &c.each_ref().map(Vec::as_slice));
    song.extend(chords(22_050, 24.0, 1.0, &e_flat.each_ref().map(Vec::as_slice)));
    let hops = hear(22_050, &song);
    assert_eq!(hops[3100].key, 0);
    assert_eq!(hops[hops.len() - 1].key, 3);
    let mut hiss = noise(0.1);
    let hops = hear(22_050, &sound(22_050, 12.0, |_| hiss()));
    let sure = hops[hops.len() - 1].key_confidence;
    assert!(sure < 0.3, "{sure} in noise");
    let silent = hear(22_050, &sound(22_050, 2.0, |_| 0.0));
    assert_eq!(silent[silent.len() - 1].key_confidence, 0.0);
}

#[test]
fn a_chord_that_changes_is_told_and_one_that_is_struck_again_is_not() {
    let cadence = cadence(0, false);
    let hops =
        hear(22_050, &chords(22_050, 24.0, 2.0, &cadence[..3].iter().map(Vec::as_slice).collect::<Vec<_>>()));
    let truth: Vec<f64> = (1..12).map(|at| 2.0 * f64::from(at)).collect();
    let found = hits(&hops, |heard| heard.chord_change);
    let f = f_measure(&found, &truth, 0.25, 1.5);
    assert!(f > 0.9, "F = {f}: {found:.2?}");
    let same = hear(22_050, &chords(22_050, 16.0, 2.0, &[&[0, 4, 7, 12]]));
    assert_eq!(hits(&same, |heard| heard.chord_change).iter().filter(|time_s| **time_s > 1.0).count(), 0);
}
