//! Looks at rendered pictures.

use std::fs;
use std::path::{Path, PathBuf};

use image::{RgbImage, imageops};

/// The numbered PNGs of a folder, in order.
pub fn list(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("cannot list {}: {e}", folder.display()))
        .map(|entry| entry.expect("lists a folder").path())
        .filter(|path| path.extension().is_some_and(|end| end == "png"))
        .collect();
    paths.sort();
    paths
}

/// One picture.
pub fn load(path: &Path) -> RgbImage {
    image::open(path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display())).to_rgb8()
}

/// All pictures of a folder, in order.
pub fn load_all(folder: &Path) -> Vec<RgbImage> {
    list(folder).iter().map(|path| load(path)).collect()
}

/// The bytes of every PNG of a folder, in order.
pub fn bytes(folder: &Path) -> Vec<Vec<u8>> {
    list(folder).iter().map(|path| fs::read(path).expect("reads a PNG")).collect()
}

/// Mean luma (Rec. 709 weights on the coded values), 0 to 1.
pub fn luminance(frame: &RgbImage) -> f64 {
    let sum: f64 = frame
        .pixels()
        .map(|p| 0.2126 * f64::from(p[0]) + 0.7152 * f64::from(p[1]) + 0.0722 * f64::from(p[2]))
        .sum();
    sum / 255.0 / f64::from(frame.width() * frame.height())
}

/// Mean absolute difference of two pictures of one size, 0 to 1.
pub fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / 255.0 / a.as_raw().len() as f64
}

/// Mean [`difference`] from frame to frame: how much it moves. Film grain, which never rests, is averaged out first.
pub fn movement(frames: &[RgbImage]) -> f64 {
    let frames: Vec<RgbImage> = frames.iter().map(without_grain).collect();
    let pairs = frames.len() - 1;
    frames.windows(2).map(|pair| difference(&pair[0], &pair[1])).sum::<f64>() / pairs as f64
}

/// The picture at an eighth of its size: each pixel is the mean of 8x8.
pub fn without_grain(frame: &RgbImage) -> RgbImage {
    imageops::thumbnail(frame, frame.width() / 8, frame.height() / 8)
}

/// Share of each of 64 colours (four steps in each channel) in some pictures.
pub fn colours(frames: &[RgbImage]) -> [f64; 64] {
    let mut shares = [0.0; 64];
    let pixels: usize = frames.iter().map(|frame| frame.pixels().len()).sum();
    for pixel in frames.iter().flat_map(|frame| frame.pixels()) {
        let [r, g, b] = pixel.0.map(|value| usize::from(value >> 6));
        shares[16 * r + 4 * g + b] += 1.0 / pixels as f64;
    }
    shares
}

/// How far apart two [`colours`] are: 0 the same, 1 nothing in common.
pub fn colour_distance(a: &[f64; 64], b: &[f64; 64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0
}

/// How alike two pictures look, up to 1: structure of the luma (SSIM) and colour together.
pub fn likeness(a: &RgbImage, b: &RgbImage) -> f64 {
    image_compare::rgb_hybrid_compare(a, b).expect("compares pictures of one size").score
}
