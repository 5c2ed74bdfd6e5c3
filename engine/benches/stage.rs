//! What a frame of the stage costs, by scene and size: a picture comes in, a frame is drawn and read back.

#![allow(clippy::print_stderr, reason = "a benchmark speaks to its terminal")]

use std::sync::Arc;

use half::f16;
use klangbild_engine::{
    hearing::Heard,
    look::Character,
    picture::Picture,
    stage::{Belt, Gpu, Scene, Stage, StageError},
};

const SIDE_PX: u32 = 256;

fn main() {
    divan::main();
}

fn picture(time_s: f64) -> Picture {
    let pixel = |at: u32| {
        let (x, y) = ((at % SIDE_PX) as f32 * 0.03, (at / SIDE_PX) as f32 * 0.02);
        let height = 0.5 + 0.5 * (x + 2.0 * (y + time_s as f32).sin()).sin();
        [height, 0.4 * height * height, 0.6 - 0.5 * height, 1.0].map(f16::from_f32)
    };
    Picture {
        width_px: SIDE_PX,
        height_px: SIDE_PX,
        time_s,
        pixels: (0..SIDE_PX * SIDE_PX).map(pixel).collect(),
        character: Character::default(),
    }
}

fn music(time_s: f64) -> Heard {
    Heard {
        time_s,
        presence: 1.0,
        loudness: 0.7,
        level: 0.6,
        bass: 0.5,
        mid: 0.5,
        treble: 0.4,
        ..Heard::default()
    }
}

#[divan::bench(args = [Scene::PICTURE, Scene::FLOW, Scene::KALEIDOSCOPE], consts = [360, 720, 1080])]
fn frame<const HEIGHT_PX: u32>(bencher: divan::Bencher<'_, '_>, scene: Scene) {
    let width_px = HEIGHT_PX * 16 / 9;
    let made = Gpu::headless().and_then(|gpu| {
        let stage = Stage::new(Arc::clone(&gpu), width_px, HEIGHT_PX, scene, 1)?;
        Ok((stage, Belt::new(gpu, width_px, HEIGHT_PX)?))
    });
    let (mut stage, mut belt) = match made {
        Ok(made) => made,
        Err(error) => {
            eprintln!("{error}");
            return;
        }
    };
    let mut pictures = [0.0, 0.3, 0.6].map(picture);
    let mut drawn = 0_u32;
    bencher.bench_local(|| -> Result<(), StageError> {
        let time_s = f64::from(drawn) / 30.0;
        let picture = &mut pictures[(drawn % 3) as usize];
        picture.time_s = time_s;
        stage.show(picture)?;
        stage.draw(time_s + 0.01, &music(time_s))?;
        if !belt.has_room()
            && let Some(frame) = belt.pop(true)?
        {
            belt.recycle(frame);
        }
        drawn += 1;
        belt.push(&stage)
    });
}
