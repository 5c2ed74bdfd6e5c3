//! Five ranges of the spectrum, each as a level, as hits, as a slow presence, and as a time that its level drives.

use super::bands::Band;
use super::envelope::approach;
use super::filterbank::FilterBank;
use super::peaks::Peaks;
use super::pulse::Pulse;
use super::rise::Rise;
use super::spectrum::Spectrum;
use super::{Drum, Heard};

/// Where one range ends and the next begins. Where the sample rate leaves nothing above the highest, it lies lower.
const LOWEST_HZ: f32 = 20.0;
const BASS_TO_LOW_MID_HZ: f32 = 150.0;
const LOW_MID_TO_HIGH_MID_HZ: f32 = 600.0;
const HIGH_MID_TO_HIGH_HZ: f32 = 4000.0;
const HIGHEST_HZ: f32 = 16_000.0;
/// Where the middle of each range's energy is taken to lie.
const CENTRES_HZ: [f32; 4] = [80.0, 300.0, 1500.0, 7000.0];
const RANGES: usize = CENTRES_HZ.len();
const LOW_MID: usize = 1;
const RELEASE_S: f32 = 0.12;
/// Presence rises and falls with these time constants.
const APPEAR_S: f32 = 1.0;
const VANISH_S: f32 = 3.0;
const HIT_DECAY_S: f32 = 0.15;
/// The least mean rise that is a hit (what has few bands fluctuates more), its least share of a strong one, and the shortest time between two.
const LEAST_RISE: [f32; RANGES] = [0.5, 0.3, 0.2, 0.12];
const LEAST_SHARE: f32 = 0.25;
const REFRACTORY_S: f32 = 0.08;
/// Each range learns at every fourth hop, in turns, as the finer bands do.
const LEARN_EVERY: usize = 4;

/// What follows a level slowly, and what its level drives.
#[derive(Clone, Copy, Default)]
struct Follower {
    presence: f32,
    time_s: f64,
}

/// Follows the five ranges.
pub(super) struct Parts {
    low_mid_bank: FilterBank,
    bank: FilterBank,
    levels: [Band; RANGES],
    rises: [Rise; RANGES],
    peaks: [Peaks; RANGES],
    pulses: [Pulse; RANGES],
    /// Of everything, then of each range.
    followers: [Follower; RANGES + 1],
    appear: f32,
    vanish: f32,
    hop_s: f64,
    latency_s: f64,
    hops: usize,
}

impl Parts {
    /// For spectra of a short window (reacts fast) and a longer one (tells the low middle from the bass).
    pub(super) fn new(nyquist_hz: f32, hop_s: f64, spectrum: &Spectrum, longer: &Spectrum) -> Self {
        let step_s = hop_s as f32;
        let top_hz = HIGHEST_HZ.min(nyquist_hz);
        let high_from_hz = HIGH_MID_TO_HIGH_HZ.min(0.5 * top_hz);
        let edges_hz = [
            LOWEST_HZ,
            BASS_TO_LOW_MID_HZ.min(0.05 * top_hz),
            LOW_MID_TO_HIGH_MID_HZ.min(0.2 * top_hz),
            high_from_hz,
            top_hz,
        ];
        Self {
            low_mid_bank: FilterBank::between(&edges_hz[1..3], longer.bin_hz(), longer.bin_count()),
            bank: FilterBank::between(&edges_hz, spectrum.bin_hz(), spectrum.bin_count()),
            levels: CENTRES_HZ.map(|hz| Band::new(step_s, hz, RELEASE_S)),
            rises: std::array::from_fn(|i| Rise::new(edges_hz[i], edges_hz[i + 1], spectrum)),
            peaks: std::array::from_fn(|i| Peaks::new(step_s, LEAST_RISE[i], LEAST_SHARE, REFRACTORY_S)),
            pulses: std::array::from_fn(|_| Pulse::new(step_s, HIT_DECAY_S)),
            followers: [Follower::default(); RANGES + 1],
            appear: approach(step_s, APPEAR_S),
            vanish: approach(step_s, VANISH_S),
            hop_s,
            // A peak shows one hop later, and a rise peaks when the beginning is well inside of the window.
            latency_s: 1.2 * hop_s + 0.5 * spectrum.length() as f64 / (2.0 * f64::from(nyquist_hz)),
            hops: 0,
        }
    }

    /// Moves on by one hop. `audible` is 0 in silence and 1 in music; `loud_db` is how loud this recording gets, in LUFS.
    pub(super) fn hop(
        &mut self,
        [spectrum, longer]: [&Spectrum; 2],
        audible: f32,
        loud_db: f32,
        heard: &mut Heard,
    ) {
        self.hops += 1;
        let loud = super::amplitude(loud_db);
        let time_s = heard.time_s - self.latency_s;
        let mut levels = [heard.level; RANGES + 1];
        let mut hits = [heard.onset; RANGES + 1];
        let low_mid = self.low_mid_bank.gather(longer.power()).next().unwrap_or(0.0);
        for (i, power) in self.bank.gather(spectrum.power()).enumerate() {
            // The skirt of a bass note in the short window reaches far into the low middle.
            let power = if i == LOW_MID { low_mid } else { power };
            let learns = audible > 0.5 && (self.hops + i).is_multiple_of(LEARN_EVERY);
            levels[i + 1] = audible * self.levels[i].follow(power, learns, loud_db);
            let rise = self.rises[i].hop(spectrum, loud);
            hits[i + 1] = self.pulses[i].hop(self.peaks[i].hop(rise), time_s);
        }
        // Two rows that say the same of the same range say it with the same number.
        levels[1] = heard.bass;
        for (follower, level) in self.followers.iter_mut().zip(levels) {
            let rate = if level > follower.presence { self.appear } else { self.vanish };
            follower.presence = super::rest(follower.presence + rate * (level - follower.presence));
            follower.time_s += f64::from(level) * self.hop_s;
        }
        self.tell(levels, hits, heard);
    }

    fn tell(&self, levels: [f32; RANGES + 1], hits: [Drum; RANGES + 1], heard: &mut Heard) {
        [heard.all_level, heard.bass_level, heard.low_mid_level, heard.high_mid_level, heard.high_level] =
            levels;
        [heard.all_hit, heard.bass_hit, heard.low_mid_hit, heard.high_mid_hit, heard.high_hit] = hits;
        [
            heard.all_presence,
            heard.bass_presence,
            heard.low_mid_presence,
            heard.high_mid_presence,
            heard.high_presence,
        ] = self.followers.map(|follower| follower.presence);
        [
            heard.all_time_s,
            heard.bass_time_s,
            heard.low_mid_time_s,
            heard.high_mid_time_s,
            heard.high_time_s,
        ] = self.followers.map(|follower| follower.time_s as f32);
    }
}
