//! The audio thread's end of a bounce.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::Duration;

use super::Signals;
use crate::tap::{Block, TapWriter};

/// How long the audio thread sleeps where the tap is full. It is offline: nobody listens.
const WAIT: Duration = Duration::from_micros(200);

/// The audio thread's end, for a host that renders offline. It never allocates. It waits where the job is behind, and so
/// belongs on no thread that has to be in time.
pub struct BounceWriter {
    tap: TapWriter,
    sample_rate_hz: f64,
    signals: Arc<Signals>,
}

impl BounceWriter {
    pub(super) fn new(tap: TapWriter, sample_rate_hz: u32, signals: Arc<Signals>) -> Self {
        Self { tap, sample_rate_hz: f64::from(sample_rate_hz), signals }
    }

    /// Hands over one block of any length; pass the same slice twice for mono. Channels of unequal length are cut to the
    /// shorter. `block` is what belongs to its first frame.
    ///
    /// When the job is behind by two seconds it waits until there is room. When the job has ended, for whatever reason, it
    /// returns at once, now and ever after.
    pub fn write(&mut self, left: &[f32], right: &[f32], block: &Block) {
        let frames = left.len().min(right.len());
        let (mut sent, mut block) = (0, *block);
        while sent < frames {
            if self.is_over() || self.signals.stop.load(Ordering::Acquire) {
                return;
            }
            let taken = self.tap.push(&left[sent..frames], &right[sent..frames], &block);
            if taken == 0 {
                sleep(WAIT);
                continue;
            }
            block.note = None;
            block.transport = block.transport.map(|transport| transport.later(taken, self.sample_rate_hz));
            sent += taken;
        }
    }

    /// Whether the job has ended: then the rest of the sound goes nowhere.
    pub fn is_over(&self) -> bool {
        self.signals.ended.load(Ordering::Acquire)
    }

    /// Ends the sound; the job then finishes the file. Dropping does the same.
    pub fn end(self) {}
}
