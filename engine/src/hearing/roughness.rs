//! How much neighbouring partials beat against each other.
//!
//! Sensory dissonance of pairs of spectral peaks (Plomp and Levelt, 1965; the curve is that of Sethares, "Local consonance and
//! the relationship between timbre and scale", 1993), over what the peaks have in all: so it does not depend on loudness,
//! nor on how many there are.

use super::spectrum::Spectrum;

/// The strongest peaks count, and of those what is not much weaker than the strongest: side lobes of a window are no partials.
const MOST_PEAKS: usize = 24;
const WEAKEST: f32 = 0.06;
const LOWEST_HZ: f32 = 50.0;
const HIGHEST_HZ: f32 = 6000.0;
/// Sethares' constants, and the largest value of his curve.
const RISE: f32 = 3.51;
const FALL: f32 = 5.75;
const MOST: f32 = 0.1846;

/// Roughness from 0 (one tone, an octave) to 1 (a cluster of semitones, noise).
pub(super) fn of(spectrum: &Spectrum) -> f32 {
    let mut peaks = [(0.0_f32, 0.0_f32); MOST_PEAKS];
    let count = find(spectrum, &mut peaks);
    let peaks = &mut peaks[..count];
    peaks.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let all: f32 = peaks.iter().map(|(_, amplitude)| amplitude).sum();
    let mut rough = 0.0;
    for (i, &(low_hz, low)) in peaks.iter().enumerate() {
        let scale = 0.24 / (0.0207 * low_hz + 18.96);
        for &(high_hz, high) in &peaks[i + 1..] {
            let apart = scale * (high_hz - low_hz);
            if apart > 2.0 {
                break;
            }
            rough += low.min(high) * ((-RISE * apart).exp() - (-FALL * apart).exp()) / MOST;
        }
    }
    // Two tones that beat as much as two can have half of what they are as their pair.
    if all > 0.0 { (2.0 * rough / all).min(1.0) } else { 0.0 }
}

/// The strongest peaks of a spectrum, as frequencies and amplitudes; how many there are.
fn find(spectrum: &Spectrum, peaks: &mut [(f32, f32); MOST_PEAKS]) -> usize {
    let power = spectrum.power();
    let bin = |hz: f32| ((hz / spectrum.bin_hz()) as usize).clamp(1, power.len().saturating_sub(2).max(1));
    let (first, last) = (bin(LOWEST_HZ), bin(HIGHEST_HZ));
    if power.len() < 3 {
        return 0;
    }
    let strongest = power[first..=last].iter().copied().fold(0.0, f32::max);
    let least = (WEAKEST * WEAKEST * strongest).max(f32::MIN_POSITIVE);
    let mut count = 0;
    for at in first..=last {
        let [before, here, after] = [power[at - 1], power[at], power[at + 1]];
        if here <= before || here < after || here < least {
            continue;
        }
        let [a, b, c] = [before, here, after].map(|p| p.max(f32::MIN_POSITIVE).ln());
        let offset = (0.5 * (a - c) / (a - 2.0 * b + c).min(-1e-6)).clamp(-0.5, 0.5);
        let peak = ((at as f32 + offset) * spectrum.bin_hz(), here.sqrt());
        if count < MOST_PEAKS {
            peaks[count] = peak;
            count += 1;
        } else if let Some(weakest) = peaks.iter_mut().min_by(|a, b| a.1.total_cmp(&b.1))
            && weakest.1 < peak.1
        {
            *weakest = peak;
        }
    }
    count
}
