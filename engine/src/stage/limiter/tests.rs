//! Everything that flashes goes in, and the judge of finished videos looks at what comes out.

mod patterns;
mod scenes;
mod stripes;

use super::super::{Belt, Scene, Stage};
use super::*;
use crate::controls::Controls;
use crate::flash::{Analyser, Report, Rule};
use patterns::{Paint, noise, torture};

const WIDTH_PX: u32 = 128;
const HEIGHT_PX: u32 = 72;

type Colour = [u8; 3];
const BLACK: Colour = [0; 3];
const WHITE: Colour = [255; 3];
const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];

/// A moment, and a place in the frame from 0 to 1.
#[derive(Clone, Copy)]
struct At {
    frame: u32,
    time_s: f64,
    x: f64,
    y: f64,
}

impl At {
    /// Whether a square wave of so many flashes a second is on.
    fn is_on(self, hz: f64) -> bool {
        (2.0 * hz * self.time_s + 1e-6).floor() as i64 % 2 == 0
    }

    /// Which square of a board this is.
    fn square(self, across: f64, down: f64) -> u32 {
        (self.x * across) as u32 + 1000 * (self.y * down) as u32
    }
}

fn scattered(mut number: u32) -> u32 {
    for factor in [0x7feb_352d, 0x846c_a68b] {
        number = (number ^ (number >> 16)).wrapping_mul(factor);
    }
    number ^ (number >> 16)
}

fn colour(number: u32) -> Colour {
    let [red, green, blue, _] = scattered(number).to_le_bytes();
    [red, green, blue]
}

fn grey(level: f64) -> Colour {
    [level.clamp(0.0, 255.0) as u8; 3]
}

/// Frames through a limiter of their own.
struct Through {
    size_px: [u32; 2],
    stage: Stage,
    belt: Belt,
    source: Canvas,
}

impl Through {
    fn new(gpu: &Arc<Gpu>) -> Self {
        Self::sized(gpu, [WIDTH_PX, HEIGHT_PX])
    }

    fn sized(gpu: &Arc<Gpu>, size_px: [u32; 2]) -> Self {
        let [width_px, height_px] = size_px;
        let stage = Stage::new(Arc::clone(gpu), width_px, height_px, Scene::PICTURE, 1).unwrap();
        let belt = Belt::new(Arc::clone(gpu), width_px, height_px).unwrap();
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST;
        let source = Canvas::new(gpu, "a test's frame", size_px, Stage::OUTPUT_FORMAT, usage).unwrap();
        Self { size_px, stage, belt, source }
    }

    fn frame(&mut self, time_s: f64, rgba: &[u8]) -> Vec<u8> {
        let Self { size_px, stage, belt, source } = self;
        let limiter = stage.limiter.as_mut().unwrap();
        limiter.turn(&mut stage.output);
        stage.gpu.queue.write_texture(
            source.texture.as_image_copy(),
            rgba,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(4 * size_px[0]),
                rows_per_image: None,
            },
            source.texture.size(),
        );
        let mut encoder = stage.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        stage.painter.shrink(
            &stage.gpu,
            &mut encoder,
            &source.view,
            &stage.output.view,
            Stage::OUTPUT_FORMAT,
        );
        limiter.limit(&stage.gpu, &mut encoder, &stage.output, time_s);
        stage.gpu.submit([encoder.finish()]);
        belt.push(stage).unwrap();
        belt.pop(true).unwrap().unwrap().rgba
    }
}

/// Paints a frame.
fn fill(rgba: &mut [u8], [width, height]: [u32; 2], frame: u32, time_s: f64, paint: &dyn Fn(At) -> Colour) {
    for (place, pixel) in (0..).zip(rgba.chunks_exact_mut(4)) {
        let x = f64::from(place % width) / f64::from(width);
        let y = f64::from(place / width) / f64::from(height);
        pixel[..3].copy_from_slice(&paint(At { frame, time_s, x, y }));
    }
}

