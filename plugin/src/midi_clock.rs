//! A MIDI clock's way from the thread on which it comes to the one that taps the sound.
//!
//! Plugins get none: hosts keep it to themselves, and their transport says the same. The program opens a port for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use klangbild_engine::tap::{MidiClock, MidiSong};

/// What begins a message (MIDI 1.0 Detailed Specification, System Common and System Real Time Messages).
const SONG_POSITION: u8 = 0xF2;
const PULSE: u8 = 0xF8;
const START: u8 = 0xFA;
const CONTINUE: u8 = 0xFB;
const STOP: u8 = 0xFC;
/// A song position counts sixteenths.
const PULSES_PER_SIXTEENTH: u32 = 6;

/// Bits of the number that holds all of it: pulses, the song's first one, and what is known of the song.
const PULSE_BITS: u32 = 32;
const FIRST_BITS: u32 = 30;
const STOPPED: u64 = 1;
const PLAYS: u64 = 2;

/// What has come, for whoever looks: one number, so that nobody waits and nobody sees halves.
#[derive(Debug, Default)]
pub struct MidiClockCell(AtomicU64);

impl MidiClockCell {
    /// What has come so far.
    pub fn now(&self) -> MidiClock {
        let held = self.0.load(Relaxed);
        let pulses = held as u32;
        let song = match held >> (PULSE_BITS + FIRST_BITS) {
            PLAYS => {
                // The distance is kept in fewer bits, with its sign.
                let first = (held >> PULSE_BITS) as u32;
                let spare = 32 - FIRST_BITS;
                let since = (pulses.wrapping_sub(first) << spare).cast_signed() >> spare;
                MidiSong::Plays { first: pulses.wrapping_sub(since.cast_unsigned()) }
            }
            STOPPED => MidiSong::Stopped,
            _ => MidiSong::Untold,
        };
        MidiClock { pulses, song }
    }

    fn set(&self, clock: MidiClock) {
        let (state, first) = match clock.song {
            MidiSong::Untold => (0, 0),
            MidiSong::Stopped => (STOPPED, 0),
            MidiSong::Plays { first } => (PLAYS, first & ((1 << FIRST_BITS) - 1)),
        };
        let held = state << (PULSE_BITS + FIRST_BITS) | u64::from(first) << PULSE_BITS;
        self.0.store(held | u64::from(clock.pulses), Relaxed);
    }
}

/// Reads messages; there is one of it, on the thread on which they come.
pub struct MidiClockReader {
    cell: Arc<MidiClockCell>,
    clock: MidiClock,
    /// Where in the song the next pulse falls, while it does not play; in pulses.
    next: u32,
}

impl MidiClockReader {
    /// Writes what it reads into `cell`, and goes on from what is there.
    pub fn new(cell: Arc<MidiClockCell>) -> Self {
        let clock = MidiClock { song: MidiSong::Untold, ..cell.now() };
        Self { cell, clock, next: 0 }
    }

    /// Takes a message; whatever is none of a clock changes nothing.
    pub fn take(&mut self, message: &[u8]) {
        let following = self.clock.pulses.wrapping_add(1);
        match *message {
            [PULSE, ..] => self.clock.pulses = following,
            [START, ..] => {
                self.next = 0;
                self.clock.song = MidiSong::Plays { first: following };
            }
            [CONTINUE, ..] => self.clock.song = MidiSong::Plays { first: following.wrapping_sub(self.next) },
            [STOP, ..] => {
                if let MidiSong::Plays { first } = self.clock.song {
                    self.next = following.wrapping_sub(first);
                }
                self.clock.song = MidiSong::Stopped;
            }
            [SONG_POSITION, low, high, ..] => {
                self.next = PULSES_PER_SIXTEENTH * (u32::from(low & 0x7F) | u32::from(high & 0x7F) << 7);
                if let MidiSong::Plays { first } = &mut self.clock.song {
                    *first = following.wrapping_sub(self.next);
                }
            }
            _ => return,
        }
        self.cell.set(self.clock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a listener knows after these messages: pulses since the song's first, if it plays.
    fn since_first(messages: &[&[u8]], pulses_before: u32) -> Option<i32> {
        let cell = Arc::new(MidiClockCell::default());
        cell.set(MidiClock { pulses: pulses_before, song: MidiSong::Untold });
        let mut reader = MidiClockReader::new(Arc::clone(&cell));
        messages.iter().for_each(|message| reader.take(message));
        match cell.now() {
            MidiClock { pulses, song: MidiSong::Plays { first } } => {
                Some(pulses.wrapping_sub(first).cast_signed())
            }
            _ => None,
        }
    }

    #[test]
    fn the_first_pulse_after_a_start_is_the_songs_first() {
        for before in [0, 7, u32::MAX - 1, u32::MAX, 1 << 30, (1 << 31) + 5] {
            assert_eq!(since_first(&[&[START]], before), Some(-1), "{before}");
            assert_eq!(since_first(&[&[START], &[PULSE], &[PULSE], &[PULSE]], before), Some(2), "{before}");
        }
        assert_eq!(since_first(&[&[PULSE], &[PULSE]], 0), None, "it only beats");
    }

    #[test]
    fn a_song_goes_on_where_it_stopped_or_where_it_is_told() {
        let begun: [&[u8]; 4] = [&[START], &[PULSE], &[PULSE], &[STOP]];
        assert_eq!(since_first(&begun, 0), None);
        let goes_on = [&begun[..], &[&[PULSE], &[PULSE], &[CONTINUE], &[PULSE]]].concat();
        assert_eq!(since_first(&goes_on, 0), Some(2), "pulses while it stands move nothing");
        let told = [&begun[..], &[&[SONG_POSITION, 1, 2], &[CONTINUE], &[PULSE]]].concat();
        assert_eq!(since_first(&told, 0), Some(6 * 257));
    }

    #[test]
    fn what_is_no_clock_changes_nothing() {
        let noise: [&[u8]; 5] = [&[], &[0x90, 60, 100], &[SONG_POSITION], &[0xFE], &[0xF0, 1, 0xF7]];
        let messages = [&[[START].as_slice(), &[PULSE]], &noise[..]].concat();
        assert_eq!(since_first(&messages, 0), Some(0));
    }
}
