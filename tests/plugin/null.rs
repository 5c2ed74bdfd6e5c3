//! A recording in real time has, picture for picture, what the program renders from the same sound: however the host cuts it.

use std::path::Path;
use std::time::{Duration, Instant};

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{With, state};
use klangbild_tests::frames;
use klangbild_tests::program::{Program, Scratch};
use klangbild_tests::sound::Sound as Music;
use serde_json::json;

use crate::plugin_that_writes_to;

const RATE_HZ: u32 = 48_000;
const SECONDS: f64 = 3.5;

/// Plays music in real time, in blocks of these lengths in turn, and records all but its beginning.
fn record(folder: &Path, fps: u32, blocks: &[usize]) -> Vec<f32> {
    let mut plugin = plugin_that_writes_to(folder);
    let settings = json!({"video_fps": fps, "video_px": [64, 36], "pack": "starter"});
    let changed = state::with_settings(&plugin.save(), &settings);
    assert!(plugin.load(&changed));
    // What is generated is one picture: a machine that is busy with something else would leave others out.
    plugin.set(&[("Freeze", 1.0)]);
    let record = plugin.param("Record Video").id;
    let longest = blocks.iter().copied().max().unwrap() as u32;
    let mut sound = plugin.activate(f64::from(RATE_HZ), longest);
    let mut music = Music::music(RATE_HZ, SECONDS);
    [0.31, 1.07, 1.62].iter().for_each(|time_s| music.add_kick(*time_s));
    let (begin, mut from, mut lengths) = (Instant::now(), 0, blocks.iter().cycle());
    while from < music.samples.len() {
        let to = (from + lengths.next().unwrap()).min(music.samples.len());
        let changes = if from == 0 { vec![(record, 1.0)] } else { Vec::new() };
        sound.process(&[&music.samples[from..to]; 2], &With { changes, ..With::default() });
        from = to;
        let due = Duration::from_secs_f64(from as f64 / f64::from(RATE_HZ));
        std::thread::sleep(due.saturating_sub(begin.elapsed()));
    }
    sound.process(&[&[0.0; 64][..]; 2], &With { changes: vec![(record, 0.0)], ..With::default() });
    plugin.pump_for(Duration::from_millis(200));
    plugin.deactivate(sound);
    drop(plugin);
    music.samples
}

/// How much of the recording's sound is one stretch of what was played, sample for sample, and how long it is.
fn as_played(played: &[f32], wav: &Path) -> (usize, usize) {
    let mut reader = hound::WavReader::open(wav).unwrap();
    let sound: Vec<f32> = reader.samples::<f32>().step_by(2).map(Result::unwrap).collect();
    // The last frame is completed with silence.
    let ends = sound.iter().rposition(|sample| *sample != 0.0).unwrap() + 1;
    let alike = |from: usize| {
        sound[..ends].iter().zip(&played[from..]).take_while(|(sample, there)| sample == there).count()
    };
    ((0..played.len()).map(alike).max().unwrap(), ends)
}

fn is_a_render(fps: u32, blocks: &[usize]) {
    let scratch = Scratch::new();
    let played = record(scratch.folder(), fps, blocks);
    let names = scratch.names();
    let [name] = &names[..] else { panic!("not one recording: {names:?}") };
    let recording = scratch.path(name);
    let wav = recording.join("audio.wav");
    let (alike, length) = as_played(&played, &wav);
    assert!(alike == length, "sound is missing, or twice there, after sample {alike} of {length}");
    let rendered = Scratch::new();
    Program::at(env!("CARGO_BIN_EXE_klangbild"))
        .arg("render")
        .arg(&wav)
        .arg("-o")
        .arg(rendered.path("frames"))
        .args(&format!("--size 64x36 --fps {fps} --pack starter --freeze on"))
        .run()
        .succeeds();
    let (live, offline) = (frames::list(&recording), frames::list(&rendered.path("frames")));
    // A machine that is busy with something else begins late, and leaves frames out: up to there they are compared. The last
    // one lacks the sound that was not played any more.
    let whole =
        live.iter().zip(&offline).take_while(|(live, offline)| live.file_name() == offline.file_name());
    let compared = whole.take(live.len() - 1).inspect(|(live, offline)| {
        let apart = frames::difference(&frames::load(live), &frames::load(offline));
        assert!(
            apart == 0.0,
            "{} at {fps} fps in blocks of {blocks:?} differs by {apart:.5}",
            live.display()
        );
    });
    let compared = compared.count();
    assert!(compared >= 25, "{compared} frames of {} could be compared", offline.len());
}

#[test]
fn a_recording_has_the_frames_of_a_render_at_any_block_size() {
    Alone::new().run(|| {
        for (fps, blocks) in [
            (30, &[64][..]),
            (60, &[512]),
            (30, &[2048]),
            (60, &[4096]),
            (60, &[441, 1, 1024, 777, 64, 2048]),
        ] {
            is_a_render(fps, blocks);
        }
    });
}
