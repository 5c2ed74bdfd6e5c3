//! Five colours that stand for the picture: steady enough that a scene can paint with them.
//!
//! Each picture's colours are the means of k clusters in OKLab (k-means++, Arthur and Vassilvitskii, 2007; the random numbers are always
//! the same), where vivid pixels count for more than grey ones. They are matched to the five before, so that each goes its own way
//! and none jumps to another's place, and followed over about a second of audio time.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::overture::linear_from_oklab;
use super::reduction::Reduction;

/// How many there are.
pub(super) const COLOURS: usize = 5;
/// Every which pixel of the reduction is looked at, across and down.
const STRIDE_PX: usize = 2;
/// Rounds of k-means at most, and first guesses besides the colours before.
const ROUNDS: usize = 8;
const GUESSES: u64 = 2;
/// A new guess has to be this much better than going on from the colours before.
const BETTER: f32 = 0.7;
/// What a pixel counts: so much if it is grey, and so much more by its chroma.
const GREY_COUNTS: f32 = 0.15;
const CHROMA_COUNTS: f32 = 5.0;
/// Colours that lie this far from those before (OKLab) are those of another scene: they are put in order anew.
const ANOTHER_SCENE: f32 = 0.2;
/// Time constant with which the colours follow, in seconds: after one second 98 % of a change is there.
const FOLLOW_S: f64 = 0.25;
/// A longer pause between frames than this is a jump in time.
const LONGEST_STEP_S: f64 = 0.25;

/// A colour in OKLab, and its share of the picture's importance.
type Colour = [f32; 4];
type Colours = [Colour; COLOURS];

/// The colours, and where they are going.
#[derive(Clone, Debug, Default)]
pub(super) struct Palette {
    aim: Option<Colours>,
    shown: Option<Colours>,
    last_s: Option<f64>,
}

/// What shaders read: the colours in linear light with their weights in `w` (1 in all), the most important first; and the same
/// in OKLab.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub(super) struct PaletteBlock {
    pub colours: [[f32; 4]; COLOURS],
    pub oklab: [[f32; 4]; COLOURS],
}

impl PaletteBlock {
    /// The block in WGSL.
    pub const WGSL: &'static str =
        "struct Palette {\n    colours: array<vec4f, 5>,\n    oklab: array<vec4f, 5>,\n}\n";
}

impl Palette {
    /// Goes towards the colours of a new picture.
    pub fn aim_at(&mut self, picture: &Reduction) {
        let pixels = weighed(picture);
        let mut best = self.aim.map(|before| clustered(&pixels, before));
        for guess in 0..GUESSES {
            let found = clustered(&pixels, spread(&pixels, guess));
            if best.is_none_or(|(_, error)| found.1 < BETTER * error) {
                best = Some(found);
            }
        }
        let Some((found, _)) = best else { return };
        self.aim = Some(match self.aim {
            Some(before) => matched(found, &before),
            None => by_weight(found),
        });
    }

    /// Goes on to `time_s`, in seconds of audio, and returns what shaders read, with all hues turned by `hue_degrees`.
    pub fn step(&mut self, time_s: f64, hue_degrees: f32) -> PaletteBlock {
        let dt_s = self.last_s.map_or(f64::INFINITY, |last_s| time_s - last_s);
        self.last_s = Some(time_s);
        let Some(aim) = self.aim else { return PaletteBlock::default() };
        let share = match (0.0..=LONGEST_STEP_S).contains(&dt_s) {
            true => (1.0 - (-dt_s / FOLLOW_S).exp()) as f32,
            false => 1.0,
        };
        let shown = self.shown.get_or_insert(aim);
        for (shown, aim) in shown.as_flattened_mut().iter_mut().zip(aim.as_flattened()) {
            *shown += share * (aim - *shown);
        }
        let (sine, cosine) = hue_degrees.to_radians().sin_cos();
        let oklab = shown.map(|[l, a, b, weight]| [l, cosine * a - sine * b, sine * a + cosine * b, weight]);
        let colours = oklab.map(|[l, a, b, weight]| {
            let [red, green, blue] = linear_from_oklab([l, a, b]);
            [red, green, blue, weight]
        });
        PaletteBlock { colours, oklab }
    }
}

/// Some of the picture's pixels, each with what it counts.
fn weighed(picture: &Reduction) -> Vec<Colour> {
    let rows = picture.pixels.chunks_exact(picture.width_px).step_by(STRIDE_PX);
    let pixels = rows.flat_map(|row| row.iter().step_by(STRIDE_PX));
    pixels.map(|&[l, a, b, _]| [l, a, b, GREY_COUNTS + CHROMA_COUNTS * a.hypot(b)]).collect()
}

fn distance_2(a: &Colour, b: &Colour) -> f32 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)
}

