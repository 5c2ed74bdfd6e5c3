//! Who can tell the beat.

use serde::Serialize;

use crate::hearing::heard::Feeling;

/// Who tells the beat: of those that do, the last in this list leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Nobody: there is no beat.
    #[default]
    Nobody,
    /// The ear.
    Ear,
    /// The user: taps, or the metronome lock.
    Tap,
    /// A MIDI clock.
    Midi,
    /// The host's transport.
    Host,
}

impl Feeling for Clock {
    fn push(self, out: &mut Vec<f32>) {
        out.push(f32::from(self as u8));
    }

    fn members(name: &str, at: usize) -> Vec<(String, String)> {
        f32::members(name, at)
    }

    fn number(self) -> Option<f32> {
        Some(f32::from(self as u8))
    }
}
