//! A beat that runs on by itself: what was tapped, or what was locked.

use super::level::Level;
use super::taps::Tapped;
use crate::hearing::place::Place;

/// Tempi at which it runs.
const TEMPI_BPM: std::ops::RangeInclusive<f64> = 20.0..=480.0;
/// The ear agrees where tempo (a share) and place (in beats) are as near as this, and it is as sure as this.
const SAME_TEMPO: f64 = 0.03;
const SAME_PLACE_BEATS: f64 = 0.1;
const SURE: f32 = 0.3;
/// It has to agree for so long.
const AGREES_S: f64 = 4.0;
/// Tempo follows an ear that agrees about it, within this time: fingers are less exact, and bands are no machines.
const LEARN_S: f64 = 4.0;

/// The beat at a time, and how it goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metronome {
    at_s: f64,
    beat: f64,
    tempo_bpm: f64,
    /// Whether somebody has tapped it.
    pub is_tapped: bool,
    agreed_s: f64,
    /// Counts the places at which it began to count.
    pub counts: u32,
}

impl Metronome {
    /// Runs on from `beat` at `at_s`; `counts` is that of the one before.
    pub fn new(at_s: f64, beat: f64, tempo_bpm: f64, counts: u32) -> Self {
        let (least, most) = TEMPI_BPM.into_inner();
        let tempo_bpm = tempo_bpm.clamp(least, most);
        Self { at_s, beat, tempo_bpm, is_tapped: false, agreed_s: 0.0, counts: counts.wrapping_add(1) }
    }

    /// Of what was tapped; a single tap tells no tempo and goes on with `tempo_bpm`, where there is one.
    pub fn of_taps(tapped: Tapped, tempo_bpm: f64, shown: f64, counts: u32) -> Option<Self> {
        let tempo_bpm = tapped.period_s.map_or(tempo_bpm, |period_s| 60.0 / period_s);
        let tapped_beat = Self::new(tapped.beat_s, shown.round(), tempo_bpm, counts);
        (tempo_bpm > 0.0).then_some(Self { is_tapped: true, ..tapped_beat })
    }

    fn beat_at(&self, at_s: f64) -> f64 {
        self.beat + (at_s - self.at_s) * self.tempo_bpm / 60.0
    }

    /// Where it is.
    pub fn place(&self, at_s: f64) -> Place {
        Place {
            beat: self.beat_at(at_s),
            tempo_bpm: self.tempo_bpm as f32,
            confidence: 1.0,
            ..Place::default()
        }
    }

    /// Goes on twice as fast, `by` times, or half as fast, from the beat that fell last.
    pub fn change(&mut self, by: i32, at_s: f64) {
        let tempo_bpm = self.tempo_bpm * f64::from(by).exp2();
        if TEMPI_BPM.contains(&tempo_bpm) {
            let last = self.beat_at(at_s).floor();
            let since_s = (self.beat_at(at_s) - last) * 60.0 / self.tempo_bpm;
            *self = Self {
                at_s: at_s - since_s,
                beat: last,
                tempo_bpm,
                counts: self.counts.wrapping_add(1),
                ..*self
            };
        }
    }

    /// Looks whether the ear agrees, a hop after the last time. Once it has for long enough, it is told at which `level` it does,
    /// and this is no longer needed.
    pub fn is_agreed(&mut self, ear: &Place, level: &mut Level, at_s: f64, hop_s: f64) -> bool {
        let ratio = self.tempo_bpm / f64::from(ear.tempo_bpm).max(1e-3);
        let doubled = ratio.log2().round();
        let off = ratio / doubled.exp2() - 1.0;
        if off.abs() > SAME_TEMPO || doubled.abs() > 2.0 || ear.confidence < SURE {
            self.agreed_s = 0.0;
            return false;
        }
        let here = self.beat_at(at_s);
        // Each of the slower one's beats is one of the faster one's.
        let slower = doubled.min(0.0).exp2();
        let ear_beat = ear.beat.floor();
        let at_ear_beat = here - (ear.beat - ear_beat) * doubled.exp2();
        let place = at_ear_beat / slower;
        self.learn(off, at_s, hop_s);
        if (place - place.round()).abs() * slower > SAME_PLACE_BEATS {
            self.agreed_s = 0.0;
            return false;
        }
        self.agreed_s += hop_s;
        if self.agreed_s < AGREES_S {
            return false;
        }
        // Of two or four beats of the ear's it is the one that falls on a whole one here.
        let several = slower.recip();
        let stays = ear_beat - place.round().rem_euclid(several);
        if level.doubled() != doubled as i32 || several > 1.0 {
            level.set(doubled as i32, stays, ear);
        }
        true
    }

    fn learn(&mut self, off: f64, at_s: f64, hop_s: f64) {
        (self.beat, self.at_s) = (self.beat_at(at_s), at_s);
        self.tempo_bpm *= 1.0 - off * (hop_s / LEARN_S).min(1.0);
    }
}
