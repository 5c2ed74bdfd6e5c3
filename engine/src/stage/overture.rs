//! What the stage shows before the first picture, or when there is no generator at all.

use std::f32::consts::TAU;

use half::f16;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::picture::Picture;

const SIDE_PX: u32 = 128;

/// Folded veils in a few neighbouring hues, chosen by `seed`; they fold on as `travel` grows.
pub(crate) fn picture(seed: u64, travel: f32) -> Picture {
    let mut random = Pcg64Mcg::seed_from_u64(seed ^ 0x6f76_6572_7475_7265);
    let hue = random.random::<f32>() * TAU + 0.4 * travel;
    let spread = 0.5 + 1.3 * random.random::<f32>();
    let mut pace = 1.0;
    let phases = [(); 4].map(|()| {
        pace *= -1.3; // the folds pass each other
        random.random::<f32>() * TAU + pace * travel
    });
    let mut pixels = Vec::with_capacity((SIDE_PX * SIDE_PX) as usize);
    for row in 0..SIDE_PX {
        for column in 0..SIDE_PX {
            let mut x = (column as f32 + 0.5) / SIDE_PX as f32 * 2.0 - 1.0;
            let mut y = (row as f32 + 0.5) / SIDE_PX as f32 * 2.0 - 1.0;
            for (fold, phase) in phases.iter().enumerate() {
                let pitch = 1.6 * 1.5_f32.powi(fold as i32);
                (x, y) = (x + (pitch * y + phase).sin() / pitch, y + (pitch * x + 1.7 * phase).sin() / pitch);
            }
            let height = 0.5 + 0.5 * (1.8 * x + y.cos()).sin();
            let angle = hue + spread * (height - 0.5);
            let chroma = 0.05 + 0.08 * height * (1.0 - 0.4 * height);
            let [r, g, b] =
                linear_from_oklab([0.12 + 0.6 * height * height, chroma * angle.cos(), chroma * angle.sin()]);
            pixels.push([r, g, b, 1.0].map(f16::from_f32));
        }
    }
    Picture { width_px: SIDE_PX, height_px: SIDE_PX, time_s: 0.0, pixels, ..Picture::default() }
}

/// OKLab to linear Rec. 709 (Björn Ottosson, 2020), clipped to 0 to 1.
pub(super) fn linear_from_oklab([lightness, a, b]: [f32; 3]) -> [f32; 3] {
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_4 * s,
        -0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
    .map(|channel| channel.clamp(0.0, 1.0))
}
