//! The bar that is shown.

use super::Clock;
use super::glide::Step;
use crate::hearing::place::Place;

/// Beats in a bar where a user says which is the first, and nobody how many there are.
const USUAL_BEATS: f64 = 4.0;

/// Counts bars on, whoever tells the beat. What a user has said holds against ear and MIDI clock; a host knows its own song.
#[derive(Debug, Default)]
pub(super) struct Bars {
    /// The running number of the bar; whole where one begins.
    bar: f64,
    /// Beats in one; 0 while unknown.
    beats: f64,
    confidence: f32,
    /// What is added to the leader's own number; whole.
    offset: f64,
    /// Whether a user has said which beat is the first.
    by_hand: bool,
}

impl Bars {
    /// Nobody says where the bar is.
    pub fn rest(&mut self) {
        (self.bar, self.beats, self.confidence) = (self.bar.floor(), 0.0, 0.0);
    }

    /// What a user has said was of another song.
    pub fn forget(&mut self) {
        self.by_hand = false;
    }

    /// Writes number, length and confidence of the bar into `place`, which leads, after a step of the beat.
    pub fn follow(&mut self, clock: Clock, place: &mut Place, step: Step) {
        let told_beats = f64::from(place.beats_per_bar);
        let tells = told_beats > 0.0;
        if clock == Clock::Host {
            self.beats = told_beats;
            self.confidence = place.bar_confidence;
            self.bar = if tells { place.bar - step.debt / told_beats } else { place.bar };
        } else if self.by_hand {
            if tells && clock == Clock::Ear {
                self.change_length(told_beats);
            }
            self.bar += step.beats / self.beats;
            self.confidence = 1.0;
        } else if tells {
            let told = place.bar - step.debt / told_beats;
            if step.is_new || told + self.offset < self.bar.floor() {
                self.offset = (self.bar - told).round();
                if told + self.offset < self.bar.floor() {
                    self.offset += 1.0;
                }
            }
            (self.bar, self.beats, self.confidence) = (told + self.offset, told_beats, place.bar_confidence);
        } else if clock == Clock::Ear || self.beats == 0.0 {
            self.rest();
        } else {
            self.bar += step.beats / self.beats;
        }
        self.tell(place);
    }

    /// Writes it down.
    pub fn tell(&self, place: &mut Place) {
        (place.bar, place.bar_confidence) = (self.bar, self.confidence);
        place.beats_per_bar = self.beats as f32;
    }

    /// The bar goes on with so many beats, from the beat in which it is.
    fn change_length(&mut self, beats: f64) {
        if beats != self.beats {
            let within = (self.bar - self.bar.floor()) * self.beats;
            self.bar = self.bar.floor() + (within / beats).min(1.0);
            self.beats = beats;
        }
    }

    /// The beat nearest to `shown` is the first of its bar. Returns by how many beats the count of beats is to be moved on at the
    /// next one, so that bars begin at multiples of their length there too.
    pub fn one(&mut self, shown: f64) -> f64 {
        if self.beats == 0.0 {
            self.beats = USUAL_BEATS;
        }
        self.by_hand = true;
        let nearest = shown.round();
        let number = self.bar.floor();
        // Within the first beat of a bar, that one is meant already, and no new one begins.
        let is_begun = (self.bar - number) * self.beats < 0.75;
        let bar = if shown >= nearest && is_begun { number } else { number + 1.0 };
        self.bar = bar + (shown - nearest) / self.beats;
        align(shown, nearest, self.beats)
    }

    /// As the result of [`one`](Self::one), for a leader who knows his bars.
    pub fn skip(&self, shown: f64) -> f64 {
        if self.beats == 0.0 {
            return 0.0;
        }
        let within = (self.bar - self.bar.floor()) * self.beats;
        align(shown, (shown - within).round(), self.beats)
    }
}

/// How far the count must be moved on so that the beat `first` has a number that is a multiple of `beats`.
fn align(shown: f64, first: f64, beats: f64) -> f64 {
    let is_whole = beats.fract() == 0.0 && shown.is_finite();
    if is_whole { (-first).rem_euclid(beats) } else { 0.0 }
}
