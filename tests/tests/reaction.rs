//! The picture does what the music does: it answers a hit at once, and does not flicker when nothing happens.

use image::RgbImage;
use klangbild_tests::frames::{self, difference, luminance};
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::render;

const SCENES: [&str; 3] = ["picture", "flow", "kaleidoscope"];

fn rendered(scratch: &Scratch, sound: &Sound, fps: u32, scene: &str) -> Vec<RgbImage> {
    let song = sound.write(&scratch.path("song.wav"), 2);
    let out = scratch.path(scene);
    render(&song, &out, &format!("--size 160x90 --fps {fps} --force --scene {scene}")).run().succeeds();
    frames::load_all(&out)
}

/// Steps of the mean luminance from each frame to the next; entry `i` is the step to frame `i + 1`.
fn steps(pictures: &[RgbImage]) -> Vec<f64> {
    let luminances: Vec<f64> = pictures.iter().map(luminance).collect();
    luminances.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// A hit in the middle of frame 60's time must show there, or in the frame after.
#[test]
fn a_hit_shows_in_its_frame() {
    let scratch = Scratch::new();
    let hit_s = 60.5 / 30.0;
    let mut after_silence = Sound::silence(44_100, 2.5);
    after_silence.add_kick(hit_s);
    let mut over_a_tone = Sound::tone(44_100, 2.5, 330.0, 0.03);
    over_a_tone.add_kick(hit_s);
    for (name, sound) in [("silence", after_silence), ("a tone", over_a_tone)] {
        for scene in SCENES {
            let steps = steps(&rendered(&scratch, &sound, 30, scene));
            let before = largest(&steps[44..59]); // the last half second before the hit
            let limit = (3.0 * before).max(0.002);
            let seen = (59..steps.len()).find(|&i| steps[i] > limit).map(|i| i + 1);
            assert!(
                matches!(seen, Some(60 | 61)),
                "{scene}, {name}: the hit of frame 60 shows in {seen:?}; steps before {before:.5}, then {:.4?}",
                &steps[58..68]
            );
        }
    }
}

#[test]
fn a_steady_tone_does_not_flicker() {
    let scratch = Scratch::new();
    let sound = Sound::tone(44_100, 5.0, 220.0, 0.2);
    for scene in SCENES {
        let pictures = rendered(&scratch, &sound, 15, scene);
        let settled = &pictures[30..];
        let step = largest(&steps(settled));
        // A form may grow over another within a second, and with it light over dark.
        assert!(step < 0.03, "{scene}: luminance jumps by {step:.4} within a steady tone");
        let moves = frames::movement(settled);
        assert!(moves < 0.05, "{scene}: {moves:.4} from frame to frame");
        // Flicker goes to and fro: a frame is then nearer to the one after the next than to its neighbour.
        let to_and_fro =
            settled.windows(3).filter(|w| difference(&w[0], &w[2]) < 0.7 * difference(&w[0], &w[1])).count();
        assert!(
            to_and_fro * 10 <= settled.len(),
            "{scene}: {to_and_fro} of {} frames go back",
            settled.len()
        );
    }
}

#[test]
fn silence_rests() {
    let scratch = Scratch::new();
    let sound = Sound::silence(44_100, 4.0);
    for scene in SCENES {
        let pictures = rendered(&scratch, &sound, 15, scene);
        let settled = &pictures[30..];
        assert!(largest(&steps(settled)) < 0.002, "{scene}: {:.5}", largest(&steps(settled)));
        let moves = frames::movement(settled);
        assert!(moves < 0.003, "{scene}: {moves:.5} from frame to frame, in silence");
    }
}
