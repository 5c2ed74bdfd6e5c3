//! From where the pointer stands to what is shown: a beat that falls when it falls, and never jumps back.

use super::place::Place;
use super::pointer::{KNOWS_NOTHING, Reading};

/// Time constant in which what is shown is drawn to what was read, in beats.
const GLIDE_BEATS: f64 = 0.5;
/// What is less sure than this begins no beat.
const LEAST_CONFIDENCE: f32 = 0.4;
/// How much faster and slower it may run.
const FASTEST: f64 = 1.8;
const SLOWEST: f64 = 0.35;

/// Runs on at the tempo that was read, and is drawn to the place that was read.
pub(super) struct Follower {
    hop_s: f64,
    calibration: Calibration,
    /// Beats a second; 0 before anything was read.
    rate: f64,
    /// What is shown: running beats.
    beat: f64,
    /// Where the pointer said that it was, at the newest frame, extrapolated: on the same axis.
    goal: f64,
    /// A running beat on which a bar begins, that bar's number, and the length of bars.
    one: f64,
    bars: f64,
    beats_per_bar: u32,
    /// The furthest bar that was shown.
    last_bar: f64,
    place: Place,
}

impl Follower {
    pub(super) fn new(hop_s: f64) -> Self {
        Self {
            hop_s,
            calibration: Calibration::ONSETS,
            rate: 0.0,
            beat: 0.0,
            goal: 0.0,
            one: 0.0,
            bars: 0.0,
            beats_per_bar: 0,
            last_bar: 0.0,
            place: Place::default(),
        }
    }

    /// Readings are as sure as this says from now on.
    pub(super) fn calibrate(&mut self, calibration: Calibration) {
        self.calibration = calibration;
    }

    /// The beat is not known any more; its count stays.
    pub(super) fn reset(&mut self) {
        self.rate = 0.0;
        self.beat = self.beat.floor();
        self.last_bar = self.last_bar.floor();
        self.beats_per_bar = 0;
        self.place = Place { beat: self.beat, bar: self.last_bar, ..Place::default() };
    }

    /// Takes a new reading, of what was `ago_s` ago.
    pub(super) fn correct(&mut self, reading: &Reading, ago_s: f64) {
        let period_s = f64::from(reading.period_s);
        let confidence = self.calibration.confidence(reading);
        if self.rate == 0.0 && confidence < LEAST_CONFIDENCE {
            return;
        }
        let phase = f64::from(reading.phase) + ago_s / period_s;
        if self.rate == 0.0 {
            self.beat = self.beat.floor() + phase.rem_euclid(1.0);
            self.goal = self.beat;
        }
        self.rate = 1.0 / period_s;
        let off = (phase - self.beat + 0.5).rem_euclid(1.0) - 0.5;
        self.goal = self.beat + off;
        self.bar(reading, (self.goal - phase).round());
        self.place.tempo_bpm = (60.0 / period_s) as f32;
        self.place.confidence = confidence;
        self.place.bar_confidence = confidence * reading.bar_share.clamp(0.0, 1.0);
    }

    /// `beat`: the running number of the beat that the reading is in.
    fn bar(&mut self, reading: &Reading, beat: f64) {
        let length = f64::from(reading.beats_per_bar);
        let one = beat - f64::from(reading.beat_of_bar);
        let is_same =
            reading.beats_per_bar == self.beats_per_bar && (one - self.one).rem_euclid(length) == 0.0;
        if !is_same {
            (self.one, self.beats_per_bar) = (one, reading.beats_per_bar);
            // Never back: the bar goes on from what was shown, or further.
            self.bars = (self.last_bar - (self.beat - one) / length).ceil();
        }
    }

    /// Moves on by one hop.
    pub(super) fn hop(&mut self) -> Place {
        if self.rate > 0.0 {
            let step = self.hop_s * self.rate;
            self.goal += step;
            let pull = (self.goal - self.beat - step) / GLIDE_BEATS;
            self.beat += step * (1.0 + pull.clamp(SLOWEST - 1.0, FASTEST - 1.0));
            let length = f64::from(self.beats_per_bar.max(1));
            self.last_bar = self.last_bar.max(self.bars + (self.beat - self.one) / length);
            self.place.beat = self.beat;
            self.place.bar = self.last_bar;
            self.place.beats_per_bar = self.beats_per_bar as f32;
        }
        self.place
    }
}

