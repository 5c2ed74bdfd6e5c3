//! From a curve that rises where something begins to single hits: causal peak picking.

/// How many medians of the last half second a peak must stand above: noise and swells rise all the time.
const MEDIANS: f32 = 3.0;

/// The median of the newest values.
struct Median {
    ring: Vec<f32>,
    sorted: Vec<f32>,
    next: usize,
}

impl Median {
    fn new(length: usize) -> Self {
        let length = length.max(1);
        Self { ring: vec![0.0; length], sorted: vec![0.0; length], next: 0 }
    }

    fn push(&mut self, value: f32) -> f32 {
        let oldest = std::mem::replace(&mut self.ring[self.next], value);
        self.next = (self.next + 1) % self.ring.len();
        let from = self.sorted.partition_point(|&x| x < oldest).min(self.sorted.len() - 1);
        let to = self.sorted.partition_point(|&x| x < value);
        if to > from {
            self.sorted.copy_within(from + 1..to, from);
            self.sorted[to - 1] = value;
        } else {
            self.sorted.copy_within(to..from, to + 1);
            self.sorted[to] = value;
        }
        self.sorted[self.sorted.len() / 2]
    }
}

/// Finds the peaks of one detection function.
pub(super) struct Peaks {
    median: Median,
    /// The newest three values of the curve, and the threshold that held before the newest.
    curve: [f32; 3],
    threshold: f32,
    least: f32,
    least_share: f32,
    since_last: u32,
    refractory: u32,
    /// Height of a strong peak in this recording: follows the peaks, and sinks where there are none.
    strong: f32,
    sink: f32,
}

impl Peaks {
    /// `least`: height that a peak needs above the adaptive threshold. `least_share`: what it needs of a strong
    /// peak in this recording. `refractory_s`: no second hit that soon.
    pub(super) fn new(hop_s: f32, least: f32, least_share: f32, refractory_s: f32) -> Self {
        Self {
            median: Median::new((0.5 / hop_s) as usize),
            curve: [0.0; 3],
            threshold: least,
            least,
            least_share,
            since_last: u32::MAX,
            refractory: (refractory_s / hop_s).round() as u32,
            strong: 0.0,
            sink: (-hop_s / 12.0).exp(),
        }
    }

    /// The strength (0 to 1) of a hit that peaked one hop ago, if there was one.
    pub(super) fn hop(&mut self, value: f32) -> Option<f32> {
        self.curve = [self.curve[1], self.curve[2], value];
        let [before, peak, after] = self.curve;
        let threshold =
            std::mem::replace(&mut self.threshold, self.least + MEDIANS * self.median.push(value));
        self.since_last = self.since_last.saturating_add(1);
        self.strong *= self.sink;
        let too_low = peak <= threshold.max(self.least_share * self.strong);
        if peak <= before || peak < after || too_low || self.since_last < self.refractory {
            return None;
        }
        self.since_last = 0;
        // Not all the way up: the first hit out of silence is far taller than any that follows in the music.
        let rate = if peak > self.strong { 0.5 } else { 0.08 };
        self.strong += rate * (peak - self.strong);
        Some(self.strength(peak))
    }

    /// How strong a hit of this height is, 0 to 1.
    pub(super) fn strength(&self, height: f32) -> f32 {
        (height / self.strong.max(3.0 * self.least)).clamp(0.0, 1.0)
    }
}
