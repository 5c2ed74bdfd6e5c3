//! Songs made on the spot: short, simple, and with known truth.

use std::f64::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::Command;

use hound::{SampleFormat, WavSpec, WavWriter};

/// A mono sound at its sample rate.
#[derive(Clone)]
pub struct Sound {
    /// Samples a second.
    pub rate_hz: u32,
    /// -1 to 1.
    pub samples: Vec<f32>,
}

impl Sound {
    /// Silence.
    pub fn silence(rate_hz: u32, duration_s: f64) -> Self {
        Self { rate_hz, samples: vec![0.0; (duration_s * f64::from(rate_hz)).round() as usize] }
    }

    /// A sine, faded in over 10 ms.
    pub fn tone(rate_hz: u32, duration_s: f64, pitch_hz: f64, amplitude: f64) -> Self {
        let mut sound = Self::silence(rate_hz, duration_s);
        for (i, sample) in sound.samples.iter_mut().enumerate() {
            let t = i as f64 / f64::from(rate_hz);
            *sample = ((t / 0.01).min(1.0) * amplitude * (TAU * pitch_hz * t).sin()) as f32;
        }
        sound
    }

    /// A little of everything, for tests that only need some music: a chord that swells over a kick a half second.
    pub fn music(rate_hz: u32, duration_s: f64) -> Self {
        let mut sound = Self::silence(rate_hz, duration_s);
        for (i, sample) in sound.samples.iter_mut().enumerate() {
            let t = i as f64 / f64::from(rate_hz);
            let chord: f64 = [220.0, 277.18, 329.63, 440.0].iter().map(|pitch| (TAU * pitch * t).sin()).sum();
            *sample = (0.05 * chord * (0.6 + 0.4 * (TAU * 0.3 * t).sin())) as f32;
        }
        let mut time_s = 0.25;
        while time_s < duration_s {
            sound.add_kick(time_s);
            time_s += 0.5;
        }
        sound
    }

    /// Clicks of 5 ms, noise-like and loud.
    pub fn clicks(rate_hz: u32, duration_s: f64, times_s: &[f64]) -> Self {
        let mut sound = Self::silence(rate_hz, duration_s);
        for &time_s in times_s {
            let mut noise: u32 = 22_222;
            sound.add(time_s, 0.005, |t| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                0.8 * (f64::from(noise) / f64::from(u32::MAX) - 0.5) * 2.0 * (-t / 0.002).exp()
            });
        }
        sound
    }

    /// Adds a kick drum: a loud sine that falls in pitch, and ends without a click.
    pub fn add_kick(&mut self, time_s: f64) {
        const LENGTH_S: f64 = 0.25;
        self.add(time_s, LENGTH_S, |t| {
            let phase = 50.0 * t + 150.0 * 0.02 * (1.0 - (-t / 0.02).exp());
            0.8 * (TAU * phase).sin() * (-t / 0.09).exp() * (t / 0.0005).min(1.0) * (1.0 - t / LENGTH_S)
        });
    }

    /// Adds `wave`, a function of the time since its start.
    fn add(&mut self, time_s: f64, length_s: f64, mut wave: impl FnMut(f64) -> f64) {
        let rate_hz = f64::from(self.rate_hz);
        let start = (time_s * rate_hz).round() as usize;
        let count = (length_s * rate_hz) as usize;
        for (i, sample) in self.samples.iter_mut().skip(start).take(count).enumerate() {
            *sample += wave(i as f64 / rate_hz) as f32;
        }
    }

    /// Writes a 16-bit WAV with this sound in every channel.
    pub fn write(&self, path: &Path, channels: u16) -> PathBuf {
        let format = WavSpec {
            channels,
            sample_rate: self.rate_hz,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        let mut writer = WavWriter::create(path, format).expect("makes a WAV");
        for &sample in &self.samples {
            for _ in 0..channels {
                writer.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16).expect("writes a WAV");
            }
        }
        writer.finalize().expect("finishes a WAV");
        path.to_path_buf()
    }

    /// Writes a stereo WAV of 32-bit floats, as they are: they may be infinite, or not numbers.
    pub fn write_floats(&self, path: &Path) -> PathBuf {
        let format = WavSpec {
            channels: 2,
            sample_rate: self.rate_hz,
            bits_per_sample: 32,
            sample_format: SampleFormat::Float,
        };
        let mut writer = WavWriter::create(path, format).expect("makes a WAV");
        for &sample in &self.samples {
            writer.write_sample(sample).and_then(|()| writer.write_sample(sample)).expect("writes a WAV");
        }
        writer.finalize().expect("finishes a WAV");
        path.to_path_buf()
    }
}

/// Encodes `wav` into the format that the end of `path` names.
pub fn convert(wav: &Path, path: &Path) -> PathBuf {
    let done = Command::new("ffmpeg").args(["-v", "error", "-y", "-i"]).arg(wav).arg(path).status();
    assert!(done.is_ok_and(|status| status.success()), "ffmpeg cannot make {}", path.display());
    path.to_path_buf()
}
