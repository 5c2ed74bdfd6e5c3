//! Sequences of which the standards say whether they are safe.

use super::*;

const WIDTH: usize = 128;
const HEIGHT: usize = 72;

type Colour = [u8; 3];
const BLACK: Colour = [0; 3];
const WHITE: Colour = [255; 3];
const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];

/// Draws `seconds` of frames: `paint` is given the time and a place, both from 0 to 1 over the frame.
fn report(fps: u32, seconds: f64, mut paint: impl FnMut(f64, f64, f64) -> Colour) -> Report {
    let mut analyser = Analyser::new(WIDTH as u32, HEIGHT as u32).unwrap();
    let mut pixels = vec![0; WIDTH * HEIGHT * 3];
    for frame in 0..(seconds * f64::from(fps)) as u32 {
        let time_s = f64::from(frame) / f64::from(fps);
        for (at, pixel) in pixels.chunks_exact_mut(3).enumerate() {
            let (x, y) = ((at % WIDTH) as f64 / WIDTH as f64, (at / WIDTH) as f64 / HEIGHT as f64);
            pixel.copy_from_slice(&paint(time_s, x, y));
        }
        analyser.push(time_s, &pixels).unwrap();
    }
    analyser.finish()
}

fn rules(report: &Report) -> Vec<Rule> {
    let mut rules: Vec<_> = report.failures.iter().map(|failure| failure.rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

/// Whether a square wave of so many flashes a second is on.
fn is_on(hz: f64, time_s: f64) -> bool {
    (2.0 * hz * time_s + 1e-6).floor() as i64 % 2 == 0
}

/// Grey of this relative luminance.
fn grey(luminance: f64) -> Colour {
    let share =
        if luminance <= 0.003_130_8 { 12.92 * luminance } else { 1.055 * luminance.powf(1.0 / 2.4) - 0.055 };
    [(share * 255.0).round() as u8; 3]
}

#[test]
fn three_flashes_a_second_pass_for_a_while_and_more_do_not() {
    let square = |hz: f64, seconds: f64| {
        rules(&report(60, seconds, |time_s, _, _| if is_on(hz, time_s) { WHITE } else { BLACK }))
    };
    assert_eq!(square(1.0, 6.0), []);
    assert_eq!(square(2.0, 3.0), []);
    assert_eq!(square(3.0, 3.0), []);
    assert_eq!(square(2.0, 6.0), [Rule::ExtendedFlash]);
    assert_eq!(square(3.0, 6.0), [Rule::ExtendedFlash]);
    for hz in [3.5, 5.0, 10.0, 20.0, 30.0] {
        assert_eq!(square(hz, 3.0), [Rule::GeneralFlash, Rule::BroadcastFlash], "{hz} Hz");
    }
}

#[test]
fn the_verdict_is_the_same_at_every_frame_rate() {
    for fps in [24, 25, 30, 50, 60, 144] {
        let square = |hz: f64| {
            let report = report(fps, 3.0, |time_s, _, _| if is_on(hz, time_s) { WHITE } else { BLACK });
            assert_eq!(report.warnings.is_empty(), !(2.0..=3.0).contains(&hz));
            report.is_safe()
        };
        assert!(square(1.0) && square(3.0), "{fps}");
        assert!(!square(3.9) && !square(6.0) && !square(12.0), "{fps}");
    }
}

#[test]
fn small_changes_and_bright_ones_are_no_flashes() {
    let between = |a: f64, b: f64| {
        report(30, 2.0, |time_s, _, _| grey(if is_on(7.5, time_s) { a } else { b })).is_safe()
    };
    assert!(between(0.3, 0.38) && between(0.0, 0.09) && between(0.82, 1.0));
    assert!(!between(0.3, 0.42) && !between(0.0, 0.12) && !between(0.78, 1.0));
}

#[test]
fn area_counts_in_ten_degrees_and_in_the_picture() {
    let boxed = |width: f64, height: f64| {
        rules(&report(
            30,
            2.0,
            |time_s, x, y| {
                if x < width && y < height && is_on(7.5, time_s) { WHITE } else { BLACK }
            },
        ))
    };
    // Ten degrees are 1/3 by 4/9 of this frame: a quarter of them is 0.037 of it.
    assert_eq!(boxed(0.17, 0.2), []);
    assert_eq!(boxed(0.25, 0.2), [Rule::GeneralFlash]);
    assert_eq!(boxed(0.45, 0.45), [Rule::GeneralFlash]);
    assert_eq!(boxed(0.55, 0.55), [Rule::GeneralFlash, Rule::BroadcastFlash]);
    // Spread over all of it: an eighth, and three tenths.
    let spread = |height: f64| {
        rules(&report(30, 2.0, |time_s, x, y| {
            let lit = (x * 5.0).fract() < 0.5 && (y * 4.0).fract() < height;
            if lit && is_on(7.5, time_s) { WHITE } else { BLACK }
        }))
    };
    assert_eq!(spread(0.25), []);
    assert_eq!(spread(0.6), [Rule::GeneralFlash, Rule::BroadcastFlash]);
}

#[test]
fn halves_that_flash_in_turn_count_as_well() {
    let both =
        rules(&report(30, 2.0, |time_s, x, _| if is_on(5.0, time_s) == (x < 0.5) { WHITE } else { BLACK }));
    assert_eq!(both, [Rule::GeneralFlash, Rule::BroadcastFlash]);
    // Each quarter flashes once in a third of a second, one after the other: nine flashes a second somewhere.
    let roaming = report(30, 3.0, |time_s, x, y| {
        let quarter = (time_s * 9.0).floor() as i64 % 4;
        let here = i64::from(x > 0.5) + 2 * i64::from(y > 0.5);
        if quarter == here { WHITE } else { BLACK }
    });
    assert!(rules(&roaming).contains(&Rule::GeneralFlash));
}

#[test]
fn red_flashes_count_though_they_are_as_dark_as_what_is_between() {
    // Luminance stays: 0.0722 of white for blue, a third of red's 0.2126 for red.
    let dim_red: Colour = [grey(0.34)[0], 0, 0];
    let square =
        |a: Colour, b: Colour| rules(&report(30, 2.0, |time_s, _, _| if is_on(5.0, time_s) { a } else { b }));
    assert_eq!(square(dim_red, BLUE), [Rule::RedFlash, Rule::BroadcastRedFlash]);
    assert!(square(RED, BLACK).contains(&Rule::RedFlash));
    assert!(square(RED, WHITE).contains(&Rule::RedFlash));
    assert_eq!(square([0, 90, 0], BLUE), []);
    assert_eq!(square([40, 0, 0], BLACK), [], "red that is hardly seen");
    let slow = report(30, 2.9, |time_s, _, _| if is_on(2.0, time_s) { dim_red } else { BLUE });
    assert!(slow.is_safe());
    assert_eq!(slow.warnings[0].rule, Rule::ExtendedRedFlash);
}

#[test]
fn ramps_cuts_and_films_are_safe() {
    let breathing =
        report(30, 6.0, |time_s, _, _| grey(0.5 - 0.5 * (1.5 * std::f64::consts::PI * time_s).cos()));
    assert!(breathing.is_safe() && breathing.warnings.is_empty(), "{breathing:?}");
    // Another picture each second.
    let picture = |seed: i64, x: f64, y: f64| {
        let wave = |k: f64| 0.5 + 0.5 * (k * (seed as f64 + 1.0) + 7.0 * x + 5.0 * y * k).sin();
        [wave(1.0), wave(1.7), wave(2.9)].map(|part| (255.0 * part) as u8)
    };
    assert!(report(24, 8.0, |time_s, x, y| picture(time_s.floor() as i64, x, y)).is_safe());
    // A slow pan, grain, a small light that blinks fast, and a thing that crosses the picture.
    let mut state = 1_u32;
    let film = report(24, 6.0, |time_s, x, y| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = (state >> 29) as u8;
        let blink = x > 0.9 && y > 0.9 && is_on(8.0, time_s);
        let thing = (x - 0.2 * time_s).abs() < 0.05 && (y - 0.5).abs() < 0.2;
        if blink || thing { WHITE } else { picture(3, x + 0.05 * time_s, y).map(|part| part / 2 + grain) }
    });
    assert!(film.is_safe() && film.warnings.is_empty(), "{film:?}");
}

#[test]
fn rapid_cuts_are_flashes() {
    let cuts = report(30, 3.0, |time_s, x, y| {
        let seed = (time_s * 10.0).floor() as u32;
        let block = (x * 4.0) as u32 + 4 * (y * 3.0) as u32;
        let bits = (seed * 12 + block).wrapping_mul(2_654_435_761) >> 24;
        [bits as u8; 3]
    });
    assert!(rules(&cuts).contains(&Rule::GeneralFlash));
}

#[test]
fn a_checkerboard_is_judged_by_how_fast_its_squares_go_by() {
    let drifting = |squares_per_s: f64| {
        report(60, 3.0, |time_s, x, y| {
            let (column, row) = ((x * 8.0 - squares_per_s * time_s).floor(), (y * 4.5).floor());
            if (column + row) as i64 % 2 == 0 { WHITE } else { BLACK }
        })
    };
    assert!(drifting(3.0).is_safe());
    assert!(rules(&drifting(10.0)).contains(&Rule::GeneralFlash));
}

#[test]
fn a_texture_that_moves_is_no_flash_unless_it_is_fast() {
    // Of random squares: each place changes some six times a second, or fifteen times, but each at a time of its own.
    let drifting = |squares_per_s: f64| {
        report(60, 4.0, |time_s, x, y| {
            let (column, row) = ((x * 64.0 - squares_per_s * time_s).floor(), (y * 36.0).floor());
            let number =
                (column as i64 as u32).wrapping_mul(0x9e37_79b1) ^ (row as u32).wrapping_mul(0x85eb_ca6b);
            let mixed = (number ^ (number >> 15)).wrapping_mul(0x2c1b_3c6d);
            if (mixed ^ (mixed >> 13)) & 1 == 0 { WHITE } else { BLACK }
        })
    };
    assert!(drifting(12.0).is_safe());
    assert!(rules(&drifting(30.0)).contains(&Rule::GeneralFlash));
}

#[test]
fn noise_that_is_finer_than_a_tenth_of_a_degree_is_no_flash() {
    let (width, height) = (1024_usize, 256);
    let mut analyser = Analyser::new(width as u32, height as u32).unwrap();
    for frame in 0..40_usize {
        // A checkerboard of single pixels that is reversed in every frame: the exception of WCAG.
        let pixels: Vec<u8> = (0..width * height)
            .flat_map(|at| if (at % width + at / width + frame).is_multiple_of(2) { WHITE } else { BLACK })
            .collect();
        analyser.push(frame as f64 / 30.0, &pixels).unwrap();
    }
    assert!(analyser.finish().is_safe());
    // Noise that comes and goes as a whole is one.
    let mut state = 1_u32;
    let gated = report(30, 2.0, |time_s, _, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if is_on(6.0, time_s) { [(state >> 24) as u8; 3] } else { BLACK }
    });
    assert!(rules(&gated).contains(&Rule::GeneralFlash));
}

