//! Tries a scene: plays it to made-up music, and says what a stranger would notice.
//!
//! ```no_run
//! use klangbild_engine::rehearsal::rehearse;
//! use klangbild_engine::scene::{Scene, find};
//! use klangbild_engine::stage::Gpu;
//!
//! let report = rehearse(&Gpu::headless()?, &*find(Scene::FLOW)?)?;
//! assert!(report.faults.is_empty(), "{:?}", report.faults);
//! # Ok::<(), klangbild_engine::stage::StageError>(())
//! ```

use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;

use crate::controls::Controls;
use crate::hearing::{BANDS, Drum, Heard};
use crate::scene::{IsfFile, SceneFile};
use crate::stage::{Belt, Frame, Gpu, Scene, Stage, StageError, overture};

const WIDTH_PX: u32 = 320;
const HEIGHT_PX: u32 = 180;
const FPS: u32 = 30;
/// It begins in silence, then music plays, with a kick on each beat.
const SILENCE_S: f64 = 2.0;
const MUSIC_S: f64 = 6.0;
const BEAT_S: f64 = 0.5;
/// Pictures a second.
const PICTURES_PER_S: f64 = 10.0;
/// Nobody waits longer for the whole of it, in seconds.
const LONGEST_S: f64 = 40.0;
/// Frames after which the time that one takes says something.
const SETTLED: u32 = 3;

/// What was measured, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rehearsal {
    /// Mean luminance of the shown frames while music plays, 0 to 1.
    pub luminance: f64,
    /// Share of pixels that are nearly black while music plays.
    pub black: f64,
    /// The same for white.
    pub white: f64,
    /// Mean change of a pixel from frame to frame in silence, of 255.
    pub moves_in_silence: f64,
    /// The same while music plays.
    pub moves: f64,
    /// How many times more the frame changes when a kick falls than between kicks.
    pub answers_kick: f64,
    /// Time that a frame of 320x180 takes on this machine, in milliseconds.
    pub frame_ms: f64,
    /// What must be mended.
    pub faults: Vec<String>,
    /// What its author may want to know.
    pub remarks: Vec<String>,
    /// The last frame: RGBA rows.
    #[serde(skip)]
    pub last: Frame,
}

/// Plays the scene and measures it.
///
/// # Errors
/// It does not compile, or the device fails.
pub fn rehearse(gpu: &Arc<Gpu>, file: &SceneFile) -> Result<Rehearsal, StageError> {
    let mut stage = Stage::new(Arc::clone(gpu), WIDTH_PX, HEIGHT_PX, Scene::default(), 7)?;
    // What the stage adds moves with the music by itself, and would hide a scene that does not.
    let mut bare = file.clone();
    bare.head.post.breathes = false;
    stage.play(&bare)?;
    stage.set_controls(&Controls { scene: file.scene, grain: 0.0, ..Controls::default() })?;
    let mut belt = Belt::new(Arc::clone(gpu), WIDTH_PX, HEIGHT_PX)?;
    let mut frames: Vec<Frame> = Vec::new();
    let (mut shown, mut began) = (0_u32, Instant::now());
    let count = ((SILENCE_S + MUSIC_S) * f64::from(FPS)) as u32;
    for at in 0..count {
        let time_s = f64::from(at) / f64::from(FPS);
        while f64::from(shown) <= time_s * PICTURES_PER_S {
            let mut picture = overture::picture(7, shown as f32 * 0.02);
            picture.time_s = f64::from(shown) / PICTURES_PER_S;
            stage.show(&picture)?;
            shown += 1;
        }
        stage.hear(&sound(time_s), SAMPLE_RATE_HZ);
        stage.draw(time_s, &heard(time_s))?;
        belt.push(&stage)?;
        if let Some(frame) = belt.pop(true)? {
            frames.push(frame);
        }
        if at <= SETTLED {
            began = Instant::now(); // what is compiled at the first frames is not what a frame takes
            continue;
        }
        let frame_s = began.elapsed().as_secs_f64() / f64::from(at - SETTLED);
        if frame_s * f64::from(count) > LONGEST_S {
            return Ok(too_slow(frame_s, frames.pop()));
        }
    }
    let frame_ms = began.elapsed().as_secs_f64() * 1000.0 / f64::from(count - SETTLED);
    Ok(judge(&frames, frame_ms, file))
}

