//! The listener's end of a tap.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ringbuf::HeapCons;
use ringbuf::traits::Consumer;

use super::{Block, Header, Signals};

/// The listener's end.
pub struct TapReader {
    frames: HeapCons<[f32; 2]>,
    headers: HeapCons<Header>,
    signals: Arc<Signals>,
    /// What is left of the newest block.
    rest: Option<Header>,
}

impl TapReader {
    pub(super) fn new(frames: HeapCons<[f32; 2]>, headers: HeapCons<Header>, signals: Arc<Signals>) -> Self {
        Self { frames, headers, signals, rest: None }
    }

    /// Whether anybody listens: a closed tap costs the audio thread one look. Opening one that was closed forgets what was left
    /// in the rings.
    pub fn set_open(&mut self, open: bool) {
        if open && !self.signals.open.load(Ordering::Relaxed) {
            while self.header().is_some_and(|header| self.skip(header)) {}
        }
        self.signals.open.store(open, Ordering::Relaxed);
    }

    /// Appends the oldest frames to `out`, at most `most`, and returns what belongs to the first of them; `None` when none
    /// wait. How the host cut its sound into blocks does not show: there are as many frames as wait, up to where
    /// something changes that was not to be expected. `sample_rate_hz` says where a host that goes on is expected.
    pub fn read(&mut self, out: &mut Vec<[f32; 2]>, most: usize, sample_rate_hz: f64) -> Option<Block> {
        let first = self.header()?;
        if first.lost > 0 {
            return Some(self.read_lost(first, out, most, sample_rate_hz));
        }
        let mut read = 0;
        while read < most {
            let Some(mut header) = self.header() else { break };
            if header.lost > 0 || (read > 0 && !goes_on(&first.block, read, &header.block, sample_rate_hz)) {
                break;
            }
            let count = header.frames.min(most - read);
            let from = out.len();
            out.resize(from + count, [0.0; 2]);
            self.frames.pop_slice(&mut out[from..]);
            read += count;
            header.frames -= count;
            header.block.note = None;
            header.block.transport =
                header.block.transport.map(|transport| transport.later(count, sample_rate_hz));
            self.rest = (header.frames > 0).then_some(header);
        }
        Some(first.block)
    }

    /// Silence for what was lost before a block, so that what follows is heard in its time.
    fn read_lost(
        &mut self,
        mut header: Header,
        out: &mut Vec<[f32; 2]>,
        most: usize,
        sample_rate_hz: f64,
    ) -> Block {
        let transport =
            header.block.transport.map(|transport| transport.earlier(header.lost, sample_rate_hz));
        let count = header.lost.min(most);
        out.resize(out.len() + count, [0.0; 2]);
        header.lost -= count;
        self.rest = Some(header);
        Block { transport, note: None, ..header.block }
    }

    /// Whether no sound waits and none will come: the writer is gone.
    pub fn is_over(&mut self) -> bool {
        // Asked before looking: what was sent before the end is there then.
        let ended = self.signals.ended.load(Ordering::Acquire);
        ended && self.header().is_none()
    }

    /// Frames lost so far because the reader was too slow.
    pub fn overruns(&self) -> u64 {
        self.signals.overruns.load(Ordering::Relaxed)
    }

    fn header(&mut self) -> Option<Header> {
        if self.rest.is_none() {
            self.rest = self.headers.try_pop();
        }
        self.rest
    }

    /// Always true, for a loop.
    fn skip(&mut self, header: Header) -> bool {
        self.frames.skip(header.frames);
        self.rest = None;
        true
    }
}

/// Whether `next`, `frames` frames after `first`, is nothing but its continuation.
fn goes_on(first: &Block, frames: usize, next: &Block, sample_rate_hz: f64) -> bool {
    let met = match (&first.transport, &next.transport) {
        (Some(first), Some(next)) => first.later(frames, sample_rate_hz).is_met_by(next),
        (first, next) => first == next,
    };
    met && next.note.is_none()
        && first.controls == next.controls
        && first.midi == next.midi
        && first.mode == next.mode
}
