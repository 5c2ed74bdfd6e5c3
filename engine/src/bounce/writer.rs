//! The way from the host's audio thread to the job.
//!
//! Samples go through one ring, and what belongs to a block through another beside it: a block's header is sent after its
//! samples, so whoever has the header has the samples.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::Duration;

use ringbuf::traits::{Consumer, Observer, Producer, Split};
use ringbuf::{HeapCons, HeapProd, HeapRb};

use super::Signals;
use crate::controls::Controls;
use crate::tap::Transport;

/// Sound that waits for the picture at most, in seconds.
pub(super) const CAPACITY_S: f64 = 2.0;
/// Blocks that wait at most: two seconds of small ones.
const BLOCKS: usize = 8192;
/// How long the audio thread sleeps where the rings are full. It is offline: nobody listens.
const WAIT: Duration = Duration::from_micros(200);

/// What belongs to a stretch of sound.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// Its length.
    pub frames: usize,
    /// Where the host was at its first frame.
    pub transport: Option<Transport>,
    /// What was turned to what.
    pub controls: Controls,
}

/// The audio thread's end, for a host that renders offline. It never allocates. It waits where the job is behind, and so
/// belongs on no thread that has to be in time.
pub struct BounceWriter {
    frames: HeapProd<[f32; 2]>,
    headers: HeapProd<Header>,
    sample_rate_hz: f64,
    signals: Arc<Signals>,
}

/// The job's end.
pub(super) struct Reader {
    pub frames: HeapCons<[f32; 2]>,
    pub headers: HeapCons<Header>,
    pub signals: Arc<Signals>,
}

pub(super) fn channel(capacity_frames: usize, signals: &Arc<Signals>) -> (BounceWriter, Reader) {
    let (frames, frames_out) = HeapRb::new(capacity_frames.max(1)).split();
    let (headers, headers_out) = HeapRb::new(BLOCKS).split();
    let sample_rate_hz = capacity_frames as f64 / CAPACITY_S;
    (
        BounceWriter { frames, headers, sample_rate_hz, signals: Arc::clone(signals) },
        Reader { frames: frames_out, headers: headers_out, signals: Arc::clone(signals) },
    )
}

impl BounceWriter {
    /// Hands over one block of any length; pass the same slice twice for mono. Channels of unequal length are cut to the
    /// shorter. `transport` is where the host is at the first frame, and `controls` are those of the whole block.
    ///
    /// When the job is behind by two seconds it waits until there is room. When the job has ended, for whatever reason, it
    /// returns at once, now and ever after.
    pub fn write(&mut self, left: &[f32], right: &[f32], transport: Option<Transport>, controls: &Controls) {
        let frames = left.len().min(right.len());
        let mut sent = 0;
        while sent < frames {
            if self.signals.ended.load(Ordering::Acquire) || self.signals.stop.load(Ordering::Acquire) {
                return;
            }
            if self.headers.is_full() || self.frames.is_full() {
                sleep(WAIT);
                continue;
            }
            let rest = left[sent..frames].iter().zip(&right[sent..frames]);
            let taken = self.frames.push_iter(rest.map(|(&l, &r)| [l, r]));
            let after_s = sent as f64 / self.sample_rate_hz;
            let transport = transport.map(|transport| advanced(&transport, after_s, sent));
            // There is room: it was looked for, and nobody else puts anything in.
            let _ = self.headers.try_push(Header { frames: taken, transport, controls: *controls });
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

impl Drop for BounceWriter {
    fn drop(&mut self) {
        self.signals.sent_all.store(true, Ordering::Release);
    }
}

impl Reader {
    /// The next block's header, when it comes; `None` when none will.
    pub fn next_header(&mut self) -> Option<Header> {
        loop {
            // Asked before looking: what was sent before the end is there then.
            let sent_all = self.signals.sent_all.load(Ordering::Acquire);
            if self.signals.stop.load(Ordering::Acquire) {
                return None;
            }
            match self.headers.try_peek() {
                Some(header) => return Some(*header),
                None if sent_all => return None,
                None => sleep(WAIT),
            }
        }
    }
}

/// Where a host is `after_s` seconds, which are `frames` frames, later.
pub(super) fn advanced(transport: &Transport, after_s: f64, frames: usize) -> Transport {
    if !transport.playing {
        return *transport;
    }
    let beats = after_s * transport.tempo_bpm.unwrap_or(0.0) / 60.0;
    Transport {
        beat: transport.beat.map(|beat| beat + beats),
        position_samples: transport.position_samples.map(|position| position.saturating_add(frames as i64)),
        ..*transport
    }
}
