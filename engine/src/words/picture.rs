//! A picture of the user's own, as a picture tower takes it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::WordsError;
use crate::scene::image;

/// Largest file of a picture.
const FILE_BYTES: u64 = 64 << 20;

/// Reads a PNG or a JPEG and squeezes it to a square, each pixel the mean of what it covers: `[3, side, side]`, -1 to 1. What shines
/// through is black.
///
/// # Errors
/// It cannot be read, is neither, broken or too large.
pub fn read(file: &Path, side_px: u32) -> Result<Vec<f32>, WordsError> {
    let wrong = |reason: String| WordsError::Picture { file: file.to_path_buf(), reason };
    let mut bytes = Vec::new();
    let opened = File::open(file).map_err(|error| wrong(error.to_string()))?;
    opened.take(FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| wrong(error.to_string()))?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(wrong(format!("it is over {} MiB", FILE_BYTES >> 20)));
    }
    let (rgba, width, height) = image::decode(&bytes).map_err(wrong)?;
    Ok(squeezed(&rgba, (width as usize, height as usize), side_px as usize))
}

/// Rows of RGBA bytes to planes of `side` by `side`.
fn squeezed(rgba: &[u8], (width, height): (usize, usize), side: usize) -> Vec<f32> {
    let (across, down) = (shares(width, side), shares(height, side));
    // First along the rows, then down the columns: the area's mean is the product of both.
    let mut rows = vec![0.0_f32; 3 * height * side];
    for y in 0..height {
        for (x, (first, weights)) in across.iter().enumerate() {
            for (at, weight) in weights.iter().enumerate() {
                let pixel = &rgba[4 * (y * width + first + at)..][..4];
                let alpha = f32::from(pixel[3]) / 255.0;
                for colour in 0..3 {
                    rows[(colour * height + y) * side + x] += weight * alpha * f32::from(pixel[colour]);
                }
            }
        }
    }
    let mut out = vec![-1.0_f32; 3 * side * side];
    for colour in 0..3 {
        for (y, (first, weights)) in down.iter().enumerate() {
            for (at, weight) in weights.iter().enumerate() {
                let row = &rows[(colour * height + first + at) * side..][..side];
                let to = &mut out[(colour * side + y) * side..][..side];
                to.iter_mut().zip(row).for_each(|(to, value)| *to += weight * value / 127.5);
            }
        }
    }
    out
}

/// For each new pixel the first old one that it covers, and the share of each in it.
fn shares(size: usize, side: usize) -> Vec<(usize, Vec<f32>)> {
    let edge = |at: usize| at as f64 * size as f64 / side as f64;
    let covered = |at: usize| {
        let (low, high) = (edge(at), edge(at + 1));
        let first = (low as usize).min(size - 1);
        let last = (high.ceil() as usize).clamp(first + 1, size);
        let part = |pixel: usize| (high.min((pixel + 1) as f64) - low.max(pixel as f64)).max(0.0);
        let total: f64 = (first..last).map(part).sum();
        (first, (first..last).map(|pixel| (part(pixel) / total.max(1e-9)) as f32).collect())
    };
    (0..side).map(covered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_squeezed_to_means_of_its_areas() {
        // Left half red, right half white, on two rows of three pixels: the middle one is half of each... of what it covers.
        let row = [[255, 0, 0, 255], [255, 255, 255, 255], [255, 255, 255, 255]].concat();
        let found = squeezed(&[row.clone(), row].concat(), (3, 2), 2);
        let expected =
            [1.0, 1.0, 1.0, 1.0, -1.0 / 3.0, 1.0, -1.0 / 3.0, 1.0, -1.0 / 3.0, 1.0, -1.0 / 3.0, 1.0];
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}");
        let small = squeezed(&[0, 0, 0, 255], (1, 1), 3);
        assert_eq!((small.len(), small[0]), (27, -1.0));
    }

    #[test]
    fn what_is_no_picture_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("song.png");
        std::fs::write(&file, "no picture").unwrap();
        let error = read(&file, 64).unwrap_err().to_string();
        assert!(error.contains("song.png") && error.contains("neither a PNG nor a JPEG"), "{error}");
        assert!(read(&folder.path().join("none.png"), 64).unwrap_err().to_string().contains("none.png"));
    }
}
