//! Patterns that repeat: those that the judge fails are softened, and nothing else is.

use std::f64::consts::TAU;

use super::patterns::Paint;
use super::*;

const FINE: [u32; 2] = [640, 360];
const SECONDS: f64 = 2.0;

/// White where a wave of this phase is up.
fn bars(phase: f64) -> Colour {
    if phase.rem_euclid(1.0) < 0.5 { WHITE } else { BLACK }
}

/// Distance from the middle, in heights.
fn radius(at: At) -> f64 {
    (16.0 / 9.0 * (at.x - 0.5)).hypot(at.y - 0.5)
}

fn striped() -> Vec<(&'static str, Paint)> {
    vec![
        ("wide bars", Box::new(|at| bars(7.0 * at.x))),
        ("bars", Box::new(|at| bars(20.0 * at.x + 0.3))),
        ("fine bars", Box::new(|at| bars(36.0 * at.x))),
        ("lying bars", Box::new(|at| bars(9.0 * at.y))),
        ("soft bars", Box::new(|at| grey(127.0 + 127.0 * (TAU * 14.0 * at.x).sin()))),
        ("thin lines of light", Box::new(|at| if (12.0 * at.x).fract() < 0.2 { WHITE } else { BLACK })),
        ("yellow and blue", Box::new(|at| if (16.0 * at.x).fract() < 0.5 { [255, 230, 0] } else { BLUE })),
        ("bars that drift", Box::new(|at| bars(12.0 * at.x - 0.8 * at.time_s))),
        ("bars to and fro", Box::new(|at| bars(12.0 * at.x + 0.3 * (6.0 * at.time_s).sin()))),
        ("bars that are reversed", Box::new(|at| bars(12.0 * at.x + 0.5 * (2.5 * at.time_s).floor()))),
        ("a slant", Box::new(|at| bars(12.0 * at.x + 7.0 * at.y))),
        ("a steep slant that drifts", Box::new(|at| bars(8.0 * at.x - 13.0 * at.y + 0.5 * at.time_s))),
        ("rings", Box::new(|at| bars(16.0 * radius(at)))),
        ("rings that run", Box::new(|at| bars(12.0 * radius(at) - at.time_s))),
        (
            "a grid",
            Box::new(|at| {
                let line = (16.0 * at.x).fract() < 0.5 || (9.0 * at.y).fract() < 0.5;
                if line { WHITE } else { BLACK }
            }),
        ),
        (
            "a board",
            Box::new(|at| {
                let dark = ((at.x * 18.0) as u32 + (at.y * 12.0) as u32).is_multiple_of(2);
                if dark { BLACK } else { WHITE }
            }),
        ),
        ("two thirds of it", Box::new(|at| if at.x < 0.66 { bars(18.0 * at.x) } else { [90; 3] })),
        (
            "over a picture",
            Box::new(|at| {
                let [red, green, blue] = colour(at.square(5.0, 4.0)).map(|part| part / 3);
                if (14.0 * at.x + 3.0 * at.y).fract() < 0.5 {
                    [255 - red, 255 - green, 200]
                } else {
                    [red, green, blue]
                }
            }),
        ),
    ]
}

/// What the judge says of it, as it is and limited; and the last frame of both.
fn both(gpu: &Arc<Gpu>, size_px: [u32; 2], fps: u32, paint: &Paint) -> ([Report; 2], [Vec<u8>; 2], usize) {
    let mut through = Through::sized(gpu, size_px);
    let mut judges = [(); 2].map(|()| Analyser::new(size_px[0], size_px[1]).unwrap());
    let mut last = [Vec::new(), Vec::new()];
    let mut changed = 0;
    for frame in 0..(SECONDS * f64::from(fps)) as u32 {
        let time_s = f64::from(frame) / f64::from(fps);
        let mut wanted = vec![255; (4 * size_px[0] * size_px[1]) as usize];
        fill(&mut wanted, size_px, frame, time_s, paint);
        let shown = through.frame(50.0 + time_s, &wanted);
        changed += shown.iter().zip(&wanted).filter(|(shown, wanted)| shown != wanted).count();
        last = [wanted, shown];
        for (judge, frame) in judges.iter_mut().zip(&last) {
            judge.push(time_s, frame).unwrap();
        }
    }
    (judges.map(Analyser::finish), last, changed)
}

fn has_stripes(report: &Report) -> bool {
    report.failures.iter().any(|failure| failure.rule == Rule::Stripes)
}

