//! These draw for real, on whatever adapter there is; a machine without any fails them.

use half::f16;

use super::*;
use crate::hearing::{Drum, Heard};
use crate::scene::SceneFile;

/// The scenes that show the picture itself.
const SCENES: [Scene; 3] = [Scene::PICTURE, Scene::FLOW, Scene::KALEIDOSCOPE];

const WIDTH_PX: u32 = 160;
const HEIGHT_PX: u32 = 90;
const FRAME_S: f64 = 1.0 / 30.0;

fn gpu() -> Arc<Gpu> {
    Gpu::headless().expect("the tests of the stage need an adapter; mesa-vulkan-drivers has a software one")
}

fn stage(gpu: &Arc<Gpu>, scene: Scene) -> Stage {
    Stage::new(Arc::clone(gpu), WIDTH_PX, HEIGHT_PX, scene, 7).unwrap()
}

/// A coloured landscape of hills, other hills for another `kind`.
fn hills(kind: f32, time_s: f64) -> Picture {
    let side = 64_u32;
    let pixels = (0..side * side)
        .map(|at| {
            let (x, y) = ((at % side) as f32 / side as f32, (at / side) as f32 / side as f32);
            let height = 0.5 + 0.5 * (9.0 * x + kind).sin() * (7.0 * y - 2.0 * kind).cos();
            [0.7 * height, 0.25 + 0.2 * (kind + 5.0 * y).sin(), 0.5 * (1.0 - height), 1.0].map(f16::from_f32)
        })
        .collect();
    Picture { width_px: side, height_px: side, time_s, pixels, ..Picture::default() }
}

fn flat(light: f32, time_s: f64) -> Picture {
    let pixels = vec![[light, light, light, 1.0].map(f16::from_f32); 32 * 32];
    Picture { width_px: 32, height_px: 32, time_s, pixels, ..Picture::default() }
}

fn music() -> Heard {
    Heard {
        presence: 1.0,
        loudness: 0.6,
        level: 0.5,
        bass: 0.4,
        mid: 0.5,
        treble: 0.3,
        brightness: 0.5,
        ..Heard::default()
    }
}

fn kick() -> Drum {
    Drum { pulse: 1.0, strength: 1.0, count: 1, time_s: 0.0 }
}

fn frame(stage: &mut Stage, belt: &mut Belt, time_s: f64, heard: &Heard) -> Frame {
    stage.draw(time_s, heard).unwrap();
    belt.push(stage).unwrap();
    belt.pop(true).unwrap().unwrap()
}

/// Draws `count` frames of the same sound, and returns them all.
fn steady(gpu: &Arc<Gpu>, scene: Scene, heard: &Heard, count: usize) -> Vec<Frame> {
    let mut stage = stage(gpu, scene);
    let mut belt = Belt::new(Arc::clone(gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    stage.show(&hills(0.0, 0.0)).unwrap();
    (0..count).map(|at| frame(&mut stage, &mut belt, at as f64 * FRAME_S, heard)).collect()
}

/// Mean of the sRGB bytes of red, green and blue, 0 to 255.
fn mean(frame: &Frame) -> f64 {
    let sum: f64 =
        frame.rgba.chunks_exact(4).map(|p| p[..3].iter().copied().map(f64::from).sum::<f64>() / 3.0).sum();
    sum / f64::from(frame.width_px * frame.height_px)
}

/// Mean absolute difference of two frames' bytes.
fn difference(a: &Frame, b: &Frame) -> f64 {
    let sum: f64 = a.rgba.iter().zip(&b.rgba).map(|(&a, &b)| f64::from(a.abs_diff(b))).sum();
    sum / a.rgba.len() as f64
}

#[test]
fn every_scene_fills_an_opaque_frame_and_looks_its_own_way() {
    let gpu = gpu();
    let last = SCENES.map(|scene| {
        let mut stage = stage(&gpu, scene);
        let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
        let frames = (0..45_u32).map(|at| {
            let time_s = f64::from(at) * FRAME_S;
            stage.show(&hills(at as f32 * 0.1, time_s)).unwrap();
            frame(&mut stage, &mut belt, time_s, &music())
        });
        frames.last().unwrap()
    });
    for frame in &last {
        assert_eq!(frame.rgba.len(), (WIDTH_PX * HEIGHT_PX * 4) as usize);
        assert!(frame.rgba.chunks_exact(4).all(|pixel| pixel[3] == 255));
        assert!((20.0..235.0).contains(&mean(frame)), "mean {}", mean(frame));
    }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
        let apart = difference(&last[a], &last[b]);
        assert!(apart > 5.0, "{} and {} differ by {apart}", SCENES[a], SCENES[b]);
    }
}

/// A window waits for its own frames on the device on which a still is read back: neither takes the other's word away.
#[test]
fn a_frame_comes_back_whoever_else_waits_for_the_device() {
    let gpu = gpu();
    let ends = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !ends.load(std::sync::atomic::Ordering::Relaxed) {
                    gpu.device().poll(wgpu::PollType::Poll).unwrap();
                }
            });
        }
        let mut stage = stage(&gpu, Scene::PICTURE);
        let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
        stage.draw(0.0, &music()).unwrap();
        let came = (0..2000).all(|_| {
            belt.push(&stage).unwrap();
            matches!(belt.pop(true), Ok(Some(_)))
        });
        ends.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(came);
    });
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let gpu = gpu();
    for scene in SCENES {
        let play = |seed: u64| -> Vec<Frame> {
            let mut stage = Stage::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX, scene, seed).unwrap();
            let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
            (0..20_u32)
                .map(|at| {
                    let time_s = f64::from(at) * FRAME_S;
                    stage.show(&hills(at as f32 * 0.1, time_s)).unwrap();
                    let heard = Heard { kick: if at == 9 { kick() } else { Drum::default() }, ..music() };
                    frame(&mut stage, &mut belt, time_s + 0.01, &heard)
                })
                .collect()
        };
        let first = play(1);
        assert_eq!(first, play(1), "{scene}");
        assert!(difference(&first[19], &play(2)[19]) > 2.0, "{scene}");
    }
}