/// The end of a rehearsal that would take minutes.
fn too_slow(frame_s: f64, last: Option<Frame>) -> Rehearsal {
    let fault = format!(
        "a frame of {WIDTH_PX}x{HEIGHT_PX} takes {frame_s:.1} s on this machine: fewer rounds in its loops, fewer passes, points or pixels"
    );
    Rehearsal {
        frame_ms: frame_s * 1000.0,
        faults: vec![fault],
        last: last.unwrap_or_default(),
        ..Rehearsal::default()
    }
}

const SAMPLE_RATE_HZ: u32 = 48_000;

/// A chord, and a kick on each beat; silence before.
fn sound(time_s: f64) -> Vec<[f32; 2]> {
    let count = SAMPLE_RATE_HZ / FPS;
    let sample = |at: u32| {
        let time_s = time_s + f64::from(at) / f64::from(SAMPLE_RATE_HZ);
        let Some(beat_s) = (time_s >= SILENCE_S).then(|| (time_s - SILENCE_S) % BEAT_S) else { return 0.0 };
        let tone = |hz: f64| (time_s * hz * std::f64::consts::TAU).sin();
        let kick = (beat_s * 60.0 * std::f64::consts::TAU).sin() * (-beat_s / 0.08).exp();
        (0.12 * (tone(220.0) + tone(277.2) + tone(329.6)) + 0.6 * kick) as f32
    };
    (0..count).map(|at| [sample(at); 2]).collect()
}

fn heard(time_s: f64) -> Heard {
    if time_s < SILENCE_S {
        return Heard { time_s, ..Heard::default() };
    }
    let playing_s = time_s - SILENCE_S;
    let beats = playing_s / BEAT_S;
    let since_s = beats.fract() * BEAT_S;
    let drum = |decay_s: f64, count: u32| Drum {
        pulse: (-since_s / decay_s).exp() as f32,
        strength: 1.0,
        count,
        time_s: time_s - since_s,
    };
    let count = beats as u32 + 1;
    let swell = (-since_s / 0.2).exp() as f32;
    Heard {
        time_s,
        presence: 1.0,
        loudness: 0.6,
        level: 0.4 + 0.3 * swell,
        bass: 0.3 + 0.5 * swell,
        mid: 0.5,
        treble: 0.3,
        brightness: 0.5,
        bands: std::array::from_fn(|band| 0.5 + 0.3 * (band as f32 / BANDS as f32 - swell)),
        all_level: 0.4 + 0.3 * swell,
        all_hit: drum(0.12, count),
        all_presence: 0.5,
        all_time_s: (0.5 * playing_s) as f32,
        bass_level: 0.3 + 0.5 * swell,
        bass_hit: drum(0.15, count),
        bass_presence: 0.5,
        bass_time_s: (0.4 * playing_s) as f32,
        low_mid_level: 0.5,
        low_mid_presence: 0.5,
        low_mid_time_s: (0.5 * playing_s) as f32,
        high_level: 0.3,
        high_hit: drum(0.15, count),
        high_presence: 0.3,
        high_time_s: (0.3 * playing_s) as f32,
        chroma: std::array::from_fn(|class| if [1, 4, 9].contains(&class) { 1.0 } else { 0.1 }),
        kick: drum(0.18, count),
        hat: drum(0.07, count),
        tempo_bpm: 120.0,
        beat_phase: beats.fract() as f32,
        beat_count: count,
        beat_confidence: 1.0,
        beat_hit: swell,
        ..Heard::default()
    }
}

