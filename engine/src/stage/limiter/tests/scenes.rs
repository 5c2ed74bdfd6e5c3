//! Scenes to music that hits faster than eyes can bear.

use std::f64::consts::TAU;

use half::f16;

use super::*;
use crate::hearing::{Heard, Hearing};
use crate::knobs::{Choice, Transition};
use crate::picture::Picture;
use crate::scene::{self, SceneFile};
use crate::stage::change::Change;
use crate::stage::graph::{Graph, Program};

const RATE_HZ: u32 = 48_000;
/// Long enough for the extended failure.
const SECONDS: u32 = 5;
/// Half as many as a generator makes: each costs time.
const PICTURES_PER_S: f64 = 7.5;

#[derive(Clone, Copy, Debug)]
enum Music {
    /// Kick drums, so many a second.
    Kicks(f64),
    /// White noise through a gate.
    Gates(f64),
    /// Two notes that swell and fade, and nothing else.
    Calm,
}

impl Music {
    fn sample(&self, at: u32) -> [f32; 2] {
        let time_s = f64::from(at) / f64::from(RATE_HZ);
        let noise = f64::from(scattered(at)) / f64::from(u32::MAX) - 0.5;
        let sample = match *self {
            Self::Kicks(hz) => {
                let since_s = (time_s * hz).fract() / hz;
                let tone = (TAU * (50.0 * since_s + 4.0 * (1.0 - (-since_s / 0.03).exp()))).sin();
                0.8 * tone * (-since_s / 0.06).exp() + 0.02 * noise
            }
            Self::Gates(hz) => {
                if (time_s * hz).fract() < 0.5 {
                    noise
                } else {
                    0.0
                }
            }
            Self::Calm => {
                let swell = 0.5 - 0.5 * (TAU * 0.25 * time_s).cos();
                0.2 * swell * ((TAU * 220.0 * time_s).sin() + (TAU * 330.0 * time_s).sin())
            }
        };
        [sample as f32; 2]
    }

    /// What is heard at each frame.
    fn heard(&self, fps: u32) -> Vec<Heard> {
        let mut hearing = Hearing::new(RATE_HZ);
        let each = RATE_HZ / fps;
        (0..SECONDS * fps)
            .map(|frame| {
                let samples: Vec<_> = (frame * each..(frame + 1) * each).map(|at| self.sample(at)).collect();
                hearing.listen(&samples, None, |_| {});
                *hearing.newest()
            })
            .collect()
    }
}

/// Hills of light and shadow that pass by.
fn picture(phase: f32, time_s: f64) -> Picture {
    let pixels = (0..64 * 64_u32)
        .map(|at| {
            let (x, y) = ((at % 64) as f32 / 64.0, (at / 64) as f32 / 64.0);
            let wave = |rate: f32| 0.5 + 0.5 * (rate * phase + 6.0 * x).sin() * (5.0 * y + rate).cos();
            [wave(0.7), wave(0.9) * wave(0.4), wave(1.3), 1.0].map(f16::from_f32)
        })
        .collect();
    Picture { width_px: 64, height_px: 64, time_s, pixels, ..Picture::default() }
}

/// What is played, and what it is turned to at each time.
struct Play<'a> {
    music: Music,
    fps: u32,
    limit_flashes: bool,
    turned: &'a dyn Fn(f64) -> Controls,
    /// A stranger's scene that plays instead.
    strangers: Option<&'a SceneFile>,
}

/// Every frame, with its time.
fn played(gpu: &Arc<Gpu>, play: &Play<'_>, each: impl FnMut(f64, &[u8])) {
    let first = (play.turned)(0.0).scene;
    let mut stage = Stage::new(Arc::clone(gpu), WIDTH_PX, HEIGHT_PX, first, 1).unwrap();
    if let Some(file) = play.strangers {
        stage.play(file).unwrap();
    }
    played_on(gpu, stage, play, each);
}

fn played_on(gpu: &Arc<Gpu>, mut stage: Stage, play: &Play<'_>, mut each: impl FnMut(f64, &[u8])) {
    let controls = |time_s| {
        let turned = (play.turned)(time_s);
        let scene = play.strangers.map_or(turned.scene, |file| file.scene);
        Controls { limit_flashes: play.limit_flashes, scene, ..turned }
    };
    let mut belt = Belt::new(Arc::clone(gpu), WIDTH_PX, HEIGHT_PX).unwrap();
    // As a nervous generator paints them, or a calm one.
    let pace = if matches!(play.music, Music::Calm) { 0.02 } else { 1.0 };
    let mut pictures = 0_u32;
    for (frame, heard) in (1_u32..).zip(play.music.heard(play.fps)) {
        let time_s = f64::from(frame) / f64::from(play.fps);
        while f64::from(pictures) / PICTURES_PER_S <= time_s {
            stage.show(&picture(pace * pictures as f32, f64::from(pictures) / PICTURES_PER_S)).unwrap();
            pictures += 1;
        }
        stage.set_controls(&controls(time_s)).unwrap();
        stage.draw(time_s, &heard).unwrap();
        belt.push(&stage).unwrap();
        let shown = belt.pop(true).unwrap().unwrap();
        each(time_s, &shown.rgba);
        belt.recycle(shown);
    }
}