/// How likely it makes a beat that a reading is sure of it: logistic in how sure the place is, and in how much better a rhythm explains
/// what was heard than none does. Fitted on annotated pieces (`models/beats`), so that of the beats told at 0.8 eight in ten are right.
#[derive(Clone, Copy)]
pub(super) struct Calibration {
    share: f32,
    evidence: f32,
    bias: f32,
}

impl Calibration {
    /// For what begins.
    pub(super) const ONSETS: Self = Self { share: 0.36, evidence: 0.0, bias: 0.49 };
    /// For what a network says.
    pub(super) const NETWORK: Self = Self { share: 0.387, evidence: 0.337, bias: 0.81 };

    fn confidence(self, reading: &Reading) -> f32 {
        // A belief that knows nothing has this share everywhere.
        let share = (reading.place_share - KNOWS_NOTHING) / (1.0 - KNOWS_NOTHING);
        let share = share.clamp(1e-3, 1.0 - 1e-3);
        let nepers = self.share * (share / (1.0 - share)).ln() + self.evidence * reading.evidence + self.bias;
        1.0 / (1.0 + (-nepers).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOP_S: f64 = 0.005;

    fn reading(place: f64, period_s: f64, beats_per_bar: u32) -> Reading {
        Reading {
            period_s: period_s as f32,
            phase: place.rem_euclid(1.0) as f32,
            beats_per_bar,
            beat_of_bar: (place.floor() as i64).rem_euclid(i64::from(beats_per_bar)) as u32,
            tempo_share: 0.99,
            place_share: 0.98,
            sharpness: 0.98,
            bar_share: 0.9,
            evidence: 5.0,
        }
    }

    /// Places that are shown, hop by hop, where the pointer reads `places`.
    fn follow(places: impl Iterator<Item = (f64, f64, u32)>) -> Vec<Place> {
        let mut follower = Follower::new(HOP_S);
        places
            .map(|(place, period_s, beats_per_bar)| {
                follower.correct(&reading(place, period_s, beats_per_bar), HOP_S);
                follower.hop()
            })
            .collect()
    }

    #[test]
    fn what_is_read_is_shown_without_delay() {
        let shown = follow((0..2000).map(|hop| (0.3 + f64::from(hop) * HOP_S / 0.5, 0.5, 4)));
        for (hop, place) in shown.iter().enumerate() {
            // A hop ago, and one on.
            let now = 0.3 + (hop as f64 + 2.0) * HOP_S / 0.5;
            assert!((place.beat - now).abs() < 0.02, "{} at {now}", place.beat);
            assert!((place.bar - now / 4.0).abs() < 0.01, "bar {} at {now}", place.bar);
        }
    }

    #[test]
    fn whatever_is_read_no_beat_and_no_bar_comes_twice() {
        use rand::RngExt;
        use rand::SeedableRng;
        let mut random = rand_pcg::Pcg32::seed_from_u64(3);
        let (mut place, mut period_s, mut meter) = (0.0, 0.5, 4);
        let shown = follow((0..40_000).map(|hop| {
            place += HOP_S / period_s;
            if hop % 137 == 0 {
                place += random.random_range(-0.5..0.5);
                period_s = random.random_range(0.25..1.2);
                meter = random.random_range(2..8);
            }
            (place, period_s, meter)
        }));
        for pair in shown.windows(2) {
            assert!(pair[1].beat > pair[0].beat && pair[1].beat < pair[0].beat + 0.05);
            assert!(pair[1].bar >= pair[0].bar, "{} after {}", pair[1].bar, pair[0].bar);
        }
    }

    #[test]
    fn a_place_that_was_wrong_is_left_within_a_beat() {
        let wrong = |hop: i32| if hop < 1000 { 0.4 } else { 0.0 };
        let shown = follow((0..2000).map(|hop| (wrong(hop) + 20.0 + f64::from(hop) * HOP_S / 0.5, 0.5, 4)));
        let off = |hop: usize| (shown[hop].beat - (hop as f64 + 2.0) * HOP_S / 0.5).rem_euclid(1.0);
        assert!((off(999) - 0.4).abs() < 0.02);
        // Two beats of half a second.
        assert!(off(1200).min(1.0 - off(1200)) < 0.05, "{}", off(1200));
    }
}
