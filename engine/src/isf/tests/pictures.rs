//! What files paint: which way is up, what passes hand on, what vertex shaders move.

use std::sync::Arc;

use super::{
    player::{Canvas, Player},
    *,
};
use crate::stage::Gpu;

const FRAME_PX: [u32; 2] = [16, 8];
const RED: [f32; 4] = [1.0, 0.0, 0.0, 1.0];
const BLUE: [f32; 4] = [0.0, 0.0, 1.0, 1.0];

fn gpu() -> Arc<Gpu> {
    Gpu::headless().expect("these tests need an adapter; mesa-vulkan-drivers has a software one")
}

fn player(name: &str) -> Player {
    let (isf, program) = file(name);
    Player::new(&gpu(), isf, program, FRAME_PX)
}

/// A picture that is another one however it is turned.
fn lopsided() -> Canvas {
    Canvas::new(FRAME_PX, |x, y| [x as f32 / 16.0, y as f32 / 8.0, if x + y < 4 { 1.0 } else { 0.25 }, 1.0])
}

fn assert_near(a: &Canvas, b: &Canvas, name: &str) {
    assert_eq!(a.size_px, b.size_px, "{name}");
    for (at, (a, b)) in a.pixels.iter().zip(&b.pixels).enumerate() {
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.01), "{name}, pixel {at}: {a:?} is not {b:?}");
    }
}

#[test]
fn every_file_is_drawn() {
    let gpu = gpu();
    let mut drawn = 0;
    for (name, fragment, vertex) in files() {
        let isf = Isf::read(&fragment).unwrap_or_else(|error| panic!("{name}: {error}"));
        let program = isf.translate(vertex.as_deref()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut player = Player::new(&gpu, isf, program, FRAME_PX);
        player.draw();
        let canvas = player.draw();
        assert!(
            canvas.pixels.iter().flatten().all(|number| !number.is_nan()),
            "{name} is not a number somewhere"
        );
        drawn += 1;
    }
    assert!(drawn >= 60, "only {drawn} files");
}

#[test]
fn up_is_up() {
    for name in ["top-red.fs", "top-red-by-pixels.fs", "copied-buffer.fs"] {
        let canvas = player(name).draw();
        for x in 0..FRAME_PX[0] {
            for y in 0..FRAME_PX[1] {
                assert_eq!(
                    canvas.at(x, y),
                    if y < FRAME_PX[1] / 2 { RED } else { BLUE },
                    "{name} at {x}, {y}"
                );
            }
        }
    }
    assert_eq!(player("slope-up.fs").draw().at(3, 3), [0.0, 1.0, 0.0, 1.0]);
}

#[test]
fn a_picture_that_goes_through_is_not_turned() {
    for name in [
        "untouched.fs",
        "untouched-four-ways.fs",
        "old-names.fs",
        "texel-fetch.fs",
        "trails.fs",
        "blend-modes.fs",
    ] {
        let mut player = player(name);
        player.show("inputImage", &lopsided());
        assert_near(&player.draw(), &lopsided(), name);
    }
    let mut player = player("many-passes.fs");
    player.frame_px = [64, 64];
    player.show("inputImage", &Canvas::new([64, 64], |_, y| if y < 32 { RED } else { BLUE }));
    let canvas = player.draw();
    assert_eq!((canvas.at(32, 0), canvas.at(32, 63)), (RED, BLUE));
}

#[test]
fn transitions_lead_from_one_picture_to_the_other() {
    let mut player = player("dissolve.fs");
    player.show("startImage", &Canvas::new([4, 4], |_, _| RED));
    player.show("endImage", &Canvas::new([4, 4], |_, _| BLUE));
    assert_eq!(player.draw().at(5, 5), RED);
    player.values.insert("progress".to_owned(), vec![1.0]);
    assert_eq!(player.draw().at(5, 5), BLUE);
}

#[test]
fn inputs_reach_the_shader() {
    let mut player = player("plain-colour.fs");
    assert_near(&player.draw(), &Canvas::new(FRAME_PX, |_, _| [0.2, 0.4, 0.6, 1.0]), "the default");
    player.values.insert("paint".to_owned(), vec![1.0, 0.0, 0.5, 0.25]);
    assert_near(&player.draw(), &Canvas::new(FRAME_PX, |_, _| [1.0, 0.0, 0.5, 0.25]), "a value");

    let mut player = super::pictures::player("every-input.fs");
    let before = player.draw();
    player.values.insert("go".to_owned(), vec![1.0]);
    let white = player.draw();
    assert_ne!(before, white);
    assert_eq!(white.at(2, 2), [1.0; 4]);
}

#[test]
fn sound_is_a_picture() {
    let mut player = player("audio-bars.fs");
    player.show("fft", &Canvas::new([32, 1], |x, _| [if x < 16 { 1.0 } else { 0.0 }; 4]));
    let canvas = player.draw();
    assert_eq!((canvas.at(1, 0)[0], canvas.at(14, 0)[0]), (1.0, 0.0));
}

#[test]
fn buffers_remember() {
    let mut player = player("trails.fs");
    player.show("inputImage", &Canvas::new(FRAME_PX, |_, _| [1.0; 4]));
    player.draw();
    player.show("inputImage", &Canvas::new(FRAME_PX, |_, _| [0.0; 4]));
    let (first, second) = (player.draw().at(0, 0)[0], player.draw().at(0, 0)[0]);
    assert!((first - 0.9).abs() < 0.01 && (second - 0.81).abs() < 0.01, "{first}, {second}");
}

#[test]
fn vertex_shaders_hand_over_what_they_work_out() {
    let flat = Canvas::new(FRAME_PX, |x, _| [if x < 8 { 0.0 } else { 1.0 }, 0.5, 0.5, 1.0]);
    let mut player = player("vertex-list.fs");
    player.show("inputImage", &flat);
    player.values.insert("spread".to_owned(), vec![1.0]);
    // Five taps around the edge: two, then three of them are in the light.
    let canvas = player.draw();
    let edge: Vec<_> = (5..11).map(|x| (canvas.at(x, 4)[0] * 5.0).round()).collect();
    assert_eq!(edge, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);

    let mut player = super::pictures::player("vertex-neighbours.fs");
    player.show("inputImage", &lopsided());
    player.values.insert("amount".to_owned(), vec![0.0]);
    assert_near(&player.draw(), &lopsided(), "vertex-neighbours.fs");
}

#[test]
fn vertex_shaders_move_corners() {
    let mut player = player("vertex-corners.fs");
    player.show("inputImage", &Canvas::new([2, 2], |_, y| if y == 0 { RED } else { BLUE }));
    let canvas = player.draw();
    assert_eq!(canvas.at(0, 0), [0.0; 4], "outside of what is left");
    assert_eq!(canvas.at(3, 4), [0.0; 4], "outside of what is left");
    assert_eq!((canvas.at(4, 2), canvas.at(11, 5)), (RED, BLUE));
}

#[test]
fn only_what_is_read_is_bound() {
    let (_, program) = file("plain-colour.fs");
    assert_eq!((program.textures.len(), program.samples), (0, false));
    let (_, program) = file("every-input.fs");
    let names: Vec<_> = program.textures.iter().map(|slot| (slot.name.as_str(), slot.source)).collect();
    use TextureSource::{Audio, AudioFft, Image};
    assert_eq!(names, [("picture", Image), ("wave", Audio), ("spectrum", AudioFft)]);
    assert!(program.samples);
}
