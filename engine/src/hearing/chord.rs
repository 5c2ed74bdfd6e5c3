//! Where the harmony changes: the chroma of the newest beat against that of the beat before.

use super::pulse::Pulse;
use super::{Drum, Heard};

/// What is compared is a beat long, within these bounds; so long while there is no tempo.
const SHORTEST_S: f32 = 0.4;
const LONGEST_S: f32 = 0.8;
const USUAL_S: f32 = 0.5;
/// The long window, smoothed: a change is all through it after this time.
const BLUR_S: f32 = 0.4;
/// The least distance that is a change, its least share of a strong one, and the shortest time between two.
const LEAST: f32 = 0.12;
const LEAST_SHARE: f32 = 0.35;
const REFRACTORY_S: f32 = 0.4;
const DECAY_S: f32 = 0.5;
/// Strong changes are forgotten this fast.
const FORGET_S: f32 = 20.0;

/// Chroma of the newest seconds.
pub(super) struct Chord {
    look_s: f32,
    past: Vec<[f32; 12]>,
    next: usize,
    /// The newest three distances.
    curve: [f32; 3],
    strong: f32,
    since_s: f32,
    pulse: Pulse,
    found: Option<f32>,
    latency_s: f64,
}

impl Chord {
    /// For chroma that comes every `look_s`.
    pub(super) fn new(hop_s: f32, look_s: f32) -> Self {
        let looks = ((2.0 * LONGEST_S + BLUR_S) / look_s).ceil() as usize + 1;
        Self {
            look_s,
            past: vec![[0.0; 12]; looks],
            next: 0,
            curve: [0.0; 3],
            strong: 0.0,
            since_s: f32::INFINITY,
            pulse: Pulse::new(hop_s, DECAY_S),
            found: None,
            latency_s: 0.0,
        }
    }

    /// Takes a new chroma, 0 in silence.
    pub(super) fn look(&mut self, chroma: &[f32; 12], tempo_bpm: f32) {
        self.past[self.next] = *chroma;
        self.next = (self.next + 1) % self.past.len();
        let beat_s = if tempo_bpm > 0.0 { 60.0 / tempo_bpm } else { USUAL_S };
        let looks = |seconds: f32| (seconds / self.look_s).round().max(1.0) as usize;
        let (length, gap) = (looks(beat_s.clamp(SHORTEST_S, LONGEST_S)), looks(BLUR_S));
        let (new, old) = (self.mean(0, length), self.mean(length + gap, length));
        self.curve = [self.curve[1], self.curve[2], apart(&new, &old)];
        self.since_s += self.look_s;
        self.strong *= (-self.look_s / FORGET_S).exp();
        let [before, peak, after] = self.curve;
        let is_peak = peak > before && peak >= after && peak > LEAST.max(LEAST_SHARE * self.strong);
        if is_peak && self.since_s > REFRACTORY_S {
            self.since_s = 0.0;
            self.strong += if peak > self.strong { 0.6 } else { 0.15 } * (peak - self.strong);
            self.found = Some((peak / self.strong.max(2.0 * LEAST)).clamp(0.0, 1.0));
            // At the peak the newest beat is all after the change, as far as the blur lets one see.
            self.latency_s = f64::from(self.look_s * (length as f32 + 1.0) + 1.3 * BLUR_S);
        }
    }

    /// Moves on by one hop.
    pub(super) fn hop(&mut self, heard: &Heard) -> Drum {
        self.pulse.hop(self.found.take(), heard.time_s - self.latency_s)
    }

    /// Mean of so many chroma, the newest of which is `age` looks old.
    fn mean(&self, age: usize, length: usize) -> [f32; 12] {
        let ring = self.past.len();
        let mut sum = [0.0; 12];
        for back in age..age + length {
            let past = &self.past[(self.next + 2 * ring - 1 - back % ring) % ring];
            sum.iter_mut().zip(past).for_each(|(sum, class)| *sum += class);
        }
        sum
    }
}

/// 1 less the cosine of two chroma; 0 where there is none.
pub(super) fn apart(a: &[f32; 12], b: &[f32; 12]) -> f32 {
    let dot = |a: &[f32; 12], b: &[f32; 12]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let both = dot(a, a) * dot(b, b);
    if both < 1e-3 { 0.0 } else { 1.0 - dot(a, b) / both.sqrt() }
}
