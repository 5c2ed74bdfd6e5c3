use std::f64::consts::TAU;

use super::synth::{drum_loop, noise, sound};
use super::*;

#[test]
fn loudness_agrees_with_another_meter() {
    for rate in [8_000, 44_100, 48_000, 96_000] {
        let frames = drum_loop(rate, 3.2, 100.0, 0.5);
        let mut meter = ebur128::EbuR128::new(2, rate, ebur128::Mode::M).unwrap();
        meter.add_frames_f32(frames.as_flattened()).unwrap();
        let (ours, theirs) = (hear(rate, &frames), meter.loudness_momentary().unwrap() as f32);
        let ours = ours[ours.len() - 1].loudness_lufs;
        assert!((ours - theirs).abs() < 0.3, "{ours} and {theirs} LUFS at {rate} Hz");
    }
}

#[test]
fn tones_light_their_own_band_and_pitch_class() {
    for (hz, class, part) in [(110.0, 9, 0), (261.63, 0, 1), (1479.98, 6, 1), (3322.4, 8, 2)] {
        let hops = hear(44_100, &sound(44_100, 3.0, |t| 0.3 * (TAU * hz * t).sin()));
        let last = hops[hops.len() - 1];
        let loudest = (0..12).max_by(|&a, &b| last.chroma[a].total_cmp(&last.chroma[b])).unwrap();
        assert_eq!(loudest, class, "{hz} Hz: {:?}", last.chroma);
        assert!(last.chroma[class] > 0.95);
        let parts = [last.bass, last.mid, last.treble];
        assert!(parts[part] > 0.8, "{hz} Hz: bass, mid, treble = {parts:?}");
        let band = ((hz / 30.0).log2() / (16_000.0_f64 / 30.0).log2() * BANDS as f64) as usize;
        let far = last.bands.iter().enumerate().filter(|(i, _)| i.abs_diff(band) > 3);
        assert!(last.bands[band] > 0.8, "{hz} Hz in band {band}: {:?}", last.bands);
        assert!(far.clone().all(|(_, &value)| value < 0.3), "{hz} Hz in band {band}: {:?}", last.bands);
        assert!((f64::from(last.centroid_hz) / hz - 1.0).abs() < 0.15, "{} for {hz} Hz", last.centroid_hz);
    }
}

#[test]
fn flatness_goes_from_tone_to_noise_and_width_from_mono_to_wide() {
    let tone = hear(44_100, &sound(44_100, 3.0, |t| 0.3 * (TAU * 440.0 * t).sin()));
    let (mut left, mut right) = (noise(0.1), noise(0.1));
    let _ = (0..1000).map(|_| right()).sum::<f64>();
    let hiss: Vec<_> = (0..132_300).map(|_| [left() as f32, right() as f32]).collect();
    let hiss = hear(44_100, &hiss);
    let (tone, hiss) = (tone[tone.len() - 1], hiss[hiss.len() - 1]);
    assert!(tone.flatness < 0.15 && hiss.flatness > 0.95, "{} {}", tone.flatness, hiss.flatness);
    assert!(tone.width < 0.01 && hiss.width > 0.9, "{} {}", tone.width, hiss.width);
    assert!(tone.brightness < 0.4 && hiss.brightness > 0.9, "{} {}", tone.brightness, hiss.brightness);
    let apart = hear(
        44_100,
        &sound(44_100, 3.0, |t| 0.3 * (TAU * 440.0 * t).sin())
            .iter()
            .map(|&[x, _]| [x, -x])
            .collect::<Vec<_>>(),
    );
    assert!(
        apart[500].width > 0.99 && apart[500].mid > 0.8,
        "out of phase is wide, not gone: {:?}",
        apart[500]
    );
}

#[test]
fn the_table_of_features_is_all_that_is_heard() {
    let told = serde_json::to_value(Heard::default()).unwrap();
    let keys: std::collections::BTreeSet<&str> =
        told.as_object().unwrap().keys().map(String::as_str).collect();
    let rows = FEATURES.iter().map(|feature| feature.name);
    assert_eq!(keys, rows.chain(["time_s"]).collect());
    let heard = hear(48_000, &synth::drum_loop(48_000, 2.0, 120.0, 0.5));
    for (feature, number) in heard.iter().flat_map(Heard::numbers) {
        assert!(feature.range.0 <= number && number <= feature.range.1, "{} is {number}", feature.name);
    }
    assert!(FEATURES.iter().all(|feature| feature.help.ends_with('.') && !feature.source.is_empty()));
}
