//! The bar pointer: a belief about tempo, place in the beat and place in the bar, moved on with every frame.
//!
//! A hidden Markov model whose states are a meter, a beat of its bar, a beat period, and a place within that beat
//! (Whiteley, Cemgil and Godsill, "Bayesian modelling of temporal structure in musical audio", 2006), laid out so that
//! each period has as many places as frames and the period changes at beats alone (Krebs, Böck and Widmer, "An efficient
//! state-space model for joint tempo and meter tracking", 2015). The forward pass alone runs: it knows nothing of the future.
//!
//! Only what the front says at a beat moves the belief: everything else is a turn of rings.

mod reading;
mod space;

pub(super) use reading::{KNOWS_NOTHING, Reader, Reading};
use space::{ANY_PERIOD, LANES, Space};

/// What a front says about one frame: how much more likely it looks if a beat falls there, and if a bar begins there, than if
/// nothing does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    pub beat: f32,
    pub downbeat: f32,
}

impl Evidence {
    /// Says nothing.
    pub(super) const NONE: Self = Self { beat: 1.0, downbeat: 1.0 };

    /// Both together, of which the other counts for so much.
    pub(super) fn with(self, other: Self, weight: f32) -> Self {
        let together = |ours: f32, theirs: f32| ours * if theirs > 0.0 { theirs.powf(weight) } else { 1.0 };
        Self { beat: together(self.beat, other.beat), downbeat: together(self.downbeat, other.downbeat) }
    }
}

/// Share of the belief that starts anew in each second, anywhere: music is cut, loops, and jumps.
const JUMPS_PER_S: f32 = 0.03;
/// Frames between two looks at all states. In between only what is near a beat is touched.
const SWEEP_EVERY: u32 = 8;

/// The belief.
pub(super) struct Pointer {
    frame_s: f32,
    space: Space,
    /// Fast beats are doubted.
    is_patient: bool,
    /// By period, place and lane: see [`Space`].
    belief: Vec<[f32; LANES]>,
    /// Where place 0 lies in the ring of each period.
    heads: Vec<usize>,
    /// What leaves each period's last place.
    leaving: Vec<[f32; LANES]>,
    /// What all beliefs sum to: 1 after each sweep.
    total: f32,
    /// Share of the belief by period, as of the last sweep; room is made once.
    by_period: Vec<f32>,
    since_sweep: u32,
    /// Share that starts anew at each sweep.
    jumps: f32,
    /// Mean log evidence for a rhythm against none, in nepers a second, over the last seconds.
    evidence: f32,
    follow: f32,
}

impl Pointer {
    /// `frame_s`: how far apart frames are. `is_patient`: what hears does not tell a beat from half of one, so fast beats are doubted.
    pub(super) fn new(frame_s: f64, is_patient: bool) -> Self {
        let frame_s = frame_s as f32;
        let space = Space::new(frame_s);
        let mut pointer = Self {
            is_patient,
            frame_s,
            belief: vec![[0.0; LANES]; space.places()],
            heads: vec![0; space.periods().len()],
            leaving: vec![[0.0; LANES]; space.periods().len()],
            total: 1.0,
            by_period: Vec::new(),
            since_sweep: 0,
            jumps: JUMPS_PER_S * frame_s * SWEEP_EVERY as f32,
            evidence: 0.0,
            follow: super::envelope::approach(frame_s, 3.0),
            space,
        };
        pointer.reset();
        pointer
    }

    /// Forgets everything; what comes next is other music.
    pub(super) fn reset(&mut self) {
        for (index, period) in self.space.periods().iter().enumerate() {
            let share = period.prior / period.frames as f32;
            let ring = &mut self.belief[period.range()];
            ring.fill(self.space.start().map(|lane| lane * share));
            self.heads[index] = 0;
        }
        self.by_period = self.space.periods().iter().map(|period| period.prior).collect();
        (self.total, self.since_sweep, self.evidence) = (1.0, 0, 0.0);
    }

    /// Whether all states have just been looked at.
    fn is_swept(&self) -> bool {
        self.since_sweep == 0
    }

    /// The belief at a place of a period's beat, by lanes.
    fn at(&self, period: usize, place: usize) -> &[f32; LANES] {
        let ring = &self.space.periods()[period];
        &self.belief[ring.first + (self.heads[period] + place) % ring.frames]
    }

    /// Moves on by one frame.
    pub(super) fn step(&mut self, seen: Evidence) {
        self.turn();
        self.weigh(seen);
        self.since_sweep += 1;
        if self.since_sweep == SWEEP_EVERY {
            self.since_sweep = 0;
            self.sweep();
        }
    }

    /// Every place becomes the next; at a beat's end the next beat begins, perhaps at another period.
    fn turn(&mut self) {
        let periods = self.space.periods();
        for ((period, head), leaving) in periods.iter().zip(&mut self.heads).zip(&mut self.leaving) {
            *head = (*head + period.frames - 1) % period.frames;
            *leaving = self.space.next_beat(&self.belief[period.first + *head]);
        }
        let mut any = [0.0; LANES];
        for leaving in &self.leaving {
            any.iter_mut().zip(leaving).for_each(|(any, leaving)| *any += ANY_PERIOD * leaving);
        }
        for (index, (period, head)) in periods.iter().zip(&self.heads).enumerate() {
            let mut arriving = any.map(|any| any * period.prior);
            for &(from, weight) in self.space.from(index) {
                for (to, from) in arriving.iter_mut().zip(&self.leaving[from]) {
                    *to += weight * from;
                }
            }
            let likely = if self.is_patient { period.unhurried } else { 1.0 };
            self.belief[period.first + head] = arriving.map(|arriving| likely * arriving);
        }
    }