/// What comes of a sequence: what the judge says, and how many bytes differ from what went in.
fn limited(gpu: &Arc<Gpu>, fps: u32, seconds: f64, paint: &dyn Fn(At) -> Colour) -> (Report, usize) {
    let mut through = Through::new(gpu);
    let mut analyser = Analyser::new(WIDTH_PX, HEIGHT_PX).unwrap();
    let mut changed = 0;
    for frame in 0..(seconds * f64::from(fps)) as u32 {
        let time_s = f64::from(frame) / f64::from(fps);
        let mut rgba = vec![255; (4 * WIDTH_PX * HEIGHT_PX) as usize];
        fill(&mut rgba, [WIDTH_PX, HEIGHT_PX], frame, time_s, paint);
        // Not from 0 on, as in the middle of a song.
        let shown = through.frame(100.0 + time_s, &rgba);
        assert!(shown.chunks_exact(4).all(|pixel| pixel[3] == 255));
        changed += shown.iter().zip(&rgba).filter(|(shown, wanted)| shown != wanted).count();
        analyser.push(time_s, &shown).unwrap();
    }
    (analyser.finish(), changed)
}

/// What is no flash is not the limiter's.
fn flashes(report: &Report) -> Vec<&crate::flash::Failure> {
    report.failures.iter().filter(|failure| failure.rule != Rule::Stripes).collect()
}

/// More of it: all rates with all frame rates, for longer. Takes minutes.
fn thorough() -> bool {
    std::env::var_os("KLANGBILD_THOROUGH").is_some()
}

fn gpu() -> Arc<Gpu> {
    Gpu::headless().expect("the tests of the stage need an adapter; mesa-vulkan-drivers has a software one")
}

const FPS: [u32; 4] = [24, 30, 60, 144];

