//! The demo song as a film: calm where it is quiet, lively where it is loud, new where a section begins.

use std::sync::OnceLock;

use image::RgbImage;
use klangbild_tests::frames::{self, colour_distance, colours, movement};
use klangbild_tests::program::Scratch;

use crate::{demo_folder, render};

/// As many as there are pictures: then each frame is of one picture, and none of two halves.
const FPS: f64 = 15.0;

/// One seed's way through the song is chance; what is asked here is asked of the mean of two.
const SEEDS: [u32; 2] = [1, 2];

/// All of it, small, once for each seed; rendered once for all tests here.
fn films() -> &'static [Vec<RgbImage>] {
    static FILMS: OnceLock<Vec<Vec<RgbImage>>> = OnceLock::new();
    FILMS.get_or_init(|| {
        let scratch = Scratch::new();
        let film = |seed: u32| {
            let out = scratch.path(&format!("film-{seed}"));
            let options = format!("--size 160x90 --fps 15 --seed {seed}");
            render(&demo_folder().join("song.ogg"), &out, &options).run().succeeds();
            frames::load_all(&out)
        };
        SEEDS.map(film).into()
    })
}

/// The mean over the films of what is measured in a part of each.
fn mean(measure: impl Fn(&dyn Fn(f64, f64) -> &'static [RgbImage]) -> f64) -> f64 {
    let one = |film: &'static Vec<RgbImage>| {
        measure(&|from_s, to_s| &film[(from_s * FPS) as usize..(to_s * FPS) as usize])
    };
    films().iter().map(one).sum::<f64>() / SEEDS.len() as f64
}

#[test]
fn it_is_as_long_as_the_song() {
    films().iter().for_each(|film| assert_eq!(film.len(), (43.374_f64 * FPS).ceil() as usize));
}

#[test]
fn a_quiet_passage_is_calmer_than_a_loud_one() {
    let moves = |from_s, to_s| mean(|part| movement(part(from_s, to_s)));
    let (quiet, loud) = (moves(2.0, 7.0), moves(18.0, 28.0));
    assert!(loud > 1.25 * quiet, "pad {quiet:.4}, full arrangement {loud:.4}");
}

#[test]
fn the_silence_at_the_end_rests() {
    let moves = |from_s, to_s| mean(|part| movement(part(from_s, to_s)));
    let (silent, loud) = (moves(42.6, 43.3), moves(18.0, 28.0));
    assert!(silent < 0.1 * loud, "silence {silent:.4}, full arrangement {loud:.4}");
}

/// Sections sound different, so they look different: their colours have less in common than those of two parts of one
/// section. The embedding takes its window of 3 s to follow, so the beginnings are left out.
#[test]
fn a_new_section_is_a_new_picture() {
    let distance = |one: (f64, f64), other: (f64, f64)| {
        mean(|part| colour_distance(&colours(part(one.0, one.1)), &colours(part(other.0, other.1))))
    };
    let usual = distance((2.0, 4.5), (4.5, 7.0));
    let sections = [("pad", 2.0, 7.0), ("beat", 10.8, 15.0), ("full", 19.0, 30.5), ("break", 34.0, 36.5)];
    for pair in sections.windows(2) {
        let [(before, from_s, to_s), (after, after_from_s, after_to_s)] = [pair[0], pair[1]];
        let apart = distance((from_s, to_s), (after_from_s, after_to_s));
        assert!(apart > 0.3, "{before} and {after} look alike: {apart:.2} apart");
        assert!(apart > usual, "{before} and {after}: {apart:.2} apart, and within the pad {usual:.2}");
    }
}
