//! A frame's luma, and the same blurred and in tiles.

/// Width of a tile in pixels.
const TILE_PX: usize = 8;
/// Binomial weights: a Gaussian of 2 px.
const BLUR: [f32; 9] = [0.004, 0.031, 0.109, 0.219, 0.274, 0.219, 0.109, 0.031, 0.004];

/// Row-major, 0 to 1.
pub struct Luma {
    pub width: usize,
    pub height: usize,
    pub values: Vec<f32>,
}

impl Luma {
    /// Of sRGB bytes.
    pub fn of(rgb: &[u8], [width, height]: [usize; 2]) -> Self {
        let luma = |[r, g, b]: &[u8; 3]| {
            (0.2126 * f32::from(*r) + 0.7152 * f32::from(*g) + 0.0722 * f32::from(*b)) / 255.0
        };
        Self { width, height, values: rgb.as_chunks::<3>().0.iter().map(luma).collect() }
    }

    /// Change to the next pixel to the right and down: half of what the two neighbours differ. Not at the frame's edge.
    #[inline]
    pub fn slope(&self, x: usize, y: usize) -> [f32; 2] {
        let at = y * self.width + x;
        [
            0.5 * (self.values[at + 1] - self.values[at - 1]),
            0.5 * (self.values[at + self.width] - self.values[at - self.width]),
        ]
    }

    /// Between the four pixels around a place.
    #[inline]
    pub fn sample(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x.clamp(0.0, (self.width - 2) as f32), y.clamp(0.0, (self.height - 2) as f32));
        let (column, row) = (x as usize, y as usize);
        let (fx, fy) = (x - column as f32, y - row as f32);
        let at = row * self.width + column;
        let above = self.values[at] + fx * (self.values[at + 1] - self.values[at]);
        let at = at + self.width;
        let below = self.values[at] + fx * (self.values[at + 1] - self.values[at]);
        above + fy * (below - above)
    }

    /// Share of the variance that a Gaussian of 2 px takes away; 0 of a flat frame.
    pub fn fine_share(&self) -> f64 {
        let (width, height) = (self.width, self.height);
        let mut across = vec![0.0_f32; self.values.len()];
        for (row, out) in self.values.chunks_exact(width).zip(across.chunks_exact_mut(width)) {
            for x in 4..width - 4 {
                out[x] = row[x - 4..=x + 4].iter().zip(BLUR).map(|(value, weight)| value * weight).sum();
            }
        }
        let (mut fine, mut sum, mut squares, mut count) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
        for y in 4..height - 4 {
            for x in 4..width - 4 {
                let blurred: f32 =
                    BLUR.iter().enumerate().map(|(j, weight)| across[(y + j - 4) * width + x] * weight).sum();
                let value = f64::from(self.values[y * width + x]);
                fine += (value - f64::from(blurred)).powi(2);
                sum += value;
                squares += value * value;
                count += 1.0;
            }
        }
        let variance = squares / count - (sum / count).powi(2);
        if variance > 1e-9 { fine / count / variance } else { 0.0 }
    }

    /// Means of tiles; what does not fill one is left out.
    pub fn tiles(&self) -> Vec<f32> {
        let across = self.width / TILE_PX;
        let mut tiles = vec![0.0_f32; across * (self.height / TILE_PX)];
        for (y, row) in self.values.chunks_exact(self.width).enumerate().take(self.height / TILE_PX * TILE_PX)
        {
            let out = &mut tiles[y / TILE_PX * across..][..across];
            for (tile, values) in out.iter_mut().zip(row.chunks_exact(TILE_PX)) {
                *tile += values.iter().sum::<f32>() / (TILE_PX * TILE_PX) as f32;
            }
        }
        tiles
    }
}
