//! Who tells the beat, and what is shown of it.
//!
//! Four clocks may: the host's transport, a MIDI clock, what the user taps (or locks), and the ear. The first of these that
//! runs leads. Where another takes over, the beat goes on from where it is: see [`Glide`]. What the user puts right counts for
//! ear and taps; a host and a MIDI clock know their tempo.

mod bars;
mod clock;
mod glide;
mod level;
mod metronome;
mod pulses;
mod taps;
#[cfg(test)]
mod tests;

pub use clock::Clock;

use super::host_beat::HostBeat;
use super::place::Place;
use crate::controls::{ByHand, Controls, Correction};
use crate::tap::{MidiClock, Transport};
use bars::Bars;
use glide::Glide;
use level::Level;
use metronome::Metronome;
use pulses::Pulses;
use taps::{Tapped, Taps};

/// A step of a nudge, and how far they go together.
const NUDGE_S: f64 = 0.01;
const MOST_NUDGE_S: f64 = 0.5;
/// Music that is silent for so long is over: what was put right about its beat is forgotten.
const OVER_S: f64 = 2.0;

/// All clocks.
pub(super) struct Clocks {
    rate_hz: f64,
    hop_s: f64,
    host: HostBeat,
    pulses: Pulses,
    taps: Taps,
    /// What was tapped since the last hop.
    tapped: Option<Tapped>,
    metronome: Option<Metronome>,
    /// Places at which a metronome began to count.
    counts: u32,
    level: Level,
    bars: Bars,
    glide: Glide,
    /// What was put right so far; `None` before the first look.
    seen: Option<ByHand>,
    /// How often the beat is to be doubled, or halved.
    doubled: i32,
    ones: bool,
    is_locked: bool,
    /// By how much beats fall earlier than the clock says.
    nudge_s: f64,
    /// What of that is on its way.
    nudged_s: f64,
    silent_s: f64,
    /// What led last, and its tempo.
    leader: Clock,
    tempo_bpm: f64,
    midi_counts: u32,
}

impl Clocks {
    /// Of sound at `rate_hz`, in hops of `hop_s`.
    pub(super) fn new(rate_hz: f64, hop_s: f64) -> Self {
        Self {
            rate_hz,
            hop_s,
            host: HostBeat::default(),
            pulses: Pulses::new(),
            taps: Taps::default(),
            tapped: None,
            metronome: None,
            counts: 0,
            level: Level::default(),
            bars: Bars::default(),
            glide: Glide::default(),
            seen: None,
            doubled: 0,
            ones: false,
            is_locked: false,
            nudge_s: 0.0,
            nudged_s: 0.0,
            silent_s: OVER_S,
            leader: Clock::Nobody,
            tempo_bpm: 0.0,
            midi_counts: 0,
        }
    }

    /// Takes a look at the host at frame `at`, before what follows is heard.
    pub(super) fn look(&mut self, at: u64, transport: Option<&Transport>) {
        self.host.look(at, transport, self.rate_hz);
    }

    /// Takes a look at what the user has put right, and at a MIDI clock, up to frame `at`.
    pub(super) fn correct(&mut self, at: u64, controls: &Controls, midi: &MidiClock) {
        let at_s = at as f64 / self.rate_hz;
        self.pulses.look(at_s, midi);
        self.is_locked = controls.metronome_lock;
        // What was done before there was anybody to hear it is past.
        let seen = self.seen.get_or_insert(controls.by_hand);
        if *seen == controls.by_hand {
            return;
        }
        let done = seen.catch_up(&controls.by_hand);
        let times = |correction: Correction| f64::from(done[correction as usize]);
        if times(Correction::Tap) > 0.0 {
            self.tapped = self.taps.tap(at_s).or(self.tapped);
        }
        self.doubled += times(Correction::Double).min(8.0) as i32 - times(Correction::Half).min(8.0) as i32;
        self.ones |= times(Correction::One) > 0.0;
        let earlier_s = NUDGE_S * (times(Correction::Earlier) - times(Correction::Later));
        let nudge_s = (self.nudge_s + earlier_s).clamp(-MOST_NUDGE_S, MOST_NUDGE_S);
        self.nudged_s += nudge_s - std::mem::replace(&mut self.nudge_s, nudge_s);
    }

