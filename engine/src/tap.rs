//! The wait-free way off the audio thread.
//!
//! Samples go through one single-producer single-consumer ring, and what belongs to a block of them (where the host was,
//! what was turned to what, which note fell, how the host calls) through another beside it, as its header. A header is sent
//! after its samples, so whoever has the header has the samples, and nobody has to guess where a block's beat was. Neither
//! side ever waits for the other, and nothing here allocates after [`tap`] has returned.

mod midi_clock;
mod reader;
#[cfg(test)]
mod tests;
mod timeline;
mod transport;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use ringbuf::HeapRb;
use ringbuf::traits::Split;

use crate::controls::Controls;
pub use midi_clock::{MidiClock, MidiSong, PULSES_PER_BEAT};
pub use reader::TapReader;
pub(crate) use timeline::Timeline;
pub use transport::{Bar, Meter, Transport};
pub use writer::TapWriter;

/// Blocks that wait at most: 85 ms of blocks of one frame at 48 kHz, and seconds of ordinary ones.
const BLOCKS: usize = 4096;

/// How a host calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// There is a deadline: whatever is late is dropped.
    #[default]
    RealTime,
    /// The host renders to a file, as fast as it is answered: nothing is dropped.
    Offline,
}

/// A note that begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// Its MIDI number, 60 being the middle C.
    pub key: u8,
    /// How hard it was struck, 0 to 1.
    pub velocity: f32,
}

/// What belongs to a block of sound, at its first frame. A block in the midst of which any of this changes is written in
/// parts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Block {
    /// Where the host is; `None` without a host that says.
    pub transport: Option<Transport>,
    /// What is turned to what.
    pub controls: Controls,
    /// The note that begins here.
    pub note: Option<Note>,
    /// What a MIDI clock has sent up to here.
    pub midi: MidiClock,
    /// How the host calls.
    pub mode: Mode,
}

/// A block as it travels.
#[derive(Clone, Copy, Debug)]
struct Header {
    /// Its length.
    frames: usize,
    /// Frames that were lost before it.
    lost: usize,
    block: Block,
}

/// What both ends look at.
#[derive(Debug)]
struct Signals {
    open: AtomicBool,
    /// No sound comes any more.
    ended: AtomicBool,
    overruns: AtomicU64,
}

/// Makes a tap that holds up to `capacity_frames` stereo frames (at least one) between writer and reader. It is open.
pub fn tap(capacity_frames: usize) -> (TapWriter, TapReader) {
    let (frames_in, frames_out) = HeapRb::new(capacity_frames.max(1)).split();
    let (headers_in, headers_out) = HeapRb::new(BLOCKS).split();
    let signals = Arc::new(Signals {
        open: AtomicBool::new(true),
        ended: AtomicBool::new(false),
        overruns: AtomicU64::new(0),
    });
    (
        TapWriter::new(frames_in, headers_in, Arc::clone(&signals)),
        TapReader::new(frames_out, headers_out, signals),
    )
}
