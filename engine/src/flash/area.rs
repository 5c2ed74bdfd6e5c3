//! How much of a field is marked: of the whole picture, or of any 10 degrees of it.

use super::limits::{SCREEN_PX, TEN_DEGREES_PX};

/// Places of a field that are followed over time lie this part of it apart.
const OVERLAP: usize = 4;

/// A window of cells that slides over the frame, or covers it.
pub(super) struct Field {
    size: [usize; 2],
    /// Cells of the window, as far as it lies in the frame.
    window: [usize; 2],
    /// Cells of the whole window, which what is marked is a share of.
    whole: f64,
    /// For each cell, how many are marked above and left of it.
    sums: Vec<u32>,
}

impl Field {
    /// The whole picture.
    pub fn picture(size: [usize; 2]) -> Self {
        Self { size, window: size, whole: (size[0] * size[1]) as f64, sums: Vec::new() }
    }

    /// Ten degrees of the visual field, wherever they lie.
    pub fn ten_degrees(size: [usize; 2]) -> Self {
        let per_px = (size[0] as f64 / SCREEN_PX[0]).max(size[1] as f64 / SCREEN_PX[1]);
        let whole = TEN_DEGREES_PX.map(|side| (side * per_px).round().max(1.0));
        let window = [(whole[0] as usize).min(size[0]), (whole[1] as usize).min(size[1])];
        Self { size, window, whole: whole[0] * whole[1], sums: Vec::new() }
    }

    /// Corners of the places that are followed over time.
    pub fn places(&self) -> Vec<[usize; 2]> {
        let along = |axis: usize| {
            let (room, step) = (self.size[axis] - self.window[axis], self.window[axis].div_ceil(OVERLAP));
            (0..=room.div_ceil(step)).map(move |at| (at * step).min(room))
        };
        along(1).flat_map(|y| along(0).map(move |x| [x, y])).collect()
    }

    /// The largest share of the window that is marked, wherever it lies.
    pub fn largest_share(&mut self, marks: &[bool]) -> f64 {
        if self.window == self.size {
            return marks.iter().filter(|marked| **marked).count() as f64 / self.whole;
        }
        self.sum(marks);
        let [right, down] = [0, 1].map(|axis| self.size[axis] - self.window[axis]);
        let shares = (0..=down).flat_map(|y| (0..=right).map(move |x| [x, y]));
        shares.map(|corner| self.share(corner)).fold(0.0, f64::max)
    }

    /// The share at each of the [`places`](Self::places).
    pub fn shares_at_places(&mut self, marks: &[bool]) -> Vec<f64> {
        self.sum(marks);
        self.places().into_iter().map(|corner| self.share(corner)).collect()
    }

    /// Counts what is marked. Sums over all rectangles from the first corner (Crow, "Summed-area tables for texture mapping", 1984).
    pub fn sum(&mut self, marks: &[bool]) {
        let stride = self.size[0] + 1;
        self.sums.resize(stride * (self.size[1] + 1), 0);
        for (y, line) in marks.chunks_exact(self.size[0]).enumerate() {
            let mut along = 0;
            for (x, marked) in line.iter().enumerate() {
                along += u32::from(*marked);
                self.sums[(y + 1) * stride + x + 1] = self.sums[y * stride + x + 1] + along;
            }
        }
    }

    /// Of what was summed last: the share in a window around a cell, or as near to it as the frame's edge allows.
    pub fn share_around(&self, cell: usize) -> f64 {
        let at = [cell % self.size[0], cell / self.size[0]];
        let corner = |axis: usize| {
            let room = self.size[axis] - self.window[axis];
            at[axis].saturating_sub(self.window[axis] / 2).min(room)
        };
        self.share([corner(0), corner(1)])
    }

    fn share(&self, [x, y]: [usize; 2]) -> f64 {
        let at = |x: usize, y: usize| self.sums[y * (self.size[0] + 1) + x];
        let [right, below] = [x + self.window[0], y + self.window[1]];
        f64::from(at(right, below) + at(x, y) - at(right, y) - at(x, below)) / self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_degrees_are_a_third_of_a_wide_frame_and_are_found_wherever_they_lie() {
        for (size, window) in [([256, 192], [85, 64]), ([256, 144], [85, 64]), ([108, 192], [85, 64])] {
            let mut field = Field::ten_degrees(size);
            assert_eq!(field.window, window);
            let mut marks = vec![false; size[0] * size[1]];
            for y in 30..62 {
                for x in 20..62 {
                    marks[y * size[0] + x] = true;
                }
            }
            let area = field.largest_share(&marks);
            assert!((area - 42.0 * 32.0 / (85.0 * 64.0)).abs() < 1e-9, "{area}");
            assert!(field.shares_at_places(&marks).iter().all(|share| *share <= area));
        }
        let mut thin = Field::ten_degrees([256, 8]);
        assert!(thin.largest_share(&[true; 256 * 8]) < 0.15, "a line of 8 cells is no quarter of 64");
    }
}
