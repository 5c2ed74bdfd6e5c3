//! The wait-free way off the audio thread.
//!
//! Samples go through a single-producer single-consumer ring, because every one of them counts; the transport
//! goes through a triple buffer beside it, because only the newest counts. Neither side ever waits for the
//! other, and nothing here allocates after [`tap`] has returned.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ringbuf::traits::{Consumer, Producer, Split};
use ringbuf::{HeapCons, HeapProd, HeapRb};

/// Frames that are pushed at once.
const PIECE_FRAMES: usize = 128;

/// What the host says about its song position, at the newest block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Transport {
    /// Whether the host plays; while it does not, the other fields say where it stands.
    pub playing: bool,
    /// Tempo in quarter notes per minute, if the host has one.
    pub tempo_bpm: Option<f64>,
    /// Position in quarter notes since the song's start; may be negative in a pre-roll.
    pub beat: Option<f64>,
    /// The time signature.
    pub meter: Option<Meter>,
    /// The bar that it is in, where the host counts them itself: after a change of meter nobody else can.
    pub bar: Option<Bar>,
    /// Position in sample frames since the song's start; may be negative in a pre-roll.
    pub position_samples: Option<i64>,
}

/// A time signature, as it is written: 7 over 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter {
    /// How many in a bar.
    beats: u32,
    /// Of what: 4 for quarter notes, 8 for eighths.
    unit: u32,
}

/// A bar as a host counts it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// The song's first is 0; those of a pre-roll are negative.
    pub number: i32,
    /// Where it begins, in quarter notes since the song's start.
    pub start_beat: f64,
}

impl Meter {
    /// Four quarters.
    pub const COMMON: Self = Self { beats: 4, unit: 4 };

    /// `None` for what is no time signature.
    pub fn new(beats: u32, unit: u32) -> Option<Self> {
        ((1..=256).contains(&beats) && (1..=256).contains(&unit)).then_some(Self { beats, unit })
    }

    /// Quarter notes in a bar: 3.5 in 7/8.
    pub fn quarters(self) -> f64 {
        f64::from(self.beats) * self.quarters_per_beat()
    }

    fn quarters_per_beat(self) -> f64 {
        4.0 / f64::from(self.unit)
    }
}

impl Transport {
    /// Bar and beat as musicians count them, from 1, in the meter's own beats: eighths in 7/8. `None` without a position or a
    /// meter.
    pub fn bar_and_beat(&self) -> Option<(i64, i64)> {
        let (beat, meter) = (self.beat.filter(|beat| beat.is_finite())?, self.meter?);
        let is_within = |bar: &Bar| (0.0..meter.quarters()).contains(&(beat - bar.start_beat));
        let (bar, start_beat) = match self.bar.filter(is_within) {
            Some(bar) => (i64::from(bar.number), bar.start_beat),
            None => {
                let bar = (beat / meter.quarters()).floor();
                (bar as i64, bar * meter.quarters())
            }
        };
        // A position that was rounded on its way must not fall into the beat before.
        let beat = ((beat - start_beat) / meter.quarters_per_beat() + 1e-6).floor() as i64;
        Some((bar + 1, beat + 1))
    }
}

/// The audio thread's end: never blocks, allocates, logs or makes a system call.
pub struct TapWriter {
    frames: HeapProd<[f32; 2]>,
    transport: triple_buffer::Input<Transport>,
    overruns: Arc<AtomicU64>,
    open: Arc<AtomicBool>,
}

/// The listener's end.
pub struct TapReader {
    frames: HeapCons<[f32; 2]>,
    transport: triple_buffer::Output<Transport>,
    overruns: Arc<AtomicU64>,
    open: Arc<AtomicBool>,
}

/// Makes a tap that holds up to `capacity_frames` stereo frames (at least one) between writer and reader. It is open.
pub fn tap(capacity_frames: usize) -> (TapWriter, TapReader) {
    let (producer, consumer) = HeapRb::new(capacity_frames.max(1)).split();
    let (input, output) = triple_buffer::triple_buffer(&Transport::default());
    let overruns = Arc::new(AtomicU64::new(0));
    let open = Arc::new(AtomicBool::new(true));
    (
        TapWriter {
            frames: producer,
            transport: input,
            overruns: Arc::clone(&overruns),
            open: Arc::clone(&open),
        },
        TapReader { frames: consumer, transport: output, overruns, open },
    )
}

impl TapWriter {
    /// Copies one block, if the reader listens at all; pass the same slice twice for mono. Channels of unequal length are cut to the shorter.
    ///
    /// When the reader is too far behind, the frames that do not fit are dropped and counted in
    /// [`TapReader::overruns`].
    pub fn write(&mut self, left: &[f32], right: &[f32]) {
        if !self.open.load(Ordering::Relaxed) {
            return;
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
        let offered = left.len().min(right.len());
        if taken < offered {
            self.overruns.fetch_add((offered - taken) as u64, Ordering::Relaxed);
        }
    }

    /// Publishes where the host stands at the start of the block that is written next.
    pub fn set_transport(&mut self, transport: Transport) {
        self.transport.write(transport);
    }
}

impl TapReader {
    /// Whether anybody listens: a closed tap costs the audio thread one look. Opening forgets what was left in the ring.
    pub fn set_open(&mut self, open: bool) {
        if open {
            self.frames.clear();
        }
        self.open.store(open, Ordering::Relaxed);
    }

    /// Moves the oldest frames into `out` and returns how many there were, 0 when none wait.
    pub fn read(&mut self, out: &mut [[f32; 2]]) -> usize {
        self.frames.pop_slice(out)
    }

    /// The newest transport; it may be ahead of the frames read by as much as waits in the ring.
    pub fn transport(&mut self) -> Transport {
        *self.transport.read()
    }

    /// Frames lost so far because the reader was too slow.
    pub fn overruns(&self) -> u64 {
        self.overruns.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