#[test]
fn stripes_count_by_number_area_light_and_motion() {
    let striped = |pairs: f64, width: f64, light: f64, shift: fn(f64) -> f64| {
        rules(&report(30, 1.5, |time_s, x, _| {
            let lit = (x / width * pairs + shift(time_s)).rem_euclid(1.0) < 0.5;
            grey(if x >= width {
                0.2
            } else if lit {
                light
            } else {
                0.02
            })
        }))
    };
    let still = |_| 0.0;
    assert_eq!(striped(10.0, 1.0, 0.9, still), [Rule::Stripes]);
    assert_eq!(striped(4.0, 1.0, 0.9, still), [], "too few");
    assert_eq!(striped(10.0, 1.0, 0.2, still), [], "too dark");
    assert_eq!(striped(10.0, 0.35, 0.9, still), [], "too small a part, as long as they stand");
    assert_eq!(striped(10.0, 0.35, 0.9, |time_s| 0.7 * time_s), [], "or drift");
    assert_eq!(
        striped(10.0, 0.35, 0.9, |time_s| 0.25 * (9.0 * time_s).sin()),
        [Rule::Stripes],
        "but not to and fro"
    );
    assert_eq!(
        striped(10.0, 0.35, 0.9, |time_s| 0.5 * (2.5 * time_s).floor()),
        [Rule::Stripes],
        "or reversed"
    );
    // In a slant, and for less than half a second.
    let slanted = report(30, 1.5, |_, x, y| grey(if (12.0 * x + 7.0 * y).fract() < 0.5 { 0.8 } else { 0.0 }));
    assert_eq!(rules(&slanted), [Rule::Stripes]);
    let short = report(30, 1.5, |time_s, x, _| {
        if time_s < 0.4 { grey(if (10.0 * x).fract() < 0.5 { 0.9 } else { 0.0 }) } else { grey(0.4) }
    });
    assert!(short.is_safe(), "{short:?}");
}

