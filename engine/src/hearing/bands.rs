//! How much sounds where: bass, mid and treble, and the finer logarithmic bands.

use super::envelope::Envelope;
use super::filterbank::FilterBank;
use super::gain::Range;
use super::spectrum::Spectrum;
use super::{BANDS, Heard};

const BASS_TO_MID_HZ: f32 = 150.0;
const MID_TO_TREBLE_HZ: f32 = 2000.0;
const LOWEST_HZ: f32 = 30.0;
const HIGHEST_HZ: f32 = 16_000.0;
/// Below this the bands are narrower than a bin of the short window, and the long one is asked.
const LONG_WINDOW_BELOW_HZ: f32 = 400.0;
/// Each range learns at every fourth hop, in turns.
const LEARN_EVERY: usize = 4;

/// One band: its level in dB and what that means in this recording.
pub(super) struct Band {
    envelope: Envelope,
    range: Range,
    /// How far below the recording's loudness the loud end of this band may be taken, in dB.
    floor_db: f32,
}

impl Band {
    /// `centre_hz`: where in the spectrum it lies.
    pub(super) fn new(hop_s: f32, centre_hz: f32, release_s: f32) -> Self {
        // Music falls by some 3 to 5 dB per octave: a band's usual level, and the least worth showing as full.
        let octaves = (centre_hz / 100.0).log2().max(0.0);
        Self {
            envelope: Envelope::new(hop_s, 0.005, release_s, 0.0),
            range: Range::new(hop_s * LEARN_EVERY as f32, -20.0 - 3.0 * octaves, 10.0, 40.0),
            floor_db: -20.0 - 4.0 * octaves,
        }
    }

    /// How loud this power is for this recording, whose loudness is `loud_db`; 0 to 1.
    pub(super) fn follow(&mut self, power: f32, learn: bool, loud_db: f32) -> f32 {
        let level_db = 20.0 * self.envelope.follow(power.sqrt()).max(1e-6).log10();
        if learn {
            self.range.learn(level_db);
        }
        self.range.place(level_db, loud_db + self.floor_db)
    }
}

/// All bands.
pub(super) struct Bands {
    parts_bank: FilterBank,
    low_bank: FilterBank,
    high_bank: FilterBank,
    parts: Vec<Band>,
    bands: Vec<Band>,
    power: [f32; BANDS],
    low_count: usize,
    hop: usize,
}

impl Bands {
    /// For spectra of a short window (reacts fast) and a long one (tells low tones apart).
    pub(super) fn new(nyquist_hz: f32, hop_s: f32, short: &Spectrum, long: &Spectrum) -> Self {
        let highest_hz = HIGHEST_HZ.min(nyquist_hz);
        let step = (highest_hz / LOWEST_HZ).powf(1.0 / BANDS as f32);
        let edges: Vec<f32> = (0..=BANDS).map(|i| LOWEST_HZ * step.powi(i as i32)).collect();
        let low_count = edges.iter().skip(1).filter(|&&upper| upper <= LONG_WINDOW_BELOW_HZ).count();
        let part_edges =
            [20.0, BASS_TO_MID_HZ, MID_TO_TREBLE_HZ.min(0.5 * nyquist_hz), highest_hz.max(MID_TO_TREBLE_HZ)];
        Self {
            parts_bank: FilterBank::between(&part_edges, short.bin_hz(), short.bin_count()),
            low_bank: FilterBank::between(&edges[..=low_count], long.bin_hz(), long.bin_count()),
            high_bank: FilterBank::between(&edges[low_count..], short.bin_hz(), short.bin_count()),
            parts: [80.0, 500.0, 5000.0].iter().map(|&hz| Band::new(hop_s, hz, 0.12)).collect(),
            bands: edges.iter().take(BANDS).map(|&hz| Band::new(hop_s, hz, 0.12)).collect(),
            power: [0.0; BANDS],
            low_count,
            hop: 0,
        }
    }

    /// `audible` is 0 in silence and 1 in music; `loud_db` is how loud this recording gets, in LUFS.
    pub(super) fn hop(
        &mut self,
        short: &Spectrum,
        long: &Spectrum,
        audible: f32,
        loud_db: f32,
        heard: &mut Heard,
    ) {
        self.hop += 1;
        let turn = |i: usize, hop: usize| audible > 0.5 && (hop + i).is_multiple_of(LEARN_EVERY);
        let parts = [&mut heard.bass, &mut heard.mid, &mut heard.treble];
        let powers = self.parts_bank.gather(short.power());
        for (i, ((part, band), power)) in parts.into_iter().zip(&mut self.parts).zip(powers).enumerate() {
            *part = audible * band.follow(power, turn(i, self.hop), loud_db);
        }
        let (low, high) = self.power.split_at_mut(self.low_count);
        low.iter_mut().zip(self.low_bank.gather(long.power())).for_each(|(to, from)| *to = from);
        high.iter_mut().zip(self.high_bank.gather(short.power())).for_each(|(to, from)| *to = from);
        for (i, band) in self.bands.iter_mut().enumerate() {
            heard.bands[i] = audible * band.follow(self.power[i], turn(i, self.hop), loud_db);
        }
    }
}
