//! Where a host is in its song.

use std::fmt;
use std::str::FromStr;

/// A difference from where the host was expected that is more than rounding, in beats.
const ROUNDING_BEATS: f64 = 1e-3;

/// What the host says about its song position, at one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Transport {
    /// Whether the host plays; while it does not, the other fields say where it stands.
    pub playing: bool,
    /// Tempo in quarter notes per minute, if the host has one.
    pub tempo_bpm: Option<f64>,
    /// Position in quarter notes since the song's start; may be negative in a pre-roll.
    pub beat: Option<f64>,
    /// The time signature.
    pub meter: Option<Meter>,
    /// The bar that it is in, where the host counts them itself: after a change of meter nobody else can.
    pub bar: Option<Bar>,
    /// Position in sample frames since the song's start; may be negative in a pre-roll.
    pub position_samples: Option<i64>,
}

/// A time signature, as it is written: 7 over 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter {
    /// How many in a bar.
    beats: u32,
    /// Of what: 4 for quarter notes, 8 for eighths.
    unit: u32,
}

/// A bar as a host counts it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// The song's first is 0; those of a pre-roll are negative.
    pub number: i32,
    /// Where it begins, in quarter notes since the song's start.
    pub start_beat: f64,
}

impl Meter {
    /// Four quarters.
    pub const COMMON: Self = Self { beats: 4, unit: 4 };

    /// `None` for what is no time signature.
    pub fn new(beats: u32, unit: u32) -> Option<Self> {
        ((1..=256).contains(&beats) && (1..=256).contains(&unit)).then_some(Self { beats, unit })
    }

    /// Quarter notes in a bar: 3.5 in 7/8.
    pub fn quarters(self) -> f64 {
        f64::from(self.beats) * self.quarters_per_beat()
    }

    fn quarters_per_beat(self) -> f64 {
        4.0 / f64::from(self.unit)
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.beats, self.unit)
    }
}

/// `7/8`.
impl FromStr for Meter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (beats, unit) = text.split_once('/').unwrap_or((text, ""));
        let number = |part: &str| part.trim().parse::<u32>().ok();
        let meter = number(beats).zip(number(unit)).and_then(|(beats, unit)| Self::new(beats, unit));
        let written = |meter: &Self| meter.unit.is_power_of_two();
        meter.filter(written).ok_or_else(|| {
            format!("{text:?} is no time signature; write it as 7/8: up to 256 beats over 1, 2, 4, 8 or 16 and so on")
        })
    }
}

impl Transport {
    /// Bar and beat as musicians count them, from 1, in the meter's own beats: eighths in 7/8. `None` without a position or a
    /// meter.
    pub fn bar_and_beat(&self) -> Option<(i64, i64)> {
        let (beat, meter) = (self.beat.filter(|beat| beat.is_finite())?, self.meter?);
        let (bar, start_beat) = self.bar_at(beat, meter);
        // A position that was rounded on its way must not fall into the beat before.
        let beat = ((beat - start_beat) / meter.quarters_per_beat() + 1e-6).floor() as i64;
        Some((bar + 1, beat + 1))
    }

    /// Number of the bar of `beat`, the first being 0, and the beat where it begins.
    pub(crate) fn bar_at(&self, beat: f64, meter: Meter) -> (i64, f64) {
        let is_within = |bar: &Bar| (0.0..meter.quarters()).contains(&(beat - bar.start_beat));
        match self.bar.filter(is_within) {
            Some(bar) => (i64::from(bar.number), bar.start_beat),
            None => {
                let bar = (beat / meter.quarters()).floor();
                (bar as i64, bar * meter.quarters())
            }
        }
    }

    /// Where the host is `frames` frames later, at `sample_rate_hz`.
    #[must_use]
    pub fn later(&self, frames: usize, sample_rate_hz: f64) -> Self {
        self.moved(frames as i64, sample_rate_hz)
    }

    /// Where the host was `frames` frames before, at `sample_rate_hz`.
    #[must_use]
    pub fn earlier(&self, frames: usize, sample_rate_hz: f64) -> Self {
        self.moved(-(frames as i64), sample_rate_hz)
    }

    fn moved(&self, frames: i64, sample_rate_hz: f64) -> Self {
        if !self.playing {
            return *self;
        }
        let beats = frames as f64 / sample_rate_hz * self.tempo_bpm.unwrap_or(0.0) / 60.0;
        Self {
            beat: self.beat.map(|beat| beat + beats),
            position_samples: self.position_samples.map(|position| position.saturating_add(frames)),
            ..*self
        }
    }

    /// Whether `found` is where this one was expected to be: the host goes on as before.
    #[must_use]
    pub fn is_met_by(&self, found: &Self) -> bool {
        let same_beat = match (self.beat, found.beat) {
            (Some(expected), Some(found)) => (expected - found).abs() < ROUNDING_BEATS,
            (expected, found) => expected == found,
        };
        same_beat
            && self.playing == found.playing
            && self.tempo_bpm == found.tempo_bpm
            && self.meter == found.meter
    }

    /// Whether the host leads: whether it has a tempo or a place in a song.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.tempo_bpm.is_some() || self.beat.is_some()
    }
}
