//! What hearing costs: the time for one second of stereo sound. 20 ms is 2 % of a core.

use std::f32::consts::TAU;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use klangbild_engine::hearing::Hearing;

fn main() {
    divan::main();
}

/// Chords that change and pulse, different in both channels, so that every part of hearing has work.
fn second_of_music(sample_rate_hz: u32) -> Vec<[f32; 2]> {
    let rate = sample_rate_hz as f32;
    let mut noise = 1_u32;
    (0..sample_rate_hz)
        .map(|i| {
            let t = i as f32 / rate;
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let hit = (-(4.0 * t).fract() * 6.0).exp();
            let hiss = (noise >> 8) as f32 / 16_777_216.0 - 0.5;
            let tone = |hz: f32| 0.2 * (TAU * hz * t).sin();
            [tone(110.0) + tone(440.0) + hit * hiss, tone(110.0) + tone(659.3) + 0.7 * hit * hiss]
        })
        .collect()
}

#[divan::bench(args = [44_100, 48_000, 96_000, 192_000])]
fn one_second(bencher: Bencher<'_, '_>, sample_rate_hz: u32) {
    let frames = second_of_music(sample_rate_hz);
    let mut hearing = Hearing::new(sample_rate_hz);
    // Past the start, where the tempo is not looked for yet.
    (0..10).for_each(|_| hearing.listen(&frames, None, |_| {}));
    bencher.counter(ItemsCount::new(frames.len())).bench_local(|| {
        hearing.listen(black_box(&frames), None, |heard| {
            black_box(heard);
        });
    });
}
