//! Where in the beat the music is, and when the next one falls: predicted, never looked up.
//!
//! The cumulative score of Ellis (2007) says for every hop how well a beat would fit there, given the onsets and
//! the beats before. As in Stark, Davies and Plumbley (2009) it is continued into the future without onsets half
//! a beat ahead, and its highest place there is the next beat.

/// How much of the score is memory; the rest is what begins right now.
const MEMORY: f32 = 0.9;
/// How strictly beats keep their distance.
const TIGHTNESS: f32 = 5.0;
/// The longest period that can be tracked, in seconds.
const LONGEST_S: f32 = 1.2;

/// Places within a beat that are told apart: a fiftieth of a second at 95 beats per minute.
const PLACES: usize = 32;
/// How much a new beat counts in the profile of the beats before.
const NEW_BEAT: f32 = 0.12;
/// Another place must be this much stronger than the one that was taken for the beat.
const CLEARLY_STRONGER: f32 = 1.15;
/// Beats between two moves: a profile says something when it is made of a few.
const BEATS_TO_LISTEN: u32 = 4;

/// Predicts beats from the onset curve.
pub(super) struct BeatTracker {
    score: Vec<f32>,
    /// The newest scores, oldest first, followed by room for those of the future.
    future: Vec<f32>,
    next: usize,
    latency: f32,
    hops_to_beat: f32,
    predicted: bool,
    running: bool,
    phase: f32,
    /// Hops since the last beat.
    since_beat: f32,
    /// Onsets by their place in the beat, in this beat and over the last ones.
    this_beat: [f32; PLACES],
    profile: [f32; PLACES],
    beats_listened: u32,
}

impl BeatTracker {
    /// `latency_s`: how much later than the sound the onset curve shows it.
    pub(super) fn new(hop_s: f32, latency_s: f32) -> Self {
        let longest = (LONGEST_S / hop_s) as usize + 1;
        Self {
            score: vec![0.0; 2 * longest],
            future: vec![0.0; 4 * longest],
            next: 0,
            latency: latency_s / hop_s,
            hops_to_beat: 0.0,
            predicted: false,
            running: false,
            phase: 0.0,
            since_beat: 0.0,
            this_beat: [0.0; PLACES],
            profile: [0.0; PLACES],
            beats_listened: 0,
        }
    }

    /// Place within the beat, 0 to 1.
    pub(super) fn phase(&self) -> f32 {
        self.phase
    }

    /// Adds one hop of the onset curve and tells whether a beat falls into it. `period`: see
    /// [`Tempo`](super::tempo::Tempo).
    pub(super) fn hop(&mut self, onset: f32, period: Option<f32>) -> bool {
        let Some(period) = period else {
            self.score.fill(0.0);
            (self.running, self.phase) = (false, 0.0);
            return false;
        };
        let period = period.min(self.score.len() as f32 / 2.0 - 1.0);
        let start = self.score.len();
        let (older, newer) = (&self.score[self.next..], &self.score[..self.next]);
        self.future[..older.len()].copy_from_slice(older);
        self.future[older.len()..start].copy_from_slice(newer);
        let score = (1.0 - MEMORY) * onset + MEMORY * best_before(&self.future, start, period);
        self.score[self.next] = score;
        self.next = (self.next + 1) % start;
        self.future[start] = score;

        if !self.running {
            (self.running, self.predicted) = (true, true);
            (self.profile, self.beats_listened, self.since_beat) = ([0.0; PLACES], 0, 0.0);
            self.hops_to_beat = self.predict(period, 0.5 * period, period);
            self.phase = (1.0 - self.hops_to_beat / period).clamp(0.0, 1.0);
            return false;
        }
        self.since_beat += 1.0;
        let place = ((self.since_beat - self.latency) / period).rem_euclid(1.0);
        let place = &mut self.this_beat[(place * PLACES as f32) as usize % PLACES];
        *place = place.max(onset);
        if self.hops_to_beat <= 1.0 {
            self.hops_to_beat += period * (1.0 + self.move_to_beat()) - 1.0;
            self.since_beat = 0.0;
            self.phase = 0.0;
            self.predicted = false;
            return true;
        }
        // Always on the way from here to the next beat: a correction changes the speed and never jumps.
        self.phase += (1.0 - self.phase) / self.hops_to_beat;
        self.hops_to_beat -= 1.0;
        if !self.predicted && self.phase >= 0.5 {
            self.predicted = true;
            self.hops_to_beat = self.predict(period, self.hops_to_beat, 0.2 * period).max(1.0);
        }
        false
    }

    /// Ends a beat: how far away, in beats from -0.5 to 0.5, the place is that is clearly stronger than this one.
    ///
    /// The score keeps to the place where the first beat was put, when little was heard; half a beat beside it there is a
    /// chain that holds as well, wherever something plays off the beat.
    fn move_to_beat(&mut self) -> f32 {
        for (kept, new) in self.profile.iter_mut().zip(&mut self.this_beat) {
            *kept += NEW_BEAT * (std::mem::take(new) - *kept);
        }
        self.beats_listened += 1;
        if self.beats_listened < BEATS_TO_LISTEN {
            return 0.0;
        }
        let strength = |place: usize| {
            let beside = |by: usize| self.profile[(place + by) % PLACES];
            beside(0) + beside(1) + beside(PLACES - 1)
        };
        let strongest = (0..PLACES).max_by(|&a, &b| strength(a).total_cmp(&strength(b))).unwrap_or(0);
        // What is close by is left to the score.
        let is_near = strongest <= 3 || strongest >= PLACES - 3;
        let here = strength(0).max(strength(1)).max(strength(PLACES - 1));
        if is_near || strength(strongest) < CLEARLY_STRONGER * here {
            return 0.0;
        }
        self.profile.rotate_left(strongest);
        self.beats_listened = 0;
        let away = strongest as f32 / PLACES as f32;
        if away > 0.5 { away - 1.0 } else { away }
    }

    /// Hops until the next beat, as heard, near `expected` give or take `spread`.
    fn predict(&mut self, period: f32, expected: f32, spread: f32) -> f32 {
        let newest = self.score.len();
        let horizon = (1.3 * period + self.latency) as usize;
        let mut best = (0.0, expected);
        for ahead in 1..=horizon.min(self.future.len() - newest - 1) {
            let score = MEMORY * best_before(&self.future, newest + ahead, period);
            self.future[newest + ahead] = score;
            let heard_in = ahead as f32 - self.latency;
            if heard_in < 1.0 {
                continue;
            }
            let off = (heard_in - expected) / spread;
            let weighed = score * (-0.5 * off * off).exp();
            if weighed > best.0 {
                best = (weighed, heard_in);
            }
        }
        best.1
    }
}

/// The best score about one period before `place`, weighed by how well the distance fits.
fn best_before(scores: &[f32], place: usize, period: f32) -> f32 {
    let nearest = (0.5 * period) as usize;
    let furthest = ((2.0 * period) as usize).min(place);
    let mut best = 0.0_f32;
    for distance in nearest.max(1)..=furthest {
        let score = scores[place - distance];
        if score > best {
            let off = TIGHTNESS * (distance as f32 / period).ln();
            best = best.max(score * (-0.5 * off * off).exp());
        }
    }
    best
}
