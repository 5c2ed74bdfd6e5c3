use super::synth::{clicks, drum_loop, pulse, sound};
use super::*;

#[test]
fn clicks_are_heard_and_become_a_beat_at_any_tempo_and_sample_rate() {
    for (rate, bpm) in [
        (44_100, 70.0),
        (8_000, 80.0),
        (48_000, 96.5),
        (44_100, 120.0),
        (22_050, 133.3),
        (96_000, 160.0),
        (192_000, 110.0),
    ] {
        let seconds = if rate > 50_000 { 9.0 } else { 12.0 };
        let truth = pulse(bpm, 0.31, seconds);
        let hops = hear(rate, &clicks(rate, seconds, &truth));
        let onsets = f_measure(&hits(&hops, |heard| heard.onset), &truth, 0.05, 0.0);
        assert!(onsets >= 0.95, "onsets at {bpm} BPM, {rate} Hz: F = {onsets}");
        let beat = f_measure(&beats(&hops), &truth, 0.05, 5.0);
        assert!(beat >= 0.95, "beats at {bpm} BPM, {rate} Hz: F = {beat}");
        let tempo = f64::from(hops[hops.len() - 1].tempo_bpm);
        assert!((tempo / bpm - 1.0).abs() < 0.01, "{tempo} for {bpm} BPM");
    }
}

#[test]
fn fast_clicks_are_followed_at_their_tempo_or_at_half_of_it() {
    for bpm in [170.0, 180.0] {
        let truth = pulse(bpm, 0.31, 14.0);
        let hops = hear(44_100, &clicks(44_100, 14.0, &truth));
        let found = beats(&hops);
        let halves = [0, 1].map(|from| truth.iter().copied().skip(from).step_by(2).collect::<Vec<_>>());
        let best = [&truth, &halves[0], &halves[1]].map(|truth| f_measure(&found, truth, 0.05, 5.0));
        assert!(best.iter().any(|&f| f >= 0.95), "{bpm} BPM: {best:?}");
    }
}

#[test]
fn each_drum_of_a_loop_is_told_apart() {
    let hops = hear(44_100, &drum_loop(44_100, 16.0, 110.0, 0.8));
    let quarters = pulse(110.0, 0.0, 16.0);
    let every_second = |from| quarters.iter().copied().skip(from).step_by(2).collect::<Vec<_>>();
    let kick = f_measure(&hits(&hops, |heard| heard.kick), &every_second(0), 0.05, 1.0);
    let snare = f_measure(&hits(&hops, |heard| heard.snare), &every_second(1), 0.05, 1.0);
    let hat = f_measure(&hits(&hops, |heard| heard.hat), &pulse(220.0, 0.0, 16.0), 0.05, 1.0);
    let beat = f_measure(&beats(&hops), &quarters, 0.05, 5.0);
    assert!(
        kick > 0.9 && snare > 0.85 && hat > 0.9 && beat > 0.95,
        "{kick} {snare} {hat} {beat}: {:.2?} {:.2?}",
        hits(&hops, |heard| heard.kick),
        hits(&hops, |heard| heard.snare)
    );
}

#[test]
fn the_phase_rises_evenly_from_beat_to_beat() {
    let hops = hear(44_100, &drum_loop(44_100, 12.0, 128.0, 0.8));
    let settled = &hops[1200..];
    for pair in settled.windows(2) {
        let step = pair[1].beat_phase - pair[0].beat_phase;
        let fell = pair[1].beat_count > pair[0].beat_count;
        assert!((0.0..1.0).contains(&pair[1].beat_phase));
        assert!(fell || (0.0..0.03).contains(&step), "phase steps by {step} at {} s", pair[1].time_s);
    }
    assert!(settled.iter().all(|heard| heard.beat_confidence > 0.3), "a drum loop has a sure beat");
}

#[test]
fn a_change_of_tempo_is_followed() {
    let mut truth = pulse(100.0, 0.2, 15.0);
    truth.extend(pulse(135.0, 15.2, 32.0));
    let hops = hear(44_100, &clicks(44_100, 32.0, &truth));
    let tempo = hops[hops.len() - 1].tempo_bpm;
    assert!((tempo - 135.0).abs() < 2.0, "{tempo}");
    let beat = f_measure(&beats(&hops), &truth, 0.05, 25.0);
    assert!(beat >= 0.95, "{beat}");
}

#[test]
fn the_host_leads_where_it_plays_with_a_tempo() {
    let mut hearing = Hearing::new(48_000);
    let silence = vec![[0.0; 2]; 512];
    let (mut beat, mut counts) = (-1.0, Vec::new());
    for _ in 0..500 {
        let transport =
            Transport { playing: true, tempo_bpm: Some(150.0), beat: Some(beat), ..Transport::default() };
        hearing.listen(&silence, Some(&transport), |heard| {
            counts.push((heard.time_s * 2.5 - 1.0, heard.beat_phase, heard.beat_count, heard.tempo_bpm));
        });
        beat += 512.0 / 48_000.0 * 2.5;
    }
    for &(truth, phase, _, tempo) in &counts {
        assert_eq!(tempo, 150.0);
        let off = (f64::from(phase) - truth.rem_euclid(1.0)).abs();
        assert!(off.min(1.0 - off) < 0.02, "phase {phase} where the host is at {truth}");
    }
    assert_eq!(counts[counts.len() - 1].2, 12, "5.33 s at 150 BPM from beat -1 on");
    assert_eq!(counts[0].2, u32::MAX, "the beat before the song");
    hearing.listen(&silence, Some(&Transport::default()), |_| {});
    assert_eq!(hearing.newest().tempo_bpm, 0.0, "a stopped host in silence has no beat");
}

#[test]
fn a_hit_shows_within_fifteen_milliseconds_and_decays_by_audio_time() {
    let hops = hear(48_000, &clicks(48_000, 3.0, &[1.0]));
    let first = hops.iter().position(|heard| heard.onset.count == 1).unwrap();
    assert!(hops[first].time_s < 1.02, "seen at {}", hops[first].time_s);
    assert!((hops[first].onset.time_s - 1.0).abs() < 0.008, "said to be at {}", hops[first].onset.time_s);
    assert!(hops[first].onset.pulse > 0.9);
    assert!(hops[first + 24].onset.pulse < 0.5 * hops[first].onset.pulse);
    assert_eq!(hops[hops.len() - 1].onset.pulse, 0.0);
    assert_eq!(hops[hops.len() - 1].onset.count, 1);
}

#[test]
fn silence_forgets_the_beat() {
    let truth = pulse(120.0, 0.3, 8.0);
    let mut frames = clicks(44_100, 8.0, &truth);
    frames.extend(sound(44_100, 4.0, |_| 0.0));
    let hops = hear(44_100, &frames);
    let last = hops[hops.len() - 1];
    assert_eq!((last.tempo_bpm, last.beat_phase, last.beat_confidence), (0.0, 0.0, 0.0));
}
