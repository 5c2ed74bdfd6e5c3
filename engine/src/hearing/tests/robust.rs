use super::synth::drum_loop;
use super::*;

#[test]
fn bad_samples_do_no_harm() {
    let clean = drum_loop(44_100, 6.0, 120.0, 0.5);
    let mut broken = clean.clone();
    for (i, bad) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN].into_iter().enumerate() {
        broken[40_000 + 77 * i] = [bad, bad];
    }
    let (clean, broken) = (hear(44_100, &clean), hear(44_100, &broken));
    for heard in &broken {
        let values = [heard.loudness, heard.level, heard.bass, heard.mid, heard.treble, heard.brightness];
        assert!(values.iter().all(|value| (0.0..=1.0).contains(value)), "{heard:?}");
        assert!(heard.loudness_lufs.is_finite() && heard.chroma.iter().all(|class| class.is_finite()));
    }
    let (clean, broken) = (clean[clean.len() - 1], broken[broken.len() - 1]);
    assert!((broken.loudness - clean.loudness).abs() < 0.05, "it goes on as if nothing were: {broken:?}");
    assert!((clean.tempo_bpm - broken.tempo_bpm).abs() < 2.0);
}

#[test]
fn block_sizes_change_nothing() {
    let frames = drum_loop(44_100, 3.0, 120.0, 0.5);
    let mut at_once = Vec::new();
    Hearing::new(44_100).listen(&frames, None, |heard| at_once.push(*heard));
    assert_eq!(at_once, hear(44_100, &frames));
    assert_eq!(at_once.len(), frames.len() / Hearing::new(44_100).hop_frames());
}

#[test]
fn odd_sample_rates_work() {
    for rate in [1, 8_000, 11_025, 37_901, 44_056, 176_400, 192_000] {
        let hops = hear(rate, &drum_loop(rate.max(1000), 4.0, 120.0, 0.5));
        let last = hops[hops.len() - 1];
        assert!((last.time_s - 4.0).abs() < 0.011, "{rate} Hz: {}", last.time_s);
        let loudest = hops[600..].iter().map(|heard| heard.loudness).fold(0.0, f32::max);
        assert!(last.presence > 0.9 && loudest > 0.5, "{rate} Hz: {loudest}, {last:?}");
    }
}

/// What differs between two hearings in numbers that are normalised, at most.
fn apart(a: &[Heard], b: &[Heard], but: &[&str]) -> (f32, &'static str) {
    let mut worst = (0.0, "");
    for (a, b) in a.iter().zip(b) {
        for ((feature, a), (_, b)) in a.numbers().zip(b.numbers()) {
            let off = (a - b).abs();
            if feature.unit.is_empty() && !but.contains(&feature.name) && off > worst.0 {
                worst = (off, feature.name);
            }
        }
    }
    worst
}

#[test]
fn out_of_phase_is_heard_as_in_phase() {
    let mono = drum_loop(44_100, 10.0, 120.0, 0.5);
    let inverted: Vec<_> = mono.iter().map(|[left, right]| [*left, -right]).collect();
    let (mono, inverted) = (hear(44_100, &mono), hear(44_100, &inverted));
    let (off, name) = apart(&mono, &inverted, &["width"]);
    assert!(off < 1e-3, "{name} is off by {off}");
    for ((feature, a), (_, b)) in mono[mono.len() - 1].drums().zip(inverted[inverted.len() - 1].drums()) {
        assert_eq!(a.count, b.count, "{}", feature.name);
    }
}

#[test]
fn every_row_stays_in_its_range_at_every_sample_rate() {
    for rate in [8_000, 11_025, 96_000, 192_000] {
        let hops = hear(rate, &drum_loop(rate, 6.0, 120.0, 0.9));
        for (feature, number) in hops.iter().flat_map(Heard::numbers) {
            assert!(
                (feature.range.0..=feature.range.1).contains(&number),
                "{} is {number} at {rate} Hz",
                feature.name
            );
        }
        let last = hops[hops.len() - 1];
        let arrays = [last.lfo_sine, last.lfo_triangle, last.lfo_ramp, last.lfo_random];
        assert!(arrays.iter().flatten().all(|value| (0.0..=1.0).contains(value)));
        assert!(
            last.bass_time_s > 0.5 && last.high_time_s > 0.3 && last.bass_hit.count > 3,
            "{rate} Hz: {last:?}"
        );
    }
}
