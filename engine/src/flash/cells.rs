//! A frame reduced to cells, in linear light.

use super::FlashError;
use super::light::{CURVES, Chroma, luminance};

/// Cells on the longer side of a frame at most: of 1024 pixels that fill the field of WCAG's screen a cell has four, which is
/// 0.117 degrees, about what the exception for fine patterns speaks of.
const MOST_CELLS: u32 = 256;

/// Longer sides are no frames.
const LONGEST_SIDE_PX: u32 = 1 << 16;

/// Columns and rows of cells in a frame of this size.
pub(crate) fn cells([width_px, height_px]: [u32; 2]) -> [u32; 2] {
    let shrink = f64::from(width_px.max(height_px)) / f64::from(MOST_CELLS);
    [width_px, height_px].map(|side| (f64::from(side) / shrink.max(1.0)).round().max(1.0) as u32)
}

/// The newest frame.
pub(super) struct Cells {
    width_px: u32,
    height_px: u32,
    size: [usize; 2],
    /// The cell column of each pixel column, and the cell row of each row.
    columns: Vec<usize>,
    rows: Vec<usize>,
    /// Sums of linear light over a cell: by sRGB's curve (red, green, blue), and luminance on the broadcasters' display.
    sums: Vec<[f32; 4]>,
    pixels: Vec<f32>,
    relative: Vec<f32>,
    broadcast: Vec<f32>,
    hues: Vec<Chroma>,
}

impl Cells {
    pub fn new(width_px: u32, height_px: u32) -> Result<Self, FlashError> {
        let sides = [width_px, height_px];
        if sides.iter().any(|side| *side == 0 || *side > LONGEST_SIDE_PX) {
            return Err(FlashError::Size { width_px, height_px });
        }
        let size = cells(sides).map(|count| count as usize);
        let places =
            |side: u32, cells: usize| (0..side as usize).map(|at| at * cells / side as usize).collect();
        let columns: Vec<usize> = places(width_px, size[0]);
        let rows: Vec<usize> = places(height_px, size[1]);
        let mut pixels = vec![0.0; size[0] * size[1]];
        for row in &rows {
            for column in &columns {
                pixels[row * size[0] + column] += 1.0;
            }
        }
        let count = pixels.len();
        Ok(Self {
            width_px,
            height_px,
            size,
            columns,
            rows,
            sums: vec![[0.0; 4]; count],
            pixels,
            relative: vec![0.0; count],
            broadcast: vec![0.0; count],
            hues: vec![Chroma::default(); count],
        })
    }

    /// Columns and rows.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// Reads a frame of three or four bytes a pixel.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), FlashError> {
        let pixels = self.width_px as usize * self.height_px as usize;
        let each = match bytes.len() {
            found if found == 3 * pixels => 3,
            found if found == 4 * pixels => 4,
            found => {
                let (width_px, height_px) = (self.width_px, self.height_px);
                return Err(FlashError::Bytes { width_px, height_px, found });
            }
        };
        let [srgb, display] = &*CURVES;
        self.sums.fill([0.0; 4]);
        for (line, row) in bytes.chunks_exact(each * self.columns.len()).zip(&self.rows) {
            let sums = &mut self.sums[row * self.size[0]..];
            for (pixel, column) in line.chunks_exact(each).zip(&self.columns) {
                let at = [pixel[0], pixel[1], pixel[2]].map(usize::from);
                let sum = &mut sums[*column];
                for (part, byte) in sum.iter_mut().zip(at) {
                    *part += srgb[byte];
                }
                sum[3] += luminance(at.map(|byte| display[byte]));
            }
        }
        for (cell, sum) in self.sums.iter().enumerate() {
            let [red, green, blue, broadcast] = sum.map(|part| part / self.pixels[cell]);
            self.relative[cell] = luminance([red, green, blue]);
            self.broadcast[cell] = broadcast;
            self.hues[cell] = Chroma::of([red, green, blue]);
        }
        Ok(())
    }

    /// Relative luminance, as WCAG has it.
    pub fn relative(&self) -> &[f32] {
        &self.relative
    }

    /// Luminance on the broadcasters' display, in shares of its white.
    pub fn broadcast(&self) -> &[f32] {
        &self.broadcast
    }

    /// Chromaticity.
    pub fn hues(&self) -> &[Chroma] {
        &self.hues
    }
}
