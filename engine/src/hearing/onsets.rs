//! Drum hits and other beginnings.

use super::flux::Flux;
use super::heard::{Drum, Heard};
use super::peaks::Peaks;
use super::spectrum::Spectrum;

const KICK_BELOW_HZ: f32 = 150.0;
const SNARE_FROM_HZ: f32 = 250.0;
const HAT_FROM_HZ: f32 = 6000.0;
/// How much a band must rise to count as part of a noise burst, in nepers.
const BURST_RISE: f32 = 0.35;

/// One detector and the hits that it reports.
struct Detector {
    peaks: Peaks,
    decay: f32,
    drum: Drum,
}

impl Detector {
    fn new(hop_s: f32, least: f32, refractory_s: f32, decay_s: f32) -> Self {
        Self {
            peaks: Peaks::new(hop_s, least, refractory_s),
            decay: (-hop_s / decay_s).exp(),
            drum: Drum { time_s: -1.0, ..Drum::default() },
        }
    }

    fn hop(&mut self, value: f32, time_s: f64) -> Drum {
        self.drum.pulse *= self.decay;
        if self.drum.pulse < 1e-4 {
            self.drum.pulse = 0.0;
        }
        if let Some(strength) = self.peaks.hop(value) {
            self.drum.strength = strength;
            self.drum.pulse = self.drum.pulse.max(strength);
            self.drum.count = self.drum.count.wrapping_add(1);
            self.drum.time_s = time_s.max(0.0);
        }
        self.drum
    }
}

/// Finds hits in four parts of the spectrum.
pub(super) struct Onsets {
    flux: Flux,
    kick: Detector,
    snare: Detector,
    hat: Detector,
    any: Detector,
    kick_end: usize,
    snare_start: usize,
    hat_start: usize,
    latency_s: f64,
}

impl Onsets {
    pub(super) fn new(nyquist_hz: f32, hop_s: f32, spectrum: &Spectrum) -> Self {
        let flux = Flux::new(nyquist_hz, spectrum);
        let bands_below = |hz: f32| flux.centres_hz().iter().filter(|&&centre| centre < hz).count();
        // At low sample rates the hats are whatever is left at the top.
        let hat_start = bands_below(HAT_FROM_HZ.min(0.6 * nyquist_hz));
        Self {
            kick: Detector::new(hop_s, 0.35, 0.10, 0.18),
            snare: Detector::new(hop_s, 0.25, 0.08, 0.14),
            hat: Detector::new(hop_s, 0.20, 0.05, 0.07),
            any: Detector::new(hop_s, 0.12, 0.05, 0.12),
            kick_end: bands_below(KICK_BELOW_HZ),
            snare_start: bands_below(SNARE_FROM_HZ),
            hat_start,
            // A peak shows one hop later, and the flux peaks when the beginning is well inside of the window.
            latency_s: f64::from(hop_s) + 0.5 * spectrum.length() as f64 / (2.0 * f64::from(nyquist_hz)),
            flux,
        }
    }

    /// How much later than the sound the curve that [`hop`](Self::hop) returns shows it.
    pub(super) fn curve_latency_s(&self) -> f64 {
        self.latency_s
    }

    /// Reports hits into `heard` and returns the onset curve for the beat: how much begins in this hop.
    pub(super) fn hop(&mut self, spectrum: &Spectrum, loud: f32, heard: &mut Heard) -> f32 {
        let rise = self.flux.hop(spectrum, loud);
        let kick = mean(&rise[..self.kick_end]);
        let middle = &rise[self.snare_start..self.hat_start];
        // A note raises single bands, a noise burst raises them all.
        let burst =
            middle.iter().filter(|&&rise| rise > BURST_RISE).count() as f32 / middle.len().max(1) as f32;
        let snare = mean(middle) * burst;
        let hat = mean(&rise[self.hat_start..]);
        let any = mean(rise);

        let time_s = heard.time_s - self.latency_s;
        heard.kick = self.kick.hop(kick, time_s);
        heard.snare = self.snare.hop(snare, time_s);
        heard.hat = self.hat.hop(hat, time_s);
        heard.onset = self.any.hop(any, time_s);
        any + 0.3 * kick
    }
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}
