//! From one clock to the next without a jump.

use super::Clock;

/// While it makes up for a difference, the beat runs by this share faster or slower.
const HASTE: f64 = 0.3;
/// A clock that is suddenly this far back, or ahead, in beats, has another count: it is taken for a new one.
const BACK_BEATS: f64 = 0.25;
const AHEAD_BEATS: f64 = 1.0;

/// The beat that is shown. It follows whichever clock leads, beat by beat as that counts them; where another takes over it goes
/// on from where it is, and comes to the new one's phase by running a little faster or slower. Only a host, which jumps about
/// in its song, takes it with it.
#[derive(Debug, Default)]
pub(super) struct Glide {
    /// The running number of the beat.
    shown: f64,
    /// What is added to the leader's own number; whole.
    offset: f64,
    /// How far the leader is ahead of what is shown, in beats.
    debt: f64,
    /// Beats to be left out of the count where the next one falls.
    skip: f64,
    led_by: (Clock, u32),
    last_beat: f64,
}

/// A step of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// By how many beats it went on; those that were left out do not count.
    pub beats: f64,
    /// How far the leader is ahead of what is shown, in beats.
    pub debt: f64,
    /// Whether somebody else leads than before, or counts in another way.
    pub is_new: bool,
}

impl Glide {
    /// The running number of the beat; whole where one falls.
    pub fn shown(&self) -> f64 {
        self.shown
    }

    /// Nobody leads: the place within the beat rests at 0.
    pub fn rest(&mut self) {
        self.shown = self.shown.floor();
        (self.led_by, self.debt, self.skip) = ((Clock::Nobody, 0), 0.0, 0.0);
    }

    /// Leaves out so many beats of the count where the next one falls.
    pub fn skip(&mut self, beats: f64) {
        self.skip = beats;
    }

    /// The leader's beat was moved by so many beats by hand: what is shown follows smoothly.
    pub fn shove(&mut self, beats: f64) {
        self.debt += beats;
        self.last_beat += beats;
    }

    /// The leader, who counts in his way number `count`, is at `beat`; a hop is worth about `usual` beats.
    pub fn follow(&mut self, clock: Clock, count: u32, beat: f64, usual: f64) -> Step {
        if clock == Clock::Host {
            return self.jump(count, beat);
        }
        let expected = self.shown + usual;
        let next = beat + self.offset - self.debt;
        let is_new = self.led_by != (clock, count)
            || !(self.shown - BACK_BEATS..self.shown + AHEAD_BEATS).contains(&next);
        if is_new {
            if self.led_by.0 == Clock::Nobody {
                // Nothing moved: the place within the beat is free, and its number stays.
                (self.offset, self.debt) = (self.shown.floor() - beat.floor(), 0.0);
            } else {
                self.offset = (expected - beat).round();
                self.debt = beat + self.offset - expected;
            }
            self.led_by = (clock, count);
        }
        let advance = if is_new { usual } else { (beat - self.last_beat).max(0.0) };
        self.debt -= self.debt.clamp(-HASTE * advance, HASTE * advance);
        self.last_beat = beat;
        let before = self.shown;
        self.shown = (beat + self.offset - self.debt).max(before);
        let step = Step { beats: self.shown - before, debt: self.debt, is_new };
        if self.skip > 0.0 && self.shown.floor() > before.floor() {
            let skip = std::mem::take(&mut self.skip);
            (self.offset, self.shown) = (self.offset + skip, self.shown + skip);
        }
        step
    }

    /// A host takes what is shown with it, wherever it goes.
    fn jump(&mut self, count: u32, beat: f64) -> Step {
        let is_new = self.led_by != (Clock::Host, count);
        if is_new {
            self.debt = 0.0;
        }
        let advance = (beat - self.last_beat).clamp(0.0, AHEAD_BEATS);
        self.debt -= self.debt.clamp(-HASTE * advance, HASTE * advance);
        (self.led_by, self.offset, self.skip, self.last_beat) = ((Clock::Host, count), 0.0, 0.0, beat);
        let before = std::mem::replace(&mut self.shown, beat - self.debt);
        Step { beats: self.shown - before, debt: self.debt, is_new }
    }
}
