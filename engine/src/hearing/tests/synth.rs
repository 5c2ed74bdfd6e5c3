//! Sounds with a known truth.

use std::f64::consts::TAU;

use rand::RngExt;
use rand::SeedableRng;
use rand_pcg::Pcg32;

/// A mono function of time in both channels.
pub fn sound(sample_rate_hz: u32, seconds: f64, mut at: impl FnMut(f64) -> f64) -> Vec<[f32; 2]> {
    let frames = (seconds * f64::from(sample_rate_hz)) as usize;
    (0..frames).map(|i| [at(i as f64 / f64::from(sample_rate_hz)) as f32; 2]).collect()
}

/// White noise with this standard deviation, close to normal.
pub fn noise(rms: f64) -> impl FnMut() -> f64 {
    let mut random = Pcg32::seed_from_u64(7);
    move || {
        let sum: f64 = (0..6).map(|_| random.random_range(-1.0..1.0)).sum();
        rms * sum / 2_f64.sqrt()
    }
}

/// Times of an even pulse.
pub fn pulse(bpm: f64, first_s: f64, seconds: f64) -> Vec<f64> {
    (0..).map(|i| first_s + f64::from(i) * 60.0 / bpm).take_while(|&t| t < seconds - 0.1).collect()
}

/// Metronome clicks: 10 ms of a decaying tone at 1.5 kHz with a little noise.
pub fn clicks(sample_rate_hz: u32, seconds: f64, times_s: &[f64]) -> Vec<[f32; 2]> {
    let mut hiss = noise(0.1);
    let mut next = 0;
    sound(sample_rate_hz, seconds, |t| {
        while next + 1 < times_s.len() && times_s[next + 1] <= t {
            next += 1;
        }
        let age = t - times_s[next];
        if age < 0.0 { 0.0 } else { (-age / 0.004).exp() * (0.6 * (TAU * 1500.0 * age).sin() + hiss()) }
    })
}

/// A drum loop in quarters: kick on 1 and 3, snare on 2 and 4, hats on eighths, over a held chord.
pub fn drum_loop(sample_rate_hz: u32, seconds: f64, bpm: f64, gain: f64) -> Vec<[f32; 2]> {
    let (mut hiss, mut last) = (noise(1.0), 0.0);
    let beat_s = 60.0 / bpm;
    sound(sample_rate_hz, seconds, |t| {
        let beat = t / beat_s;
        let in_beat = beat.fract() * beat_s;
        let in_eighth = (2.0 * beat).fract() * beat_s / 2.0;
        let kick =
            (-in_beat / 0.09).exp() * (TAU * (55.0 * in_beat + 2.0 * (1.0 - (-in_beat / 0.02).exp()))).sin();
        let white = hiss();
        // The difference of neighbouring samples leaves the top of the noise.
        let (bright, attack) = (white - last, 1.0 - (-in_beat / 0.003).exp());
        last = white;
        let snare = attack * (-in_beat / 0.06).exp() * (0.2 * bright + 0.15 * (TAU * 190.0 * in_beat).sin());
        let hat = 0.015 * (-in_eighth / 0.02).exp() * bright;
        let chord = [220.0, 277.2, 329.6].iter().map(|hz| (TAU * hz * t).sin()).sum::<f64>() * 0.04;
        let drum = if (beat as u64).is_multiple_of(2) { 0.6 * kick } else { snare };
        gain * (drum + hat + chord)
    })
}
