//! What is made of beats and bars.

use super::*;
use crate::tap::Meter;

const HOP_S: f64 = 0.005;

/// Every hop of so many seconds of silence under a host that plays from `beat` on, with what `change` makes of it.
fn under_a_host(seconds: f64, beat: f64, change: impl Fn(f64, &mut Transport)) -> Vec<Heard> {
    let mut hearing = Hearing::new(48_000);
    let (mut hops, mut time_s) = (Vec::new(), 0.0);
    while time_s < seconds {
        let mut transport = Transport {
            playing: true,
            tempo_bpm: Some(120.0),
            beat: Some(beat + 2.0 * time_s),
            meter: Some(Meter::COMMON),
            ..Transport::default()
        };
        change(time_s, &mut transport);
        hearing.listen(&[[0.0; 2]; 480], Some(&transport), |heard| hops.push(*heard));
        time_s += 0.01;
    }
    hops
}

fn at(hops: &[Heard], time_s: f64) -> &Heard {
    &hops[(time_s / HOP_S).round() as usize - 1]
}

#[test]
fn pulses_jump_where_beats_bars_and_phrases_begin() {
    let hops = under_a_host(34.0, 0.0, |_, _| {});
    let (beat, bar, phrase) = (at(&hops, 1.0), at(&hops, 4.0), at(&hops, 8.0));
    assert!(beat.beat_hit > 0.97 && beat.bar_hit < 0.2, "a beat inside of a bar: {}", beat.bar_hit);
    assert!(bar.bar_hit > 0.97 && bar.phrase4_hit < 0.2, "a bar inside of a phrase: {}", bar.phrase4_hit);
    assert!(phrase.phrase4_hit > 0.97 && phrase.phrase8_hit < 0.01);
    assert!(at(&hops, 16.0).phrase8_hit > 0.97 && at(&hops, 32.0).phrase16_hit > 0.97);
    let later = at(&hops, 1.2).beat_hit;
    assert!((later - (-1.0_f32).exp()).abs() < 0.02, "0.2 s later: {later}");
    let middle = at(&hops, 20.0);
    assert_eq!((middle.phrase4_count, middle.phrase8_count, middle.phrase16_count), (2, 1, 0));
    assert!((middle.phrase4_phase - 0.5).abs() < 1e-3 && (middle.phrase8_phase - 0.25).abs() < 1e-3);
    assert!((middle.phrase16_phase - 0.625).abs() < 1e-3);
}

#[test]
fn a_bar_of_three_beats_makes_phrases_of_twelve() {
    let hops = under_a_host(7.0, 0.0, |_, transport| transport.meter = Meter::new(3, 4));
    assert_eq!(at(&hops, 5.9).phrase4_count, 0);
    assert_eq!(at(&hops, 6.1).phrase4_count, 1);
    assert!((at(&hops, 0.75).lfo_ramp[2] - 0.5).abs() < 1e-3, "half a bar: {:?}", at(&hops, 0.75).lfo_ramp);
}

