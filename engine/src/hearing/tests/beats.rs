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

/// A bar of four beats again and again, from drums that fall on these beats of it.
fn groove(bpm: f64, seconds: f64, kicks: &[f64], snares: &[f64], hats: &[f64]) -> Vec<[f32; 2]> {
    let rate = 22_050;
    let mut frames = sound(rate, seconds, |_| 0.0);
    let mut noise = 1_u32;
    let mut hiss = || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let bars = (seconds * bpm / 240.0) as usize;
    for (drum, beats) in [kicks, snares, hats].iter().enumerate() {
        for beat in (0..bars).flat_map(|bar| beats.iter().map(move |beat| 4.0 * bar as f64 + beat)) {
            let start = (beat * 60.0 / bpm * f64::from(rate)) as usize;
            for (n, frame) in frames[start..].iter_mut().take(4_000).enumerate() {
                let t = n as f32 / rate as f32;
                let sample = match drum {
                    0 => {
                        0.8 * (-18.0 * t).exp()
                            * (std::f32::consts::TAU * (50.0 * t + 8.0 * (1.0 - (-30.0 * t).exp()))).sin()
                    }
                    1 => 0.8 * (-22.0 * t).exp() * hiss(),
                    _ => 0.3 * (-90.0 * t).exp() * hiss(),
                };
                *frame = frame.map(|side| side + sample);
            }
        }
    }
    frames
}

const EIGHTHS: [f64; 8] = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5];

#[test]
fn the_beat_falls_on_the_drums_and_not_between_them() {
    for (bpm, kicks, snares) in [
        (140.0, [0.0, 1.0, 2.0, 3.0].as_slice(), [1.0, 3.0].as_slice()),
        (160.0, &[0.0, 1.5, 3.0], &[2.0]),
        (116.0, &[0.0, 2.0, 2.5], &[1.0, 3.0]),
    ] {
        let hops = hear(22_050, &groove(bpm, 24.0, kicks, snares, &EIGHTHS));
        let late: Vec<f64> =
            beats(&hops).into_iter().filter(|&time_s| (9.0..22.0).contains(&time_s)).collect();
        let off = |time_s: f64| ((time_s * bpm / 60.0 + 0.5).rem_euclid(1.0) - 0.5).abs();
        let on = late.iter().filter(|&&time_s| off(time_s) < 0.1).count();
        assert!(on as f64 > 0.9 * late.len() as f64 && late.len() > 15, "{bpm} BPM: {on} of {}", late.len());
    }
}

#[test]
fn a_steady_piece_keeps_one_tempo() {
    for (bpm, kicks, hats) in [
        (174.0, [0.0, 2.5].as_slice(), EIGHTHS.as_slice()),
        (95.0, &[0.0, 1.75, 2.5], &[0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.25, 2.5, 2.75, 3.0, 3.5]),
    ] {
        let hops = hear(22_050, &groove(bpm, 30.0, kicks, &[1.0, 3.0], hats));
        let late: Vec<f64> = hops
            .iter()
            .filter(|heard| (9.0..27.0).contains(&heard.time_s))
            .map(|heard| f64::from(heard.tempo_bpm))
            .collect();
        let last = late[late.len() - 1];
        let same = late.iter().filter(|&&tempo| (tempo / last - 1.0).abs() < 0.03).count();
        assert!(same as f64 > 0.95 * late.len() as f64, "{bpm} BPM: {last} in {same} of {} hops", late.len());
    }
}
