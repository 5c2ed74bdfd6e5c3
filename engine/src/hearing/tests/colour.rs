//! Colour, sides and shape of the sound.

use std::f64::consts::TAU;

use super::synth::{clicks, drum_loop, noise, pulse, sound};
use super::*;

fn last(rate: u32, frames: &[[f32; 2]]) -> Heard {
    let hops = hear(rate, frames);
    hops[hops.len() - 1]
}

/// Tones with six partials each.
fn tones(hz: &[f64]) -> Vec<[f32; 2]> {
    sound(44_100, 3.0, |t| {
        let partials =
            |hz: f64| (1..=6).map(move |k| (TAU * hz * f64::from(k) * t).sin() / f64::from(k)).sum::<f64>();
        0.1 * hz.iter().map(|hz| partials(*hz)).sum::<f64>()
    })
}

#[test]
fn tones_are_held_and_clicks_are_struck() {
    let chord = last(44_100, &tones(&[220.0, 277.2, 329.6]));
    assert!(
        chord.harmonic > 0.9 && (chord.harmonic + chord.percussive - 1.0).abs() < 0.01,
        "{}",
        chord.harmonic
    );
    let mut hiss = noise(1.0);
    let bursts = sound(44_100, 6.0, |t| 0.3 * (-(t % 0.5) / 0.01).exp() * hiss());
    let hops = hear(44_100, &bursts);
    let struck = hops[600..].iter().map(|heard| heard.percussive).sum::<f32>() / (hops.len() - 600) as f32;
    assert!(struck > 0.75, "bursts of noise: {struck}");
    let hops = hear(44_100, &drum_loop(44_100, 6.0, 120.0, 0.6));
    let between = hops[600..].iter().map(|heard| heard.percussive).sum::<f32>() / (hops.len() - 600) as f32;
    assert!(between < struck && between > 1.0 - chord.harmonic, "drums over a chord: {between}");
}

#[test]
fn roughness_follows_the_interval() {
    let of = |hz: &[f64]| last(44_100, &tones(hz)).roughness;
    let c = 261.63;
    let (tone, octave, fifth, third, second) =
        (of(&[c]), of(&[c, 2.0 * c]), of(&[c, 1.5 * c]), of(&[c, 1.25 * c]), of(&[c, 1.0595 * c]));
    assert!(tone < 0.05 && octave < 0.05, "{tone} {octave}");
    assert!(octave < fifth && fifth < third && third < second, "{octave} {fifth} {third} {second}");
    assert!(second > 0.5 && of(&[c, 1.0595 * c, 1.1225 * c]) > 0.7);
}

#[test]
fn crest_and_balance_are_what_they_are_called() {
    let crest = |frames: &[[f32; 2]]| last(44_100, frames).crest * 24.0;
    let sine = crest(&sound(44_100, 2.0, |t| 0.3 * (TAU * 220.0 * t).sin()));
    let square = crest(&sound(44_100, 2.0, |t| 0.3 * (TAU * 220.0 * t).sin().signum()));
    let mut hiss = noise(0.1);
    let noise_db = crest(&sound(44_100, 2.0, |_| hiss()));
    assert!((sine - 3.01).abs() < 0.1 && square < 0.2, "{sine} dB and {square} dB");
    assert!((10.0..15.0).contains(&noise_db), "{noise_db} dB");
    assert!(crest(&clicks(44_100, 2.0, &pulse(240.0, 0.0, 2.2))) > 18.0);

    let panned = |left: f64, right: f64| {
        let frames: Vec<_> = sound(44_100, 2.0, |t| (TAU * 220.0 * t).sin())
            .iter()
            .map(|[x, _]| [(left * f64::from(*x)) as f32, (right * f64::from(*x)) as f32])
            .collect();
        last(44_100, &frames)
    };
    assert!(panned(0.3, 0.0).balance < -0.99 && panned(0.0, 0.3).balance > 0.99);
    assert_eq!(panned(0.3, -0.3).balance, 0.0);
    let half = panned(0.1, 0.2).balance;
    assert!((half - 0.6).abs() < 0.01, "four times the energy on the right: {half}");
    assert!((24.0 * panned(0.3, 0.0).crest - 3.01).abs() < 0.1, "one side has the crest of both");
}