#[test]
fn waves_are_locked_to_the_bars() {
    // A fade of half a second from rest comes first.
    let hops = under_a_host(18.0, 0.0, |_, _| {});
    for (time_s, sine, triangle, ramp) in [
        (8.0, [0.0; 5], [0.0; 5], [0.0; 5]),
        (9.0, [0.0, 0.0, 1.0, 0.5, 0.146], [0.0, 0.0, 1.0, 0.5, 0.25], [0.0, 0.0, 0.5, 0.25, 0.125]),
        (
            8.25,
            [1.0, 0.5, 0.146, 0.038, 0.01],
            [1.0, 0.5, 0.25, 0.125, 0.0625],
            [0.5, 0.25, 0.125, 0.0625, 0.03125],
        ),
    ] {
        let heard = at(&hops, time_s);
        for (name, wave, truth) in [
            ("sine", heard.lfo_sine, sine),
            ("triangle", heard.lfo_triangle, triangle),
            ("ramp", heard.lfo_ramp, ramp),
        ] {
            // A ramp that is about to fall is as near to its beginning as one that fell.
            let off = |(a, b): (f32, f32)| {
                (a - b).abs().min(if name == "ramp" { 1.0 - (a - b).abs() } else { 1.0 })
            };
            let worst = wave.into_iter().zip(truth).map(off).fold(0.0, f32::max);
            assert!(worst < 0.01, "{name} at {time_s} s: {wave:?}, not {truth:?}");
        }
    }
    let random: Vec<f32> = (0..16).map(|beat| at(&hops, 8.1 + 0.5 * f64::from(beat)).lfo_random[0]).collect();
    let steady = at(&hops, 8.1 + 0.35).lfo_random[0];
    assert_eq!(random[0], steady, "it stays through its quarter of a bar");
    assert!(random.windows(2).all(|pair| pair[0] != pair[1]), "and is another one in the next: {random:?}");
    let (least, most) =
        (random.iter().copied().fold(1.0, f32::min), random.iter().copied().fold(0.0, f32::max));
    assert!(least < 0.3 && most > 0.7, "{random:?}");
    let again = under_a_host(4.0, 16.0, |_, _| {});
    assert_eq!(
        at(&again, 2.1).lfo_random[0],
        at(&hops, 10.1).lfo_random[0],
        "the same place, the same number"
    );
}

#[test]
fn waves_come_to_rest_without_a_jump_when_the_tempo_goes() {
    let hops = under_a_host(6.0, 0.0, |time_s, transport| transport.playing = time_s < 2.9);
    let largest = hops
        .windows(2)
        .map(|pair| {
            (pair[1].lfo_sine[3] - pair[0].lfo_sine[3])
                .abs()
                .max((pair[1].lfo_triangle[4] - pair[0].lfo_triangle[4]).abs())
        })
        .fold(0.0, f32::max);
    assert!(largest < 0.02, "a step of {largest}");
    assert!(at(&hops, 2.9).lfo_triangle[4] > 0.6);
    let last = hops[hops.len() - 1];
    assert_eq!([last.lfo_sine, last.lfo_triangle, last.lfo_ramp, last.lfo_random], [[0.0; 5]; 4]);
    assert_eq!((last.beat_hit, last.bar_hit, last.phrase4_hit), (0.0, 0.0, 0.0));
}

#[test]
fn by_ear_a_certain_section_begins_a_phrase_and_the_count_goes_on() {
    let mut cycles = cycles::Cycles::default();
    let mut heard = Heard { section_change: Drum { time_s: -1.0, ..Drum::default() }, ..Heard::default() };
    let mut counts = Vec::new();
    for hop in 0..8000 {
        // Bars of two seconds; the sixth begins a section, as is found two seconds later.
        heard.time_s = f64::from(hop) * HOP_S;
        if hop == 2400 {
            heard.section_change = Drum { pulse: 1.0, strength: 0.9, count: 1, time_s: 10.2 };
        }
        let place = place::Place {
            beat: 2.0 * heard.time_s,
            bar: 0.5 * heard.time_s,
            tempo_bpm: 120.0,
            beats_per_bar: 4.0,
            confidence: 0.9,
            bar_confidence: 0.8,
        };
        place.tell(&mut heard);
        cycles.hop(&place, &mut heard);
        counts.push((heard.time_s, heard.phrase4_count, heard.phrase4_phase));
    }
    let begins: Vec<f64> =
        counts.windows(2).filter(|pair| pair[1].1 != pair[0].1).map(|pair| pair[1].0).collect();
    assert!(counts.windows(2).all(|pair| (0..=1).contains(&(pair[1].1 - pair[0].1))), "no count is left out");
    let near = |a: f64, b: f64| (a - b).abs() < 0.02;
    assert!(near(begins[0], 8.0) && near(begins[1], 12.0), "{begins:?}");
    assert!(
        near(begins[2], 18.0) && near(begins[3], 26.0),
        "counted from the section's start at 10 s: {begins:?}"
    );
}
