//! Frames whose figures are known.

use super::*;

const SIZE: [usize; 2] = [256, 144];

/// A grey frame from a function of place, 0 to 1.
fn grey(value: impl Fn(f32, f32) -> f32) -> Vec<u8> {
    let pixels = (0..SIZE[0] * SIZE[1]).flat_map(|at| {
        let byte = (255.0 * value((at % SIZE[0]) as f32, (at / SIZE[0]) as f32)).round() as u8;
        [byte; 3]
    });
    pixels.collect()
}

fn score(frames: &[Vec<u8>]) -> Score {
    let mut scorer = Scorer::new(SIZE[0], SIZE[1], 30.0).unwrap();
    frames.iter().for_each(|frame| scorer.frame(frame));
    scorer.finish(&Music::default())
}

/// A step from dark to light that takes `width_px`, slanting through the frame.
fn step(at_px: f32, width_px: f32) -> impl Fn(f32, f32) -> f32 {
    move |x, y| (0.5 + (0.8 * (x - at_px) + 0.6 * (y - 72.0)) / width_px).clamp(0.0, 1.0)
}

#[test]
fn edges_are_as_wide_as_they_are_drawn() {
    let widths = [2.0, 4.0, 8.0].map(|width_px| score(&[grey(step(128.0, width_px))]).edge_width_px.unwrap());
    for (found, drawn) in widths.iter().zip([2.0, 4.0, 8.0]) {
        assert!((found / drawn - 1.0).abs() < 0.35, "{widths:?}");
    }
}

#[test]
fn a_sharper_picture_has_more_edges_and_finer_detail() {
    let [sharp, soft] = [1.5, 16.0].map(|width_px: f32| {
        score(&[grey(|x, y| {
            0.5 + 0.5 * ((x / 9.0).sin() * (y / 9.0).sin() * 16.0 / width_px).clamp(-1.0, 1.0)
        })])
    });
    assert!(sharp.edges_percent > 2.0 * soft.edges_percent, "{sharp:?} {soft:?}");
    assert!(sharp.fine_detail_percent > 2.0 * soft.fine_detail_percent, "{sharp:?} {soft:?}");
}

#[test]
fn what_is_drawn_twice_has_doubled_edges_and_a_stroke_has_not() {
    let once = step(128.0, 2.0);
    let (left, right) = (step(124.0, 2.0), step(131.0, 2.0));
    let stroke = |x: f32, y: f32| left(x, y) - right(x, y);
    let twice = |x: f32, y: f32| 0.5 * (left(x, y) + right(x, y));
    let doubled = |frame: Vec<u8>| score(&[frame]).doubled_edges_percent.unwrap();
    assert!(doubled(grey(once)) < 2.0);
    assert!(doubled(grey(stroke)) < 2.0);
    assert!(doubled(grey(twice)) > 90.0);
}

#[test]
fn what_is_mixed_of_its_neighbours_is_told_from_what_moves() {
    let at = |frame: usize| step(60.0 + 12.0 * frame as f32, 2.0);
    let moving: Vec<_> = (0..9).map(|frame| grey(at(frame))).collect();
    let dissolved: Vec<_> = (0..9)
        .map(|frame| grey(|x, y| 0.5 * (at(frame / 2 * 2)(x, y) + at(frame.div_ceil(2) * 2)(x, y))))
        .collect();
    let [moving, dissolved] = [&moving, &dissolved].map(|frames| score(frames).crossfade_percent.unwrap());
    assert!(moving < 25.0 && dissolved > 40.0, "{moving} {dissolved}");
}

#[test]
fn flicker_goes_there_and_back_and_motion_goes_on() {
    let level = |value: f32| grey(move |_, _| value);
    let flickering = score(&(0..20).map(|at| level(if at % 2 == 0 { 0.4 } else { 0.5 })).collect::<Vec<_>>());
    let rising = score(&(0..20).map(|at| level(0.2 + 0.02 * at as f32)).collect::<Vec<_>>());
    assert!((flickering.flicker_percent - 10.0).abs() < 0.5 && flickering.whole_flicker_percent > 9.0);
    assert!(rising.flicker_percent < 0.1 && (rising.motion_percent - 2.0).abs() < 0.2, "{rising:?}");
}

