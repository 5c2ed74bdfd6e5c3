//! Slow waves that are locked to the bars: what modulation is made of.

use std::f64::consts::TAU;

use super::Heard;
use super::place::Place;

/// How long a wave of each takes, in bars. All of them begin with a bar that four divides.
pub(super) const BARS: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];
/// What a bar is taken to hold while nobody knows.
const COMMON_BEATS: f64 = 4.0;
/// Where the clock jumps by more than this, in bars, waves fade into the new place instead of jumping too.
const JUMP_BARS: f64 = 0.03;
const FADE_S: f64 = 0.5;

/// Sine, triangle, ramp and random steps, each of every length.
type Waves = [[f32; BARS.len()]; 4];

/// Makes the waves.
pub(super) struct Lfos {
    hop_s: f64,
    at: Option<f64>,
    waves: Waves,
    /// What was shown when the clock jumped, and how much of the fade from there is over.
    left: Waves,
    faded: f64,
}

impl Lfos {
    pub(super) fn new(hop_s: f64) -> Self {
        Self { hop_s, at: None, waves: Waves::default(), left: Waves::default(), faded: 1.0 }
    }

    /// Moves on by one hop. Without a tempo all waves come to rest at 0.
    pub(super) fn hop(&mut self, place: &Place, heard: &mut Heard) {
        let beats = if place.beats_per_bar > 0.0 { f64::from(place.beats_per_bar) } else { COMMON_BEATS };
        let at = (place.tempo_bpm > 0.0)
            .then(|| if place.beats_per_bar > 0.0 { place.bar } else { place.beat / COMMON_BEATS });
        let step = f64::from(place.tempo_bpm) / 60.0 * self.hop_s / beats;
        let jumps = match (self.at, at) {
            (Some(before), Some(at)) => (at - before - step).abs() > JUMP_BARS,
            (before, at) => before.is_some() != at.is_some(),
        };
        if jumps {
            (self.left, self.faded) = (self.waves, 0.0);
        }
        self.at = at;
        self.faded = (self.faded + self.hop_s / FADE_S).min(1.0);
        let now = at.map_or(Waves::default(), waves);
        let share = self.faded as f32;
        for ((wave, left), now) in
            self.waves.as_flattened_mut().iter_mut().zip(self.left.as_flattened()).zip(now.as_flattened())
        {
            *wave = left + share * (now - left);
        }
        [heard.lfo_sine, heard.lfo_triangle, heard.lfo_ramp, heard.lfo_random] = self.waves;
    }
}

/// All waves at a place in bars.
fn waves(bar: f64) -> Waves {
    let turns = BARS.map(|bars| bar / bars);
    let phase = |turn: f64| turn - turn.floor();
    [
        turns.map(|turn| (0.5 - 0.5 * (TAU * phase(turn)).cos()) as f32),
        turns.map(|turn| (1.0 - (2.0 * phase(turn) - 1.0).abs()) as f32),
        turns.map(|turn| phase(turn) as f32),
        std::array::from_fn(|i| dice(turns[i].floor() as i64 as u32, i as u32)),
    ]
}

/// A number from 0 to 1 for a count: always the same one. The mixing is MurmurHash3's (Appleby, 2011, public domain).
fn dice(count: u32, which: u32) -> f32 {
    let mut bits = count ^ which.wrapping_mul(0x9e37_79b9);
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13)).wrapping_mul(0xc2b2_ae35);
    (bits ^ (bits >> 16)) as f32 / u32::MAX as f32
}
