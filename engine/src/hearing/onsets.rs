//! Drum hits and other beginnings.

use super::filterbank::FilterBank;
use super::flux::{Flux, LAG, MEMORY};
use super::peaks::Peaks;
use super::pulse::Pulse;
use super::sense::Activations;
use super::spectrum::Spectrum;
use super::trigger::{Least, Trigger};
use super::{Drum, Heard};

/// The body of a kick drum, two bins away from that of a snare (180 Hz and up).
const KICK_BODY_HZ: [f32; 2] = [25.0, 115.0];
/// Its punch: the sweep down to the body, or the beater's click. A bass note has a body and no punch.
const KICK_PUNCH_HZ: f32 = 140.0;
const KICK_CLICK_HZ: f32 = 500.0;
/// Body and punch do not peak in the same hop: the punch is remembered for this many.
const PUNCH_HOPS: usize = 6;
/// A rise of the body by this much of the recording's loudness is none yet (snares have some), and a full kick.
const NO_BODY: f32 = 0.05;
/// Above the body lies what a kick has little of and a snare much, with a skirt that reaches down.
const ABOVE_BODY_HZ: [f32; 2] = [140.0, 320.0];
const SKIRT: f32 = 0.3;
const FULL_BODY: f32 = 0.2;
/// How much later than other hits a kick peaks.
const KICK_LATENCY_S: f64 = 0.02;
/// The wires of a snare, below where hats have most.
const SNARE_HZ: [f32; 2] = [1500.0, 6000.0];
const HAT_FROM_HZ: f32 = 6000.0;
/// A hit that a network hears is as strong as the curve was lately, and no weaker than this.
const STRENGTH_FADES_S: f32 = 0.03;
const LEAST_STRENGTH: f32 = 0.25;
/// How likely a network must find a hit, by drum: less where the curve has a peak as well. The curve was made by hand and knows no kit,
/// so that the two err at different places. Basses peak in the curve of kicks just before the network has made up its mind.
const KICK: Least = Least { alone: 0.43, after_a_peak: 0.43, before_a_peak: 0.15 };
const SNARE: Least = Least { alone: 0.45, after_a_peak: 0.4, before_a_peak: 0.4 };
const HAT: Least = Least { alone: 0.5, after_a_peak: 0.28, before_a_peak: 0.28 };
const ONSET: Least = Least { alone: 0.5, after_a_peak: 0.5, before_a_peak: 0.5 };
/// What a network has found fades by this factor a frame.
const LIKELY_FADES: f32 = 0.7;
/// As near as this, the two mean the same hit.
const SECONDED_S: f64 = 0.045;
/// Hits as near as this are one.
const SAME_HIT_S: f64 = 0.04;
/// How much a band must rise to count as part of a noise burst, in nepers.
const BURST_RISE: f32 = 0.15;

/// One detector and the hits that it reports.
struct Detector {
    peaks: Peaks,
    pulse: Pulse,
    /// Fires for a network's word, where there is one.
    trigger: Trigger,
    /// How likely the network has found one lately.
    likely: f32,
    /// When the newest peak of the curve began.
    peaked_s: f64,
    /// The highest of the curve lately, as a strength: what a network's hits are given.
    strength: f32,
    fade: f32,
}

impl Detector {
    fn new(hop_s: f32, peaks: [f32; 3], decay_s: f32, least: Least) -> Self {
        let trigger = Trigger::new(least);
        let [least, least_share, refractory_s] = peaks;
        Self {
            peaks: Peaks::new(hop_s, least, least_share, refractory_s),
            pulse: Pulse::new(hop_s, decay_s),
            trigger,
            likely: 0.0,
            peaked_s: f64::NEG_INFINITY,
            strength: 0.0,
            fade: (-hop_s / STRENGTH_FADES_S).exp(),
        }
    }

    /// The next hop of the curve. `alone`: the curve says what is a hit; with a network, the two second each other, whoever is first.
    fn hop(&mut self, value: f32, time_s: f64, alone: bool) -> Drum {
        let hit = self.peaks.hop(value);
        if hit.is_some() {
            self.peaked_s = time_s;
        }
        self.strength = (self.strength * self.fade).max(self.peaks.strength(value));
        let is_told = self.is_told(time_s);
        let is_hit = alone || self.likely >= self.trigger.least().before_a_peak;
        self.pulse.hop(hit.filter(|_| is_hit && !is_told), time_s)
    }

    fn is_told(&self, time_s: f64) -> bool {
        (time_s - self.pulse.drum().time_s).abs() < SAME_HIT_S
    }

    /// A network's word on the moment `about_s`; it adds nothing to a hit that was told already.
    fn word(&mut self, likely: f32, about_s: f64) -> Drum {
        self.likely = likely.max(LIKELY_FADES * self.likely);
        let is_after_a_peak = (about_s - self.peaked_s).abs() < SECONDED_S;
        if self.trigger.frame(likely, is_after_a_peak) && !self.is_told(about_s) {
            self.pulse.strike(self.strength.max(LEAST_STRENGTH), about_s);
        }
        self.pulse.drum()
    }
}

/// How far an amplitude rises above its largest some hops ago: what [`Flux`] does, for one value.
#[derive(Default)]
struct Rise {
    newest_last: [f32; LAG + MEMORY],
}

impl Rise {
    fn rise(&mut self, amplitude: f32) -> f32 {
        self.newest_last.rotate_left(1);
        self.newest_last[LAG + MEMORY - 1] = amplitude;
        let before = self.newest_last[..MEMORY].iter().copied().fold(0.0, f32::max);
        (amplitude - before).max(0.0)
    }
}

