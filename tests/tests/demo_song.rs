//! The demo song as a film: calm where it is quiet, lively where it is loud, new where a section begins.

use std::sync::OnceLock;

use image::RgbImage;
use klangbild_tests::frames::{self, difference, movement};
use klangbild_tests::program::Scratch;

use crate::{demo_folder, render};

const FPS: f64 = 12.0;

/// All of it, small; rendered once for all tests here.
fn film() -> &'static [RgbImage] {
    static FILM: OnceLock<Vec<RgbImage>> = OnceLock::new();
    FILM.get_or_init(|| {
        let scratch = Scratch::new();
        let out = scratch.path("film");
        render(&demo_folder().join("song.ogg"), &out, "--size 160x90 --fps 12 --seed 1").run().succeeds();
        frames::load_all(&out)
    })
}

fn part(from_s: f64, to_s: f64) -> &'static [RgbImage] {
    &film()[(from_s * FPS) as usize..(to_s * FPS) as usize]
}

#[test]
fn it_is_as_long_as_the_song() {
    assert_eq!(film().len(), (43.374_f64 * FPS).ceil() as usize);
}

#[test]
fn a_quiet_passage_is_calmer_than_a_loud_one() {
    let (quiet, loud) = (movement(part(2.0, 7.0)), movement(part(18.0, 28.0)));
    assert!(loud > 2.0 * quiet, "pad {quiet:.4}, full arrangement {loud:.4}");
}

#[test]
fn the_silence_at_the_end_rests() {
    let (silent, loud) = (movement(part(42.6, 43.3)), movement(part(18.0, 28.0)));
    assert!(silent < 0.1 * loud, "silence {silent:.4}, full arrangement {loud:.4}");
}

/// Where a section begins, the picture two seconds later has gone further than it goes in two seconds within the quiet
/// sections beside it.
#[test]
fn a_new_section_is_a_new_picture() {
    let at = |time_s: f64| &film()[(time_s * FPS) as usize];
    let change = |time_s: f64| difference(at(time_s - 0.5), at(time_s + 1.5));
    let within_pad = [2.0, 3.0, 4.0, 5.0].map(change);
    let usual = within_pad.iter().sum::<f64>() / within_pad.len() as f64;
    for (name, time_s) in [("the beat", 7.742), ("the full arrangement", 15.484), ("the break", 30.968)] {
        let seen = change(time_s);
        assert!(
            seen > 1.3 * usual,
            "{name} changes the picture by {seen:.4}; within the pad it is {usual:.4}"
        );
    }
}
