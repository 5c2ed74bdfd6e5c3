//! The encoder's window of recent audio.

/// The newest `len` samples in order. Until that many have come, what there is is repeated backwards: an encoder that
/// was made for three seconds of music hears music from the first moment on, not music after silence.
pub(super) struct Window {
    len: usize,
    recent: Vec<f32>,
    filled: Vec<f32>,
}

impl Window {
    pub(super) fn new(len: usize) -> Self {
        Self { len, recent: Vec::with_capacity(2 * len), filled: vec![0.0; len] }
    }

    pub(super) fn push(&mut self, samples: &[f32]) {
        let samples = &samples[samples.len().saturating_sub(self.len)..];
        if self.recent.len() + samples.len() > 2 * self.len {
            // Once in a window's length the newest window moves to the front.
            self.recent.drain(..self.recent.len() - self.len);
        }
        self.recent.extend_from_slice(samples);
    }

    /// `len` samples, the newest last; silence before anything came.
    pub(super) fn newest(&mut self) -> &[f32] {
        if self.recent.len() >= self.len {
            return &self.recent[self.recent.len() - self.len..];
        }
        if !self.recent.is_empty() {
            for piece in self.filled.rchunks_mut(self.recent.len()) {
                piece.copy_from_slice(&self.recent[self.recent.len() - piece.len()..]);
            }
        }
        &self.filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_samples_come_last() {
        let mut w = Window::new(4);
        let mut next = 0;
        for n in [3, 1, 2, 9, 4, 1, 1] {
            let samples: Vec<f32> = (next..next + n).map(|x| x as f32).collect();
            next += n;
            w.push(&samples);
            if next >= 4 {
                let expected: Vec<f32> = (next - 4..next).map(|x| x as f32).collect();
                assert_eq!(w.newest(), expected);
            }
        }
    }

    #[test]
    fn a_short_past_repeats() {
        let mut w = Window::new(5);
        assert_eq!(w.newest(), [0.0; 5]);
        w.push(&[1.0, 2.0]);
        assert_eq!(w.newest(), [2.0, 1.0, 2.0, 1.0, 2.0]);
    }
}