/// Finds hits in four parts of the spectrum.
pub(super) struct Onsets {
    flux: Flux,
    low_bank: FilterBank,
    body: Rise,
    above: Rise,
    punch: [f32; PUNCH_HOPS],
    kick: Detector,
    snare: Detector,
    hat: Detector,
    any: Detector,
    punch_start: usize,
    click_start: usize,
    snare_start: usize,
    snare_end: usize,
    hat_start: usize,
    latency_s: f64,
}

impl Onsets {
    pub(super) fn new(nyquist_hz: f32, hop_s: f32, spectrum: &Spectrum) -> Self {
        let flux = Flux::new(nyquist_hz, spectrum);
        let bands_below = |hz: f32| flux.centres_hz().iter().filter(|&&centre| centre < hz).count();
        // At low sample rates snares and hats are whatever is left at the top.
        let top_hz = nyquist_hz.min(10_000.0);
        Self {
            low_bank: FilterBank::between(
                &[KICK_BODY_HZ[0], KICK_BODY_HZ[1], ABOVE_BODY_HZ[0], ABOVE_BODY_HZ[1]],
                spectrum.bin_hz(),
                spectrum.bin_count(),
            ),
            body: Rise::default(),
            above: Rise::default(),
            punch: [0.0; PUNCH_HOPS],
            kick: Detector::new(hop_s, [0.08, 0.25, 0.06], 0.18, KICK),
            snare: Detector::new(hop_s, [0.15, 0.30, 0.08], 0.14, SNARE),
            hat: Detector::new(hop_s, [0.05, 0.10, 0.05], 0.07, HAT),
            any: Detector::new(hop_s, [0.03, 0.02, 0.05], 0.12, ONSET),
            punch_start: bands_below(KICK_PUNCH_HZ.min(0.1 * top_hz)),
            click_start: bands_below(KICK_CLICK_HZ.min(0.2 * top_hz)),
            snare_start: bands_below(SNARE_HZ[0].min(0.3 * top_hz)),
            snare_end: bands_below(SNARE_HZ[1].min(0.8 * top_hz)),
            hat_start: bands_below(HAT_FROM_HZ.min(0.6 * top_hz)),
            // A peak shows one hop later, and the flux peaks when the beginning is well inside of the window.
            latency_s: 1.2 * f64::from(hop_s)
                + 0.5 * spectrum.length() as f64 / (2.0 * f64::from(nyquist_hz)),
            flux,
        }
    }

    /// How much later than the sound the curve that [`hop`](Self::hop) returns shows it.
    pub(super) fn curve_latency_s(&self) -> f64 {
        self.latency_s
    }

    /// Reports into `heard` what a network hears at the moment `about_s`. That anything begins is mostly found here sooner.
    pub(super) fn word(&mut self, said: &Activations, about_s: f64, heard: &mut Heard) {
        heard.kick = self.kick.word(said.kick, about_s);
        heard.snare = self.snare.word(said.snare, about_s);
        heard.hat = self.hat.word(said.hat, about_s);
        heard.onset = self.any.word(said.onset, about_s);
    }

    /// Reports hits into `heard` and returns how much begins in this hop in the bass, the low and the high middle, and the top. `loud` is
    /// the amplitude that the recording reaches; `alone`: hits are found here, and not by a network.
    pub(super) fn hop(&mut self, spectrum: &Spectrum, loud: f32, alone: bool, heard: &mut Heard) -> [f32; 4] {
        let rise = self.flux.hop(spectrum, loud);
        let any = mean(rise);
        let hat = mean(&rise[self.hat_start..]);
        let wires = &rise[self.snare_start..self.snare_end];
        // A note raises single bands, a noise burst raises them all.
        let burst =
            wires.iter().filter(|&&rise| rise > BURST_RISE).count() as f32 / wires.len().max(1) as f32;
        let snare = mean(wires) * burst;

        let sweep = mean(&rise[self.punch_start..self.click_start]);
        let click = mean(&rise[self.click_start..self.hat_start]);
        self.punch.rotate_left(1);
        self.punch[PUNCH_HOPS - 1] = sweep.max(click);
        let mut below = self.low_bank.gather(spectrum.power()).map(|power| power.sqrt() / loud);
        let body = self.body.rise(below.next().unwrap_or(0.0));
        // The filter bank has three filters: the body, a gap, and what is above it.
        let above = self.above.rise(below.nth(1).unwrap_or(0.0));
        let body = ((body - SKIRT * above - NO_BODY) / (FULL_BODY - NO_BODY)).clamp(0.0, 1.0);
        let kick = body * self.punch.iter().copied().fold(0.0, f32::max);

        let time_s = heard.time_s - self.latency_s;
        // The low end of a kick builds up over some hops more.
        heard.kick = self.kick.hop(kick, time_s - KICK_LATENCY_S, alone);
        heard.snare = self.snare.hop(snare, time_s, alone);
        heard.hat = self.hat.hop(hat, time_s, alone);
        // A soft hat moves few of all bands, but it is an onset to everyone.
        heard.onset = self.any.hop(any.max(hat), time_s, true);
        [
            mean(&rise[..self.punch_start]) + kick,
            mean(&rise[self.punch_start..self.click_start]),
            mean(&rise[self.click_start..self.hat_start]),
            hat,
        ]
    }
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}
