//! A small copy of a picture on the processor, in OKLab: what motion and palette are taken from.

use half::slice::HalfFloatSliceExt;

use crate::picture::Picture;

/// Row-major, top row first; each pixel is lightness, a and b of OKLab, and 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reduction {
    pub width_px: usize,
    pub height_px: usize,
    pub pixels: Vec<[f32; 4]>,
}

impl Reduction {
    /// The longer side, for pictures that are at least as long.
    pub const LONG_SIDE_PX: u32 = 64;

    /// Width and height for a picture of this size.
    pub fn size_of(picture_px: [u32; 2]) -> (usize, usize) {
        let long = picture_px[0].max(picture_px[1]).max(1);
        let [width, height] =
            picture_px.map(|side| (side * Self::LONG_SIDE_PX.min(long)).div_ceil(long).max(1) as usize);
        (width, height)
    }

    /// Averages the picture's light. Values that are no numbers count as black.
    pub fn of(picture: &Picture) -> Self {
        let (from_w, from_h) = (picture.width_px, picture.height_px);
        let (width_px, height_px) = Self::size_of([from_w, from_h]);
        let mut sums = vec![[0.0_f32; 4]; width_px * height_px];
        let mut row = vec![0.0_f32; from_w as usize * 4];
        // Where each column goes, and what one pixel of it weighs.
        let to = |at: usize, from: u32, to: usize| at * to / from.max(1) as usize;
        let columns: Vec<usize> = (0..from_w as usize).map(|x| to(x, from_w, width_px)).collect();
        for (y, halves) in picture.pixels.chunks_exact(from_w.max(1) as usize).enumerate() {
            halves.as_flattened().convert_to_f32_slice(&mut row);
            let target = to(y, from_h, height_px).min(height_px - 1) * width_px;
            for (pixel, &column) in row.as_chunks::<4>().0.iter().zip(&columns) {
                let sum = &mut sums[target + column];
                let light = pixel.map(|value| if value.is_finite() { value } else { 0.0 });
                *sum = [sum[0] + light[0], sum[1] + light[1], sum[2] + light[2], sum[3] + 1.0];
            }
        }
        let pixels = sums.iter().map(|[r, g, b, count]| oklab([r / count, g / count, b / count])).collect();
        Self { width_px, height_px, pixels }
    }

    /// Between the four pixels around (`x`, `y`), in pixels from the first one's middle; beyond the edges it stays as there.
    #[inline]
    pub fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        let (x, y) = (x.clamp(0.0, (self.width_px - 1) as f32), y.clamp(0.0, (self.height_px - 1) as f32));
        let column = (x as usize).min(self.width_px.saturating_sub(2));
        let row = (y as usize).min(self.height_px.saturating_sub(2));
        let (fx, fy) = (x - column as f32, y - row as f32);
        let at = row * self.width_px + column;
        let right = usize::from(self.width_px > 1);
        let down = if self.height_px > 1 { self.width_px } else { 0 };
        let [a, b] = [self.pixels[at], self.pixels[at + right]];
        let [c, d] = [self.pixels[at + down], self.pixels[at + down + right]];
        std::array::from_fn(|i| {
            let top = a[i] + fx * (b[i] - a[i]);
            let bottom = c[i] + fx * (d[i] - c[i]);
            top + fy * (bottom - top)
        })
    }

    /// Half as large, each pixel the mean of four.
    pub fn halved(&self) -> Self {
        let (width_px, height_px) = (self.width_px.div_ceil(2), self.height_px.div_ceil(2));
        let mut pixels = Vec::with_capacity(width_px * height_px);
        for y in 0..height_px {
            let rows = [2 * y, (2 * y + 1).min(self.height_px - 1)].map(|row| row * self.width_px);
            for x in 0..width_px {
                let columns = [2 * x, (2 * x + 1).min(self.width_px - 1)];
                let [a, b] = columns.map(|column| self.pixels[rows[0] + column]);
                let [c, d] = columns.map(|column| self.pixels[rows[1] + column]);
                pixels.push(std::array::from_fn(|i| 0.25 * (a[i] + b[i] + c[i] + d[i])));
            }
        }
        Self { width_px, height_px, pixels }
    }

    /// As large as asked for, each pixel read at the place in this one that `place` gives for its own (0 to 1, y down).
    pub fn reshaped(&self, width_px: usize, height_px: usize, place: impl Fn([f32; 2]) -> [f32; 2]) -> Self {
        let (across, down) = (self.width_px as f32, self.height_px as f32);
        let pixels = (0..width_px * height_px).map(|at| {
            let (x, y) = ((at % width_px) as f32 + 0.5, (at / width_px) as f32 + 0.5);
            let [x, y] = place([x / width_px as f32, y / height_px as f32]);
            self.sample(x * across - 0.5, y * down - 0.5)
        });
        Self { width_px, height_px, pixels: pixels.collect() }
    }
}

/// OKLab (Björn Ottosson, 2020) from linear Rec. 709; the fourth number is 0.
pub(crate) fn oklab([r, g, b]: [f32; 3]) -> [f32; 4] {
    let l = cube_root(0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b);
    let m = cube_root(0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b);
    let s = cube_root(0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b);
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        0.0,
    ]
}

/// Cube root of what is not below 0, to 5 digits: a guess from the exponent, and two steps of Newton's method. Several times as
/// fast as `f32::cbrt`, and the compiler can take several at once.
fn cube_root(x: f32) -> f32 {
    let x = x.max(1e-12);
    let mut root = f32::from_bits(x.to_bits() / 3 + 0x2a51_4067);
    for _ in 0..3 {
        root -= (root - x / (root * root)) * (1.0 / 3.0);
    }
    root
}

#[cfg(test)]
mod tests {
    use half::f16;

    use super::*;

    fn picture(width_px: u32, height_px: u32, pixel: impl Fn(u32, u32) -> [f32; 3]) -> Picture {
        let pixels = (0..width_px * height_px)
            .map(|at| pixel(at % width_px, at / width_px))
            .map(|[r, g, b]| [r, g, b, 1.0].map(f16::from_f32));
        Picture { width_px, height_px, time_s: 0.0, pixels: pixels.collect(), ..Picture::default() }
    }

    #[test]
    fn light_is_averaged_before_it_becomes_a_colour() {
        let checks = picture(256, 128, |x, y| [f32::from((x + y) % 2 == 0); 3]);
        let reduced = Reduction::of(&checks);
        assert_eq!((reduced.width_px, reduced.height_px), (64, 32));
        let [lightness, a, b, _] = reduced.pixels[700];
        assert!((lightness - 0.5_f32.cbrt()).abs() < 1e-3 && a.abs() < 1e-3 && b.abs() < 1e-3);
    }

    #[test]
    fn small_odd_and_broken_pictures_are_taken_too() {
        for (width_px, height_px) in [(1, 1), (3, 2), (1, 200), (333, 77)] {
            let reduced = Reduction::of(&picture(width_px, height_px, |x, _| [x as f32, f32::NAN, 0.5]));
            assert_eq!(reduced.pixels.len(), reduced.width_px * reduced.height_px);
            assert!(reduced.pixels.iter().flatten().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn cube_roots_are_close() {
        for x in [1e-6_f32, 0.001, 0.2, 0.5, 1.0, 8.0] {
            assert!((cube_root(x) / x.cbrt() - 1.0).abs() < 1e-5, "{x}");
        }
    }
}
