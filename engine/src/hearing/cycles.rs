//! What beats and bars make: pulses where they fall, and phrases of several bars.

use super::Heard;
use super::place::Place;
use super::steps::place_in;

/// Bars in a phrase.
const PHRASES: [u32; 3] = [4, 8, 16];
/// How fast the pulses of beat, bar and phrase fall.
const BEAT_DECAY_S: f64 = 0.2;
const BAR_DECAY_S: f64 = 0.4;
const PHRASE_DECAY_S: f64 = 0.8;
/// How sure a section must be, and how near to a bar line it must begin (in bars), to begin a phrase.
const CERTAIN: f32 = 0.6;
const NEAR_BARS: f64 = 0.3;

/// One length of phrase: where it is counted from.
#[derive(Clone, Copy, Default)]
struct Phrase {
    first_bar: f64,
    /// What is added to the count, so that it never runs back when phrases are counted from another bar.
    earlier: f64,
}

impl Phrase {
    fn at(self, bar: f64, bars: f64) -> f64 {
        (bar - self.first_bar) / bars + self.earlier
    }

    /// Counts from another bar on: the phrase that runs ends where a new one began.
    fn begin(&mut self, first_bar: f64, bar: f64, bars: f64) {
        let count = self.at(bar, bars).floor();
        let is_new = (first_bar - self.first_bar).rem_euclid(bars) != 0.0;
        self.first_bar = first_bar;
        self.earlier = count + f64::from(u8::from(is_new)) - ((bar - first_bar) / bars).floor();
    }
}

/// Follows the clock.
#[derive(Default)]
pub(super) struct Cycles {
    phrases: [Phrase; PHRASES.len()],
    sections: u32,
}

impl Cycles {
    /// Moves on by one hop: `place` is the clock's, already told.
    pub(super) fn hop(&mut self, place: &Place, heard: &mut Heard) {
        let beat_s = if place.tempo_bpm > 0.0 { 60.0 / f64::from(place.tempo_bpm) } else { f64::INFINITY };
        heard.beat_hit = beat_hit(heard, 1.0);
        let bar_s =
            if place.beats_per_bar > 0.0 { beat_s * f64::from(place.beats_per_bar) } else { f64::INFINITY };
        heard.bar_hit = pulse(heard.bar_phase, bar_s, BAR_DECAY_S, place.bar_confidence);
        self.align(place, bar_s, heard);
        let mut told = PHRASES.map(|_| (0, 0.0, 0.0));
        for ((phrase, bars), told) in self.phrases.iter().zip(PHRASES).zip(&mut told) {
            let bars = f64::from(bars);
            let (count, phase) = place_in(phrase.at(place.bar, bars));
            *told = (count, phase, pulse(phase, bars * bar_s, PHRASE_DECAY_S, place.bar_confidence));
        }
        [
            (heard.phrase4_count, heard.phrase4_phase, heard.phrase4_hit),
            (heard.phrase8_count, heard.phrase8_phase, heard.phrase8_hit),
            (heard.phrase16_count, heard.phrase16_phase, heard.phrase16_hit),
        ] = told;
    }

    /// A section that certainly began at a bar line begins phrases. Where a host counts the bars, its first bar does, so that
    /// the same place of a song is the same place of a phrase whenever it is played.
    fn align(&mut self, place: &Place, bar_s: f64, heard: &Heard) {
        let section = heard.section_change;
        if section.count == self.sections {
            return;
        }
        self.sections = section.count;
        if section.strength < CERTAIN || !bar_s.is_finite() || place.bar_confidence >= 1.0 {
            return;
        }
        let began = place.bar - (heard.time_s - section.time_s) / bar_s;
        if (began - began.round()).abs() > NEAR_BARS {
            return;
        }
        for (phrase, bars) in self.phrases.iter_mut().zip(PHRASES) {
            phrase.begin(began.round(), place.bar, f64::from(bars));
        }
    }
}

/// The pulse of a step of so many beats, from what else is heard of it.
pub(super) fn beat_hit(heard: &Heard, beats: f32) -> f32 {
    let step_s = f64::from(beats) * 60.0 / f64::from(heard.tempo_bpm);
    pulse(heard.beat_phase, step_s, BEAT_DECAY_S, heard.beat_confidence)
}

/// 1 where something that takes `length_s` begins, falling from there; as strong as it is sure.
fn pulse(phase: f32, length_s: f64, decay_s: f64, confidence: f32) -> f32 {
    if !length_s.is_finite() {
        return 0.0;
    }
    super::rest(confidence * (-f64::from(phase) * length_s / decay_s).exp() as f32)
}
