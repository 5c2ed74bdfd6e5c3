//! The audio thread's end of a tap.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ringbuf::HeapProd;
use ringbuf::traits::{Observer, Producer};

use super::{Block, Header, Signals};

/// Frames that are pushed at once.
const PIECE_FRAMES: usize = 128;

/// The audio thread's end: never blocks, allocates, logs or makes a system call. Dropping it ends the sound.
pub struct TapWriter {
    frames: HeapProd<[f32; 2]>,
    headers: HeapProd<Header>,
    signals: Arc<Signals>,
    /// Frames lost since the last header.
    lost: usize,
}

impl TapWriter {
    pub(super) fn new(frames: HeapProd<[f32; 2]>, headers: HeapProd<Header>, signals: Arc<Signals>) -> Self {
        Self { frames, headers, signals, lost: 0 }
    }

    /// Copies one block, if the reader listens at all; pass the same slice twice for mono. Channels of unequal length are
    /// cut to the shorter.
    ///
    /// When the reader is too far behind, the frames that do not fit are dropped, counted in
    /// [`TapReader::overruns`](super::TapReader::overruns), and heard as silence.
    pub fn write(&mut self, left: &[f32], right: &[f32], block: &Block) {
        if !self.signals.open.load(Ordering::Relaxed) {
            self.lost = 0;
            return;
        }
        let offered = left.len().min(right.len());
        let lost = offered - self.push(left, right, block);
        if lost > 0 {
            self.lost = self.lost.saturating_add(lost);
            self.signals.overruns.fetch_add(lost as u64, Ordering::Relaxed);
        }
    }

    /// As [`write`](Self::write), but what does not fit is the caller's to keep: returns how many frames were taken, from
    /// the front. `block` is that of the first frame.
    pub fn push(&mut self, left: &[f32], right: &[f32], block: &Block) -> usize {
        if self.headers.is_full() {
            return 0;
        }
        let mut taken = 0;
        for (left, right) in left.chunks(PIECE_FRAMES).zip(right.chunks(PIECE_FRAMES)) {
            // Interleaved here and pushed as a whole: a fraction of the time that frame by frame would take.
            let mut piece = [[0.0; 2]; PIECE_FRAMES];
            let count = left.len().min(right.len());
            for (frame, (&left, &right)) in piece.iter_mut().zip(left.iter().zip(right)) {
                *frame = [left, right];
            }
            let pushed = self.frames.push_slice(&piece[..count]);
            taken += pushed;
            if pushed < count {
                break; // full: what follows would leave a gap
            }
        }
        if taken > 0 {
            let header = Header { frames: taken, lost: std::mem::take(&mut self.lost), block: *block };
            // There is room: it was looked for, and nobody else puts anything in.
            let _ = self.headers.try_push(header);
        }
        taken
    }
}

impl Drop for TapWriter {
    fn drop(&mut self) {
        self.signals.ended.store(true, Ordering::Release);
    }
}
