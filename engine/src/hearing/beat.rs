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
            self.hops_to_beat = self.predict(period, 0.5 * period, period);
            self.phase = (1.0 - self.hops_to_beat / period).clamp(0.0, 1.0);
            return false;
        }
        if self.hops_to_beat <= 1.0 {
            self.hops_to_beat += period - 1.0;
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