#[test]
fn stripes_that_do_harm_are_softened_in_time() {
    let gpu = gpu();
    let mut wrong = Vec::new();
    for (place, (name, paint)) in striped().into_iter().enumerate() {
        for (turn, fps) in [30, 60, 24].into_iter().enumerate() {
            if !thorough() && turn != place % 3 {
                continue;
            }
            // The coarse size has half of the judge's cells, the other all of them.
            for size_px in [[WIDTH_PX, HEIGHT_PX], FINE] {
                if size_px == FINE && !thorough() && place % 2 == 0 {
                    continue;
                }
                let ([free, limited], ..) = both(&gpu, size_px, fps, &paint);
                assert!(has_stripes(&free), "{name}: the judge sees no stripes");
                if !limited.is_safe() {
                    wrong.push(format!("{name} at {fps}, {size_px:?}: {:?}", limited.failures));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_judge_bears_is_left_alone_bit_by_bit() {
    let gpu = gpu();
    let calm: Vec<(&str, Paint)> = vec![
        ("four bars", Box::new(|at| bars(4.0 * at.x))),
        ("five rows", Box::new(|at| bars(5.0 * at.y))),
        ("faint bars", Box::new(|at| if (20.0 * at.x).fract() < 0.5 { [120; 3] } else { [104; 3] })),
        ("dark bars", Box::new(|at| if (20.0 * at.x).fract() < 0.5 { [130; 3] } else { BLACK })),
        ("a third of it", Box::new(|at| if at.x < 0.33 { bars(24.0 * at.x) } else { [90; 3] })),
        ("bars too fine to tell", Box::new(|at| bars(64.0 * at.x))),
        (
            "text",
            Box::new(|at| {
                // Letters of 5 by 7 dots, some of them blank.
                let (column, row) = ((at.x * 128.0) as u32, (at.y * 72.0) as u32);
                let letter = scattered(column / 6 + 97 * (row / 9));
                let dot = column % 6 < 5
                    && row % 9 < 7
                    && scattered(letter + 31 * (column % 6) + row % 9).is_multiple_of(2);
                if dot && !letter.is_multiple_of(4) { WHITE } else { [20; 3] }
            }),
        ),
        (
            "a bar code",
            Box::new(|at| if scattered((at.x * 42.0) as u32).is_multiple_of(2) { WHITE } else { BLACK }),
        ),
    ];
    for (name, paint) in calm {
        let ([free, _], _, changed) = both(&gpu, [WIDTH_PX, HEIGHT_PX], 30, &paint);
        assert!(free.is_safe(), "{name}: {:?}", free.failures);
        assert_eq!(changed, 0, "{name}");
    }
}

#[test]
fn only_what_is_striped_is_softened_and_its_mean_stays() {
    let gpu = gpu();
    // Bars on the left; on the right a face of sharp edges.
    let paint: Paint = Box::new(|at| {
        if at.x < 0.6 { bars(30.0 * at.x) } else { colour(at.square(7.0, 5.0)).map(|part| part / 2) }
    });
    let (_, [wanted, shown], _) = both(&gpu, FINE, 30, &paint);
    let column = |frame: &[u8], x: u32| {
        let bytes = (0..FINE[1]).map(|y| f64::from(frame[(4 * (y * FINE[0] + x)) as usize]));
        bytes.sum::<f64>() / f64::from(FINE[1])
    };
    for x in FINE[0] * 7 / 10..FINE[0] {
        assert_eq!(column(&wanted, x), column(&shown, x), "column {x} is no stripe's");
    }
    let inner: Vec<f64> = (40..320).map(|x| column(&shown, x)).collect();
    let mean = inner.iter().sum::<f64>() / inner.len() as f64;
    assert!((mean - 127.5).abs() < 10.0, "{mean}");
    let (least, most) = inner.iter().fold((255.0_f64, 0.0_f64), |(a, b), x| (a.min(*x), b.max(*x)));
    assert!(most - least > 8.0, "stripes are still seen: {least} to {most}");
}

#[test]
fn it_lets_go_of_stripes_when_they_are_gone() {
    let gpu = gpu();
    let mut through = Through::new(&gpu);
    let size_px = [WIDTH_PX, HEIGHT_PX];
    for frame in 0..90 {
        let time_s = f64::from(frame) / 30.0;
        let mut wanted = vec![255; (4 * WIDTH_PX * HEIGHT_PX) as usize];
        let paint = |at: At| if frame < 45 { bars(16.0 * at.x) } else { colour(at.square(6.0, 4.0)) };
        fill(&mut wanted, size_px, frame, time_s, &paint);
        let shown = through.frame(time_s, &wanted);
        let is_same = shown == wanted;
        match frame {
            // They may be there for a moment, and what comes after them is seen soon.
            0..3 | 55.. => assert!(is_same, "frame {frame}"),
            15..45 => assert!(!is_same, "frame {frame}"),
            _ => {}
        }
    }
}
