//! Two drawings of one thing that has moved: half-way it must be drawn once, and in the middle of its way.

use std::f32::consts::PI;
use std::sync::Arc;

use half::f16;

use super::*;
use crate::controls::Controls;
use crate::picture::Picture;
use crate::scene::Scene;
use crate::stage::Belt;

const SIDE_PX: u32 = 128;
/// Difference of two neighbours but one, of square roots of light, from which on there is an edge.
const EDGE: f32 = 0.08;

fn gpu() -> Arc<Gpu> {
    Gpu::headless().expect("the tests of the stage need an adapter; mesa-vulkan-drivers has a software one")
}

/// A number from 0 to 1.
fn random(index: u32) -> f32 {
    (crate::scramble::scramble(u64::from(index)) >> 40) as f32 / (1 << 24) as f32
}

/// Discs, bars and wedges in flat colours, others for another `kind`; the plane goes on beyond 0 to 1.
fn drawing(kind: u32, x: f32, y: f32) -> [f32; 3] {
    let mut colour = [0.06, 0.08, 0.15];
    for shape in 0..14 {
        let number = |index: u32| random(kind * 1000 + shape * 10 + index);
        let (x, y) = (x + 0.3 - 1.6 * number(0), y + 0.3 - 1.6 * number(1));
        let (size, (sine, cosine)) = (0.06 + 0.16 * number(2), (2.0 * PI * number(3)).sin_cos());
        let (x, y) = (cosine * x + sine * y, cosine * y - sine * x);
        let inside = match shape % 3 {
            0 => x.hypot(y) < size,
            1 => x.abs() < size && y.abs() < 0.5 * size,
            _ => y > -0.5 * size && y + 1.8 * x.abs() < size,
        };
        if inside {
            colour = [number(4), number(5), number(6)];
        }
    }
    colour
}

/// The drawing as a picture, each point of it looking where `place` says.
fn picture([width_px, height_px]: [u32; 2], kind: u32, place: impl Fn(f32, f32) -> [f32; 2]) -> Picture {
    let pixels = (0..width_px * height_px).map(|at| {
        let mut light = [0.0; 3];
        for part in 0..16_u32 {
            let x = (at % width_px) as f32 + ((part % 4) as f32 + 0.5) / 4.0;
            let y = (at / width_px) as f32 + ((part / 4) as f32 + 0.5) / 4.0;
            let [x, y] = place(x / width_px as f32, y / height_px as f32);
            let colour = drawing(kind, x, y);
            light = std::array::from_fn(|i| light[i] + colour[i] / 16.0);
        }
        [light[0], light[1], light[2], 1.0].map(f16::from_f32)
    });
    Picture { width_px, height_px, time_s: 0.0, pixels: pixels.collect(), ..Picture::default() }
}

fn square(kind: u32) -> Picture {
    picture([SIDE_PX; 2], kind, |x, y| [x, y])
}

/// Large enough for pictures to be magnified.
fn stage(gpu: &Arc<Gpu>) -> Stage {
    Stage::new(Arc::clone(gpu), 512, 288, Scene::PICTURE, 7).unwrap()
}

/// A stage on which `previous` turns into `newest` from 1 s to 2 s.
fn between(gpu: &Arc<Gpu>, previous: &Picture, newest: &Picture) -> Stage {
    let mut stage = stage(gpu);
    stage.show_from(previous, 0.0).unwrap();
    stage.draw(0.0, &Heard::default()).unwrap();
    stage.show_from(newest, 1.0).unwrap();
    stage
}

/// Rows of pixels, read back.
struct Read {
    width: usize,
    pixels: Vec<[f32; 4]>,
}

