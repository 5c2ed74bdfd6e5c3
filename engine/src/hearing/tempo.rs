//! Tempo from how the onset curve repeats itself.
//!
//! Autocorrelation of the last seconds of the onset curve, read with a comb at the multiples of each beat period,
//! weighed by how common the tempo is (Ellis, "Beat Tracking by Dynamic Programming", 2007), and followed over
//! time with a forward filter in which the tempo drifts a little or, seldom, jumps (after Stark, Davies and
//! Plumbley, "Real-time beat-synchronous analysis of musical audio", 2009).

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

const LOWEST_BPM: f32 = 55.0;
const HIGHEST_BPM: f32 = 190.0;
/// Neighbouring candidates differ by this factor.
const STEP: f32 = 1.01;
/// Centre and width, in octaves, of the tempos that people tap to.
const USUAL_BPM: f32 = 124.0;
const USUAL_OCTAVES: f32 = 0.7;
const WINDOW_S: f32 = 8.5;
const FIRST_GUESS_S: f32 = 2.0;
const UPDATE_EVERY_S: f32 = 0.1;
/// The windows of successive updates overlap almost wholly: each counts for this much of an observation.
const EVIDENCE: f32 = 0.25;
/// The same while the window fills, when every update still brings news.
const FIRST_EVIDENCE: f32 = 0.5;
/// What another tempo counts beside the one that is heard, once the window is full. A steady piece fits half, double and
/// three quarters of its tempo almost as well, and whichever is a hair better would win in the end, in the midst of it.
const ANOTHER: f32 = 0.7;
/// Periods that are the same tempo: they differ by less than this part.
const SAME_TEMPO: f32 = 0.04;
/// Beats over which a period must repeat.
const COMB: usize = 4;
/// Mean height of the onset curve below which nothing happens that could have a tempo.
const LEAST_MEAN: f32 = 0.004;

struct Candidate {
    lag: f32,
    prior: f32,
    belief: f32,
}

/// The tempo tracker.
pub(super) struct Tempo {
    hop_s: f32,
    curve: Vec<f32>,
    next: usize,
    filled: usize,
    update_in: usize,
    update_every: usize,
    candidates: Vec<Candidate>,
    moved: Vec<f32>,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    time: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
    period: Option<f32>,
    confidence: f32,
}

impl Tempo {
    pub(super) fn new(hop_s: f32) -> Self {
        let window = (WINDOW_S / hop_s) as usize;
        let mut planner = RealFftPlanner::new();
        let length = (2 * window).next_power_of_two();
        let (forward, inverse) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let count = ((HIGHEST_BPM / LOWEST_BPM).ln() / STEP.ln()) as usize + 1;
        let candidates: Vec<_> = (0..count)
            .map(|i| {
                let bpm = LOWEST_BPM * STEP.powi(i as i32);
                let octaves = (bpm / USUAL_BPM).log2() / USUAL_OCTAVES;
                Candidate { lag: 60.0 / bpm / hop_s, prior: (-0.5 * octaves * octaves).exp(), belief: 1.0 }
            })
            .collect();
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        let update_every = (UPDATE_EVERY_S / hop_s).round().max(1.0) as usize;
        Self {
            hop_s,
            curve: vec![0.0; window],
            next: 0,
            filled: 0,
            update_in: update_every,
            update_every,
            moved: vec![0.0; candidates.len()],
            candidates,
            time: forward.make_input_vec(),
            spectrum: forward.make_output_vec(),
            scratch: vec![Complex32::default(); scratch],
            forward,
            inverse,
            period: None,
            confidence: 0.0,
        }
    }

    /// Beat period in hops, `None` while unknown.
    pub(super) fn period(&self) -> Option<f32> {
        self.period
    }

    /// How periodic the onsets are, 0 to 1.
    pub(super) fn confidence(&self) -> f32 {
        self.confidence
    }

    /// Forgets everything; what comes next is other music.
    pub(super) fn reset(&mut self) {
        self.filled = 0;
        self.period = None;
        self.confidence = 0.0;
        self.candidates.iter_mut().for_each(|candidate| candidate.belief = 1.0);
    }

    /// Adds one hop of the onset curve.
    pub(super) fn hop(&mut self, onset: f32) {
        self.curve[self.next] = onset;
        self.next = (self.next + 1) % self.curve.len();
        self.filled = (self.filled + 1).min(self.curve.len());
        self.update_in -= 1;
        if self.update_in == 0 {
            self.update_in = self.update_every;
            if self.filled as f32 * self.hop_s >= FIRST_GUESS_S {
                self.update();
            }
        }
    }

    fn update(&mut self) {
        if !self.autocorrelate() {
            self.period = None;
            self.confidence = 0.0;
            return;
        }
        self.drift();
        let evidence = if self.filled < self.curve.len() { FIRST_EVIDENCE } else { EVIDENCE };
        let heard = self.period.filter(|_| self.filled == self.curve.len());
        let mut sum = 0.0;
        for (candidate, moved) in self.candidates.iter_mut().zip(&self.moved) {
            let (mean, least) = comb(&self.time, candidate.lag, self.filled);
            let comb = (0.5 * (mean + least)).max(0.0);
            let is_heard = heard.is_none_or(|period| (candidate.lag / period - 1.0).abs() < SAME_TEMPO);
            let kept = if is_heard { 1.0 } else { ANOTHER };
            candidate.belief = moved * (kept * comb * comb * candidate.prior + 1e-4).powf(evidence);
            sum += candidate.belief;
        }
        self.candidates.iter_mut().for_each(|candidate| candidate.belief /= sum);
        let best = self.candidates.iter().max_by(|a, b| a.belief.total_cmp(&b.belief));
        if let Some(best) = best {
            let lag = refine(&self.time, best.lag, self.filled);
            let periodic = comb(&self.time, lag, self.filled).0.clamp(0.0, 1.0);
            self.period = Some(lag);
            self.confidence += 0.2 * (periodic - self.confidence);
        }
    }

