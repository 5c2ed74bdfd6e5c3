use std::f64::consts::TAU;

use super::synth::{drum_loop, sound};
use super::*;

#[test]
fn a_quiet_master_moves_the_picture_as_a_loud_one_does() {
    let loud = hear(44_100, &drum_loop(44_100, 14.0, 120.0, 0.8));
    let quiet = hear(44_100, &drum_loop(44_100, 14.0, 120.0, 0.08));
    let (mut worst, mut sum) = (0.0_f32, 0.0);
    for (a, b) in loud[1600..].iter().zip(&quiet[1600..]) {
        let off =
            [a.loudness - b.loudness, a.level - b.level, a.bass - b.bass, a.mid - b.mid, a.treble - b.treble]
                .into_iter()
                .chain(a.bands.iter().zip(b.bands).map(|(a, b)| a - b));
        for off in off {
            worst = worst.max(off.abs());
            sum += off.abs() / 29.0 / (loud.len() - 1600) as f32;
        }
    }
    assert!(worst < 0.15 && sum < 0.03, "20 dB less: worst {worst}, mean {sum}");
    let late = |hops: &[Heard]| (hops[1600], hops[hops.len() - 1]);
    let ((loud_at, loud), (quiet_at, quiet)) = (late(&loud), late(&quiet));
    let each = loud_at.drums().zip(loud.drums()).zip(quiet_at.drums().zip(quiet.drums()));
    for (((feature, a), (_, b)), ((_, c), (_, d))) in each {
        assert!((b.count - a.count).abs_diff(d.count - c.count) <= 1, "{}", feature.name);
    }
    for ((feature, a), (_, b)) in loud.numbers().zip(quiet.numbers()) {
        assert!(
            !feature.unit.is_empty() || (a - b).abs() < 0.1,
            "{}: {a}, and {b} in the quiet one",
            feature.name
        );
    }
}

#[test]
fn a_song_uses_the_whole_range() {
    let hops = hear(44_100, &drum_loop(44_100, 14.0, 120.0, 0.5));
    type Value = (&'static str, fn(&Heard) -> f32);
    let values: [Value; 5] = [
        ("level", |heard| heard.level),
        ("bass", |heard| heard.bass),
        ("treble", |heard| heard.treble),
        ("kick", |heard| heard.kick.pulse),
        ("snare", |heard| heard.snare.pulse),
    ];
    for (name, value) in values {
        let settled = || hops[800..].iter().map(value);
        let (least, most) = (settled().fold(1.0, f32::min), settled().fold(0.0, f32::max));
        assert!(least < 0.4 && most > 0.9 && most <= 1.0, "{name} runs from {least} to {most}");
    }
}

#[test]
fn a_quiet_beginning_starts_quiet_and_a_loud_section_stays_louder_than_a_break() {
    let pad = |gain: f64| move |t: f64| gain * ((TAU * 220.0 * t).sin() + (TAU * 331.0 * t).sin());
    let start = hear(44_100, &sound(44_100, 3.0, pad(0.01)));
    assert!(start[80].loudness < 0.6, "0.4 s into a quiet pad: {}", start[80].loudness);
    assert!(start[500].loudness > 0.5, "2.5 s into a quiet pad: {}", start[500].loudness);

    let song = sound(44_100, 24.0, |t| pad(if (12.0..18.0).contains(&t) { 0.02 } else { 0.3 })(t));
    let hops = hear(44_100, &song);
    let mean = |range: std::ops::Range<usize>| {
        let count = range.len() as f32;
        hops[range].iter().map(|heard| heard.loudness).sum::<f32>() / count
    };
    let (before, pause, after) = (mean(2000..2300), mean(2700..3500), mean(3800..4700));
    assert!(before > 0.9 && pause < 0.4 && after > 0.9, "{before} {pause} {after}");
}
