//! These run on the wall's clock, as a host does: what they wait for comes when it comes, within a long patience.

use std::f32::consts::TAU;
use std::time::Duration;

use super::*;
use crate::pack::Pack;

const RATE_HZ: u32 = 44_100;
const BLOCK_FRAMES: usize = 441;
const PATIENCE: Duration = Duration::from_secs(60);

/// A host that plays a swelling chord in real time until it is dropped.
struct Host {
    running: Arc<AtomicBool>,
    thread: Option<JoinHandle<TapWriter>>,
}

impl Host {
    fn play(mut writer: TapWriter) -> Self {
        let running = Arc::new(AtomicBool::new(true));
        let plays = Arc::clone(&running);
        let thread = std::thread::spawn(move || {
            let mut at = 0_usize;
            while plays.load(Ordering::Relaxed) {
                let block: Vec<f32> = (at..at + BLOCK_FRAMES)
                    .map(|at| {
                        let t = at as f32 / RATE_HZ as f32;
                        0.2 * (TAU * 220.0 * t).sin() * (1.0 + (TAU * 2.0 * t).sin())
                    })
                    .collect();
                writer.write(&block, &block);
                at += BLOCK_FRAMES;
                std::thread::sleep(Duration::from_millis(10));
            }
            writer
        });
        Self { running, thread: Some(thread) }
    }

    fn stop(mut self) -> TapWriter {
        self.running.store(false, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap()
    }
}

fn wait_for(what: &str, mut ready: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !ready() {
        assert!(begin.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn awake_it_hears_and_dreams_and_asleep_it_does_neither() {
    let live = Arc::new(Live::new());
    let writer = live.connect(RATE_HZ, BLOCK_FRAMES);
    let host = Host::play(writer);
    std::thread::sleep(Duration::from_millis(60));
    assert_eq!(live.now().heard.time_s, 0.0, "nobody is awake");
    assert!(live.picture(0).is_none());

    let waking = live.wake();
    wait_for("sound", || live.now().heard.presence > 0.5);
    wait_for("models", || matches!(live.status().models, Models::Running { .. }));
    let first = live.picture(0).map_or(0, |(number, _)| number);
    wait_for("another picture", || live.picture(first).is_some());

    drop(waking);
    assert!(!live.is_awake());
    wait_for("rest", || {
        let heard_s = live.now().heard.time_s;
        std::thread::sleep(Duration::from_millis(50));
        live.now().heard.time_s == heard_s
    });
    host.stop();
}

#[test]
fn a_host_that_stops_leaves_silence_and_a_picture_at_rest() {
    let live = Arc::new(Live::new());
    let host = Host::play(live.connect(RATE_HZ, BLOCK_FRAMES));
    let _waking = live.wake();
    wait_for("sound", || live.now().heard.presence > 0.5);
    let writer = host.stop();
    wait_for("silence", || live.now().heard.presence == 0.0);
    drop(Host::play(writer).stop());
}

#[test]
fn a_missing_pack_is_told_and_the_built_in_one_plays() {
    let live = Arc::new(Live::new());
    live.set_pack("/nowhere/gone");
    let host = Host::play(live.connect(RATE_HZ, BLOCK_FRAMES));
    let _waking = live.wake();
    wait_for("models", || matches!(live.status().models, Models::Running { .. }));
    let status = live.status();
    assert!(status.pack_error.is_some_and(|error| error.contains("gone")));
    assert_eq!(status.pack, Pack::load(pack::DEFAULT).unwrap().manifest.title);

    live.set_pack("starter");
    wait_for("the other pack", || live.status().pack_error.is_none());
    host.stop();
}

#[test]
fn a_recorder_gets_every_sample_once() {
    let live = Arc::new(Live::new());
    let mut writer = live.connect(RATE_HZ, 64);
    let _waking = live.wake();
    let chunks = live.chunks();
    // Opened by the listener when it runs; what is written before is nobody's.
    wait_for("the first chunk", || {
        writer.write(&[-1.0; 64], &[-1.0; 64]);
        std::thread::sleep(Duration::from_millis(5));
        chunks.try_recv().is_ok()
    });
    std::thread::sleep(Duration::from_millis(50));
    chunks.try_iter().for_each(drop);
    let sound: Vec<f32> = (0..10_000).map(|at| at as f32).collect();
    for block in sound.chunks(333) {
        writer.write(block, block);
        std::thread::sleep(Duration::from_millis(3));
    }
    let mut heard: Vec<f32> = Vec::new();
    wait_for("the sound", || {
        heard.extend(chunks.try_iter().flat_map(|chunk| chunk.frames).map(|[left, _]| left));
        heard.len() >= sound.len()
    });
    assert_eq!(heard, sound);
}

#[test]
fn the_overture_moves_with_the_music_and_rests_in_silence() {
    let mut overture = overture::Overture::default();
    let controls = Controls::default();
    let mut play = |presence: f32, from_s: f64| {
        let hops: Vec<_> = (0..200)
            .map(|hop| {
                let time_s = from_s + f64::from(hop) * 0.005;
                (Heard { time_s, presence, loudness: presence, ..Heard::default() }, None)
            })
            .collect();
        std::thread::sleep(Duration::from_millis(90));
        overture.step(&hops, &controls)
    };
    let first = play(1.0, 0.0).unwrap();
    let second = play(1.0, 1.0).unwrap();
    assert_ne!(first.pixels, second.pixels);
    assert!(play(0.0, 2.0).is_none(), "it moves in silence");
}
