//! The newest samples, in one piece for each channel, so that windows of any length can be cut without copying.

/// Keeps the newest `keep` frames of both channels contiguous in memory.
///
/// The buffer is twice as long as needed: it is filled from left to right, and the tail moves to the front when
/// the end is reached, which costs one copy for every `keep` frames.
pub(super) struct History {
    left: Vec<f32>,
    right: Vec<f32>,
    keep: usize,
    end: usize,
}

impl History {
    /// Starts as silence.
    pub(super) fn new(keep: usize) -> Self {
        Self { left: vec![0.0; 2 * keep], right: vec![0.0; 2 * keep], keep, end: keep }
    }

    pub(super) fn push(&mut self, [left, right]: [f32; 2]) {
        if self.end == self.left.len() {
            self.left.copy_within(self.keep.., 0);
            self.right.copy_within(self.keep.., 0);
            self.end = self.keep;
        }
        self.left[self.end] = left;
        self.right[self.end] = right;
        self.end += 1;
    }

    /// The newest `n` samples of left and right, oldest first; `n` is at most `keep`.
    pub(super) fn newest(&self, n: usize) -> (&[f32], &[f32]) {
        let range = self.end - n..self.end;
        (&self.left[range.clone()], &self.right[range])
    }
}
