//! These run on the wall's clock, as a host does: what they wait for comes when it comes, within a long patience.

use std::f32::consts::TAU;
use std::time::Duration;

use super::*;
use crate::pack::Pack;
use crate::performance::{Event, Score};
use crate::tap::Block;

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
                writer.write(&block, &block, &Block::default());
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
    let writer = live.connect(RATE_HZ);
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
fn pictures_have_the_shape_of_the_frame_that_is_drawn() {
    let live = Arc::new(Live::new());
    let host = Host::play(live.connect(RATE_HZ));
    let _waking = live.wake();
    let mut score = live.watch();
    let shape = |size_px: (u32, u32)| f64::from(size_px.0) / f64::from(size_px.1);
    let mut seen = 0;
    for frame_px in [(360, 640), (640, 360), (400, 400)] {
        score.frame(frame_px);
        wait_for("a picture of the frame's shape", || {
            live.picture(seen).is_some_and(|(number, picture)| {
                seen = number;
                let ratio = shape((picture.width_px, picture.height_px)) / shape(frame_px);
                (0.9..1.1).contains(&ratio)
            })
        });
    }
    host.stop();
}

#[test]
fn the_director_chooses_among_favourites_live() {
    let live = Arc::new(Live::new());
    // Nobody would choose this one for silence.
    live.set_favourites(&[Scene::of("wall")]);
    live.set_controls(&Controls { director: true, ..Controls::default() });
    let _waking = live.wake();
    wait_for("direction", || live.hub.direction.get().scene().is_some());
    assert_eq!(live.hub.direction.get().scene(), Some(Scene::of("wall")));
}

#[test]
fn a_host_that_stops_leaves_silence_and_a_picture_at_rest() {
    let live = Arc::new(Live::new());
    let host = Host::play(live.connect(RATE_HZ));
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
    let host = Host::play(live.connect(RATE_HZ));
    let _waking = live.wake();
    wait_for("models", || matches!(live.status().models, Models::Running { .. }));
    let status = live.status();
    assert!(status.pack_error.is_some_and(|error| error.contains("gone")));
    assert_eq!(status.pack, Pack::load(pack::DEFAULT).unwrap().manifest.title);

    live.set_pack("starter");
    wait_for("the other pack", || live.status().pack_error.is_none());
    host.stop();
}

/// Everything that a score tells until it is over: the sound, and how many hops and pictures.
fn all_of(following: &mut Following) -> (Vec<f32>, usize, usize) {
    let (mut sound, mut hops, mut pictures) = (Vec::new(), 0, 0);
    loop {
        let mut count = |event: Event<'_>| {
            match event {
                Event::Hop(_) => hops += 1,
                Event::Picture(..) => pictures += 1,
                Event::Turn(_) | Event::Still(_) | Event::Sound(..) => {}
            }
            Ok(())
        };
        let read = following.go_on(735, &mut count).unwrap();
        if read.is_empty() {
            return (sound, hops, pictures);
        }
        sound.extend(read.iter().map(|[left, _]| *left));
    }
}

#[test]
fn whoever_follows_gets_every_sample_once_and_each_picture_that_was_due() {
    let live = Arc::new(Live::new());
    live.set_pack("starter");
    let mut writer = live.connect(RATE_HZ);
    let stop = Arc::new(AtomicBool::new(false));
    let (_waking, mut following) = live.follow_afresh(Arc::clone(&stop));
    wait_for("the ears", || {
        let heard = live.hub.heard_to.load(Ordering::Relaxed);
        heard > 0
    });
    let sound: Vec<f32> = (0..60_000).map(|at| 0.5 * (at as f32 * 0.03).sin() + 1e-6 * at as f32).collect();
    let player = std::thread::spawn({
        let (sound, stop) = (sound.clone(), Arc::clone(&stop));
        move || {
            for block in sound.chunks(333) {
                writer.write(block, block, &Block::default());
                std::thread::sleep(Duration::from_secs_f64(333.0 / f64::from(RATE_HZ)));
            }
            std::thread::sleep(Duration::from_millis(100));
            stop.store(true, Ordering::Release);
        }
    });
    assert!(following.begin());
    let (heard, hops, pictures) = all_of(&mut following);
    player.join().unwrap();
    assert!(heard == sound, "{} samples of {}", heard.len(), sound.len());
    assert!((sound.len() / 221..=sound.len() / 220 + 1).contains(&hops), "{hops} hops");
    // 1.36 s at 10 a second; whatever a slow machine leaves out, the first ones wait for the models.
    assert!((2..=15).contains(&pictures), "{pictures} pictures");
}

