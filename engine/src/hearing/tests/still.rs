use std::f64::consts::TAU;

use super::synth::{noise, sound};
use super::*;

/// Every value that may move a picture.
fn moving(heard: &Heard) -> Vec<f32> {
    let mut values = vec![heard.loudness, heard.level, heard.presence, heard.bass, heard.mid, heard.treble];
    values.extend(heard.bands);
    values.extend(heard.chroma);
    values.extend([heard.brightness, heard.flatness, heard.width, heard.beat_phase, heard.beat_confidence]);
    values.extend(heard.drums().map(|(_, drum)| drum.pulse));
    values.extend([heard.low_mid_level, heard.high_mid_level, heard.high_level, heard.all_presence]);
    values.extend([heard.harmonic, heard.percussive, heard.roughness, heard.crest, heard.balance]);
    values.extend([heard.build_up, heard.section_similarity, heard.beat_hit, heard.key_confidence]);
    values
}

fn hits_after(hops: &[Heard], from_s: f64) -> u32 {
    let counts = |heard: &Heard| heard.kick.count + heard.snare.count + heard.hat.count + heard.onset.count;
    let before = hops.iter().rfind(|heard| heard.time_s <= from_s).map_or(0, counts);
    counts(&hops[hops.len() - 1]) - before
}

#[test]
fn silence_and_dither_rest_at_zero() {
    let mut dither = noise(2e-5);
    let dither = sound(44_100, 6.0, |_| dither());
    for frames in [sound(44_100, 6.0, |_| 0.0), dither] {
        for heard in hear(44_100, &frames) {
            assert!(moving(&heard).iter().all(|&value| value == 0.0), "{heard:?}");
            assert_eq!((heard.onset.count, heard.beat_count, heard.tempo_bpm), (0, 0, 0.0));
            assert_eq!((heard.all_time_s, heard.section_change.count), (0.0, 0));
        }
    }
}

#[test]
fn a_steady_tone_does_not_flicker() {
    for hz in [41.2, 110.0, 440.0, 3000.0] {
        let hops = hear(44_100, &sound(44_100, 14.0, |t| 0.3 * (TAU * hz * t).sin()));
        assert_eq!(hits_after(&hops, 0.5), 0, "a tone at {hz} Hz has one beginning");
        let settled: Vec<_> = hops[1800..].iter().map(moving).collect();
        for value in 0..settled[0].len() {
            let mean = settled.iter().map(|v| v[value]).sum::<f32>() / settled.len() as f32;
            let variance =
                settled.iter().map(|v| (v[value] - mean).powi(2)).sum::<f32>() / settled.len() as f32;
            assert!(variance < 5e-5, "value {value} at {hz} Hz varies by {variance} about {mean}");
        }
    }
}

#[test]
fn a_swell_and_a_vibrato_are_no_hits() {
    let swell = sound(44_100, 10.0, |t| {
        let gain = 0.001 * 500_f64.powf((t / 4.0).min(2.0 - t / 5.0).clamp(0.0, 1.0));
        gain * [196.0, 246.9, 293.7, 587.3].iter().map(|hz| (TAU * hz * t).sin()).sum::<f64>() * 0.25
    });
    assert_eq!(hits_after(&hear(44_100, &swell), 1.0), 0, "swell");
    let vibrato = sound(44_100, 8.0, |t| {
        let wobble = 0.03 * 440.0 / 6.0 * (1.0 - (TAU * 6.0 * t).cos());
        (1..6).map(|k| (f64::from(k) * (TAU * 440.0 * t + wobble)).sin() / f64::from(k)).sum::<f64>() * 0.2
    });
    assert_eq!(hits_after(&hear(44_100, &vibrato), 0.5), 0, "vibrato of half a semitone");
}

#[test]
fn steady_noise_has_hardly_any_hits() {
    let mut hiss = noise(0.1);
    let hops = hear(44_100, &sound(44_100, 20.0, |_| hiss()));
    let hits = hits_after(&hops, 0.5);
    let last = hops[hops.len() - 1];
    let each = [last.kick, last.snare, last.hat, last.onset].map(|drum| drum.count);
    assert!(hits <= 16, "{hits} hits in 20 s of noise: {each:?}");
}
