//! The built-in packs do here what PyTorch did where they were made.
//!
//! `models/PACK/fixtures/index.json` lists inputs, what PyTorch made of them, and how far from it ONNX Runtime may be.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Encoder, Generator, Pack, Picture, Runtime, options};
use crate::pack::BUILT_IN;

/// The most that an index may allow: above that, nothing would be tested.
const LOOSEST: Tolerance = Tolerance { embedding: 1e-3, controls: 5e-3, image: 0.05 };

#[derive(Deserialize)]
struct Index {
    tolerance: Tolerance,
    encoder: Vec<EncoderCase>,
    generator: Vec<GeneratorCase>,
}

/// Largest absolute differences; the image's in units of the generator's own range.
#[derive(Deserialize)]
struct Tolerance {
    embedding: f32,
    controls: f32,
    image: f32,
}

#[derive(Deserialize)]
struct EncoderCase {
    name: String,
    audio: Array,
    embedding: Array,
    controls: Array,
}

#[derive(Deserialize)]
struct GeneratorCase {
    name: String,
    embedding: Array,
    z: Array,
    image: Array,
    /// The image is stored at every so manyeth pixel, in both directions.
    image_step: usize,
}

/// Zeros, little-endian float32, or little-endian int16 times a scale.
#[derive(Deserialize)]
struct Array {
    shape: Vec<usize>,
    file: Option<String>,
    scale: Option<f32>,
}

