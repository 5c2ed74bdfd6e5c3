//! What half a second sounds like, in few numbers: for what looks at music from farther away.

use super::Heard;
use super::filterbank::FilterBank;
use super::spectrum::Spectrum;

/// Bands of a digest: about an octave each, so that a bass line stays within one.
pub(super) const BANDS: usize = 8;
const LOWEST_HZ: f32 = 40.0;
const HIGHEST_HZ: f32 = 16_000.0;
pub(super) const LENGTH_S: f64 = 0.5;

/// Half a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digest {
    /// When it ended.
    pub time_s: f64,
    /// Mean power of each band, in dB.
    pub bands_db: [f32; BANDS],
    /// Mean chroma.
    pub chroma: [f32; 12],
    /// Beginnings of notes and hits in it.
    pub onsets: u32,
    /// Share of it in which there was sound.
    pub presence: f32,
}

/// Makes digests.
pub(super) struct Digests {
    bank: FilterBank,
    power: [f32; BANDS],
    chroma: [f32; 12],
    presence: f32,
    looks: f32,
    onsets: u32,
    next_s: f64,
}

impl Digests {
    pub(super) fn new(nyquist_hz: f32, spectrum: &Spectrum) -> Self {
        let step = (HIGHEST_HZ.min(nyquist_hz) / LOWEST_HZ).powf(1.0 / BANDS as f32);
        let edges_hz: Vec<f32> = (0..=BANDS).map(|i| LOWEST_HZ * step.powi(i as i32)).collect();
        Self {
            bank: FilterBank::between(&edges_hz, spectrum.bin_hz(), spectrum.bin_count()),
            power: [0.0; BANDS],
            chroma: [0.0; 12],
            presence: 0.0,
            looks: 0.0,
            onsets: 0,
            next_s: LENGTH_S,
        }
    }

    /// Takes a new spectrum, and what was heard last; gives a digest where one is complete.
    pub(super) fn look(&mut self, spectrum: &Spectrum, heard: &Heard) -> Option<Digest> {
        for (sum, power) in self.power.iter_mut().zip(self.bank.gather(spectrum.power())) {
            *sum += power;
        }
        self.chroma.iter_mut().zip(heard.chroma).for_each(|(sum, class)| *sum += class);
        self.presence += heard.presence;
        self.looks += 1.0;
        if heard.time_s < self.next_s {
            return None;
        }
        self.next_s += LENGTH_S;
        let digest = Digest {
            time_s: heard.time_s,
            bands_db: self.power.map(|sum| 10.0 * (sum / self.looks).max(1e-12).log10()),
            chroma: self.chroma.map(|sum| sum / self.looks),
            onsets: heard.onset.count.wrapping_sub(self.onsets),
            presence: self.presence / self.looks,
        };
        (self.power, self.chroma, self.presence, self.looks) = ([0.0; BANDS], [0.0; 12], 0.0, 0.0);
        self.onsets = heard.onset.count;
        Some(digest)
    }
}
