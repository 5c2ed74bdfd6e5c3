//! What flashes, and how.

use super::*;

pub(super) type Paint = Box<dyn Fn(At) -> Colour>;

/// Whatever flashes, by so many flashes a second.
pub(super) fn torture(hz: f64) -> Vec<(&'static str, Paint)> {
    let two = move |a: Colour, b: Colour| -> Paint { Box::new(move |at| if at.is_on(hz) { a } else { b }) };
    let board = move |across: f64, down: f64| -> Paint {
        Box::new(move |at| {
            let dark = ((at.x * across) as u32 + (at.y * down) as u32).is_multiple_of(2);
            if at.is_on(hz) == dark { WHITE } else { BLACK }
        })
    };
    vec![
        ("white and black", two(WHITE, BLACK)),
        ("red and black", two(RED, BLACK)),
        ("red and blue", two(RED, BLUE)),
        ("red and a blue as dark", two([158, 0, 0], BLUE)),
        ("red and white", two(RED, WHITE)),
        ("two greys", two([200; 3], [150; 3])),
        ("a large board", board(8.0, 5.0)),
        ("a fine board", board(64.0, 36.0)),
        ("a board of pixels", board(128.0, 72.0)),
        ("halves in turn", Box::new(move |at| if at.is_on(hz) == (at.x < 0.5) { WHITE } else { BLACK })),
        (
            "quarters in turn",
            Box::new(move |at| {
                let here = i64::from(at.x > 0.48) + 2 * i64::from(at.y > 0.48);
                if (2.0 * hz * at.time_s) as i64 % 4 == here { WHITE } else { BLACK }
            }),
        ),
        (
            "hits that fade",
            Box::new(move |at| {
                let since_s = (hz * at.time_s).fract() / hz;
                grey(60.0 + 190.0 * (-since_s / 0.08).exp())
            }),
        ),
        (
            "a soft pulse",
            Box::new(move |at| grey(127.0 + 127.0 * (std::f64::consts::TAU * hz * at.time_s).sin())),
        ),
        ("cuts", Box::new(move |at| colour(at.square(6.0, 4.0) + 7919 * (hz * at.time_s) as u32))),
        (
            "stripes that run",
            Box::new(move |at| if (4.0 * at.x + hz * at.time_s).fract() < 0.5 { WHITE } else { BLACK }),
        ),
        (
            "a patch",
            Box::new(move |at| {
                let here = (0.3..0.55).contains(&at.x) && (0.3..0.6).contains(&at.y);
                if here && at.is_on(hz) { WHITE } else { [40; 3] }
            }),
        ),
    ]
}

/// Whatever changes in every frame.
pub(super) fn noise() -> Vec<(&'static str, Paint)> {
    let squares = |across: f64| -> Paint {
        Box::new(move |at| colour(at.square(across, 0.56 * across) + 7919 * at.frame))
    };
    let reds = |across: f64| -> Paint {
        Box::new(move |at| match colour(at.square(across, 0.56 * across) + 7919 * at.frame) {
            [0..64, ..] => RED,
            [64..128, ..] => BLUE,
            [128..192, ..] => BLACK,
            [_, level, _] => [level, 0, 0],
        })
    };
    vec![
        ("a colour in every frame", Box::new(|at| colour(7919 * at.frame))),
        ("large noise", squares(4.0)),
        ("noise", squares(16.0)),
        ("fine noise", squares(128.0)),
        ("large red noise", reds(4.0)),
        ("red noise", reds(48.0)),
        ("fine red noise", reds(128.0)),
        (
            "noise through a gate",
            Box::new(|at| {
                let [level, ..] = colour(at.square(40.0, 30.0) + 7919 * at.frame);
                if at.is_on(4.0) { [level; 3] } else { BLACK }
            }),
        ),
    ]
}