impl Array {
    fn read(&self, folder: &Path) -> Vec<f32> {
        let entries = self.shape.iter().product();
        let Some(name) = &self.file else { return vec![0.0; entries] };
        let bytes = read(&folder.join(name));
        let values: Vec<f32> = match self.scale {
            Some(scale) => {
                let pairs = bytes.as_chunks::<2>().0.iter();
                pairs.map(|pair| f32::from(i16::from_le_bytes(*pair)) * scale).collect()
            }
            None => bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect(),
        };
        assert_eq!(values.len(), entries, "{name} has not the shape {:?}", self.shape);
        values
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every built-in pack with its fixtures: one without them could be anything.
fn packs() -> impl Iterator<Item = (Pack, Index, PathBuf)> {
    BUILT_IN.iter().map(|built_in| {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../models").join(built_in.name).join("fixtures");
        let index: Index = serde_json::from_slice(&read(&folder.join("index.json"))).unwrap();
        let Tolerance { embedding, controls, image } = &index.tolerance;
        let tight =
            *embedding <= LOOSEST.embedding && *controls <= LOOSEST.controls && *image <= LOOSEST.image;
        assert!(tight, "{}: the tolerance lets too much pass", built_in.name);
        (Pack::load(built_in.name).unwrap(), index, folder)
    })
}

#[track_caller]
fn assert_near(found: &[f32], expected: &[f32], tolerance: f32, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let apart = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart <= tolerance, "{what} is {apart} away from PyTorch's, over {tolerance}");
}

#[test]
fn encoders_hear_what_pytorch_heard() {
    let runtime = Runtime::load().unwrap();
    for (pack, index, folder) in packs() {
        let mut encoder = Encoder::new(&runtime, &pack, &options()).unwrap();
        assert!(index.encoder.len() > 1, "{}: too few cases", pack.manifest.name);
        for case in &index.encoder {
            let heard = encoder.encode(&case.audio.read(&folder)).unwrap();
            let named = |what: &str| format!("{}, {}: the {what}", pack.manifest.name, case.name);
            let Tolerance { embedding, controls, .. } = index.tolerance;
            assert_near(&heard.vector, &case.embedding.read(&folder), embedding, &named("embedding"));
            assert_near(&heard.controls, &case.controls.read(&folder), controls, &named("controls"));
        }
    }
}

#[test]
fn generators_paint_what_pytorch_painted() {
    let runtime = Runtime::load().unwrap();
    for (pack, index, folder) in packs() {
        let mut generator = Generator::new(&runtime, &in_floats(&pack), &options()).unwrap();
        assert!(index.generator.len() > 1, "{}: too few cases", pack.manifest.name);
        for case in &index.generator {
            let named = format!("{}, {}: the image", pack.manifest.name, case.name);
            let (z, embedding) = (case.z.read(&folder), case.embedding.read(&folder));
            let mut picture = Picture::default();
            generator.generate(&z, &embedding, 0.0, &mut picture).unwrap();
            let [1, 3, height, width] = case.image.shape[..] else {
                panic!("{named}: {:?}", case.image.shape)
            };
            let side = |px: u32| (px as usize).div_ceil(case.image_step);
            assert_eq!((width, height), (side(picture.width_px), side(picture.height_px)), "{named}");
            let painted = every(case.image_step, &picture, pack.manifest.generator.range);
            assert_near(&painted, &case.image.read(&folder), index.tolerance.image, &named);
            let mut again = Picture::default();
            generator.generate(&z, &embedding, 0.0, &mut again).unwrap();
            assert_eq!(picture, again, "{named} differs from one run to the next");
        }
    }
}

/// What the processor runs instead differs by less than one step of 255 on average, and nowhere by what anybody would see.
#[test]
fn what_the_processor_runs_paints_the_same() {
    let runtime = Runtime::load().unwrap();
    let mut found = 0;
    for (pack, index, folder) in packs().filter(|(pack, ..)| pack.generator.on_processor.is_some()) {
        let mut floats = Generator::new(&runtime, &in_floats(&pack), &options()).unwrap();
        let mut bytes = Generator::new(&runtime, &pack, &options()).unwrap();
        assert_ne!(floats.file(), bytes.file());
        for case in &index.generator {
            let (z, embedding) = (case.z.read(&folder), case.embedding.read(&folder));
            let paint = |generator: &mut Generator| {
                let mut picture = Picture::default();
                generator.generate(&z, &embedding, 0.0, &mut picture).unwrap();
                every(1, &picture, [0.0, 255.0])
            };
            let (one, other) = (paint(&mut floats), paint(&mut bytes));
            let apart: Vec<f32> = one.iter().zip(&other).map(|(a, b)| (a - b).abs()).collect();
            let mean = apart.iter().sum::<f32>() / apart.len() as f32;
            let most = apart.iter().copied().fold(0.0, f32::max);
            assert!(
                mean > 0.0 && mean < 1.0 && most < 16.0,
                "{}: {mean} on average, {most} at most",
                case.name
            );
            found += 1;
        }
    }
    assert!(found > 1, "no built-in pack has one");
}

/// In half precision every size paints the same. The processor has no kernels for halves, computes in floats and rounds where halves
/// begin and end: what a GPU is off, [its trial](crate::inference::network) tells.
#[test]
fn in_half_precision_every_size_paints_the_same() {
    let runtime = Runtime::load().unwrap();
    let mut found = 0;
    for (pack, index, folder) in packs().filter(|(pack, ..)| pack.generator.half.is_some()) {
        for (size, _) in pack.picture_sizes() {
            let sized = in_floats(&pack.painting_at(size).unwrap());
            let mut halves = sized.clone();
            halves.generator = (*sized.generator.half.as_ref().unwrap().model).clone();
            let (weights, same) = (&sized.generator.external, &halves.generator.external);
            assert!(weights.iter().zip(same).all(|((_, one), (_, other))| std::ptr::eq(&**one, &**other)));
            let case = &index.generator[0];
            let (z, embedding) = (case.z.read(&folder), case.embedding.read(&folder));
            let [one, other] = [&sized, &halves].map(|pack| {
                let mut generator = Generator::new(&runtime, pack, &options()).unwrap();
                let mut picture = Picture::default();
                generator.generate(&z, &embedding, 0.0, &mut picture).unwrap();
                every(1, &picture, [0.0, 255.0])
            });
            let apart: f32 = one.iter().zip(&other).map(|(a, b)| (a - b).abs()).sum();
            let mean = apart / one.len() as f32;
            assert!(mean > 0.0 && mean < 0.05, "{size}: {mean} of 255 on average");
            found += 1;
        }
    }
    assert!(found >= 4, "no built-in pack has one");
}

/// The pack without what the processor would run instead.
fn in_floats(pack: &Pack) -> Pack {
    let mut pack = pack.clone();
    pack.generator.on_processor = None;
    pack
}

/// Every `step`th pixel in the generator's own terms: sRGB-coded, from `black` to `white`, one colour after the other.
fn every(step: usize, picture: &Picture, [black, white]: [f32; 2]) -> Vec<f32> {
    let (width, height) = (picture.width_px as usize, picture.height_px as usize);
    let places = (0..3).flat_map(|colour| {
        let rows = (0..height).step_by(step);
        rows.flat_map(move |row| (0..width).step_by(step).map(move |column| (colour, row * width + column)))
    });
    places
        .map(|(colour, pixel)| {
            let linear = picture.pixels[pixel][colour].to_f32();
            let low = linear <= 0.003_130_8;
            let srgb = if low { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
            black + srgb * (white - black)
        })
        .collect()
}
