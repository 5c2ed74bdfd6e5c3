//! Beginnings that are no drum: notes, voices, claps of a hand.

use super::pulse::Pulse;
use super::{Drum, Heard};

const DECAY_S: f32 = 0.12;
/// A drum this near to an onset is that onset.
const SAME_S: f64 = 0.05;
/// Drums are told some hops later than other onsets, most of all by a network: so long it waits for them.
const WAIT_S: f64 = 0.04;

/// Waits for a drum to own an onset.
pub(super) struct Other {
    pulse: Pulse,
    onsets: u32,
    /// An onset, and when it was told.
    waiting: Option<(Drum, f64)>,
}

impl Other {
    pub(super) fn new(hop_s: f32) -> Self {
        Self { pulse: Pulse::new(hop_s, DECAY_S), onsets: 0, waiting: None }
    }

    /// Moves on by one hop, in which drums and onsets are already told.
    pub(super) fn hop(&mut self, heard: &mut Heard) {
        if heard.onset.count != self.onsets {
            self.onsets = heard.onset.count;
            self.waiting = Some((heard.onset, heard.time_s));
        }
        let mut found = None;
        if let Some((onset, told_s)) = self.waiting
            && heard.time_s - told_s >= WAIT_S
        {
            self.waiting = None;
            let is_it = |drum: Drum| drum.count > 0 && (drum.time_s - onset.time_s).abs() < SAME_S;
            found = Some(onset).filter(|_| ![heard.kick, heard.snare, heard.hat].into_iter().any(is_it));
        }
        heard.other =
            self.pulse.hop(found.map(|onset| onset.strength), found.map_or(0.0, |onset| onset.time_s));
    }
}
