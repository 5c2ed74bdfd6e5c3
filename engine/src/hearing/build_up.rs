//! Music that rises towards something: brighter, fuller, faster, louder, for seconds.

use super::digest::{BANDS, Digest};
use super::envelope::approach;

/// Digests in the newest two seconds, and in the two before.
const HALF: usize = 4;
/// Bands from here on are the top.
const TOP: usize = BANDS / 2;
/// How much of a rise within two seconds is clearly one: of the top and of everything in dB, of the centroid in bands, and
/// of how often something begins, in octaves.
const TOP_DB: f32 = 3.0;
const ALL_DB: f32 = 2.0;
const CENTROID_BANDS: f32 = 0.3;
const DENSITY_OCTAVES: f32 = 0.5;
/// The value follows with these time constants; what is below the first share of it is an ordinary step, above the second it is full.
const RISE_S: f32 = 4.0;
const FALL_S: f32 = 1.5;
const STEP: f32 = 0.35;
const FULL: f32 = 0.75;
/// How fast a drop ends it.
const END_S: f32 = 0.15;

/// Follows how the last seconds rise.
pub(super) struct BuildUp {
    /// Top, everything, centroid and density of the newest digests, the oldest first.
    past: [[f32; 4]; 2 * HALF],
    count: usize,
    rising: f32,
    value: f32,
    hop_s: f32,
    is_over: bool,
    drops: u32,
}

impl BuildUp {
    pub(super) fn new(hop_s: f32) -> Self {
        Self {
            past: [[0.0; 4]; 2 * HALF],
            count: 0,
            rising: 0.0,
            value: 0.0,
            hop_s,
            is_over: false,
            drops: 0,
        }
    }

    /// Takes half a second of a recording that gets as loud as `loud_db`.
    pub(super) fn look(&mut self, digest: &Digest, loud_db: f32) {
        if digest.presence < 0.5 {
            (self.count, self.rising) = (0, 0.0);
            return;
        }
        let power = digest.bands_db.map(|band| 10_f32.powf(band.max(loud_db - 60.0) / 10.0));
        let sum = |bands: &[f32]| bands.iter().sum::<f32>();
        let centroid = power.iter().enumerate().map(|(at, power)| at as f32 * power.sqrt()).sum::<f32>()
            / power.iter().map(|power| power.sqrt()).sum::<f32>();
        self.past.rotate_left(1);
        self.past[2 * HALF - 1] =
            [10.0 * sum(&power[TOP..]).log10(), 10.0 * sum(&power).log10(), centroid, digest.onsets as f32];
        self.count = (self.count + 1).min(2 * HALF);
        if self.count < 2 * HALF {
            return;
        }
        let (old, new) = self.past.split_at(HALF);
        let mean =
            |half: &[[f32; 4]], of: usize| half.iter().map(|values| values[of]).sum::<f32>() / HALF as f32;
        let rise = |of: usize| mean(new, of) - mean(old, of);
        let density = ((1.0 + mean(new, 3)) / (1.0 + mean(old, 3))).log2();
        let clear = [rise(0) / TOP_DB, rise(1) / ALL_DB, rise(2) / CENTROID_BANDS, density / DENSITY_OCTAVES];
        let score = (0.5 * clear.map(|value| value.clamp(-1.0, 1.5)).iter().sum::<f32>()).clamp(0.0, 1.0);
        let tau_s = if score > self.rising { RISE_S } else { FALL_S };
        self.rising += approach(0.5, tau_s) * (score - self.rising);
    }

    /// Moves on by one hop, after so many drops; 0 to 1.
    pub(super) fn hop(&mut self, drops: u32) -> f32 {
        if drops != self.drops {
            self.drops = drops;
            (self.count, self.rising, self.is_over) = (0, 0.0, true);
        }
        let goal = ((self.rising - STEP) / (FULL - STEP)).clamp(0.0, 1.0);
        self.is_over &= self.value > 0.05;
        let tau_s = if self.is_over { END_S } else { 0.4 };
        self.value = super::rest(self.value + approach(self.hop_s, tau_s) * (goal - self.value));
        self.value
    }
}
