//! What a host's song position does to the motion: where the song comes back to a place, so does the picture.
//!
//! Someone who works on eight bars in a loop, or starts again at the verse, wants to see the same pictures to the same
//! bars. So the state of the motion is remembered about once a beat, and taken up again when the host jumps to where it
//! has been before.

use std::collections::BTreeMap;

use super::state::State;
use crate::hearing::Heard;
use crate::tap::Transport;

/// Beats that are remembered at most; some 15 kB each.
const MOST_BEATS: usize = 2048;
/// A step back of the song position that is more than jitter, in beats.
const BACK_BEATS: f64 = 0.1;
/// A step forward that is more than the host being ahead of what was heard by a block.
const AHEAD_BEATS: f64 = 1.0;
/// Remembered places so close ahead count as the same place: hosts round.
const SAME_PLACE_BEATS: f64 = 0.1;
/// Taken for the tempo where none is known: faster than it can be.
const FASTEST_BPM: f64 = 300.0;

/// Where a host is in its song.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SongPlace {
    /// Whether it plays; the point rests while it does not.
    pub playing: bool,
    /// Quarter notes since the song's start; may be negative in a pre-roll.
    pub beat: f64,
}

impl SongPlace {
    /// Where the host is `after_s` seconds after it said `transport`; `None` from a host that does not say.
    pub fn of(transport: &Transport, after_s: f64) -> Option<Self> {
        let Transport { playing, tempo_bpm, beat, .. } = *transport;
        let went = if playing { after_s * tempo_bpm.unwrap_or(0.0) / 60.0 } else { 0.0 };
        beat.map(|beat| Self { playing, beat: beat + went })
    }
}

/// The state of the motion as it was at a place in the song.
pub(super) struct Snapshot {
    beat: f64,
    state: State,
    heard: Heard,
    /// Which of all snapshots it was.
    number: u64,
}

/// Remembers what the motion was like where.
#[derive(Default)]
pub(super) struct Memory {
    by_beat: BTreeMap<i64, Snapshot>,
    taken: u64,
    /// Where the song was last, and when.
    last: Option<(f64, f64)>,
}

impl Memory {
    /// Takes note that the song is at `beat` after `heard`. Gives the state to go back to, if it has jumped to where it was
    /// before; otherwise `state` is remembered where a beat begins.
    pub(super) fn pass(&mut self, beat: f64, heard: &Heard, state: &State) -> Option<State> {
        let (key, jumped) = (beat.floor() as i64, self.jumped(beat, heard));
        let last = self.last.replace((beat, heard.time_s));
        if jumped && let Some(snapshot) = self.near(beat) {
            return Some(snapshot.state.clone().delayed(&snapshot.heard, heard));
        }
        let begins = last.is_none_or(|(last, _)| last.floor() as i64 != key);
        // Before the first embedding there is nothing that would be worth coming back to.
        if state.home.is_found() && (jumped || begins || !self.by_beat.contains_key(&key)) {
            self.by_beat
                .insert(key, Snapshot { beat, state: state.clone(), heard: *heard, number: self.taken });
            self.taken += 1;
            self.forget_the_oldest();
        }
        None
    }

    /// The song stands still while time goes on.
    pub(super) fn rest(&mut self, heard: &Heard) {
        self.last = self.last.map(|(beat, _)| (beat, heard.time_s));
    }

    /// There is no song position any more; the next one may be anywhere.
    pub(super) fn lose_track(&mut self) {
        self.last = None;
    }

    /// What was remembered is no longer where anyone wants to go back to.
    pub(super) fn forget(&mut self) {
        self.by_beat.clear();
    }

    fn jumped(&self, beat: f64, heard: &Heard) -> bool {
        let Some((last_beat, last_s)) = self.last else { return true };
        let tempo_bpm = if heard.tempo_bpm > 0.0 { f64::from(heard.tempo_bpm) } else { FASTEST_BPM };
        let expected = (heard.time_s - last_s).max(0.0) * tempo_bpm / 60.0;
        let went = beat - last_beat;
        went < -BACK_BEATS || went > AHEAD_BEATS + 2.0 * expected
    }

    /// The latest place that is not after `beat` and less than a beat before it.
    fn near(&self, beat: f64) -> Option<&Snapshot> {
        let key = beat.floor() as i64;
        let not_after = |snapshot: &&Snapshot| (-SAME_PLACE_BEATS..1.0).contains(&(beat - snapshot.beat));
        self.by_beat.range(key - 1..=key + 1).rev().map(|(_, snapshot)| snapshot).find(not_after)
    }

    fn forget_the_oldest(&mut self) {
        if self.by_beat.len() > MOST_BEATS {
            let oldest = self.by_beat.iter().min_by_key(|(_, snapshot)| snapshot.number).map(|(key, _)| *key);
            oldest.and_then(|key| self.by_beat.remove(&key));
        }
    }
}
