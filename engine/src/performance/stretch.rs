//! Sound, and what happens in it.

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::motion::SongPlace;
use crate::tap::Transport;

/// A stretch of sound, with everything that happens in it, in order.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// Which performance it belongs to: another number is a new beginning, at any place and rate.
    pub performance: u64,
    /// Where its first frame is, in frames from the song's start.
    pub at: u64,
    /// Frames per second.
    pub sample_rate_hz: u32,
    /// The sound.
    pub frames: Vec<[f32; 2]>,
    /// Whether it came from the host; silence that stands for a host which has stopped did not.
    pub is_played: bool,
    /// Where the host is at the first frame, as it said.
    pub transport: Option<Transport>,
    /// What is turned to what.
    pub controls: Controls,
    /// What happens, and when. Whoever follows takes them in this order.
    pub cues: Vec<Cue>,
}

/// Something that happens at a place in the sound.
#[derive(Clone, Copy, Debug)]
pub struct Cue {
    /// After so many frames from the song's start; at most the end of its stretch.
    pub at: u64,
    /// What it is.
    pub what: What,
}

/// What can happen.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::large_enum_variant, reason = "most cues are hops, the largest: a box each would cost more")]
pub enum What {
    /// Something was turned.
    Turn(Controls),
    /// A hop was heard: sensitivity and steps applied, and where the host is in its song.
    Hop(Heard, Option<SongPlace>),
    /// The encoder is due.
    Embed,
    /// A picture is due.
    Paint,
}

impl Stretch {
    /// Where it ends, in frames from the song's start.
    pub fn end(&self) -> u64 {
        self.at + self.frames.len() as u64
    }

    /// Audio time at `at`, in seconds from the song's start.
    pub fn time_s(&self, at: u64) -> f64 {
        at as f64 / f64::from(self.sample_rate_hz)
    }
}
