//! From a generator's numbers to linear light.

use std::sync::LazyLock;

use half::f16;

use crate::picture::Picture;

const STEPS: usize = 1 << 14;

/// sRGB's curve (IEC 61966-2-1) at 2^14 steps: at white a step is a quarter of what f16 can tell apart, near black it
/// is 1/64 of an 8-bit level.
static LINEAR: LazyLock<Vec<f16>> = LazyLock::new(|| {
    let linear = |step: usize| {
        let value = step as f64 / STEPS as f64;
        let linear = if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) };
        f16::from_f64(linear)
    };
    (0..=STEPS).map(linear).collect()
});

/// How a generator's image is laid out and what its numbers mean.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    width_px: u32,
    height_px: u32,
    /// Places of red, green and blue: the start of each, and the distance from one pixel to the next.
    starts: [usize; 3],
    stride: usize,
    scale: f32,
    offset: f32,
}

impl Paint {
    /// For an image of `colours` channels (1 or 3) whose values `range` are black and white in sRGB; `planes` if each
    /// channel is a whole image by itself, `reversed` for blue first.
    pub fn new(
        size_px: (u32, u32),
        colours: usize,
        planes: bool,
        reversed: bool,
        [black, white]: [f32; 2],
    ) -> Self {
        let (width_px, height_px) = size_px;
        let plane = width_px as usize * height_px as usize;
        let (step, stride) = if planes { (plane, 1) } else { (1, colours) };
        let starts = match (colours, reversed) {
            (1, _) => [0; 3],
            (_, false) => [0, step, 2 * step],
            (_, true) => [2 * step, step, 0],
        };
        let scale = STEPS as f32 / (white - black);
        // Half a step so that cutting off rounds.
        Self { width_px, height_px, starts, stride, scale, offset: 0.5 - black * scale }
    }

    /// Writes `image` into `out`, whose buffer is used again.
    pub fn paint(&self, image: &[f32], out: &mut Picture) {
        let table = LINEAR.as_slice();
        let light = |value: &f32| {
            // A cast stops at 0 below and at the table's end above.
            let step = (value * self.scale + self.offset) as i32;
            table[step.clamp(0, STEPS as i32) as usize]
        };
        out.width_px = self.width_px;
        out.height_px = self.height_px;
        let pixels = self.width_px as usize * self.height_px as usize;
        out.pixels.resize(pixels, [f16::ZERO; 4]);
        let channel = |place: usize| image[self.starts[place]..].iter().step_by(self.stride);
        for (((pixel, red), green), blue) in
            out.pixels.iter_mut().zip(channel(0)).zip(channel(1)).zip(channel(2))
        {
            *pixel = [light(red), light(green), light(blue), f16::ONE];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_8_bit_level_comes_back_exactly() {
        let levels: Vec<f32> = (0..=255u8).map(|level| f32::from(level) / 127.5 - 1.0).collect();
        let mut out = Picture::default();
        Paint::new((16, 16), 1, true, false, [-1.0, 1.0]).paint(&levels, &mut out);
        for (level, pixel) in out.pixels.iter().enumerate() {
            let linear = pixel[0].to_f64();
            let srgb =
                if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
            assert!((srgb * 255.0 - level as f64).abs() < 0.1, "{level}: {}", srgb * 255.0);
            assert_eq!(pixel[3], f16::ONE);
        }
        assert_eq!(out.pixels[0][0], f16::ZERO);
        assert_eq!(out.pixels[255][0], f16::ONE);
    }

    #[test]
    fn layouts_and_channel_orders_give_the_same_picture() {
        let rgb = [[0.0f32, 0.5, 1.0], [1.0, 0.25, -3.0]];
        let paint = |planes, reversed, image: &[f32]| {
            let mut out = Picture::default();
            Paint::new((2, 1), 3, planes, reversed, [0.0, 1.0]).paint(image, &mut out);
            out.pixels
        };
        let [a, b] = rgb;
        let expected = paint(false, false, &rgb.concat());
        assert_eq!(expected[1][2], f16::ZERO);
        assert_eq!(expected, paint(true, false, &[a[0], b[0], a[1], b[1], a[2], b[2]]));
        assert_eq!(expected, paint(false, true, &[a[2], a[1], a[0], b[2], b[1], b[0]]));
    }
}