/// First guesses that lie far apart: each is a pixel, drawn with odds by its distance from those before.
fn spread(pixels: &[Colour], guess: u64) -> Colours {
    let mut random = Pcg64Mcg::seed_from_u64(0x7061_6c65_7474_6500 + guess);
    let mut centres = [[0.0; 4]; COLOURS];
    let mut nearest = vec![1.0_f32; pixels.len()];
    for at in 0..COLOURS {
        let odds = |(pixel, nearest): (&Colour, &f32)| pixel[3] * nearest;
        let sum: f32 = pixels.iter().zip(&nearest).map(odds).sum();
        let mut left = sum * random.random::<f32>();
        let drawn = pixels.iter().zip(&nearest).position(|both| {
            left -= odds(both);
            left < 0.0
        });
        // Nothing is left where all pixels are centres already.
        centres[at] = drawn.map_or(centres[0], |drawn| pixels[drawn]);
        for (pixel, nearest) in pixels.iter().zip(&mut nearest) {
            let far = distance_2(pixel, &centres[at]);
            *nearest = if at == 0 { far } else { nearest.min(far) };
        }
    }
    centres
}

/// The means of the clusters around `centres`, moved until they stand, with their shares of all that counts; and the mean square
/// of what is left.
fn clustered(pixels: &[Colour], mut centres: Colours) -> (Colours, f32) {
    let mut error = 0.0;
    for _ in 0..ROUNDS {
        let mut sums = [[0.0_f32; 4]; COLOURS];
        error = 0.0;
        for pixel in pixels {
            let distances = centres.each_ref().map(|centre| distance_2(pixel, centre));
            let (mut nearest, mut least) = (0, distances[0]);
            for (at, &distance) in distances.iter().enumerate().skip(1) {
                if distance < least {
                    (nearest, least) = (at, distance);
                }
            }
            let weight = pixel[3];
            error += weight * least;
            for (sum, value) in sums[nearest].iter_mut().zip([pixel[0], pixel[1], pixel[2], 1.0]) {
                *sum += weight * value;
            }
        }
        let all: f32 = sums.iter().map(|sum| sum[3]).sum::<f32>().max(1e-12);
        let mut moved = 0.0_f32;
        for (centre, [l, a, b, weight]) in centres.iter_mut().zip(sums) {
            // A cluster without pixels stays where it is, and weighs nothing.
            let mean = match weight > 0.0 {
                true => [l / weight, a / weight, b / weight, weight / all],
                false => [centre[0], centre[1], centre[2], 0.0],
            };
            moved = moved.max(distance_2(centre, &mean));
            *centre = mean;
        }
        error /= all;
        if moved < 1e-8 {
            break;
        }
    }
    (centres, error)
}

fn by_weight(mut colours: Colours) -> Colours {
    colours.sort_by(|a, b| b[3].total_cmp(&a[3]));
    colours
}

/// The colours in the order in which they lie nearest to those before; in order of weight, if they are of another scene.
fn matched(found: Colours, before: &Colours) -> Colours {
    let mut order = [0, 1, 2, 3, 4];
    let (mut best, mut least) = (order, f32::INFINITY);
    each_order(&mut order, COLOURS, &mut |order| {
        let cost = order.iter().zip(before).map(|(&at, before)| {
            // Rather a light one is out of place than a heavy one.
            distance_2(&found[at], before) * (found[at][3] + before[3] + 0.05)
        });
        let cost: f32 = cost.sum();
        if cost < least {
            (best, least) = (*order, cost);
        }
    });
    let weights: f32 = found.iter().chain(before).map(|colour| colour[3] + 0.05).sum();
    if (least / weights).sqrt() > ANOTHER_SCENE {
        return by_weight(found);
    }
    best.map(|at| found[at])
}