    /// A hop ends at frame `at`: the ear says `ear`, and there is music or not. What is shown, and who says so.
    pub(super) fn hop(&mut self, at: u64, ear: Place, is_music: bool) -> (Place, Clock) {
        let at_s = at as f64 / self.rate_hz;
        self.notice_end(&ear, is_music);
        self.change_level(&ear, at_s);
        let host = self.host.place(at, self.rate_hz);
        let phase = self.glide.shown().rem_euclid(1.0);
        let midi = self.pulses.place(at_s, self.hop_s, phase);
        self.beat_time(&ear, at_s, host.is_none() && midi.is_some());
        let higher = host.map(|place| (Clock::Host, 0, place));
        let higher = higher.or(midi.map(|(place, count)| (Clock::Midi, count, place)));
        if self.is_locked
            && let Some((_, _, place)) = &higher
        {
            // What runs on without them is where they were.
            let metronome = Metronome::new(at_s, place.beat, f64::from(place.tempo_bpm), self.counts);
            self.counts = metronome.counts;
            self.metronome = Some(metronome);
        }
        let by_user = self.metronome.map(|it| (Clock::Tap, it.counts, it.place(at_s)));
        let heard = (ear.tempo_bpm > 0.0).then(|| (Clock::Ear, self.level.changes(), self.level.of(&ear)));
        let shown = match higher.or(by_user).or(heard) {
            Some((clock, count, place)) => self.show(clock, count, place, at_s),
            None => self.rest(&ear),
        };
        (self.ones, self.doubled, self.tapped, self.nudged_s) = (false, 0, None, 0.0);
        shown
    }

    /// Nobody tells a beat.
    fn rest(&mut self, ear: &Place) -> (Place, Clock) {
        self.glide.rest();
        self.bars.rest();
        (self.leader, self.tempo_bpm) = (Clock::Nobody, 0.0);
        let mut shown = Place { beat: self.glide.shown(), confidence: ear.confidence, ..Place::default() };
        self.bars.tell(&mut shown);
        (shown, Clock::Nobody)
    }

    fn show(&mut self, clock: Clock, count: u32, mut place: Place, at_s: f64) -> (Place, Clock) {
        let per_s = f64::from(place.tempo_bpm) / 60.0;
        self.glide.shove(self.nudged_s * per_s);
        let step = self.glide.follow(clock, count, place.beat + self.nudge_s * per_s, self.hop_s * per_s);
        if place.beats_per_bar > 0.0 {
            place.bar += self.nudge_s * per_s / f64::from(place.beats_per_bar);
        }
        self.bars.follow(clock, &mut place, step);
        let shown = self.glide.shown();
        if self.ones && clock != Clock::Host {
            let skip = self.bars.one(shown);
            self.glide.skip(skip);
            self.bars.tell(&mut place);
        } else if clock == Clock::Midi && count != self.midi_counts {
            self.glide.skip(self.bars.skip(shown));
            self.midi_counts = count;
        }
        place.beat = shown;
        (self.leader, self.tempo_bpm) = (clock, f64::from(place.tempo_bpm));
        if self.is_locked && self.metronome.is_none() {
            self.lock(at_s);
        }
        (place, clock)
    }

    /// What is shown runs on by itself from here.
    fn lock(&mut self, at_s: f64) {
        let nudge = self.nudge_s * self.tempo_bpm / 60.0;
        let metronome = Metronome::new(at_s, self.glide.shown() - nudge, self.tempo_bpm, self.counts);
        self.counts = metronome.counts;
        self.metronome = Some(metronome);
    }

    /// Taps, and whether what runs by itself is still needed.
    fn beat_time(&mut self, ear: &Place, at_s: f64, midi_leads: bool) {
        if let Some(tapped) = self.tapped {
            if midi_leads && self.pulses.is_untold() {
                // Its tempo is exact; of which of its pulses is a beat it knows nothing.
                self.pulses.align(tapped.beat_s, 0.0);
            } else {
                let nudge = self.nudge_s * self.tempo_bpm / 60.0;
                let since = (at_s - tapped.beat_s) * self.tempo_bpm / 60.0;
                let there = self.glide.shown() - nudge - since;
                let made = Metronome::of_taps(tapped, self.tempo_bpm, there, self.counts);
                if let Some(metronome) = made {
                    self.counts = metronome.counts;
                    self.metronome = Some(metronome);
                }
            }
        }
        if self.is_locked {
            return;
        }
        let is_over = match &mut self.metronome {
            Some(metronome) if metronome.is_tapped => {
                metronome.is_agreed(ear, &mut self.level, at_s, self.hop_s)
            }
            // It was locked, and is no longer.
            Some(_) => true,
            None => false,
        };
        if is_over {
            self.metronome = None;
        }
    }

    fn change_level(&mut self, ear: &Place, at_s: f64) {
        if self.doubled == 0 || !matches!(self.leader, Clock::Ear | Clock::Tap) {
            return;
        }
        let changed = self.level.change(self.doubled, ear);
        if let Some(metronome) = &mut self.metronome {
            metronome.change(changed, at_s);
            self.counts = metronome.counts;
        }
    }

    /// Where music ends, what was put right about it is forgotten.
    fn notice_end(&mut self, ear: &Place, is_music: bool) {
        let before_s = self.silent_s;
        self.silent_s = if is_music { 0.0 } else { before_s + self.hop_s };
        if before_s < OVER_S && self.silent_s >= OVER_S {
            self.level.forget(ear);
            self.bars.forget();
            self.metronome = self.metronome.filter(|_| self.is_locked);
        }
    }
}
