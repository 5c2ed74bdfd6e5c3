//! What is held, and what is struck.
//!
//! A tone is a line along time in a spectrogram, a hit is a line along frequency: medians along either keep one and lose the other
//! (Fitzgerald, "Harmonic/percussive separation using median filtering", 2010). His medians look ahead; these look back only.

use super::spectrum::Spectrum;

/// Bins that are looked at lie below this: above, next to nothing of a tone is left, and medians cost.
const HIGHEST_HZ: f32 = 5000.0;
const LOWEST_HZ: f32 = 40.0;
/// Bins that are looked at together: finer than the window can tell apart, they only cost.
const PAIR: usize = 2;
/// Spectra that the median along time runs over, and pairs of bins that the one along frequency does.
const PAST: usize = 9;
const WIDE: usize = 9;
/// Exchanges that bring the median of nine values to the fifth place (Smith, "Implementing median filters in XC4000E FPGAs",
/// 1996): the same for all bins, so that the processor works on several of them at once.
#[rustfmt::skip]
const EXCHANGES: [(usize, usize); 19] = [
    (1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3),
    (5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2),
];

/// Tells shares of tones and hits.
pub(super) struct Hpss {
    first: usize,
    last: usize,
    /// The newest magnitudes of all bins, as a ring.
    past: [Vec<f32>; PAST],
    next: usize,
    /// Their medians along time.
    along_time: Vec<f32>,
    /// Energy of what is held and of what is struck, smoothed.
    held: f32,
    struck: f32,
    rate: f32,
}

impl Hpss {
    /// For spectra like `spectrum` that come every `look_s`.
    pub(super) fn new(look_s: f32, spectrum: &Spectrum) -> Self {
        let top = spectrum.bin_count() - 1;
        let bin = |hz: f32| ((hz / spectrum.bin_hz()) as usize).clamp(1, top);
        let (first, last) = (bin(LOWEST_HZ), bin(HIGHEST_HZ));
        Self {
            first,
            last,
            past: std::array::from_fn(|_| vec![0.0; (last + 1 - first) / PAIR]),
            next: 0,
            along_time: vec![0.0; (last + 1 - first) / PAIR],
            held: 0.0,
            struck: 0.0,
            rate: super::envelope::approach(look_s, 0.1),
        }
    }

    /// Takes a new spectrum.
    pub(super) fn look(&mut self, spectrum: &Spectrum) {
        for (magnitude, power) in
            self.past[self.next].iter_mut().zip(spectrum.power()[self.first..=self.last].chunks_exact(PAIR))
        {
            *magnitude = power.iter().sum::<f32>().sqrt();
        }
        self.look_along_time();
        let magnitudes = &self.past[self.next];
        let (mut held, mut struck) = (0.0, 0.0);
        let mut window = Sorted::default();
        magnitudes.iter().take(WIDE / 2).for_each(|&magnitude| window.add(magnitude));
        for (at, (&magnitude, &along_time)) in magnitudes.iter().zip(&self.along_time).enumerate() {
            if let Some(&entering) = magnitudes.get(at + WIDE / 2) {
                window.add(entering);
            }
            if at > WIDE / 2 {
                window.remove(magnitudes[at - WIDE / 2 - 1]);
            }
            let along_frequency = window.median();
            let [h, p] = [along_time * along_time, along_frequency * along_frequency];
            if h + p > 0.0 {
                let energy = magnitude * magnitude;
                held += energy * h / (h + p);
                struck += energy * p / (h + p);
            }
        }
        self.next = (self.next + 1) % PAST;
        self.held += self.rate * (held - self.held);
        self.struck += self.rate * (struck - self.struck);
    }

    fn look_along_time(&mut self) {
        let rows = self.past.each_ref().map(|row| &row[..self.along_time.len()]);
        for (at, median) in self.along_time.iter_mut().enumerate() {
            let mut values: [f32; PAST] = std::array::from_fn(|row| rows[row][at]);
            for (low, high) in EXCHANGES {
                let (a, b) = (values[low], values[high]);
                (values[low], values[high]) = if a < b { (a, b) } else { (b, a) };
            }
            *median = values[PAST / 2];
        }
    }

    /// Shares of what is held and of what is struck in the energy of the newest tenth of a second; they add up to `presence`.
    pub(super) fn shares(&self, presence: f32) -> (f32, f32) {
        let all = self.held + self.struck;
        if all > 1e-12 { (presence * self.held / all, presence * self.struck / all) } else { (0.0, 0.0) }
    }
}

/// The values within a window, ascending.
#[derive(Default)]
struct Sorted {
    values: [f32; WIDE + 1],
    count: usize,
}

impl Sorted {
    fn add(&mut self, value: f32) {
        let mut at = self.count.min(WIDE);
        while at > 0 && self.values[at - 1] > value {
            self.values[at] = self.values[at - 1];
            at -= 1;
        }
        self.values[at] = value;
        self.count = (self.count + 1).min(WIDE + 1);
    }

    fn remove(&mut self, value: f32) {
        let within = &self.values[..self.count];
        let Some(at) = within.iter().position(|&found| found == value) else { return };
        self.values.copy_within(at + 1..self.count, at);
        self.count -= 1;
    }

    fn median(&self) -> f32 {
        self.values[self.count / 2]
    }
}