#[test]
fn a_recording_has_its_first_picture_though_the_dreams_wake_late() {
    let live = Arc::new(Live::new());
    live.set_pack("starter");
    let writer = live.connect(RATE_HZ);
    // What a window showed before is no part of it.
    live.hub.shown.set(Shown { number: 1, picture: Some(Arc::default()), stills: 0 });
    let stop = Arc::new(AtomicBool::new(false));
    // As a thread of low priority is on a busy machine.
    let late = lock(&live.dreams);
    let (waking, mut following) = live.follow_afresh(Arc::clone(&stop));
    let host = Host::play(writer);
    assert!(following.begin());
    drop(late);
    let mut first = None;
    let mut keep = |event: Event<'_>| {
        if let Event::Picture(picture, _) = event {
            first.get_or_insert((picture.width_px, picture.time_s));
        }
        Ok(())
    };
    following.go_on(735, &mut keep).unwrap();
    let (width_px, time_s) = first.expect("a picture within the first frame");
    assert!(width_px > 1 && time_s <= 735.0 / f64::from(RATE_HZ), "{width_px} px, at {time_s} s");
    stop.store(true, Ordering::Release);
    drop(waking);
    host.stop();
}

#[test]
fn a_slow_follower_ends_with_what_was_played_until_it_was_told_to() {
    let live = Arc::new(Live::new());
    let mut writer = live.connect(RATE_HZ);
    let _waking = live.wake();
    let (stop, ended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let mut following = live.follow(Arc::clone(&stop));
    let player = std::thread::spawn({
        let ended = Arc::clone(&ended);
        move || {
            while !ended.load(Ordering::Acquire) {
                writer.write(&[0.1; 441], &[0.1; 441], &Block::default());
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    });
    assert!(following.begin());
    stop.store(true, Ordering::Release);
    let mut lengths = Vec::new();
    while lengths.last() != Some(&0) && lengths.len() < 50 {
        // As long as drawing takes on a busy machine.
        std::thread::sleep(Duration::from_millis(30));
        lengths.push(following.go_on(4410, &mut |_| Ok(())).unwrap().len());
    }
    ended.store(true, Ordering::Release);
    player.join().unwrap();
    let cut = lengths.iter().filter(|length| (1..4410).contains(*length)).count();
    assert!(cut <= 1 && lengths.len() <= 3, "it went on while it was played: {lengths:?}");
}

#[test]
fn neither_a_burst_nor_a_large_block_is_taken_for_a_halt() {
    for (burst, block) in [(4096, 4096), (4864, 256), (1024, 1)] {
        let live = Arc::new(Live::new());
        let mut writer = live.connect(48_000);
        let _waking = live.wake();
        let transport = Transport { playing: true, tempo_bpm: Some(120.0), ..Transport::default() };
        let (begin, mut at) = (Instant::now(), 0_usize);
        let (mut first, mut stood, mut looks) = (None, 0, 0);
        while begin.elapsed() < Duration::from_secs(3) {
            for _ in 0..burst / block {
                let sound: Vec<f32> = (at..at + block).map(|n| 0.3 * (n as f32 * 0.03).sin()).collect();
                writer.write(&sound, &sound, &Block { transport: Some(transport), ..Block::default() });
                at += block;
            }
            while begin.elapsed().as_secs_f64() < at as f64 / 48_000.0 {
                std::thread::sleep(Duration::from_millis(4));
                if begin.elapsed() > Duration::from_secs(1) {
                    looks += 1;
                    stood += i32::from(!live.now().transport.playing);
                    first.get_or_insert((begin.elapsed().as_secs_f64(), live.now().heard.time_s));
                }
            }
        }
        let (wall_s, heard_s) = first.unwrap();
        let speed = (live.now().heard.time_s - heard_s) / (begin.elapsed().as_secs_f64() - wall_s);
        assert!(stood * 50 < looks, "{burst} by {block}: said to stand at {stood} of {looks} looks");
        assert!((speed - 1.0).abs() < 0.12, "{burst} by {block}: the clock ran at {speed:.2} x real time");
    }
}

#[test]
fn a_pack_that_was_mended_plays() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("mine");
    let live = Arc::new(Live::new());
    live.set_pack(&pack.to_string_lossy());
    let _waking = live.wake();
    wait_for("the message", || live.status().pack_error.is_some());
    wait_for("the built-in pack", || matches!(live.status().models, Models::Running { .. }));
    let errors = live.status().pack_error;
    std::thread::sleep(3 * super::dreams::LOOK_AT_PACK_EVERY / 2);
    assert_eq!(live.status().pack_error, errors, "the message stays while nothing has changed");
    std::fs::create_dir(&pack).unwrap();
    let starter = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/starter");
    for entry in std::fs::read_dir(starter).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), pack.join(entry.file_name())).unwrap();
        }
    }
    wait_for("the mended pack", || {
        let status = live.status();
        status.pack_error.is_none()
            && status.loading.is_none()
            && status.pack == Pack::load("starter").unwrap().manifest.title
    });
}