impl Read {
    fn of(gpu: &Gpu, texture: &wgpu::Texture) -> Self {
        let (width, height) = (texture.width(), texture.height());
        let pitch = (width * 8).next_multiple_of(256);
        let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: u64::from(pitch * height),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let layout =
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(pitch), rows_per_image: None };
        encoder.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
            texture.size(),
        );
        gpu.submit([encoder.finish()]);
        buffer.slice(..).map_async(wgpu::MapMode::Read, |result| result.unwrap());
        gpu.device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
        let bytes = buffer.slice(..).get_mapped_range().unwrap().to_vec();
        let rows = bytes.chunks_exact(pitch as usize);
        let pixels = rows.flat_map(|row| {
            let halves = row[..width as usize * 8].as_chunks::<2>().0;
            let values: Vec<f32> = halves.iter().map(|half| f16::from_le_bytes(*half).to_f32()).collect();
            values.as_chunks::<4>().0.to_vec()
        });
        Self { width: width as usize, pixels: pixels.collect() }
    }

    /// Square root of the differences' mean square; of light's square roots.
    fn apart(&self, other: &Self) -> f32 {
        assert_eq!((self.width, self.pixels.len()), (other.width, other.pixels.len()));
        let square = |(a, b): (&[f32; 4], &[f32; 4])| -> f32 {
            (0..3).map(|i| (a[i].max(0.0).sqrt() - b[i].max(0.0).sqrt()).powi(2)).sum()
        };
        let sum: f32 = self.pixels.iter().zip(&other.pixels).map(square).sum();
        (sum / (3 * self.pixels.len()) as f32).sqrt()
    }

    /// As two projectors would show both.
    fn dissolved(&self, other: &Self) -> Self {
        let mix = |(a, b): (&[f32; 4], &[f32; 4])| std::array::from_fn(|i| 0.5 * (a[i] + b[i]));
        Self { width: self.width, pixels: self.pixels.iter().zip(&other.pixels).map(mix).collect() }
    }

    /// How steep the picture is at each place but the outermost; 0 there.
    fn steepness(&self) -> Vec<f32> {
        let height = self.pixels.len() / self.width;
        let root = |at: usize, i: usize| self.pixels[at][i].max(0.0).sqrt();
        let steepness = (0..self.pixels.len()).map(|at| {
            let (x, y) = (at % self.width, at / self.width);
            if x == 0 || y == 0 || x + 1 == self.width || y + 1 == height {
                return 0.0;
            }
            let square = |i: usize| {
                let across = root(at + 1, i) - root(at - 1, i);
                let down = root(at + self.width, i) - root(at - self.width, i);
                across * across + down * down
            };
            (0..3).map(square).sum::<f32>().sqrt()
        });
        steepness.collect()
    }

    /// Pixels on edges where `truth` has none near by, over the number of those where it has. What comes in from outside cannot be known: the
    /// outermost tenth is left out.
    fn ghosts(&self, truth: &Self) -> f32 {
        let (mine, right) = (self.steepness(), truth.steepness());
        let (width, height) = (self.width, self.pixels.len() / self.width);
        let reach = width / SIDE_PX as usize;
        let (mut ghosts, mut edges) = (0, 0);
        for y in height / 10..height - height / 10 {
            for x in width / 10..width - width / 10 {
                let at = y * width + x;
                edges += usize::from(right[at] > EDGE);
                let near = || {
                    (y - reach..=y + reach)
                        .any(|y| (x - reach..=x + reach).any(|x| right[y * width + x] > EDGE))
                };
                ghosts += usize::from(mine[at] > EDGE && !near());
            }
        }
        ghosts as f32 / edges as f32
    }
}

/// The tweened picture at a time.
fn tweened(stage: &mut Stage, time_s: f64) -> Read {
    stage.draw(time_s, &Heard::default()).unwrap();
    let mut encoder = stage.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    stage.tween(&mut encoder).unwrap();
    stage.gpu.submit([encoder.finish()]);
    Read::of(&stage.gpu, &stage.studies.tween.as_ref().unwrap().texture)
}

/// What a stage shows of a picture that stands.
fn alone(gpu: &Arc<Gpu>, picture: &Picture) -> Read {
    let mut stage = stage(gpu);
    stage.show_from(picture, 0.0).unwrap();
    tweened(&mut stage, 0.0)
}

/// Turned by an angle, made smaller by a part, and shifted by a part of the width and height.
fn moved(kind: u32, [angle, smaller, right, down]: [f32; 4], share: f32) -> Picture {
    let (sine, cosine) = (angle * share).sin_cos();
    let scale = 1.0 + smaller * share;
    picture([SIDE_PX; 2], kind, |x, y| {
        let (x, y) = (scale * (x - 0.5), scale * (y - 0.5));
        [0.5 + cosine * x - sine * y - right * share, 0.5 + sine * x + cosine * y - down * share]
    })
}