#[test]
fn a_kick_is_seen_in_the_frame_in_which_it_is_heard() {
    let gpu = gpu();
    for scene in SCENES {
        let mut stage = stage(&gpu, scene);
        let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
        stage.show(&hills(0.0, 0.0)).unwrap();
        let means: Vec<f64> = (0..12)
            .map(|at| {
                let heard = if at == 10 { Heard { kick: kick(), ..music() } } else { music() };
                mean(&frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &heard))
            })
            .collect();
        assert!((means[9] - means[8]).abs() < 0.5, "{scene} moved before the kick: {means:?}");
        assert!(means[10] - means[9] > 4.0, "{scene} missed the kick: {means:?}");
        assert!(means[11] < means[10] - 3.0, "{scene} did not come back: {means:?}");
    }
}

#[test]
fn silence_rests_dim_and_nearly_still() {
    let gpu = gpu();
    for scene in SCENES {
        let silent = steady(&gpu, scene, &Heard::default(), 40);
        let loud = steady(&gpu, scene, &music(), 40);
        assert!(mean(&silent[39]) > 6.0, "{scene} is black");
        assert!(mean(&silent[39]) < 0.8 * mean(&loud[39]), "{scene} is not dim");
        // What flows may become lighter or darker on the way, and does not go to and fro.
        for three in silent[4..].windows(3) {
            let [before, now, after] = [0, 1, 2].map(|at| mean(&three[at]));
            let off = (now - 0.5 * (before + after)).abs();
            assert!(off < 0.15, "{scene} flickers in silence: {off}");
            assert!((after - before).abs() < 1.0, "{scene} moves in silence: {before} to {after}");
        }
        // Without grain, hardly anything moves from one frame to the next.
        let mut stage = stage(&gpu, scene);
        let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
        stage.set_controls(&Controls { scene, grain: 0.0, ..Controls::default() }).unwrap();
        stage.show(&hills(0.0, 0.0)).unwrap();
        let still: Vec<Frame> = (0..30)
            .map(|at| frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &Heard::default()))
            .collect();
        assert!(difference(&still[28], &still[29]) < 0.8, "{scene} moves in silence");
    }
}

#[test]
fn a_steady_tone_does_not_flicker() {
    let gpu = gpu();
    for scene in SCENES {
        let frames = steady(&gpu, scene, &music(), 60);
        for pair in frames[5..].windows(2) {
            let step = (mean(&pair[1]) - mean(&pair[0])).abs();
            assert!(step < 0.6, "{scene} jumps by {step}");
        }
    }
}