#[test]
fn the_pictures_cross_fade_from_one_pack_to_the_next() {
    let live = Arc::new(Live::new());
    live.set_pack("starter");
    let host = Host::play(live.connect(RATE_HZ));
    let _waking = live.wake();
    wait_for("models", || matches!(live.status().models, Models::Running { .. }));
    let stop = Arc::new(AtomicBool::new(false));
    let mut following = live.follow(Arc::clone(&stop));
    live.set_pack("music2image");
    assert!(following.begin());
    // Sizes differ: 64 px are the other pack's. Its first pictures are hardly to be told from the one before.
    let mut pictures = Vec::new();
    while pictures.iter().filter(|picture: &&Picture| picture.width_px == 64).count() < 12 {
        let mut keep = |event: Event<'_>| {
            if let Event::Picture(picture, _) = event {
                pictures.push(picture.clone());
            }
            Ok(())
        };
        assert!(!following.go_on(735, &mut keep).unwrap().is_empty());
    }
    stop.store(true, Ordering::Release);
    host.stop();
    let first = pictures.iter().position(|picture| picture.width_px == 64).unwrap();
    assert!(first > 0, "the pack before did not play on while the other was loaded");
    let apart = |a: &Picture, b: &Picture| {
        let b = b.mixed_with(a, 0.0, 0.0); // brought to the size of the other
        let differences = a.pixels.iter().flatten().zip(b.pixels.iter().flatten());
        differences.map(|(a, b)| (a.to_f32() - b.to_f32()).abs()).sum::<f32>() / a.pixels.len() as f32
    };
    let (begins, ends) =
        (apart(&pictures[first], &pictures[first - 1]), apart(&pictures[first + 11], &pictures[first - 1]));
    assert!(begins < 0.5 * ends, "{begins} at first, {ends} later");
}

#[test]
fn what_runs_the_models_can_be_chosen_anew_while_they_play() {
    let live = Arc::new(Live::new());
    live.set_pack("starter");
    let host = Host::play(live.connect(RATE_HZ));
    let _waking = live.wake();
    wait_for("models", || matches!(live.status().models, Models::Running { .. }));
    live.load_anew();
    let mut newest = 0;
    wait_for("loading", || {
        newest = live.picture(0).map_or(0, |(number, _)| number);
        live.status().loading.is_some()
    });
    wait_for("the pack again", || {
        assert!(matches!(live.status().models, Models::Running { .. }), "it did not play on meanwhile");
        live.status().loading.is_none()
    });
    wait_for("another picture", || live.picture(newest).is_some());
    host.stop();
}