#[test]
fn half_way_a_thing_that_moves_is_drawn_once_and_in_the_middle() {
    let gpu = gpu();
    let px = 1.0 / SIDE_PX as f32;
    let moves = [
        ("4 px to the right", [0.0, 0.0, 4.0 * px, 0.0]),
        ("8 px across", [0.0, 0.0, 5.0 * px, 6.0 * px]),
        ("12 px to the left", [0.0, 0.0, -12.0 * px, 0.0]),
        ("turned by 8 degrees", [8_f32.to_radians(), 0.0, 0.0, 0.0]),
        ("smaller by an eighth", [0.0, 0.125, 0.0, 0.0]),
    ];
    for (name, way) in moves {
        for kind in [1, 2] {
            let [from, middle, to] = [0.0, 0.5, 1.0].map(|share| moved(kind, way, share));
            let truth = alone(&gpu, &middle);
            let dissolved = alone(&gpu, &from).dissolved(&alone(&gpu, &to));
            let tweened = tweened(&mut between(&gpu, &from, &to), 1.5);
            let (ours, theirs) = (tweened.ghosts(&truth), dissolved.ghosts(&truth));
            assert!(theirs > 0.2, "{name}: this drawing shows nothing: {theirs}");
            assert!(ours < 0.05 * theirs, "{name}: {ours} of the edges are doubled; by a dissolve {theirs}");
            let (ours, theirs) = (tweened.apart(&truth), dissolved.apart(&truth));
            assert!(ours < 0.65 * theirs, "{name}: off by {ours}; a dissolve by {theirs}");
        }
    }
}

#[test]
fn either_end_shows_the_picture_itself() {
    let gpu = gpu();
    let (from, to) = (square(1), square(2));
    let mut stage = between(&gpu, &from, &to);
    assert!(tweened(&mut stage, 1.0).apart(&alone(&gpu, &from)) < 1e-3);
    assert!(tweened(&mut stage, 2.0).apart(&alone(&gpu, &to)) < 1e-3);
    assert!(tweened(&mut stage, 3.0).apart(&alone(&gpu, &to)) < 1e-3);
}

#[test]
fn pictures_that_have_nothing_in_common_are_not_torn() {
    let gpu = gpu();
    let (from, to) = (square(1), square(2));
    let sum = |read: &Read| read.steepness().iter().sum::<f32>();
    let (at_first, at_last) = (sum(&alone(&gpu, &from)), sum(&alone(&gpu, &to)));
    let dissolved = sum(&alone(&gpu, &from).dissolved(&alone(&gpu, &to)));
    let mut stage = between(&gpu, &from, &to);
    for time_s in [1.1, 1.25, 1.4, 1.5, 1.6, 1.75, 1.9] {
        let steep = sum(&tweened(&mut stage, time_s));
        // Edges are shown one after the other at their full height, not all at half of it; more than that would be tears.
        let most = at_first.max(at_last).max(dissolved);
        assert!(
            steep < 1.25 * most,
            "{time_s} s: {steep} of edges; {at_first}, {at_last}, dissolved {dissolved}"
        );
    }
}

#[test]
fn a_picture_that_comes_early_starts_from_what_is_seen() {
    let gpu = gpu();
    let way = [0.1, 0.0, 0.06, 0.03];
    let [first, second] = [0.0, 1.0].map(|share| moved(1, way, share));
    let mut stage = between(&gpu, &first, &second);
    let before = tweened(&mut stage, 1.4);
    stage.show_from(&moved(1, way, 1.5), 1.4).unwrap();
    let after = tweened(&mut stage, 1.4);
    let jump = before.apart(&after);
    assert!(jump < 0.01, "{jump}");
    // And goes on from there without a halt.
    let later = tweened(&mut stage, 1.5);
    assert!(later.apart(&after) > 2.0 * jump, "{}", later.apart(&after));
}

#[test]
fn a_picture_of_another_size_or_shape_takes_over_without_a_jump() {
    let gpu = gpu();
    let mut stage = Stage::new(Arc::clone(&gpu), 128, 72, Scene::PICTURE, 7).unwrap();
    let mut belt = Belt::new(Arc::clone(&gpu), 128, 72).unwrap();
    let mut frame = |stage: &mut Stage, time_s: f64| {
        stage.draw(time_s, &Heard::default()).unwrap();
        belt.push(stage).unwrap();
        belt.pop(true).unwrap().unwrap().rgba
    };
    let apart = |a: &[u8], b: &[u8]| {
        let sum: f64 = a.iter().zip(b).map(|(&a, &b)| f64::from(a.abs_diff(b))).sum();
        sum / a.len() as f64
    };
    // The scene's grain is the picture in small, folded at its edges: of another shape it is another one.
    stage.set_controls(&Controls { scene_7: 0.0, ..Controls::default() }).unwrap();
    stage.show_from(&square(1), 0.0).unwrap();
    frame(&mut stage, 0.0);
    let mut due_s = 0.0;
    for (px, kind) in [([256, 256], 1), ([256, 144], 2), ([72, 128], 1), ([40, 40], 2), ([128, 128], 1)] {
        due_s += 0.1;
        let before = frame(&mut stage, due_s);
        let aspect = px[0] as f32 / px[1] as f32;
        let place = |x: f32, y: f32| [0.5 + (x - 0.5) * aspect.max(1.0), 0.5 + (y - 0.5) / aspect.min(1.0)];
        stage.show_from(&picture(px, kind, place), due_s).unwrap();
        let after = frame(&mut stage, due_s);
        let jump = apart(&before, &after);
        // Rather blurred, where it is smaller: the scene's clarity makes that plainer.
        assert!(jump < 7.0, "{px:?}: {jump}");
    }
}

