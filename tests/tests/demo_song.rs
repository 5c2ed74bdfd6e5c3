//! The demo song as a film: calm where it is quiet, lively where it is loud, new where a section begins.

use std::sync::OnceLock;

use image::RgbImage;
use klangbild_tests::frames::{self, colour_distance, colours, movement};
use klangbild_tests::program::Scratch;

use crate::{demo_folder, render};

/// As many as there are pictures: then each frame is of one picture, and none of two halves.
const FPS: f64 = 15.0;

/// All of it, small; rendered once for all tests here.
fn film() -> &'static [RgbImage] {
    static FILM: OnceLock<Vec<RgbImage>> = OnceLock::new();
    FILM.get_or_init(|| {
        let scratch = Scratch::new();
        let out = scratch.path("film");
        render(&demo_folder().join("song.ogg"), &out, "--size 160x90 --fps 15 --seed 1").run().succeeds();
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
    assert!(loud > 1.15 * quiet, "pad {quiet:.4}, full arrangement {loud:.4}");
}

#[test]
fn the_silence_at_the_end_rests() {
    let (silent, loud) = (movement(part(42.6, 43.3)), movement(part(18.0, 28.0)));
    assert!(silent < 0.1 * loud, "silence {silent:.4}, full arrangement {loud:.4}");
}

/// Sections sound different, so they look different: their colours have less in common than those of two parts of one
/// section. The embedding takes its window of 3 s to follow, so the beginnings are left out.
#[test]
fn a_new_section_is_a_new_picture() {
    let look = |from_s: f64, to_s: f64| colours(part(from_s, to_s));
    let usual = colour_distance(&look(2.0, 4.5), &look(4.5, 7.0));
    let sections = [("pad", 2.0, 7.0), ("beat", 10.8, 15.0), ("full", 19.0, 30.5), ("break", 34.0, 36.5)];
    for pair in sections.windows(2) {
        let [(before, from_s, to_s), (after, after_from_s, after_to_s)] = [pair[0], pair[1]];
        let apart = colour_distance(&look(from_s, to_s), &look(after_from_s, after_to_s));
        assert!(apart > 0.25, "{before} and {after} look alike: {apart:.2} apart");
        assert!(apart > 1.1 * usual, "{before} and {after}: {apart:.2} apart, and within the pad {usual:.2}");
    }
}