#[test]
fn stillness_is_found_under_grain() {
    let grain =
        |at: usize, x: f32, y: f32| ((x * 12.9 + y * 78.2 + at as f32 * 37.7).sin() * 43758.5).fract() * 0.03;
    let frame = |at: usize| {
        grey(move |x, y| 0.5 + grain(at, x, y) + if at >= 60 { 0.01 * at as f32 - 0.6 } else { 0.0 })
    };
    let score = score(&(0..75).map(frame).collect::<Vec<_>>());
    assert!((score.longest_still_s - 2.0).abs() < 0.1, "{score:?}");
    assert!((75.0..85.0).contains(&score.still_frames_percent), "{score:?}");
}

#[test]
fn colours_are_counted_by_what_they_carry() {
    let stripes = |colours: &[[u8; 3]]| {
        (0..SIZE[0] * SIZE[1]).flat_map(|at| colours[(at % SIZE[0]) / 8 % colours.len()]).collect::<Vec<u8>>()
    };
    let one = score(&[stripes(&[[255, 0, 0]])]);
    let four = score(&[stripes(&[[255, 0, 0], [0, 160, 0], [0, 60, 255], [255, 200, 0]])]);
    let none = score(&[stripes(&[[0, 0, 0], [200, 200, 200]])]);
    assert!((one.hues - 1.0).abs() < 0.01 && (one.saturation - 1.0).abs() < 0.01);
    assert!((3.5..4.01).contains(&four.hues), "{four:?}");
    assert!(none.hues < 0.01 && (none.black_percent - 50.0).abs() < 1.0, "{none:?}");
    assert!(none.luma_low < 0.01 && (none.luma_high - 200.0 / 255.0).abs() < 0.01, "{none:?}");
}

#[test]
fn what_answers_hits_is_told_from_what_does_not() {
    let music = Music {
        hits_s: (0..6).map(|hit| 0.5 * f64::from(hit) + 0.01).collect(),
        beats_s: (0..6).map(|hit| 0.5 * f64::from(hit) + 0.01).collect(),
        flux: (0..6).map(|hit| (0.5 * f64::from(hit) + 0.01, 1.0)).collect(),
    };
    let play = |answers: bool| {
        let mut scorer = Scorer::new(SIZE[0], SIZE[1], 30.0).unwrap();
        for frame in 0..90_u32 {
            let flash = if answers && frame % 15 == 0 { 0.3 } else { 0.0 };
            let value = 0.3 + flash + 0.002 * frame as f32;
            scorer.frame(&grey(|_, _| value));
        }
        scorer.finish(&music)
    };
    let (with, without) = (play(true), play(false));
    let response = |score: &Score| score.beat_response.unwrap();
    assert!(response(&with) > 5.0 && (0.8..1.25).contains(&response(&without)), "{with:?} {without:?}");
    // The first hit falls into the first frame, to which nothing changes.
    assert!(with.hits_f.unwrap() > 0.6 && with.beats_hit.unwrap() > 0.8, "{with:?}");
    assert!(with.hits_f_by_chance.unwrap() < 0.4 && with.beats_hit_by_chance.unwrap() < 0.3, "{with:?}");
    assert!(with.flux_correlation.unwrap() > 0.6 && with.flux_p.unwrap() < 0.05, "{with:?}");
    // What moves all the time is at beats as often as anywhere.
    assert!(without.hits_f.unwrap() < without.hits_f_by_chance.unwrap() + 0.2, "{without:?}");
    assert!(without.flux_p.unwrap() > 0.1, "{without:?}");
}

#[test]
fn what_cannot_be_measured_is_refused() {
    assert!(matches!(Scorer::new(16, 16, 30.0), Err(ScoreError::Shape { .. })));
    let empty = Scorer::new(64, 64, 30.0).unwrap().finish(&Music::default());
    assert_eq!((empty.frames, empty.edge_width_px, empty.beat_response), (0, None, None));
}