    /// Leaves the unbiased autocorrelation, 1 at lag 0, in `time`; false if the curve is too flat to have one.
    fn autocorrelate(&mut self) -> bool {
        let (filled, length) = (self.filled, self.curve.len());
        let newest = |i: usize| self.curve[(self.next + length - filled + i) % length];
        let mean = (0..filled).map(newest).sum::<f32>() / filled as f32;
        if mean < LEAST_MEAN {
            return false;
        }
        self.time.fill(0.0);
        // Smoothed a little, so that periods which are no whole number of hops still meet themselves.
        const KERNEL: [f32; 7] = [0.03, 0.11, 0.22, 0.28, 0.22, 0.11, 0.03];
        for i in 0..filled {
            let value = newest(i) - mean;
            for (k, weight) in KERNEL.iter().enumerate() {
                self.time[i + k] += weight * value;
            }
        }
        // The only errors are wrong buffer lengths, and all were made by the plans themselves.
        let forward =
            self.forward.process_with_scratch(&mut self.time, &mut self.spectrum, &mut self.scratch);
        self.spectrum.iter_mut().for_each(|bin| *bin = Complex32::new(bin.norm_sqr(), 0.0));
        let inverse =
            self.inverse.process_with_scratch(&mut self.spectrum, &mut self.time, &mut self.scratch);
        let energy = self.time[0] / filled as f32;
        if forward.is_err() || inverse.is_err() || energy <= 0.0 {
            return false;
        }
        for (lag, value) in self.time.iter_mut().enumerate().take(filled) {
            *value /= energy * (filled - lag) as f32;
        }
        true
    }

    /// Where the beliefs may have gone since the last update.
    fn drift(&mut self) {
        const SPREAD: [f32; 5] = [0.02, 0.10, 0.76, 0.10, 0.02];
        let count = self.candidates.len();
        for (i, moved) in self.moved.iter_mut().enumerate() {
            *moved = 0.002 / count as f32;
            for (k, weight) in SPREAD.iter().enumerate() {
                if let Some(from) = (i + k).checked_sub(2).and_then(|from| self.candidates.get(from)) {
                    *moved += weight * from.belief;
                }
            }
        }
    }
}

/// Mean and least of the autocorrelation at the first multiples of `lag` that the window holds often enough.
///
/// The mean alone would take three quarters of a beat, or half of one, for a beat: some of their multiples fall
/// on real beats.
fn comb(autocorrelation: &[f32], lag: f32, filled: usize) -> (f32, f32) {
    let most = ((0.75 * filled as f32 / lag) as usize).min(COMB);
    let teeth = (1..=most).map(|k| read(autocorrelation, k as f32 * lag));
    let (sum, least) = teeth.fold((0.0, 1.0_f32), |(sum, least), tooth| (sum + tooth, least.min(tooth)));
    if most == 0 { (0.0, 0.0) } else { (sum / most as f32, least) }
}

/// Reads between two entries.
fn read(values: &[f32], place: f32) -> f32 {
    let (index, part) = (place as usize, place.fract());
    values[index] * (1.0 - part) + values[index + 1] * part
}

/// Sharpens a period: the peak near its highest usable multiple, divided by that multiple.
fn refine(autocorrelation: &[f32], lag: f32, filled: usize) -> f32 {
    let multiple = ((0.75 * filled as f32 / lag) as usize).clamp(1, COMB) as f32;
    let reach = (0.015 * multiple * lag).max(2.0) as usize;
    let centre = (multiple * lag).round() as usize;
    let near = centre.saturating_sub(reach).max(1)..(centre + reach).min(autocorrelation.len() - 2);
    let peak = near.max_by(|&a, &b| autocorrelation[a].total_cmp(&autocorrelation[b])).unwrap_or(centre);
    let [before, at, after] = [peak - 1, peak, peak + 1].map(|i| autocorrelation[i]);
    let curvature = before - 2.0 * at + after;
    let offset = if curvature < 0.0 { (0.5 * (before - after) / curvature).clamp(-0.5, 0.5) } else { 0.0 };
    (peak as f32 + offset) / multiple
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_train_has_its_own_tempo() {
        let mut tempo = Tempo::new(0.005);
        for hop in 0..2000 {
            tempo.hop(if (f64::from(hop) * 0.005 / (60.0 / 97.3)).fract() < 0.01 { 1.0 } else { 0.0 });
        }
        let bpm = 60.0 / (tempo.period().unwrap() * 0.005);
        assert!((bpm - 97.3).abs() < 0.3, "{bpm}");
        assert!(tempo.confidence() > 0.6);
    }

    #[test]
    fn nothing_has_no_tempo() {
        let mut tempo = Tempo::new(0.005);
        (0..2000).for_each(|_| tempo.hop(0.0));
        assert_eq!(tempo.period(), None);
    }
}
