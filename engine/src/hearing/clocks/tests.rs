//! One clock after the other, and what hands put right.

mod by_hand;
mod handover;
mod midi;
mod taps;

use super::*;
use crate::tap::{Meter, MidiSong};

const RATE_HZ: f64 = 48_000.0;
const HOP_FRAMES: u64 = 240;
const HOP_S: f64 = 0.005;

/// Clocks, and sound that goes by.
struct Band {
    clocks: Clocks,
    frames: u64,
    controls: Controls,
    midi: MidiClock,
    /// The ear's tempo (0: it knows none) and running beat; bars of `ear_meter` beats, if that is known.
    ear_bpm: f64,
    ear_beat: f64,
    ear_meter: f64,
    is_music: bool,
    host: Option<Transport>,
    /// What was shown, hop by hop.
    shown: Vec<Shown>,
}

#[derive(Clone, Copy, Debug)]
struct Shown {
    time_s: f64,
    place: Place,
    clock: Clock,
}

impl Band {
    fn new(ear_bpm: f64) -> Self {
        let mut band = Self {
            clocks: Clocks::new(RATE_HZ, HOP_S),
            frames: 0,
            controls: Controls::default(),
            midi: MidiClock::default(),
            ear_bpm,
            ear_beat: 0.0,
            ear_meter: 0.0,
            is_music: true,
            host: None,
            shown: Vec::new(),
        };
        band.look();
        band
    }

    fn time_s(&self) -> f64 {
        self.frames as f64 / RATE_HZ
    }

    fn look(&mut self) {
        self.clocks.correct(self.frames, &self.controls, &self.midi);
    }

    fn hop(&mut self) {
        self.clocks.look(self.frames, self.host.as_ref());
        self.frames += HOP_FRAMES;
        self.host = self.host.map(|host| host.later(HOP_FRAMES as usize, RATE_HZ));
        self.ear_beat += HOP_S * self.ear_bpm / 60.0;
        let bar = if self.ear_meter > 0.0 { self.ear_beat / self.ear_meter } else { 0.0 };
        let ear = Place {
            beat: self.ear_beat,
            bar,
            tempo_bpm: self.ear_bpm as f32,
            beats_per_bar: self.ear_meter as f32,
            confidence: if self.ear_bpm > 0.0 { 0.8 } else { 0.0 },
            bar_confidence: if self.ear_meter > 0.0 { 0.7 } else { 0.0 },
        };
        let (place, clock) = self.clocks.hop(self.frames, ear, self.is_music);
        self.shown.push(Shown { time_s: self.time_s(), place, clock });
    }

    fn play(&mut self, seconds: f64) {
        (0..(seconds / HOP_S).round() as usize).for_each(|_| self.hop());
    }

    fn does(&mut self, correction: Correction) {
        self.controls.by_hand.add(correction);
        self.look();
    }

    /// Taps at these times from now on, in seconds, and plays on to half a second after the last.
    fn tap(&mut self, times_s: impl IntoIterator<Item = f64>) {
        for time_s in times_s {
            while self.time_s() + HOP_S <= time_s {
                self.hop();
            }
            // Within the hop, as a note that falls there.
            let at = (time_s * RATE_HZ) as u64;
            self.controls.by_hand.add(Correction::Tap);
            self.clocks.correct(at, &self.controls, &self.midi);
        }
        self.play(0.5);
    }

    fn last(&self) -> Shown {
        self.shown[self.shown.len() - 1]
    }

    /// When beats fell, from a time on.
    fn beats_s(&self, from_s: f64) -> Vec<f64> {
        let falls =
            self.shown.windows(2).filter(|pair| pair[1].place.beat.floor() > pair[0].place.beat.floor());
        falls.map(|pair| pair[1].time_s).filter(|&time_s| time_s >= from_s).collect()
    }

    /// No step back, of beats or bars, and no two beats where there is one.
    fn goes_on(&self) {
        for pair in self.shown.windows(2) {
            let (before, after) = (pair[0].place, pair[1].place);
            let is_led = pair.iter().all(|it| it.clock != Clock::Nobody);
            assert!(after.beat.floor() >= before.beat.floor(), "{pair:?}");
            assert!(!is_led || after.beat >= before.beat, "{pair:?}");
            assert!(after.bar.floor() >= before.bar.floor(), "{pair:?}");
        }
        let beats_s = self.beats_s(0.0);
        for pair in beats_s.windows(2) {
            let between = self.shown.iter().filter(|it| (pair[0]..=pair[1]).contains(&it.time_s));
            let fastest_bpm = between.map(|it| it.place.tempo_bpm).fold(0.0, f32::max);
            let beat_s = 60.0 / f64::from(fastest_bpm);
            assert!(pair[1] - pair[0] > 0.6 * beat_s, "two beats at {pair:?}, where one lasts {beat_s} s");
        }
    }

    /// How far the shown beat is from falling at these times, at most, in seconds; whole periods do not count.
    fn off_s(&self, from_s: f64, first_s: f64, period_s: f64) -> f64 {
        let beats_s = self.beats_s(from_s);
        assert!(beats_s.len() > 2, "no beats from {from_s} s on");
        let off = |time_s: &f64| {
            let beats = (time_s - first_s) / period_s;
            (beats - beats.round()).abs() * period_s
        };
        beats_s.iter().map(off).fold(0.0, f64::max)
    }
}

/// Something like chance, from -1 to 1, the same each time.
fn chance(number: u64) -> f64 {
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed >> 11) as f64 / (1_u64 << 53) as f64) * 2.0 - 1.0
}

fn host(beat: f64, tempo_bpm: f64) -> Option<Transport> {
    Some(Transport {
        playing: true,
        tempo_bpm: Some(tempo_bpm),
        beat: Some(beat),
        meter: Some(Meter::COMMON),
        ..Transport::default()
    })
}

#[test]
fn the_ear_alone_is_shown_as_it_is() {
    let mut band = Band::new(0.0);
    band.play(1.0);
    assert_eq!((band.last().clock, band.last().place.beat), (Clock::Nobody, 0.0));
    band.ear_meter = 3.0;
    for (bpm, seconds) in [(113.0, 5.0), (0.0, 0.0), (140.0, 4.0)] {
        band.ear_bpm = bpm;
        for _ in 0..(seconds / HOP_S) as usize {
            band.hop();
            let Shown { place, clock, .. } = band.last();
            assert_eq!((clock, place.beat, place.bar), (Clock::Ear, band.ear_beat, band.ear_beat / 3.0));
        }
    }
    band.goes_on();
}
