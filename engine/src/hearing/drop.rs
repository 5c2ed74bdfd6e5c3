//! Where the bass comes back with everything else: the drop.

use super::filterbank::FilterBank;
use super::pulse::Pulse;
use super::spectrum::Spectrum;
use super::{Drum, Heard};

const BASS_HZ: [f32; 2] = [25.0, 150.0];
/// Sound is looked at in pieces of this length.
const TICK_S: f32 = 0.1;
/// So long there was next to no bass before a drop; and so long where something clearly built up to it.
const WITHOUT_S: f32 = 4.0;
const BUILT_S: f32 = 0.9;
/// The newest pieces are what the drop itself is; it may have begun so many pieces before them.
const NEW: usize = 2;
const BEGUN: usize = 3;
/// What has this much of its bass belongs to it.
const BELONGS: f32 = 0.25;
/// How much bass and everything rise, in dB, and the bass after a build-up.
const BASS_DB: f32 = 9.0;
const ALL_DB: f32 = 2.0;
/// A rise of the bass by this much is a full drop.
const FULL_DB: f32 = 24.0;
/// What builds up less than this is none.
const BUILT: f32 = 0.4;
/// The bass must be loud for this recording.
const LEAST_BASS: f32 = 0.6;
const REFRACTORY_S: f32 = 8.0;
const DECAY_S: f32 = 1.2;

/// Remembers bass and level of the last seconds.
pub(super) struct Drop {
    bank: FilterBank,
    hop_s: f32,
    /// Power of the bass and of everything in each piece, as a ring; nothing where it was silent.
    ticks: Vec<Option<[f32; 2]>>,
    next: usize,
    sum: [f32; 2],
    in_tick_s: f32,
    audible_s: f32,
    since_s: f32,
    pulse: Pulse,
}

impl Drop {
    pub(super) fn new(hop_s: f32, spectrum: &Spectrum) -> Self {
        Self {
            bank: FilterBank::between(&BASS_HZ, spectrum.bin_hz(), spectrum.bin_count()),
            hop_s,
            ticks: vec![None; (WITHOUT_S / TICK_S) as usize + NEW + BEGUN],
            next: 0,
            sum: [0.0; 2],
            in_tick_s: 0.0,
            audible_s: 0.0,
            since_s: f32::INFINITY,
            pulse: Pulse::new(hop_s, DECAY_S),
        }
    }

    /// Moves on by one hop, before which `heard.build_up` was told.
    pub(super) fn hop(&mut self, spectrum: &Spectrum, audible: f32, heard: &Heard) -> Drum {
        let bass = self.bank.gather(spectrum.power()).next().unwrap_or(0.0);
        let all: f32 = spectrum.power().iter().sum();
        self.sum[0] += bass;
        self.sum[1] += all;
        self.in_tick_s += self.hop_s;
        self.audible_s += audible * self.hop_s;
        self.since_s += self.hop_s;
        let mut found = None;
        if self.in_tick_s >= TICK_S {
            let is_sound = self.audible_s > 0.5 * self.in_tick_s;
            self.ticks[self.next] = is_sound.then_some(self.sum);
            self.next = (self.next + 1) % self.ticks.len();
            (self.sum, self.in_tick_s, self.audible_s) = ([0.0; 2], 0.0, 0.0);
            found = self.judge(heard);
        }
        if found.is_some() {
            self.since_s = 0.0;
        }
        let (strength, age_s) = found.unzip();
        self.pulse.hop(strength, heard.time_s - f64::from(age_s.unwrap_or(0.0)))
    }

    /// How strong a drop the newest pieces are, and how long ago it began in seconds, if they are one.
    fn judge(&self, heard: &Heard) -> Option<(f32, f32)> {
        if self.since_s < REFRACTORY_S || heard.bass < LEAST_BASS {
            return None;
        }
        let count = self.ticks.len();
        // The newest is 0 pieces old.
        let tick = |age: usize| self.ticks[(self.next + count - 1 - age) % count];
        let mut new = [0.0; 2];
        for age in 0..NEW {
            let [bass, all] = tick(age)?;
            new = [new[0] + bass / NEW as f32, new[1] + all / NEW as f32];
        }
        let rise_db = |new: f32, old: f32| 10.0 * (new / old.max(1e-9 * new).max(f32::MIN_POSITIVE)).log10();
        let before = |seconds: f32| {
            let ages = NEW + BEGUN..NEW + BEGUN + (seconds / TICK_S) as usize;
            let heard = ages.clone().filter_map(tick).count();
            let most = ages.clone().filter_map(tick).map(|[bass, _]| bass).fold(0.0, f32::max);
            let mean = ages.filter_map(tick).map(|[_, all]| all).sum::<f32>() / heard.max(1) as f32;
            (heard as f32 * TICK_S, rise_db(new[0], most), rise_db(new[1], mean))
        };
        let (heard_s, bass_db, all_db) = before(WITHOUT_S);
        // A bar of silence before the drop is a part of the build.
        let comes_back = heard_s > 0.6 * WITHOUT_S && bass_db > BASS_DB && all_db > ALL_DB;
        let (heard_s, built_bass_db, built_all_db) = before(BUILT_S);
        let was_built = heard.build_up > BUILT
            && heard_s > 0.3 * BUILT_S
            && built_bass_db > 0.6 * BASS_DB
            && built_all_db > 0.0;
        let rise_db = if comes_back { bass_db } else { built_bass_db };
        let belongs = |age: &usize| tick(*age).is_some_and(|[bass, _]| bass > BELONGS * new[0]);
        let begun = (0..NEW + BEGUN).take_while(belongs).count().max(1);
        let strength = (rise_db / FULL_DB).max(heard.build_up).clamp(0.3, 1.0);
        (comes_back || was_built).then_some((strength, begun as f32 * TICK_S))
    }
}