fn judged(gpu: &Arc<Gpu>, play: &Play<'_>) -> Report {
    let mut analyser = Analyser::new(WIDTH_PX, HEIGHT_PX).unwrap();
    played(gpu, play, |time_s, rgba| analyser.push(time_s, rgba).unwrap());
    analyser.finish()
}

/// All knobs that flash, as far as they go.
fn fierce(scene: Scene) -> Controls {
    Controls { scene, intensity: 2.0, bloom: 3.0, contrast: 0.6, exposure: 0.7, ..Controls::default() }
}

#[test]
fn no_scene_flashes_whatever_is_played() {
    let gpu = gpu();
    let music = [3.0, 5.0, 10.0, 20.0].map(Music::Kicks);
    let mut wrong = Vec::new();
    for (turn, file) in scene::built_in().iter().enumerate() {
        let gates = if turn % 2 == 0 { Music::Gates(4.0) } else { Music::Gates(9.0) };
        for (place, music) in music.into_iter().chain([gates]).enumerate() {
            // Each scene with three of the five, in turn: there are many.
            if !thorough() && (turn + 2 * place) % 5 >= 3 {
                continue;
            }
            for fps in [30, 60] {
                // The finer one seldom: it takes twice as long.
                if !thorough() && ((turn + place) % 8 == 0) != (fps == 60) {
                    continue;
                }
                let full = |_| Controls { scene: file.scene, intensity: 2.0, ..Controls::default() };
                let harsh = |_| fierce(file.scene);
                let all: [&dyn Fn(f64) -> Controls; 2] = [&full, &harsh];
                for (which, turned) in all.into_iter().enumerate() {
                    if !thorough() && (turn + place) % 2 != which {
                        continue;
                    }
                    let report =
                        judged(&gpu, &Play { music, fps, limit_flashes: true, turned, strangers: None });
                    if !report.is_safe() {
                        wrong.push(format!("{} to {music:?} at {fps}: {:?}", file.scene, report.failures));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_transition_flashes_however_often_scenes_change() {
    let gpu = gpu();
    let scenes = scene::built_in();
    let mut wrong = Vec::new();
    // What lies in a user's folder is no matter of a test.
    let built_in =
        Transition::ALL.iter().copied().filter(|transition| !matches!(transition, Transition::Own(_)));
    for (turn, transition) in built_in.enumerate() {
        for (place, music) in
            [Music::Kicks(5.0), Music::Kicks(10.0), Music::Gates(9.0)].into_iter().enumerate()
        {
            // Each in turn with one of them; the cut, which is the hardest, with all.
            if !thorough() && transition != Transition::Cut && turn % 3 != place {
                continue;
            }
            // Some change while the change before still goes on.
            let turned = |time_s: f64| {
                let scene = scenes[(time_s / 0.15) as usize % scenes.len()].scene;
                Controls { transition, transition_beats: 0.25, ..fierce(scene) }
            };
            let report =
                judged(&gpu, &Play { music, fps: 30, limit_flashes: true, turned: &turned, strangers: None });
            if !report.is_safe() {
                wrong.push(format!("{transition:?} to {music:?}: {:?}", report.failures));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Light that flashes by itself, whatever is played: all of it, red, in fields that take turns, and on every kick.
const STRANGERS: [&str; 4] = [
    "vec4f(vec3f(step(0.5, fract(now.time_s * 8.0))), 1.0)",
    "vec4f(step(0.5, fract(now.time_s * 6.0)), 0.0, 0.0, 1.0)",
    "vec4f(vec3f(step(0.5, fract(now.time_s * 5.0 + 0.5 * (step(0.5, in.uv.x) + step(0.5, in.uv.y))))), 1.0)",
    "vec4f(mix(vec3f(0.02), vec3f(1.0, 0.2, 0.1), heard.kick), 1.0)",
];

#[test]
fn a_strangers_scene_that_flashes_on_purpose_does_not() {
    let gpu = gpu();
    for light in STRANGERS {
        let text = format!(
            "/*\nname = \"Strobe\"\n[[pass]]\nentry = \"paint\"\n[post]\ntone = false\nbreathes = false\n*/\n\
             @fragment fn paint(in: Corner) -> @location(0) vec4f {{ return {light}; }}"
        );
        let file = SceneFile::from_wgsl("strobe.wgsl", &text).unwrap();
        let turned = |_| Controls { intensity: 2.0, ..Controls::default() };
        let of = |limit_flashes| {
            let music = Music::Kicks(7.0);
            judged(&gpu, &Play { music, fps: 30, limit_flashes, turned: &turned, strangers: Some(&file) })
        };
        assert!(!of(false).is_safe(), "{light}: nothing flashes");
        let report = of(true);
        assert!(report.is_safe(), "{light}: {:?}", report.failures);
    }
}

/// A transition as somebody might write it: white light between two scenes, seven times a second.
const STROBE: &str = "/*\nname = \"Strobe\"\n*/\n\
    @fragment fn paint(in: Corner) -> @location(0) vec4f {\n\
        let arrives = textureSampleLevel(arriving, clamped, in.uv, 0.0);\n\
        let mixed = mix(textureSampleLevel(leaving, clamped, in.uv, 0.0), arrives, now.progress);\n\
        return mix(mixed, vec4f(6.0), step(0.5, fract(7.0 * now.time_s)));\n\
    }";

#[test]
fn a_transition_of_the_users_that_flashes_on_purpose_does_not() {
    let gpu = gpu();
    let file = SceneFile::from_wgsl("strobe.wgsl", STROBE).unwrap();
    let of = |limit_flashes| {
        let mut stage = Stage::new(Arc::clone(&gpu), WIDTH_PX, HEIGHT_PX, Scene::PICTURE, 1).unwrap();
        let transition = Program::tried(&gpu, &stage.painter, &file, stage.format).unwrap();
        let (frame_px, quality) = (stage.frame_px, stage.graph.quality());
        let leaving = Graph::new(&gpu, Arc::clone(stage.graph.program()), frame_px, quality).unwrap();
        stage.change = Some(Change::new(&gpu, leaving, transition, frame_px, quality).unwrap());
        // It lasts for as long as it is looked at.
        let turned = |_| Controls { transition_beats: 32.0, ..Controls::default() };
        let play = Play { music: Music::Calm, fps: 30, limit_flashes, turned: &turned, strangers: None };
        let mut analyser = Analyser::new(WIDTH_PX, HEIGHT_PX).unwrap();
        played_on(&gpu, stage, &play, |time_s, rgba| analyser.push(time_s, rgba).unwrap());
        analyser.finish()
    };
    assert!(!flashes(&of(false)).is_empty(), "nothing flashes");
    let report = of(true);
    assert!(report.is_safe(), "{:?}", report.failures);
}

#[test]
fn without_the_limiter_they_do() {
    let gpu = gpu();
    for music in [Music::Kicks(5.0), Music::Gates(9.0)] {
        let turned = |_| fierce(Scene::of("vortex"));
        let report =
            judged(&gpu, &Play { music, fps: 30, limit_flashes: false, turned: &turned, strangers: None });
        assert!(!flashes(&report).is_empty(), "{music:?}: {report:?}");
    }
}

/// How far frames may be from what they would be, on the mean, of 255: scenes of fine lines that move all the time flicker a little even in
/// a calm song.
const HARDLY: f64 = 1.5;
/// Those that flicker by themselves, even so, and how much of it may be held back; the dots of `print` are finer than so small a frame.
const RESTLESS: [(&str, f64); 3] = [("spikes", 4.5), ("terrain", 2.5), ("print", 5.5)];

#[test]
fn a_calm_song_is_shown_as_it_would_be_without_it() {
    let gpu = gpu();
    let mut wrong = Vec::new();
    for file in scene::built_in() {
        let frames = |limit_flashes| {
            let mut frames = Vec::new();
            let turned = |_| Controls { scene: file.scene, ..Controls::default() };
            let play = Play { music: Music::Calm, fps: 30, limit_flashes, turned: &turned, strangers: None };
            played(&gpu, &play, |_, rgba| frames.push(rgba.to_vec()));
            frames
        };
        let (limited, free) = (frames(true), frames(false));
        let bytes = limited.iter().zip(&free).flat_map(|(limited, free)| limited.iter().zip(free));
        let (sum, count) = bytes.fold((0_u64, 0_u64), |(sum, count), (limited, free)| {
            (sum + u64::from(limited.abs_diff(*free)), count + 1)
        });
        let apart = sum as f64 / count.max(1) as f64;
        let restless = RESTLESS.iter().find(|(name, _)| *name == file.scene.name());
        let most =
            if file.scene == Scene::PICTURE { 0.0 } else { restless.map_or(HARDLY, |restless| restless.1) };
        if apart > most {
            wrong.push(format!("{}: {apart:.2} of 255", file.scene));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
