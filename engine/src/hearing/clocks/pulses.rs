//! Tempo and place of a MIDI clock, from pulses that come a little early or late.

use super::taps::line;
use crate::hearing::place::Place;
use crate::tap::{MidiClock, MidiSong, PULSES_PER_BEAT};

/// Pulses that count together: four beats.
const MOST: usize = 96;
/// Without a pulse for so long there is no clock: 5 BPM.
const SILENT_S: f64 = 0.5;
/// So many pulses say something about the tempo, in at least so many looks.
const ENOUGH_PULSES: f64 = 12.0;
const ENOUGH_LOOKS: usize = 4;
/// The newest pulses that are all late, or all early, by more than this are of another tempo.
const NEWEST: usize = 6;
const DRIFT_S: f64 = 0.005;
/// What is then still believed.
const KEPT: usize = 12;
/// A pulse that is so many times as far off as the usual one is a mishap.
const MISHAP: f64 = 3.0;
/// The beat comes to where the pulses say within this time.
const SETTLE_S: f64 = 0.15;
/// Further away, in beats, it is another place.
const JUMP_BEATS: f64 = 0.25;
/// Beats in a bar: MIDI clock says no meter.
const BEATS_PER_BAR: f64 = 4.0;
const TEMPI_BPM: std::ops::RangeInclusive<f64> = 20.0..=400.0;

/// Follows a MIDI clock.
#[derive(Debug)]
pub(super) struct Pulses {
    /// When so many pulses had come, oldest first; with room for the one after the last.
    came: Vec<(f64, f64)>,
    seen: Option<MidiClock>,
    /// Pulses so far, without wrapping.
    total: i64,
    newest_s: f64,
    /// When pulse 0 was, and how long one lasts, in seconds.
    line: Option<(f64, f64)>,
    /// Which pulse falls on beat 0.
    first: i64,
    /// Whether that means something.
    is_placed: bool,
    /// The running beat; `None` while nobody counts.
    beat: Option<f64>,
    /// Counts the places at which it began to count.
    counts: u32,
}

impl Pulses {
    pub fn new() -> Self {
        Self {
            came: Vec::with_capacity(MOST + 1),
            seen: None,
            total: 0,
            newest_s: f64::NEG_INFINITY,
            line: None,
            first: 0,
            is_placed: false,
            beat: None,
            counts: 0,
        }
    }

    /// Takes a look at what has come up to `at_s`.
    pub fn look(&mut self, at_s: f64, midi: &MidiClock) {
        let Some(seen) = self.seen.replace(*midi) else {
            self.total = i64::from(midi.pulses);
            return self.tell_song(midi);
        };
        let came = midi.pulses.wrapping_sub(seen.pulses).cast_signed();
        if came > 0 {
            if at_s - self.newest_s > SILENT_S {
                self.forget();
            }
            (self.total, self.newest_s) = (self.total + i64::from(came), at_s);
            if self.came.len() == MOST {
                self.came.remove(0);
            }
            self.came.push((self.total as f64, at_s));
            self.fit();
        } else {
            // A reader that has not heard the newest yet; or the clock is another one, and counts from there.
            self.total += i64::from(came);
            if came < 0 {
                self.forget();
            }
        }
        if midi.song != seen.song {
            self.tell_song(midi);
        }
    }

    /// What comes now is another clock's, or begins anew.
    fn forget(&mut self) {
        (self.line, self.beat) = (None, None);
        self.is_placed &= !self.is_untold();
        self.came.clear();
    }

    /// Where the clock's song is has changed.
    fn tell_song(&mut self, midi: &MidiClock) {
        if let MidiSong::Plays { first } = midi.song {
            self.first = self.total - i64::from(midi.pulses.wrapping_sub(first).cast_signed());
            (self.beat, self.is_placed) = (None, true);
        }
    }

    fn fit(&mut self) {
        let Some((first_s, pulse_s)) = line(self.came.iter().copied()) else { return };
        let late =
            |&(pulse, at_s): &(f64, f64), (first_s, pulse_s): (f64, f64)| at_s - first_s - pulse * pulse_s;
        let usual_s = self.came.iter().map(|it| late(it, (first_s, pulse_s)).abs()).sum::<f64>()
            / self.came.len() as f64;
        let near = self
            .came
            .iter()
            .copied()
            .filter(|it| late(it, (first_s, pulse_s)).abs() <= MISHAP * usual_s.max(1e-6));
        let fitted = line(near).unwrap_or((first_s, pulse_s));
        let newest = &self.came[self.came.len().saturating_sub(NEWEST)..];
        let drift_s = newest.iter().map(|it| late(it, fitted)).sum::<f64>() / newest.len() as f64;
        if drift_s.abs() > DRIFT_S && self.came.len() > KEPT {
            self.came.drain(..self.came.len() - KEPT);
            self.line = line(self.came.iter().copied()).or(Some(fitted));
        } else {
            self.line = Some(fitted);
        }
    }

    /// Whether it says nothing about a song: then which of its pulses is a beat is for others to say.
    pub fn is_untold(&self) -> bool {
        self.seen.is_some_and(|seen| seen.song == MidiSong::Untold)
    }

    /// At `at_s` the place within the beat is `phase`, as far as pulses allow.
    pub fn align(&mut self, at_s: f64, phase: f64) {
        if let Some((first_s, pulse_s)) = self.line {
            let pulse = (at_s - first_s) / pulse_s;
            self.first = (pulse - phase * PULSES_PER_BEAT).round() as i64;
            (self.beat, self.is_placed) = (None, true);
        }
    }

    /// Where it is at `at_s`, a hop after the last time, if it leads; and the number of the count. `phase` is the place within
    /// the beat that is shown, for a clock that does not know its own.
    pub fn place(&mut self, at_s: f64, hop_s: f64, phase: f64) -> Option<(Place, u32)> {
        let seen = self.seen?;
        let (first_s, pulse_s) = self.line?;
        let tempo_bpm = 60.0 / (PULSES_PER_BEAT * pulse_s);
        let (oldest, newest) = (self.came.first()?.0, self.came.last()?.0);
        let is_sure = self.came.len() >= ENOUGH_LOOKS && newest - oldest >= ENOUGH_PULSES;
        let leads = seen.song != MidiSong::Stopped && at_s - self.newest_s <= SILENT_S;
        if !leads || !is_sure || !TEMPI_BPM.contains(&tempo_bpm) {
            self.beat = None;
            return None;
        }
        if !self.is_placed {
            self.align(at_s, phase);
        }
        let told = ((at_s - first_s) / pulse_s - self.first as f64) / PULSES_PER_BEAT;
        let advance = hop_s * tempo_bpm / 60.0;
        let beat = match self.beat.map(|beat| beat + advance) {
            Some(beat) if (told - beat).abs() < JUMP_BEATS => {
                let pull = (told - beat) * (hop_s / SETTLE_S).min(1.0);
                beat + pull.clamp(-0.5 * advance, 0.5 * advance)
            }
            _ => {
                self.counts = self.counts.wrapping_add(1);
                told
            }
        };
        self.beat = Some(beat);
        let knows_bar = matches!(seen.song, MidiSong::Plays { .. });
        let place = Place {
            beat,
            bar: if knows_bar { beat / BEATS_PER_BAR } else { 0.0 },
            tempo_bpm: tempo_bpm as f32,
            beats_per_bar: if knows_bar { BEATS_PER_BAR as f32 } else { 0.0 },
            confidence: 1.0,
            bar_confidence: if knows_bar { 0.5 } else { 0.0 },
        };
        Some((place, self.counts))
    }
}
