//! Loudness as ITU-R BS.1770 defines it: K-weighting, then the mean square of 400 ms.

use std::f64::consts::PI;

/// What silence is called, in LUFS.
pub(super) const SILENCE_LUFS: f32 = -120.0;

/// One second-order section, transposed direct form II.
#[derive(Clone, Copy, Default)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    z: [f64; 2],
}

impl Biquad {
    fn process(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.z[0];
        self.z[0] = self.b[1] * x - self.a[0] * y + self.z[1];
        self.z[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    /// Ends a decay before it reaches denormal numbers, which are a hundred times slower.
    fn settle(&mut self) {
        for z in &mut self.z {
            if z.abs() < 1e-30 {
                *z = 0.0;
            }
        }
    }

    /// The shelf that stands for the head: +4 dB above about 1.7 kHz.
    ///
    /// BS.1770 tabulates coefficients for 48 kHz only. This and the next are the analogue prototypes behind that
    /// table (De Man, "Evaluation of Implementations of the EBU R128 Loudness Measurement", 2018), so that other
    /// sample rates hear the same.
    fn head(sample_rate_hz: f64) -> Self {
        let (centre_hz, gain_db, q) = (1_681.974_450_955_533, 3.999_843_853_973_347, 0.707_175_236_955_419_6);
        let k = (PI * (centre_hz / sample_rate_hz).min(0.49)).tan();
        let high = 10_f64.powf(gain_db / 20.0);
        let band = high.powf(0.499_666_774_154_541_6);
        let a0 = 1.0 + k / q + k * k;
        Self {
            b: [
                (high + band * k / q + k * k) / a0,
                2.0 * (k * k - high) / a0,
                (high - band * k / q + k * k) / a0,
            ],
            a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
            z: [0.0; 2],
        }
    }

    /// The high-pass at 38 Hz.
    fn rumble(sample_rate_hz: f64) -> Self {
        let (cutoff_hz, q) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
        let k = (PI * (cutoff_hz / sample_rate_hz).min(0.49)).tan();
        let a0 = 1.0 + k / q + k * k;
        Self { b: [1.0, -2.0, 1.0], a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0], z: [0.0; 2] }
    }
}

/// Momentary loudness, and the K-weighted level of each hop that it is made of.
pub(super) struct Loudness {
    filters: [[Biquad; 2]; 2],
    hop_energy: f64,
    /// Mean squares of the hops of the newest 400 ms, as a ring.
    hops: Vec<f64>,
    next: usize,
    hop_frames: f64,
}

impl Loudness {
    pub(super) fn new(sample_rate_hz: f64, hop_frames: usize) -> Self {
        let hops = (0.4 * sample_rate_hz / hop_frames as f64).round().max(1.0) as usize;
        let filters = [Biquad::head(sample_rate_hz), Biquad::rumble(sample_rate_hz)];
        Self {
            filters: [filters; 2],
            hop_energy: 0.0,
            hops: vec![0.0; hops],
            next: 0,
            hop_frames: hop_frames as f64,
        }
    }

    pub(super) fn push(&mut self, frame: [f32; 2]) {
        for ([head, rumble], x) in self.filters.iter_mut().zip(frame) {
            let y = rumble.process(head.process(f64::from(x)));
            self.hop_energy += y * y;
        }
    }

    /// Ends a hop and returns its own K-weighted level, and the momentary loudness, both in LUFS.
    pub(super) fn end_hop(&mut self) -> (f32, f32) {
        self.filters.iter_mut().flatten().for_each(Biquad::settle);
        let hop = self.hop_energy / self.hop_frames;
        self.hop_energy = 0.0;
        self.hops[self.next] = hop;
        self.next = (self.next + 1) % self.hops.len();
        // Summed anew each time: a running sum would keep rounding errors of loud music through silence.
        let momentary = self.hops.iter().sum::<f64>() / self.hops.len() as f64;
        (lufs(hop), lufs(momentary))
    }
}

fn lufs(mean_square: f64) -> f32 {
    ((10.0 * mean_square.max(1e-30).log10() - 0.691) as f32).max(SILENCE_LUFS)
}
