//! Bounces beside renders of the same sound.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::*;
use crate::recorder::Fps;
use crate::render::render;
use crate::tap::{Block, Meter, Mode, Transport};

const RATE_HZ: u32 = 44_100;
const BPM: f64 = 120.0;
const SECONDS: f64 = 1.45;

/// Kicks on the beat over a chord that swells.
fn music() -> Vec<[f32; 2]> {
    let frames = (SECONDS * f64::from(RATE_HZ)) as usize;
    (0..frames)
        .map(|n| {
            let t = n as f32 / RATE_HZ as f32;
            let since_beat = (t * 2.0).fract() / 2.0;
            let kick = 0.6 * (-since_beat * 18.0).exp() * (330.0 * since_beat).sin();
            let chord = |hz: f32| 0.1 * (0.5 + 0.5 * t) * (std::f32::consts::TAU * hz * t).sin();
            [kick + chord(220.0) + chord(330.0), kick + chord(220.0) + chord(441.0)]
        })
        .collect()
}

fn settings(output: PathBuf) -> BounceSettings {
    BounceSettings {
        width_px: 96,
        height_px: 54,
        fps: Fps { num: 30_000, den: 1_001 },
        pack: "starter".to_owned(),
        threads: 1,
        ..BounceSettings::new(output)
    }
}

/// Where a host at 120 BPM is, `position` frames after the song's start.
fn transport(position: usize) -> Transport {
    let beat = position as f64 / f64::from(RATE_HZ) * BPM / 60.0;
    Transport {
        playing: true,
        tempo_bpm: Some(BPM),
        beat: Some(beat),
        meter: Some(Meter::COMMON),
        bar: None,
        position_samples: i64::try_from(position).ok(),
    }
}

/// Bounces the music in odd blocks, with `controls` at each frame's position.
fn bounced(folder: &Path, hosted: bool, controls: impl Fn(usize) -> Controls) -> Vec<Vec<u8>> {
    let (mut writer, job) = start(&settings(folder.to_path_buf()), controls(0), RATE_HZ).unwrap();
    let music = music();
    let (mut from, mut block) = (0, 1);
    while from < music.len() {
        block = block * 7 % 997;
        let frames = &music[from..music.len().min(from + block)];
        let (left, right): (Vec<f32>, Vec<f32>) = frames.iter().map(|&[l, r]| (l, r)).unzip();
        let transport = hosted.then(|| transport(from));
        let block = Block { transport, controls: controls(from), mode: Mode::Offline, ..Block::default() };
        writer.write(&left, &right, &block);
        from += frames.len();
    }
    writer.end();
    let rendered = job.finish().unwrap();
    assert!(!rendered.stopped && rendered.finished.frames >= 43, "{rendered:?}");
    pictures(folder)
}

fn pictures(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "png"));
    paths.sort();
    let pixels = |path: &PathBuf| {
        let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        pixels
    };
    paths.iter().map(pixels).collect()
}

#[test]
fn a_bounce_is_a_render_of_what_the_host_sends() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (format, channels) = (hound::SampleFormat::Float, 2);
    let spec = hound::WavSpec { channels, sample_rate: RATE_HZ, bits_per_sample: 32, sample_format: format };
    let mut wav = hound::WavWriter::create(at("music.wav"), spec).unwrap();
    music().iter().flatten().for_each(|sample| wav.write_sample(*sample).unwrap());
    wav.finalize().unwrap();

    let controls = Controls { seed: 5, picture: 2, ..Controls::default() };
    for (name, hosted) in [("alone", false), ("hosted", true)] {
        let render_settings = RenderSettings {
            song: at("music.wav"),
            tempo_bpm: hosted.then_some(BPM),
            ..settings(at(&format!("{name}-render"))).render_settings(controls)
        };
        render(&render_settings, &mut |_| ControlFlow::Continue(())).unwrap();
        let rendered = pictures(&render_settings.output);
        assert_eq!(rendered, bounced(&at(&format!("{name}-bounce")), hosted, |_| controls), "{name}");
    }

    // A change in the middle of the song shows from its frame on, and not before.
    let change = music().len() / 2;
    let turned = |position: usize| Controls { hue: if position < change { 0.0 } else { 144.0 }, ..controls };
    let (plain, turned) = (pictures(&at("alone-bounce")), bounced(&at("turned"), false, turned));
    let first = plain.iter().zip(&turned).position(|(a, b)| a != b).unwrap();
    let frame = change as f64 / f64::from(RATE_HZ) * 30_000.0 / 1_001.0;
    assert!((frame.floor()..=frame.floor() + 1.0).contains(&(first as f64)), "frame {first}, not {frame}");
    assert_eq!(plain.len(), turned.len());
}

#[test]
fn when_the_job_has_failed_the_host_waits_no_more() {
    let scratch = tempfile::tempdir().unwrap();
    let output = scratch.path().join("no such folder").join("pictures");
    let (mut writer, job) = start(&settings(output), Controls::default(), RATE_HZ).unwrap();
    let began = Instant::now();
    let second = vec![0.1; RATE_HZ as usize];
    for _ in 0..30 {
        writer.write(&second, &second, &Block::default());
    }
    assert!(began.elapsed() < Duration::from_secs(60), "opening models and device is all that takes time");
    assert!(writer.is_over());
    let again = Instant::now();
    writer.write(&second, &second, &Block::default());
    assert!(again.elapsed() < Duration::from_millis(100));
    assert!(matches!(job.finish(), Err(RenderError::Recorder(_))));
}

#[test]
fn without_sound_nothing_is_written_and_a_stopped_bounce_keeps_what_is_there() {
    let scratch = tempfile::tempdir().unwrap();
    let silent = scratch.path().join("silent");
    let (writer, job) = start(&settings(silent.clone()), Controls::default(), RATE_HZ).unwrap();
    drop(writer);
    let error = job.finish().unwrap_err();
    assert!(matches!(error, RenderError::NothingSent { .. }), "{error}");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);

    let stopped = scratch.path().join("stopped");
    let (mut writer, job) = start(&settings(stopped.clone()), Controls::default(), RATE_HZ).unwrap();
    let second = vec![0.1; RATE_HZ as usize];
    while job.progress().frames == 0 {
        writer.write(&second, &second, &Block::default());
    }
    job.stop();
    let rendered = job.finish().unwrap();
    assert!(rendered.stopped && !pictures(&stopped).is_empty());
    writer.write(&second, &second, &Block::default());
}
