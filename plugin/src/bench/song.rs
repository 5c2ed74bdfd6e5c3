//! A small synthetic song, so that every machine is measured on the same one.

use std::f64::consts::TAU;
use std::path::Path;

use anyhow::{Context, Result};

/// Its sample rate.
pub const SAMPLE_RATE_HZ: u32 = 48_000;
/// Beats a second: 120 beats per minute.
const BEATS_PER_S: f64 = 2.0;

/// Kick, hat, bass and a chord, as stereo frames.
pub fn frames(duration_s: f64) -> Vec<[f32; 2]> {
    let rate = f64::from(SAMPLE_RATE_HZ);
    // A linear congruential generator (the constants of Numerical Recipes) is noise enough for a hat.
    let mut noise: u32 = 1;
    (0..(duration_s * rate) as u64)
        .map(|index| {
            let time_s = index as f64 / rate;
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let white = f64::from(noise) / f64::from(u32::MAX) * 2.0 - 1.0;
            frame(time_s, white)
        })
        .collect()
}

fn frame(time_s: f64, white: f64) -> [f32; 2] {
    let since_beat_s = (time_s * BEATS_PER_S).fract() / BEATS_PER_S;
    let since_eighth_s = (time_s * BEATS_PER_S * 2.0).fract() / (BEATS_PER_S * 2.0);
    // A minor, then F major, two seconds each.
    let chord_hz =
        if (time_s / 4.0).fract() < 0.5 { [220.0, 261.63, 329.63] } else { [174.61, 220.0, 261.63] };

    let sine = |frequency_hz: f64| (TAU * frequency_hz * time_s).sin();
    let kick = 0.6 * (-since_beat_s * 18.0).exp() * (TAU * 52.0 * since_beat_s).sin();
    let hat = 0.12 * (-since_eighth_s * 60.0).exp() * white;
    let bass = 0.15 * sine(chord_hz[0] / 4.0);
    let [low, middle, high] = chord_hz.map(|hz| 0.07 * sine(hz));
    let centre = kick + bass + middle;
    [(centre + low + 0.7 * hat) as f32, (centre + high + hat) as f32]
}

/// Writes frames as a 16-bit WAV.
pub fn write(path: &Path, frames: &[[f32; 2]]) -> Result<()> {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: SAMPLE_RATE_HZ,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let write = || -> std::result::Result<(), hound::Error> {
        let mut wav = hound::WavWriter::create(path, spec)?;
        for sample in frames.iter().flatten() {
            wav.write_sample((sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)) as i16)?;
        }
        wav.finalize()
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_beats_twice_a_second_and_does_not_clip() {
        let frames = frames(2.0);
        let energy = |from_s: f64| -> f32 {
            let start = (from_s * f64::from(SAMPLE_RATE_HZ)) as usize;
            frames[start..start + 4800].iter().map(|[left, right]| left * left + right * right).sum()
        };
        for beat_s in [0.0, 0.5, 1.0, 1.5] {
            assert!(energy(beat_s) > 2.0 * energy(beat_s + 0.3), "no kick at {beat_s} s");
        }
        assert!(frames.iter().flatten().all(|sample| sample.abs() <= 1.0));
    }
}
