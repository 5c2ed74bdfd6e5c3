//! The same input gives the same frames, byte for byte; another seed or scene gives others.

use std::path::Path;

use klangbild_tests::frames;
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::render;

fn pictures_of(song: &Path, out: &Path, options: &str) -> Vec<Vec<u8>> {
    render(song, out, &format!("--size 160x90 --fps 10 {options}")).run().succeeds();
    frames::bytes(out)
}

#[test]
fn twice_the_same() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 2.0).write(&scratch.path("song.wav"), 2);
    for scene in ["picture", "flow", "kaleidoscope"] {
        let options = format!("--scene {scene} --seed 5");
        let first = pictures_of(&song, &scratch.path(&format!("{scene}-1")), &options);
        let second =
            pictures_of(&song, &scratch.path(&format!("{scene}-2")), &format!("{options} --threads 1"));
        assert_eq!(first.len(), 20);
        for (index, (a, b)) in first.iter().zip(&second).enumerate() {
            assert!(a == b, "{scene}: frame {index} differs from one run to the next");
        }
    }
}

#[test]
fn another_seed_is_another_picture() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    let one = pictures_of(&song, &scratch.path("1"), "--scene picture --seed 1");
    let two = pictures_of(&song, &scratch.path("2"), "--scene picture --seed 2");
    assert_eq!(one.len(), two.len());
    let apart = frames::difference(
        &frames::load(frames::list(&scratch.path("1")).last().unwrap()),
        &frames::load(frames::list(&scratch.path("2")).last().unwrap()),
    );
    assert!(apart > 0.03, "the last frames differ by {apart:.4} only");
}

#[test]
fn scenes_look_different() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    let last = |scene: &str| {
        let out = scratch.path(scene);
        let _ = pictures_of(&song, &out, &format!("--scene {scene} --seed 1"));
        frames::load(frames::list(&out).last().unwrap())
    };
    let (picture, flow, kaleidoscope) = (last("picture"), last("flow"), last("kaleidoscope"));
    for (names, apart) in [
        ("picture and flow", frames::difference(&picture, &flow)),
        ("picture and kaleidoscope", frames::difference(&picture, &kaleidoscope)),
        ("flow and kaleidoscope", frames::difference(&flow, &kaleidoscope)),
    ] {
        assert!(apart > 0.03, "{names} differ by {apart:.4} only");
    }
}
