//! `klangbild bench --live`: how fast sound becomes light, and what that costs the audio thread.
//!
//! The real thing but for the window: an audio thread that hands over 64-frame blocks at 48 kHz, the ears, the models, and the
//! stage thread with its panel, whose frames are shown to nobody. Clicks over soft music are timed from the block that holds
//! them to the frame that shows them.

use std::f32::consts::TAU;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use klangbild::instance::Instance;
use klangbild::intake::Intake;
use klangbild::window::{Nowhere, StageThread};
use klangbild_engine::hearing::Heard;
use klangbild_engine::live::Models;
use klangbild_engine::tap::Transport;
use serde::Serialize;

use super::quantile;

const RATE_HZ: u32 = 48_000;
const BLOCK_FRAMES: usize = 64;
/// A click comes with every so many blocks: 0.6 s, and off the display's beat.
const CLICK_EVERY: u64 = 449;
const CLICK_FRAMES: usize = 240;
/// A frame shows a click when its level is above the music's by this much.
const SEEN: f32 = 0.2;
/// Models are loaded and the resolution has settled by then.
const WARM_UP: Duration = Duration::from_secs(6);
/// The generator's throttle in the second run, in pictures per second.
const THROTTLED_PER_S: f64 = 2.0;
const WINDOW_PX: (u32, u32) = (960, 540);

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct LiveReport {
    /// The adapter that draws, and the size of its frames in the end.
    pub adapter: String,
    /// What the generator runs on, or why it does not.
    pub models: String,
    /// With the generator running freely.
    pub free: Run,
    /// With the generator at 2 pictures a second.
    pub throttled: Run,
    /// What a block of 64 frames takes on the audio thread, in microseconds: median, and 99.9 %.
    pub block_us: (f64, f64),
    /// Blocks that were timed.
    pub blocks: usize,
    /// Whether the audio thread had real-time priority, as hosts give it. Without it, other threads are timed too.
    pub real_time: bool,
}

/// One run.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// Frames a second.
    pub fps: f64,
    /// Pictures a second.
    pub pictures_per_s: f64,
    /// From the block that holds a click to the frame that shows it, in milliseconds: median, and 95 %.
    pub click_ms: (f64, f64),
    /// Clicks, and how many of them were seen in a frame.
    pub clicks: (usize, usize),
    /// Clicks that were seen in the first or second frame that was begun after their block was heard.
    pub next_frame: usize,
}

/// When a frame was shown, and how loud it was.
type Shown = (Instant, f32);

/// Measures for `each` in either run.
///
/// # Errors
/// The system gives no thread.
pub fn measure(each: Duration, pack: &str) -> Result<LiveReport> {
    let instance = Arc::new(Instance::default());
    instance.change_settings(|settings| pack.clone_into(&mut settings.pack));
    let mut intake = Intake::new(Arc::clone(&instance.params));
    intake.connect(&instance, RATE_HZ);
    let (shown, frames) = channel();
    let front = Box::new(Nowhere(move |heard: &Heard| {
        // Nobody listens between two runs.
        let _ = shown.send((Instant::now(), heard.level));
    }));
    let stage = StageThread::start(Arc::clone(&instance), front, WINDOW_PX, 1.0)?;
    let running = Arc::new(AtomicBool::new(true));
    let (click, clicks) = channel();
    let plays = Arc::clone(&running);
    let audio = std::thread::Builder::new()
        .name("audio".to_owned())
        .spawn(move || play(&mut intake, &plays, &click))
        .context("no thread for the sound")?;

    std::thread::sleep(WARM_UP);
    let free = run(&instance, &stage, &frames, &clicks, each);
    instance.live.limit_pictures_per_s(THROTTLED_PER_S);
    std::thread::sleep(Duration::from_secs(1));
    let throttled = run(&instance, &stage, &frames, &clicks, each);

    running.store(false, Ordering::Relaxed);
    let (real_time, blocks_s) = audio.join().unwrap_or_default();
    let adapter = instance.gpu().map_or_else(
        |error| error.to_string(),
        |gpu| format!("{} ({})", gpu.info().name, gpu.info().backend),
    );
    let models = match instance.live.status().models {
        Models::Running { provider, .. } => provider,
        Models::Failed(error) => error,
        Models::Asleep | Models::Loading => "still loading".to_owned(),
    };
    Ok(LiveReport {
        adapter,
        models,
        free,
        throttled,
        block_us: (1e6 * quantile(&blocks_s, 0.5), 1e6 * quantile(&blocks_s, 0.999)),
        blocks: blocks_s.len(),
        real_time,
    })
}