/// The frame at `end_s` of a sound that swells and hits, without grain, drawn `fps` times a second.
fn played_at(gpu: &Arc<Gpu>, scene: Scene, fps: u32, end_s: u32) -> Frame {
    let mut stage = stage(gpu, scene);
    let mut belt = Belt::new(Arc::clone(gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    // Deep, so that the strokes are what is seen most. What flashes is seen at other moments by each rate.
    let controls =
        Controls { scene, seed: 7, grain: 0.0, relief: 2.0, limit_flashes: false, ..Controls::default() };
    stage.set_controls(&controls).unwrap();
    let mut shown = 0;
    for at in 1..=end_s * fps {
        let time_s = f64::from(at) / f64::from(fps);
        // Ten pictures a second, whatever the frames are.
        while f64::from(shown) * 0.1 <= time_s + 1e-9 {
            stage.show(&hills(shown as f32 * 0.5, f64::from(shown) * 0.1)).unwrap();
            shown += 1;
        }
        let since_hit = (time_s * 2.0).fract() as f32 / 2.0;
        let kick = Drum { pulse: (-since_hit / 0.18).exp(), ..kick() };
        stage.draw(time_s, &Heard { kick, loudness: 0.4 + 0.3 * (time_s as f32).sin(), ..music() }).unwrap();
    }
    belt.push(&stage).unwrap();
    belt.pop(true).unwrap().unwrap()
}

#[test]
fn a_second_looks_alike_at_30_60_and_144_frames() {
    let gpu = gpu();
    // The layers of what flows have hard edges, which come to lie elsewhere where steps are finer; and so do dabs of a brush.
    for (scene, tolerance) in [(Scene::PICTURE, 1.5), (Scene::FLOW, 8.0), (Scene::KALEIDOSCOPE, 1.2)] {
        let [slow, usual, fast] = [30, 60, 144].map(|fps| played_at(&gpu, scene, fps, 2));
        let apart = [difference(&slow, &usual), difference(&usual, &fast), difference(&slow, &fast)];
        assert!(apart.iter().all(|apart| *apart < tolerance), "{scene}: {apart:?}");
    }
}

#[test]
fn the_tween_follows_audio_time() {
    let gpu = gpu();
    let bright_at = |time_s: f64| {
        let mut stage = stage(&gpu, Scene::PICTURE);
        let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
        stage.show(&flat(0.05, 1.0)).unwrap();
        stage.show(&flat(0.60, 1.2)).unwrap();
        mean(&frame(&mut stage, &mut belt, time_s, &music()))
    };
    let [before, start, half, end, after] = [1.0, 1.2, 1.3, 1.4, 2.0].map(bright_at);
    assert!((before - start).abs() < 1.0, "{before} {start}");
    assert!(start + 15.0 < half && half + 8.0 < end, "{start} {half} {end}");
    assert!((end - after).abs() < 1.0, "{end} {after}");
}

#[test]
fn what_goes_on_and_on_stays_bounded_over_six_hundred_frames() {
    let gpu = gpu();
    // One that streams, and one that draws over what it drew before.
    for scene in [Scene::FLOW, Scene::of("vortex")] {
        let mut stage = Stage::new(Arc::clone(&gpu), 64, 36, scene, 3).unwrap();
        let mut belt = Belt::new(Arc::clone(&gpu), 64, 36).unwrap();
        stage.show(&hills(0.0, 0.0)).unwrap();
        let mut means = Vec::new();
        for at in 0..600 {
            let kick = if at % 15 == 0 { kick() } else { Drum::default() };
            let heard = Heard { kick, ..music() };
            means.push(mean(&frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &heard)));
        }
        let settled = &means[60..];
        let (low, high) =
            settled.iter().fold((f64::MAX, 0.0_f64), |(low, high), &m| (low.min(m), high.max(m)));
        assert!(low > 8.0 && high < 215.0, "{scene}: from {low} to {high}");
    }
}

#[test]
fn values_that_are_no_numbers_do_not_stay() {
    let gpu = gpu();
    let mut broken = hills(0.0, 0.0);
    broken.pixels[77] = [f16::NAN, f16::INFINITY, f16::NEG_INFINITY, f16::ONE];
    let mut stage = stage(&gpu, Scene::FLOW);
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    stage.show(&broken).unwrap();
    let unheard = Heard { loudness: f32::NAN, bass: f32::INFINITY, brightness: f32::NAN, ..music() };
    for at in 0..20 {
        frame(&mut stage, &mut belt, f64::from(at) * FRAME_S, &unheard);
    }
    stage.show(&hills(0.0, 0.7)).unwrap();
    let last = frame(&mut stage, &mut belt, 0.8, &music());
    assert!(mean(&last) > 20.0 && mean(&last) < 235.0, "{}", mean(&last));
}

#[test]
fn sizes_that_cannot_be_drawn_are_refused_with_the_limit() {
    let gpu = gpu();
    let make = |width, height| Stage::new(Arc::clone(&gpu), width, height, Scene::PICTURE, 0).err();
    assert_eq!(make(0, 90), Some(StageError::Empty { what: "a frame", width_px: 0, height_px: 90 }));
    let limit_px = gpu.max_side_px();
    let error = make(limit_px + 1, 90).unwrap();
    assert!(matches!(error, StageError::TooLarge { .. }));
    assert!(error.to_string().contains(&limit_px.to_string()), "{error}");
    assert!(Belt::new(Arc::clone(&gpu), 16, 0).is_err());

    let mut stage = stage(&gpu, Scene::PICTURE);
    let mut short = hills(0.0, 0.0);
    short.pixels.pop();
    assert!(matches!(stage.show(&short), Err(StageError::PixelCount { expected: 4096, found: 4095, .. })));
    assert!(matches!(stage.show(&Picture::default()), Err(StageError::Empty { .. })));
}

#[test]
fn odd_and_tiny_sizes_draw() {
    let gpu = gpu();
    for scene in SCENES {
        for (width_px, height_px) in [(1, 1), (33, 17), (17, 101)] {
            let mut stage = Stage::new(Arc::clone(&gpu), width_px, height_px, scene, 1).unwrap();
            let mut belt = Belt::new(Arc::clone(&gpu), width_px, height_px).unwrap();
            let frame = frame(&mut stage, &mut belt, 0.0, &music());
            assert_eq!(frame.rgba.len(), (width_px * height_px * 4) as usize);
        }
    }
}

#[test]
fn the_belt_keeps_order_and_content() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    let mut belt = Belt::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    let lights = [0.05, 0.3, 0.8];
    for (at, &light) in lights.iter().enumerate() {
        assert!(belt.has_room());
        stage.show(&flat(light, at as f64)).unwrap();
        stage.show(&flat(light, at as f64)).unwrap();
        stage.draw(at as f64, &music()).unwrap();
        belt.push(&stage).unwrap();
    }
    assert!(!belt.has_room());
    assert_eq!(belt.push(&stage), Err(StageError::BeltFull { slots: Belt::SLOTS }));
    let frames: Vec<Frame> = std::iter::from_fn(|| belt.pop(true).unwrap()).collect();
    assert_eq!(frames.iter().map(|frame| frame.index).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(frames.windows(2).all(|pair| mean(&pair[0]) + 10.0 < mean(&pair[1])));
    assert!(belt.is_empty() && belt.pop(false).unwrap().is_none());

    let small = Stage::new(Arc::clone(&gpu), 8, 8, Scene::PICTURE, 0).unwrap();
    assert!(matches!(belt.push(&small), Err(StageError::BeltSize { .. })));
}

#[test]
fn a_broken_scene_is_named_with_its_place_and_the_one_before_plays_on() {
    let gpu = gpu();
    let mut stage = stage(&gpu, Scene::PICTURE);
    let text = "/*\nname = \"Mine\"\n*/\n@fragment fn paint(in: Corner) -> @location(0) vec4f {\n    return nothing;\n}\n";
    match stage.play(&SceneFile::from_wgsl("mine.wgsl", text).unwrap()) {
        Err(StageError::Shader { file, line, column, message }) => {
            assert_eq!((file.as_str(), line, column), ("mine.wgsl", 5, 12));
            assert!(message.contains("nothing"), "{message}");
        }
        other => panic!("{other:?}"),
    }
    stage.draw(0.0, &music()).unwrap();
    let mended = text.replace("nothing", "vec4f(1.0)");
    stage.play(&SceneFile::from_wgsl("mine.wgsl", &mended).unwrap()).unwrap();
    stage.draw(0.1, &music()).unwrap();
}

#[test]
fn an_adapter_that_is_not_there_is_an_error_that_names_what_is() {
    let error = Gpu::named(Some("no such adapter")).unwrap_err().to_string();
    let there = Gpu::adapters();
    assert!(error.contains("no such adapter") && error.contains(&there[0].name), "{error}");
}

mod hostile;
mod isf;
mod scenes;