fn judge(frames: &[Frame], frame_ms: f64, file: &SceneFile) -> Rehearsal {
    let silent = (SILENCE_S * f64::from(FPS)) as usize;
    let change = |a: &Frame, b: &Frame| {
        let sum: f64 = a.rgba.iter().zip(&b.rgba).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        sum * 4.0 / 3.0 / a.rgba.len().max(1) as f64 // alpha stands still
    };
    let changes: Vec<f64> = frames.windows(2).map(|pair| change(&pair[0], &pair[1])).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let playing = &frames[silent.min(frames.len())..];
    let pixels = || playing.iter().flat_map(|frame| frame.rgba.chunks_exact(4));
    let luminances =
        pixels().map(|p| 0.2126 * f64::from(p[0]) + 0.7152 * f64::from(p[1]) + 0.0722 * f64::from(p[2]));
    let total = pixels().count().max(1) as f64;
    let share =
        |is: &dyn Fn(u8) -> bool| pixels().filter(|p| p[..3].iter().all(|c| is(*c))).count() as f64 / total;
    // The frame in which a kick falls, and the one after it, against all the others.
    let per_beat = (BEAT_S * f64::from(FPS)) as usize;
    let (hits, between): (Vec<_>, Vec<_>) =
        (silent + per_beat..changes.len()).partition(|at| (at + 1 - silent) % per_beat < 2);
    let of = |places: Vec<usize>| mean(&places.into_iter().map(|at| changes[at]).collect::<Vec<_>>());
    let (hit, rest) = (of(hits), of(between));
    let mut report = Rehearsal {
        luminance: luminances.sum::<f64>() / total / 255.0,
        black: share(&|channel| channel < 8),
        white: share(&|channel| channel > 250),
        moves_in_silence: mean(&changes[silent / 2..silent.min(changes.len())]),
        moves: mean(&changes[silent.min(changes.len())..]),
        answers_kick: hit / rest.max(0.05),
        frame_ms,
        last: frames.last().cloned().unwrap_or_default(),
        ..Rehearsal::default()
    };
    if let Some(isf) = &file.isf {
        report.remarks = remarks_on(isf, &report);
        return report;
    }
    let mut fault = |is: bool, words: &str| is.then(|| report.faults.push(words.to_owned()));
    fault(report.black > 0.995, "every frame is black: does the last pass return light, and is it finite?");
    fault(report.white > 0.98, "every frame is white: is the light far over 1?");
    fault(report.moves < 0.02, "nothing ever moves");
    fault(report.luminance > 0.93, "it is nearly white all over: is the light far over 1?");
    let mut remark = |is: bool, words: String| is.then(|| report.remarks.push(words));
    remark(report.answers_kick < 1.2, "a kick hardly shows: use now.kick, or heard.kick".to_owned());
    remark(
        report.moves_in_silence > 6.0,
        "it is busy in silence: let now.presence or now.energy move it".to_owned(),
    );
    remark(report.black < 0.002 && report.luminance > 0.25, "there is no black in it to glow in".to_owned());
    remark(frame_ms > 33.0, format!("a frame of 320x180 takes {frame_ms:.0} ms here: offer cheaper tiers"));
    report
}

/// What is worth knowing of a file that was written for other programs, and may well stand still or wait for a knob.
fn remarks_on(isf: &IsfFile, report: &Rehearsal) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut remark = |is: bool, words: String| is.then(|| remarks.push(words));
    remark(report.black > 0.995, "as its knobs stand every frame is black".to_owned());
    remark(report.white > 0.98, "as its knobs stand every frame is white".to_owned());
    remark(report.moves < 0.02, "as its knobs stand nothing moves".to_owned());
    let still = isf.without_knob();
    remark(
        !still.is_empty(),
        format!("there are eight knobs; without one, and as the file says: {}", still.join(", ")),
    );
    let frame_ms = report.frame_ms;
    remark(frame_ms > 33.0, format!("a frame of 320x180 takes {frame_ms:.0} ms here"));
    remarks
}