#[test]
fn nothing_that_flashes_gets_through() {
    let gpu = gpu();
    const HZ: [f64; 7] = [5.0, 10.0, 3.5, 20.0, 2.0, 30.0, 8.0];
    let mut wrong = Vec::new();
    for (turn, fps) in FPS.into_iter().enumerate() {
        for place in 0..torture(1.0).len() {
            // In turn, with one rate or the other.
            let one = HZ[(place + 2 * turn) % HZ.len()];
            // A frame rate for each.
            let due = (place + turn) % FPS.len() == 0;
            for hz in HZ.into_iter().filter(|hz| thorough() || (due && *hz == one)) {
                let (name, paint) = torture(hz).swap_remove(place);
                let seconds: f64 = if thorough() || hz < 4.0 { 7.0 } else { 2.5 };
                let (report, _) = limited(&gpu, fps, seconds.min(900.0 / f64::from(fps)), &*paint);
                let found = flashes(&report);
                if !found.is_empty() {
                    wrong.push(format!("{name}, {hz} Hz at {fps}: {found:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn noise_gets_through_at_no_frame_rate() {
    let gpu = gpu();
    let mut wrong = Vec::new();
    for (turn, fps) in FPS.into_iter().enumerate() {
        for (place, (name, paint)) in noise().into_iter().enumerate() {
            if !thorough() && (place + turn) % 2 == 1 {
                continue;
            }
            let seconds = if thorough() { 7.0 } else { 180.0 / f64::from(fps) };
            let (report, _) = limited(&gpu, fps, seconds, &*paint);
            let found = flashes(&report);
            if !found.is_empty() {
                wrong.push(format!("{name} at {fps}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_safe_stays_as_it_is_bit_by_bit() {
    let gpu = gpu();
    let calm: [(&str, Paint); 8] = [
        (
            "a slow pan",
            Box::new(|at| grey(127.0 + 120.0 * (9.0 * (at.x + 0.1 * at.time_s)).sin() * (8.0 * at.y).cos())),
        ),
        (
            "a texture that drifts",
            Box::new(|at| {
                let moved = At { x: at.x + 100.0 - 0.12 * at.time_s, ..at };
                if colour(moved.square(64.0, 36.0))[0] < 128 { WHITE } else { BLACK }
            }),
        ),
        ("a cut each second", Box::new(|at| colour(at.square(6.0, 4.0) + 7919 * at.time_s as u32))),
        (
            "three flashes in a second",
            Box::new(|at| if (1.0..2.0).contains(&at.time_s) && at.is_on(3.0) { WHITE } else { [20; 3] }),
        ),
        (
            "three fast ones",
            Box::new(|at| if (1.0..1.3).contains(&at.time_s) && at.is_on(10.0) { WHITE } else { [20; 3] }),
        ),
        ("one each second", Box::new(|at| if at.is_on(1.0) { WHITE } else { BLACK })),
        (
            "a small light that flickers",
            Box::new(|at| if at.x > 0.9 && at.y > 0.9 && at.is_on(10.0) { WHITE } else { [20; 3] }),
        ),
        (
            "grain",
            Box::new(|at| {
                let [level, ..] = colour(at.square(128.0, 72.0) + 7919 * at.frame);
                grey(100.0 + f64::from(level >> 5))
            }),
        ),
    ];
    for (name, paint) in calm {
        for fps in [24, 60] {
            let (report, changed) = limited(&gpu, fps, 4.0, &*paint);
            assert!(report.is_safe() || name == "a cut each second", "{name} at {fps}: {report:?}");
            assert_eq!(changed, 0, "{name} at {fps}");
        }
    }
}

#[test]
fn it_lets_go_when_the_flashing_is_over() {
    let gpu = gpu();
    let mut through = Through::new(&gpu);
    let mut steady = None;
    let still = |at: u32| colour(at / 16).map(|part| part / 2);
    for frame in 0..300 {
        let flashing = frame < 120;
        let lit = frame / 3 % 2 == 0;
        let rgba: Vec<u8> = (0..WIDTH_PX * HEIGHT_PX)
            .flat_map(|at| {
                let [red, green, blue] = if flashing && lit { WHITE } else { still(at) };
                [red, green, blue, 255]
            })
            .collect();
        let shown = through.frame(f64::from(frame) / 60.0, &rgba);
        let apart = shown.iter().zip(&rgba).map(|(shown, wanted)| shown.abs_diff(*wanted)).max();
        match frame {
            // Three flashes pass; then the fourth does not.
            0..18 => assert_eq!(apart, Some(0), "frame {frame}"),
            // The light there hardly changes any more.
            60..120 => {
                let level = shown.iter().map(|&byte| f64::from(byte)).sum::<f64>() / shown.len() as f64;
                let was = steady.replace(level).unwrap_or(level);
                assert!((level - was).abs() < 12.0, "frame {frame}: from {was} to {level}");
            }
            290.. => assert_eq!(apart, Some(0), "frame {frame}"),
            _ => {}
        }
    }
}

#[test]
fn jumps_of_the_sound_and_other_sizes_do_not_make_it_forget() {
    let gpu = gpu();
    let mut through = Through::new(&gpu);
    let mut analyser = Analyser::new(WIDTH_PX, HEIGHT_PX).unwrap();
    for frame in 0..240_u32 {
        let level = if frame / 4 % 2 == 0 { 255 } else { 0 };
        let rgba = [level, level, level, 255].repeat((WIDTH_PX * HEIGHT_PX) as usize);
        // A host that plays a fifth of a second again and again.
        let shown = through.frame(f64::from(frame % 12) / 60.0, &rgba);
        analyser.push(f64::from(frame) / 60.0, &shown).unwrap();
    }
    let report = analyser.finish();
    assert!(report.is_safe(), "{report:?}");

    let format = Stage::OUTPUT_FORMAT;
    let limiter = through.stage.limiter.as_ref();
    let larger = Limiter::resized(limiter, &gpu, [2 * WIDTH_PX, 2 * HEIGHT_PX], format).unwrap().unwrap();
    assert!(larger.remembers && !larger.has_before);
    let square = Limiter::resized(limiter, &gpu, [64, 64], format).unwrap().unwrap();
    assert!(!square.remembers);
}

#[test]
fn it_can_be_switched_off_only_by_its_knob() {
    let controls = Controls::default();
    assert!(controls.limit_flashes);
    let off = Controls { limit_flashes: false, ..controls };
    let turned: Vec<_> =
        off.changed().map(|(id, value)| format!("--{} {}", id.knob().flag(), value.flag(id))).collect();
    assert_eq!(turned, ["--limit-flashes off"]);
}