/// The audio thread: soft music, and a click now and then. The seconds that each block has taken.
fn play(intake: &mut Intake, running: &AtomicBool, click: &Sender<Instant>) -> (bool, Vec<f64>) {
    let real_time = become_real_time();
    let period = Duration::from_secs_f64(BLOCK_FRAMES as f64 / f64::from(RATE_HZ));
    let mut taken_s = Vec::with_capacity(100_000);
    let (mut next, mut block) = (Instant::now(), 0_u64);
    let (mut left, mut right) = ([0.0_f32; BLOCK_FRAMES], [0.0_f32; BLOCK_FRAMES]);
    while running.load(Ordering::Relaxed) {
        let since_click = (block % CLICK_EVERY) as usize * BLOCK_FRAMES;
        for at in 0..BLOCK_FRAMES {
            let t = (block as usize * BLOCK_FRAMES + at) as f32 / RATE_HZ as f32;
            let music = 0.02 * ((TAU * 220.0 * t).sin() + (TAU * 277.2 * t).sin() * (TAU * 0.3 * t).sin());
            let sounds = since_click + at < CLICK_FRAMES;
            let sample = if sounds { 0.9 * (TAU * 900.0 * t).sin() } else { music };
            (left[at], right[at]) = (sample, sample);
        }
        let begin = Instant::now();
        intake.block(&left, &right, Transport::default(), None);
        taken_s.push(begin.elapsed().as_secs_f64());
        if since_click == 0 {
            // Nobody listens between two runs.
            let _ = click.send(begin);
        }
        block += 1;
        next += period;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    (real_time, taken_s)
}

/// Gives this thread the priority that a host gives its audio thread; whether the system allows it.
#[cfg(target_os = "linux")]
fn become_real_time() -> bool {
    const USUAL_PRIORITY: i32 = 70;
    let parameters = libc::sched_param { sched_priority: USUAL_PRIORITY };
    // SAFETY: plain numbers; 0 means the calling thread.
    unsafe { libc::sched_setscheduler(0, libc::SCHED_FIFO, &raw const parameters) == 0 }
}

#[cfg(not(target_os = "linux"))]
fn become_real_time() -> bool {
    false
}

fn run(
    instance: &Instance,
    stage: &StageThread,
    frames: &Receiver<Shown>,
    clicks: &Receiver<Instant>,
    each: Duration,
) -> Run {
    frames.try_iter().for_each(drop);
    clicks.try_iter().for_each(drop);
    let pictures_before = instance.live.picture(0).map_or(0, |(number, _)| number);
    let frames_before = stage.signals().frames.load(Ordering::Relaxed);
    let begin = Instant::now();
    std::thread::sleep(each);
    let seconds = begin.elapsed().as_secs_f64();
    let fps = (stage.signals().frames.load(Ordering::Relaxed) - frames_before) as f64 / seconds;
    let pictures = instance.live.picture(0).map_or(0, |(number, _)| number) - pictures_before;
    let shown: Vec<Shown> = frames.try_iter().collect();
    let clicked: Vec<Instant> = clicks.try_iter().collect();
    let (mut delays_s, mut next_frame) = (Vec::new(), 0);
    // The last one may still be on its way.
    let settled = clicked.iter().filter(|at| **at + Duration::from_millis(400) < begin + each);
    let mut count = 0;
    for at in settled {
        count += 1;
        let Some(after) = shown.iter().position(|(when, _)| when > at) else { continue };
        let before = shown[..after].last().map_or(0.0, |(_, level)| *level);
        let seen = shown[after..].iter().position(|(_, level)| *level > before + SEEN);
        let Some(seen) = seen else { continue };
        let delay_s = (shown[after + seen].0 - *at).as_secs_f64();
        if delay_s < 0.4 {
            delays_s.push(delay_s);
            // A frame that was being drawn when the click came cannot show it.
            next_frame += usize::from(seen <= 2);
        }
    }
    Run {
        fps,
        pictures_per_s: pictures as f64 / seconds,
        click_ms: (1e3 * quantile(&delays_s, 0.5), 1e3 * quantile(&delays_s, 0.95)),
        clicks: (count, delays_s.len()),
        next_frame,
    }
}

impl fmt::Display for LiveReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "drawn on          {}, {}x{}", self.adapter, WINDOW_PX.0, WINDOW_PX.1)?;
        writeln!(f, "models            {}", self.models)?;
        for (name, run) in [("generator free", &self.free), ("at 2 pictures/s", &self.throttled)] {
            writeln!(
                f,
                "{name:<17} {:.1} frames/s, {:.1} pictures/s; click to frame: median {:.1} ms, 95 % {:.1} ms \
                 ({} of {} clicks seen, {} in the next frame)",
                run.fps,
                run.pictures_per_s,
                run.click_ms.0,
                run.click_ms.1,
                run.clicks.1,
                run.clicks.0,
                run.next_frame,
            )?;
        }
        let deadline_us = 1e6 * BLOCK_FRAMES as f64 / f64::from(RATE_HZ);
        writeln!(
            f,
            "audio thread      a block of {BLOCK_FRAMES} frames: median {:.2} us, 99.9 % {:.2} us ({:.2} % of its deadline), of {}{}",
            self.block_us.0,
            self.block_us.1,
            100.0 * self.block_us.1 / deadline_us,
            self.blocks,
            if self.real_time { "" } else { "; without real-time priority, which the system does not allow" },
        )
    }
}
