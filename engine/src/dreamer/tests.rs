//! The starter pack's dreams.

use super::*;
use crate::hearing::Hearing;
use crate::inference::Provider;
use crate::pack::tiny;
use crate::tap::Transport;

const RATE_HZ: usize = 44_100;
const BPM: f64 = 120.0;
/// Eight beats.
const LOOP_S: usize = 4;

fn dreamer() -> Dreamer {
    let runtime = Runtime::load().unwrap();
    let inference = Options { threads: 1, providers: vec![Provider::Cpu], ..Options::default() };
    let settings = DreamSettings { sample_rate_hz: RATE_HZ as u32, controls: Controls::default(), inference };
    Dreamer::new(&runtime, &Pack::load("starter").unwrap(), &settings).unwrap()
}

/// Two bars of kicks and of two chords.
fn two_bars() -> Vec<[f32; 2]> {
    (0..LOOP_S * RATE_HZ)
        .map(|n| {
            let t = n as f32 / RATE_HZ as f32;
            let since_beat = (t * 2.0).fract() / 2.0;
            let kick = 0.6 * (-since_beat * 18.0).exp() * (330.0 * since_beat).sin();
            let hz = if t < 2.0 { 220.0 } else { 587.0 };
            let chord = [1.0, 1.25, 1.5]
                .map(|part| 0.1 * (std::f32::consts::TAU * hz * part * t).sin())
                .iter()
                .sum::<f32>();
            [kick + chord; 2]
        })
        .collect()
}

/// Plays the two bars over and over, and dreams at every half beat.
fn passes(count: usize, hosted: bool) -> Vec<Vec<Picture>> {
    let (mut dreamer, mut hearing) = (dreamer(), Hearing::new(RATE_HZ as u32));
    let music = two_bars();
    let mut time_s = 0.0;
    let mut pass = || {
        let quarters = music.chunks(RATE_HZ / 4).enumerate();
        quarters
            .map(|(i, frames)| {
                let beat = i as f64 * 0.25 * BPM / 60.0;
                let (playing, tempo_bpm, beat) = (true, Some(BPM), Some(beat));
                let transport =
                    hosted.then_some(Transport { playing, tempo_bpm, beat, ..Transport::default() });
                dreamer.listen(frames).unwrap();
                hearing.listen(frames, transport.as_ref(), |heard| {
                    dreamer.follow_song(transport.and_then(|t| SongPlace::of(&t, heard.time_s - time_s)));
                    dreamer.advance(heard);
                });
                time_s += 0.25;
                dreamer.embed(time_s).unwrap();
                let mut picture = Picture::default();
                dreamer.dream(time_s, &mut picture).unwrap();
                picture
            })
            .collect()
    };
    (0..count).map(|_| pass()).collect()
}

/// Mean difference of two pictures, in linear light.
fn apart(a: &Picture, b: &Picture) -> f32 {
    let pixels = a.pixels.iter().flatten().zip(b.pixels.iter().flatten());
    pixels.map(|(a, b)| (a.to_f32() - b.to_f32()).abs()).sum::<f32>() / (4 * a.pixels.len()) as f32
}

#[test]
fn the_same_bars_are_dreamt_alike_while_a_host_loops_them() {
    let mean = |passes: &[Vec<Picture>]| {
        let pairs = passes[3].iter().zip(&passes[4]);
        pairs.map(|(a, b)| apart(a, b)).sum::<f32>() / passes[3].len() as f32
    };
    let (looped, alone) = (passes(5, true), passes(5, false));
    let within = apart(&looped[4][3], &looped[4][15]);
    assert!(mean(&looped) < 0.2 * within, "{} from pass to pass, {within} within one", mean(&looped));
    assert!(mean(&looped) < 0.2 * mean(&alone), "{} looped, {} alone", mean(&looped), mean(&alone));
}

#[test]
fn seed_and_picture_can_be_turned_while_it_dreams() {
    let mut dreamer = dreamer();
    dreamer.listen(&two_bars()).unwrap();
    dreamer.embed(4.0).unwrap();
    let mut see = |controls: &Controls| {
        dreamer.set_controls(controls);
        dreamer
            .motion
            .advance(&Heard { time_s: dreamer.motion.embedding_count() as f64, ..Heard::default() });
        let mut picture = Picture::default();
        dreamer.dream(4.0, &mut picture).unwrap();
        picture
    };
    let frozen = Controls { freeze: true, ..Controls::default() };
    let first = see(&frozen);
    assert_eq!(first, see(&frozen));
    let another = see(&Controls { picture: 1, ..frozen });
    let seeded = see(&Controls { picture: 1, seed: 2, ..frozen });
    assert!(apart(&first, &another) > 0.01 && apart(&another, &seeded) > 0.01);
}

#[test]
fn a_picture_without_numbers_leaves_the_one_before_and_the_dream_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("pack.toml", tiny::MANIFEST.as_bytes());
    write("encoder.onnx", &tiny::encoder(100, 8).model());
    write("generator.onnx", &tiny::fragile_generator().model());
    let pack = Pack::load(folder.path().to_str().unwrap()).unwrap();
    let inference = Options { threads: 1, providers: vec![Provider::Cpu], ..Options::default() };
    let settings = DreamSettings { sample_rate_hz: RATE_HZ as u32, controls: Controls::default(), inference };
    let mut dreamer = Dreamer::new(&Runtime::load().unwrap(), &pack, &settings).unwrap();
    let (mut hearing, music) = (Hearing::new(RATE_HZ as u32), two_bars());
    let (mut painted, mut left_out) = (0, 0);
    let mut picture = Picture::default();
    for (number, frames) in music.chunks(RATE_HZ / 20).enumerate() {
        // A new place in the latent space each time.
        dreamer.set_controls(&Controls { picture: number as u32, ..Controls::default() });
        dreamer.listen(frames).unwrap();
        hearing.listen(frames, None, |heard| dreamer.advance(heard));
        let time_s = number as f64 / 20.0;
        dreamer.embed(time_s).unwrap();
        let before = picture.clone();
        if dreamer.dream(time_s, &mut picture).unwrap() {
            painted += 1;
        } else {
            assert_eq!(picture, before);
            left_out += 1;
        }
    }
    assert!(painted > 20 && left_out > 0, "{painted} painted, {left_out} left out");
    assert!(dreamer.timings().1.not_finite >= left_out);
}
