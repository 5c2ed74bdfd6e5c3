//! sRGB pixels to the YCbCr that videos hold: ITU-R BT.709 matrix, limited range, 4:2:0.
//!
//! Done here rather than by ffmpeg's scaler because it makes what goes through the pipe less than half as big, and
//! because the matrix and the rounding are then ours: ffmpeg's default would be BT.601. Chroma lies where H.264 and VP9
//! expect it: on the even columns, between two rows.

/// Bits of a float at 2^23 and above count whole units: adding it rounds to the nearest integer, in any lane.
const ROUND: f32 = 8_388_608.0;

/// The planes of one picture: Y, then Cb and Cr at half size. Sides are even: an odd picture gets its last column or
/// row twice.
#[derive(Default)]
pub(super) struct I420 {
    /// All three planes, one after the other, tightly packed.
    pub bytes: Vec<u8>,
    sums: [Vec<f32>; 3],
}

impl I420 {
    /// Converts `rgba` (tightly packed rows of `width` pixels, 4 bytes each).
    pub fn convert(&mut self, rgba: &[u8], width: usize, height: usize) {
        let (even_width, even_height) = (width.next_multiple_of(2), height.next_multiple_of(2));
        let chroma_width = even_width / 2;
        let luma_size = even_width * even_height;
        self.bytes.resize(luma_size + luma_size / 2, 0);
        let (luma, chroma) = self.bytes.split_at_mut(luma_size);
        let (blue, red) = chroma.split_at_mut(luma_size / 4);
        for sum in &mut self.sums {
            sum.resize(even_width + 1, 0.0);
        }
        let row_bytes = width * 4;
        let row = |y: usize| &rgba[y.min(height - 1) * row_bytes..][..row_bytes];
        let luma_rows = luma.chunks_exact_mut(2 * even_width);
        let chroma_rows = blue.chunks_exact_mut(chroma_width).zip(red.chunks_exact_mut(chroma_width));
        for (pair, (luma, (blue, red))) in luma_rows.zip(chroma_rows).enumerate() {
            let rows = [row(2 * pair), row(2 * pair + 1)];
            for (row, out) in rows.iter().zip(luma.chunks_exact_mut(even_width)) {
                luma_row(row, out);
                out[even_width - 1] = out[width - 1];
            }
            sum_columns(rows, &mut self.sums, width);
            chroma_row(&self.sums, blue, red);
        }
    }
}

fn channels(pixel: &[u8]) -> [f32; 3] {
    let pixel = u32::from_le_bytes([pixel[0], pixel[1], pixel[2], pixel[3]]);
    [pixel & 0xFF, pixel >> 8 & 0xFF, pixel >> 16 & 0xFF].map(|channel| channel as i32 as f32)
}

fn luma_of([r, g, b]: [f32; 3]) -> f32 {
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn luma_row(row: &[u8], out: &mut [u8]) {
    for (pixel, out) in row.chunks_exact(4).zip(out) {
        let luma = luma_of(channels(pixel)) * (219.0 / 255.0) + 16.0;
        *out = (luma + ROUND).to_bits() as u8;
    }
}

/// Sums two rows into one line a channel. Entry 0 is the column left of the picture, which is like the first.
fn sum_columns(rows: [&[u8]; 2], sums: &mut [Vec<f32>; 3], width: usize) {
    let [reds, greens, blues] = sums;
    let outs = reds[1..].iter_mut().zip(&mut greens[1..]).zip(&mut blues[1..]);
    for ((upper, lower), ((red, green), blue)) in
        rows[0].chunks_exact(4).zip(rows[1].chunks_exact(4)).zip(outs)
    {
        let (upper, lower) = (channels(upper), channels(lower));
        *red = upper[0] + lower[0];
        *green = upper[1] + lower[1];
        *blue = upper[2] + lower[2];
    }
    for sum in sums {
        sum[0] = sum[1];
        let last = sum.len() - 1;
        sum[last] = sum[width]; // of an odd picture, the column that is there twice
    }
}

/// Filters columns by 1 2 1 around every even one.
fn chroma_row(sums: &[Vec<f32>; 3], blue_out: &mut [u8], red_out: &mut [u8]) {
    const EIGHTH: f32 = 1.0 / 8.0; // 1 + 2 + 1 columns of two rows
    let [reds, greens, blues] = sums;
    let filtered = |line: &[f32], x: usize| (line[2 * x] + 2.0 * line[2 * x + 1] + line[2 * x + 2]) * EIGHTH;
    let count = blue_out.len().min(red_out.len());
    let (reds, greens, blues) = (&reds[..=2 * count], &greens[..=2 * count], &blues[..=2 * count]);
    for x in 0..count {
        let rgb = [filtered(reds, x), filtered(greens, x), filtered(blues, x)];
        let luma = luma_of(rgb);
        let blue = (rgb[2] - luma) * (224.0 / 255.0 / 1.8556) + 128.0;
        let red = (rgb[0] - luma) * (224.0 / 255.0 / 1.5748) + 128.0;
        blue_out[x] = (blue + ROUND).to_bits() as u8;
        red_out[x] = (red + ROUND).to_bits() as u8;
    }
}