/// Calls `each` with every order of the first `count` places (Heap's algorithm, 1963).
fn each_order(order: &mut [usize; COLOURS], count: usize, each: &mut dyn FnMut(&[usize; COLOURS])) {
    if count <= 1 {
        each(order);
        return;
    }
    for at in 0..count {
        each_order(order, count - 1, each);
        order.swap(if count.is_multiple_of(2) { at } else { 0 }, count - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE_PX: usize = 64;

    fn reduction(colour: impl Fn(f32, f32) -> [f32; 3]) -> Reduction {
        let pixels = (0..SIDE_PX * SIDE_PX).map(|at| {
            let [l, a, b] =
                colour((at % SIDE_PX) as f32 / SIDE_PX as f32, (at / SIDE_PX) as f32 / SIDE_PX as f32);
            [l, a, b, 0.0]
        });
        Reduction { width_px: SIDE_PX, height_px: SIDE_PX, pixels: pixels.collect() }
    }

    fn apart(a: &[f32; 4], b: &[f32; 3]) -> f32 {
        distance_2(a, &[b[0], b[1], b[2], 0.0]).sqrt()
    }

    const FLAT: [[f32; 3]; 5] =
        [[0.6, 0.2, 0.1], [0.45, -0.05, -0.2], [0.7, -0.15, 0.12], [0.9, 0.0, 0.02], [0.15, 0.02, 0.0]];

    /// Stripes of five flat colours, the first the widest.
    fn stripes(x: f32) -> [f32; 3] {
        let ends = [0.36, 0.62, 0.82, 0.92];
        FLAT[ends.iter().filter(|end| x >= **end).count()]
    }

    #[test]
    fn five_flat_colours_are_found_the_heaviest_first() {
        let mut palette = Palette::default();
        palette.aim_at(&reduction(|x, _| stripes(x)));
        let block = palette.step(0.0, 0.0);
        for (found, flat) in block.oklab.iter().zip(&FLAT) {
            assert!(apart(found, flat) < 0.005, "{:?}", block.oklab);
        }
        assert!(block.oklab.windows(2).all(|pair| pair[0][3] >= pair[1][3]), "{:?}", block.oklab);
        assert!((block.oklab.iter().map(|colour| colour[3]).sum::<f32>() - 1.0).abs() < 1e-3);
        // Linear light is what shaders paint with: back to OKLab it is the same colour.
        let [r, g, b, _] = block.colours[3];
        assert!(apart(&super::super::reduction::oklab([r, g, b]), &FLAT[3]) < 0.01);
    }

    #[test]
    fn colours_that_drift_never_change_places() {
        let mut palette = Palette::default();
        let at = |time_s: f32| {
            reduction(move |x, y| {
                // Widths, lights and hues drift, and so does what lies where.
                let shift = 0.04 * (0.4 * time_s).sin();
                let [l, a, b] =
                    stripes((x * (1.0 + shift) + 0.03 * (9.0 * y + time_s).sin()).clamp(0.0, 0.999));
                let (sine, cosine) = (0.5 * (0.3 * time_s).sin()).sin_cos();
                [l + 0.05 * (0.7 * time_s).sin(), cosine * a - sine * b, sine * a + cosine * b]
            })
        };
        let mut before: Option<PaletteBlock> = None;
        for frame in 0..900 {
            let time_s = f64::from(frame) / 30.0;
            if frame % 2 == 0 {
                palette.aim_at(&at(time_s as f32));
            }
            let block = palette.step(time_s, 0.0);
            if let Some(before) = before {
                for (now, before) in block.oklab.iter().zip(&before.oklab) {
                    let step = distance_2(now, before).sqrt();
                    assert!(step < 0.02, "{time_s} s: a step of {step}");
                }
            }
            before = Some(block);
        }
    }

    #[test]
    fn another_scene_is_followed_within_a_second() {
        let mut palette = Palette::default();
        palette.aim_at(&reduction(|x, _| stripes(x)));
        palette.step(0.0, 0.0);
        let other = |x: f32| stripes(x).map(|value| value * 0.5 + 0.1);
        palette.aim_at(&reduction(|x, _| other(x)));
        let mut steps = (1..=30).map(|frame| palette.step(f64::from(frame) / 30.0, 0.0));
        let first = steps.next().unwrap();
        let last = steps.last().unwrap();
        let mut fresh = Palette::default();
        fresh.aim_at(&reduction(|x, _| other(x)));
        let goal = fresh.step(0.0, 0.0);
        for goal in &goal.oklab {
            let nearest = |block: &PaletteBlock| {
                block.oklab.iter().map(|colour| distance_2(colour, goal).sqrt()).fold(f32::INFINITY, f32::min)
            };
            assert!(nearest(&last) < 0.02, "{goal:?} in {:?}", last.oklab);
        }
        assert!(apart(&first.oklab[0], &FLAT[0]) < 0.1, "it jumps");
    }

    #[test]
    fn the_same_picture_gives_the_same_colours_and_one_colour_is_enough() {
        let block = |picture: &Reduction| {
            let mut palette = Palette::default();
            palette.aim_at(picture);
            palette.step(0.0, 0.0)
        };
        let picture = reduction(|x, y| [x, 0.2 * (y - 0.5), 0.2 * (x * y - 0.3)]);
        assert_eq!(block(&picture), block(&picture));
        let grey = block(&reduction(|_, _| [0.5, 0.0, 0.0]));
        assert!(grey.oklab.iter().all(|colour| apart(colour, &[0.5, 0.0, 0.0]) < 1e-3), "{grey:?}");
        assert!((grey.oklab[0][3] - 1.0).abs() < 1e-3);
    }

    #[test]
    fn hues_turn_with_the_knob() {
        let mut palette = Palette::default();
        palette.aim_at(&reduction(|x, _| stripes(x)));
        let [_, a, b, _] = palette.step(0.0, 90.0).oklab[0];
        assert!((a + FLAT[0][2]).abs() < 0.01 && (b - FLAT[0][1]).abs() < 0.01, "{a} {b}");
    }
}