#[test]
fn pictures_that_are_not_square_are_not_stretched() {
    let gpu = gpu();
    // A disc in the middle, in a square and in a wide picture: in the frame both cover it, and stay discs.
    let spans = [[128, 128], [256, 144], [90, 160]].map(|px: [u32; 2]| {
        let disc = |at: u32| {
            let x = (at % px[0]) as f32 + 0.5 - 0.5 * px[0] as f32;
            let y = (at / px[0]) as f32 + 0.5 - 0.5 * px[1] as f32;
            let light = f32::from(u8::from(x.hypot(y) < 0.16 * px[0].min(px[1]) as f32));
            [light, light, light, 1.0].map(f16::from_f32)
        };
        let pixels = (0..px[0] * px[1]).map(disc).collect();
        let mut stage = Stage::new(Arc::clone(&gpu), 256, 144, Scene::PICTURE, 7).unwrap();
        stage
            .show_from(
                &Picture { width_px: px[0], height_px: px[1], time_s: 0.0, pixels, ..Picture::default() },
                0.0,
            )
            .unwrap();
        // The disc alone, without the scene's grain and lines.
        stage.set_controls(&Controls { scene_7: 0.0, ..Controls::default() }).unwrap();
        stage.draw(0.0, &Heard { presence: 1.0, ..Heard::default() }).unwrap();
        let mut belt = Belt::new(Arc::clone(&gpu), 256, 144).unwrap();
        belt.push(&stage).unwrap();
        let frame = belt.pop(true).unwrap().unwrap();
        let lit = |at: usize| frame.rgba[4 * at + 1] > 90;
        let across = (0..256).filter(|x| (0..144).any(|y| lit(y * 256 + x))).count();
        let down = (0..144).filter(|y| (0..256).any(|x| lit(y * 256 + x))).count();
        across as f32 / down as f32
    });
    for span in spans {
        assert!((0.8..1.25).contains(&span), "{spans:?}");
    }
}

#[test]
fn the_slope_is_that_of_the_height() {
    let gpu = gpu();
    let way = [0.08, 0.0, 0.05, 0.02];
    let [from, to] = [0.0, 1.0].map(|share| moved(1, way, share));
    let mut stage = between(&gpu, &from, &to);
    let mut alikes = Vec::new();
    for time_s in [1.0, 1.5, 2.0] {
        stage.draw(time_s, &Heard::default()).unwrap();
        let field = Read::of(&gpu, &stage.field().texture);
        let (mut both, mut mine, mut right) = (0.0, 0.0, 0.0);
        for at in 0..field.pixels.len() {
            let (x, y) = (at % field.width, at / field.width);
            if x < 4 || y < 4 || x + 4 >= field.width || y + 4 >= field.width {
                continue;
            }
            let height = |at: usize| field.pixels[at][0];
            let across = (height(at + 2) - height(at - 2)) * field.width as f32 / 4.0;
            let down =
                (height(at + 2 * field.width) - height(at - 2 * field.width)) * field.width as f32 / 4.0;
            let [_, slope_x, slope_y, _] = field.pixels[at];
            both += slope_x * across + slope_y * down;
            mine += slope_x * slope_x + slope_y * slope_y;
            right += across * across + down * down;
        }
        alikes.push(both / (mine * right).sqrt());
    }
    // Height and slope are smoothed differently, so they differ a little in a picture that stands, too.
    assert!(alikes[0] > 0.8 && alikes[2] > 0.8 && alikes[1] > alikes[0].min(alikes[2]) - 0.05, "{alikes:?}");
}