    fn weigh(&mut self, seen: Evidence) {
        let likely =
            |kinds: [f32; LANES]| kinds.map(|first| seen.beat - 1.0 + first * (seen.downbeat - seen.beat));
        let likely = [likely(self.space.kinds()), likely(self.space.kinds_next())];
        let mut gained = [0.0; LANES];
        for (period, head) in self.space.periods().iter().zip(&self.heads) {
            for (place, weight) in period.zone() {
                let slot = (head + place) % period.frames;
                // What lies before the middle of the ring is after its beat, what lies behind it before the next one.
                let likely = &likely[usize::from(2 * place >= period.frames)];
                let belief = &mut self.belief[period.first + slot];
                for ((belief, likely), gained) in belief.iter_mut().zip(likely).zip(&mut gained) {
                    let gain = *belief * weight * likely;
                    *belief += gain;
                    *gained += gain;
                }
            }
        }
        let before = self.total;
        self.total = (before + gained.iter().sum::<f32>()).max(f32::MIN_POSITIVE);
        self.evidence += self.follow * ((self.total / before).ln() - self.evidence);
    }

    /// Lets all beliefs sum to 1 again, a few of them anew.
    fn sweep(&mut self) {
        self.total = 0.0;
        self.by_period.clear();
        for period in self.space.periods() {
            let mut lanes = [0.0; LANES];
            for place in &self.belief[period.range()] {
                lanes.iter_mut().zip(place).for_each(|(sum, belief)| *sum += belief);
            }
            self.by_period.push(lanes.iter().sum());
        }
        let sum: f32 = self.by_period.iter().sum();
        let (kept, fresh) = ((1.0 - self.jumps) / sum.max(f32::MIN_POSITIVE), self.jumps);
        for (period, share) in self.space.periods().iter().zip(&mut self.by_period) {
            *share = *share * kept + fresh * period.prior;
            let fresh = self.space.start().map(|lane| fresh * lane * period.prior / period.frames as f32);
            for place in &mut self.belief[period.range()] {
                for (belief, fresh) in place.iter_mut().zip(&fresh) {
                    *belief = *belief * kept + fresh;
                }
            }
        }
        self.total = 1.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME_S: f64 = 0.01;

    /// Reads a pointer after `seconds` of beats at these times, each with its place in the bar from 0.
    fn read(seconds: f64, beats: impl Fn(f64) -> (f64, u32)) -> Reading {
        let (mut pointer, mut reader) = (Pointer::new(FRAME_S, false), Reader::default());
        let mut last = Reading::default();
        for frame in 0..(seconds / FRAME_S) as usize {
            let (away, place) = beats(frame as f64 * FRAME_S);
            let here = away.abs() < 1.6 * FRAME_S;
            let likely = |yes: bool| if yes { 6.0 } else { 0.5 };
            pointer.step(Evidence { beat: likely(here && place != 0), downbeat: likely(here && place == 0) });
            last = reader.read(&pointer);
        }
        last
    }

    /// Seconds from the nearest beat of an even pulse, and that beat's place in the bar.
    fn pulse(bpm: f64, beats_per_bar: u32) -> impl Fn(f64) -> (f64, u32) {
        move |time_s| {
            let beat = time_s * bpm / 60.0;
            ((beat - beat.round()) * 60.0 / bpm, beat.round() as u32 % beats_per_bar)
        }
    }

    #[test]
    fn an_even_pulse_is_read_as_it_is() {
        for (bpm, beats_per_bar) in [(47.0, 3), (97.3, 4), (124.0, 4), (180.0, 5), (236.0, 7)] {
            let seconds = 16.0;
            let reading = read(seconds, pulse(bpm, beats_per_bar));
            let found = 60.0 / f64::from(reading.period_s);
            assert!((found / bpm - 1.0).abs() < 0.02, "{bpm}: {found}");
            let truth = (seconds - FRAME_S) * bpm / 60.0;
            let off = f64::from(reading.phase) - truth.fract();
            assert!((off - off.round()).abs() < 0.06, "{bpm}: {} at {truth}", reading.phase);
            assert_eq!(reading.beats_per_bar, beats_per_bar, "{bpm}");
            let beat = truth.floor() as u32 % beats_per_bar;
            let nearly_next = truth.fract() > 0.94 && reading.phase < 0.06;
            assert_eq!(
                (reading.beat_of_bar + beats_per_bar - u32::from(nearly_next)) % beats_per_bar,
                beat,
                "{bpm}"
            );
            assert!(reading.place_share > 0.9 && reading.evidence > -0.5, "{bpm}: {reading:?}");
        }
    }

    #[test]
    fn where_nothing_falls_there_is_no_evidence() {
        let reading = read(10.0, |_| (1.0, 1));
        assert!(reading.evidence < -1.0, "{reading:?}");
    }

    #[test]
    fn another_tempo_is_found_within_four_seconds() {
        let (before, after) = (pulse(92.0, 4), pulse(131.0, 4));
        let reading = read(16.0, |time_s| if time_s < 12.0 { before(time_s) } else { after(time_s - 12.1) });
        assert!((60.0 / reading.period_s / 131.0 - 1.0).abs() < 0.03, "{reading:?}");
    }
}