#[test]
fn times_count_and_area_are_told() {
    let told = report(30, 6.0, |time_s, x, _| {
        if (2.0..4.0).contains(&time_s) && x < 0.5 && is_on(5.0, time_s) { WHITE } else { BLACK }
    });
    let failure = told.failures.iter().find(|failure| failure.rule == Rule::BroadcastFlash).unwrap();
    assert!((failure.start_s - 2.0).abs() < 0.01, "{failure:?}");
    assert!((3.9..4.0 + 1.0).contains(&failure.end_s), "{failure:?}");
    assert!((failure.count - 10.0).abs() < 1.0, "{failure:?}");
    assert!((failure.area - 0.5).abs() < 0.02, "{failure:?}");
    assert_eq!((told.frames, told.duration_s), (180, 179.0 / 30.0));
    // Two bursts with a rest between are two failures.
    let bursts = report(30, 8.0, |time_s, _, _| {
        let burst = time_s.rem_euclid(4.0) < 1.0;
        if burst && is_on(6.0, time_s) { WHITE } else { BLACK }
    });
    assert_eq!(bursts.failures.iter().filter(|failure| failure.rule == Rule::GeneralFlash).count(), 2);
}

#[test]
fn frames_that_make_no_sense_are_refused() {
    assert!(matches!(Analyser::new(0, 5), Err(FlashError::Size { .. })));
    assert!(matches!(Analyser::new(5, 1 << 20), Err(FlashError::Size { .. })));
    let mut analyser = Analyser::new(4, 4).unwrap();
    assert!(matches!(analyser.push(0.0, &[0; 50]), Err(FlashError::Bytes { found: 50, .. })));
    analyser.push(1.0, &[0; 48]).unwrap();
    analyser.push(2.0, &[0; 64]).unwrap();
    assert!(matches!(analyser.push(0.5, &[0; 48]), Err(FlashError::Order { .. })));
    assert!(matches!(analyser.push(f64::NAN, &[0; 48]), Err(FlashError::Order { .. })));
    assert_eq!(analyser.finish().frames, 2);
}
