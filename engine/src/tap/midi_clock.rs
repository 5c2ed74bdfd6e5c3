//! MIDI clock, as far as it has come.

/// Pulses in a quarter note (MIDI 1.0 Detailed Specification, System Real Time Messages).
pub const PULSES_PER_BEAT: f64 = 24.0;

/// What a MIDI clock has sent, up to a frame. Counts, so that a reader that skips blocks misses nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MidiClock {
    /// Pulses so far, 24 to a quarter note; wraps.
    pub pulses: u32,
    /// What it says about a song.
    pub song: MidiSong,
}

/// What a MIDI clock says about its song.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MidiSong {
    /// Nothing: it only beats. Then it leads whenever it beats.
    #[default]
    Untold,
    /// It stands, and leads nobody, even if it beats.
    Stopped,
    /// It plays.
    Plays {
        /// Which pulse falls on the song's first beat; wraps.
        first: u32,
    },
}
