//! The beat that is heard.

use super::follower::{Calibration, Follower};
use super::place::Place;
use super::pointer::{Evidence, Pointer, Reader};
use super::sense::{Activations, Said};

/// How much what begins counts beside what a network says: it knows a bare metronome better.
const WITH_ONSETS: f32 = 0.3;
/// Frames of the pointer are about this long.
const FRAME_S: f64 = 0.01;

/// Finds tempo, beat and bar: in what begins, or in what a network says.
pub(super) struct Ear {
    hop_s: f64,
    hops: u32,
    hops_per_frame: u32,
    /// How much later than the sound the curves show it.
    latency_s: f64,
    seen: Evidence,
    last: Activations,
    pointer: Pointer,
    reader: Reader,
    follower: Follower,
}

impl Ear {
    /// `latency_s`: how much later than the sound the evidence of [`hop`](Self::hop) shows it.
    pub(super) fn new(hop_s: f64, latency_s: f64) -> Self {
        let hops_per_frame = (FRAME_S / hop_s).round().max(1.0) as u32;
        Self {
            hop_s,
            hops: 0,
            hops_per_frame,
            latency_s,
            seen: Evidence::default(),
            last: Activations::default(),
            pointer: Pointer::new(f64::from(hops_per_frame) * hop_s, true),
            reader: Reader::default(),
            follower: Follower::new(hop_s),
        }
    }

    /// Evidence comes from a network with frames of this length from now on, or from hops.
    pub(super) fn set_frames(&mut self, frame_s: Option<f64>) {
        let step_s = frame_s.map_or(f64::from(self.hops_per_frame) * self.hop_s, |frame_s| 0.5 * frame_s);
        self.pointer = Pointer::new(step_s, frame_s.is_none());
        self.reader.reset();
        self.follower.calibrate(frame_s.map_or(Calibration::ONSETS, |_| Calibration::NETWORK));
    }

    /// Forgets the beat: what comes next is other music.
    pub(super) fn forget(&mut self) {
        self.pointer.reset();
        self.reader.reset();
        self.follower.reset();
    }

    /// Adds what begins in one hop; `alone`: there is no network that says more.
    pub(super) fn see(&mut self, seen: Evidence, alone: bool) {
        self.seen.beat = self.seen.beat.max(seen.beat);
        self.seen.downbeat = self.seen.downbeat.max(seen.downbeat);
        if !alone {
            return;
        }
        self.hops += 1;
        if self.hops == self.hops_per_frame {
            self.hops = 0;
            self.pointer.step(std::mem::take(&mut self.seen));
            self.follower.correct(&self.reader.read(&self.pointer), self.latency_s);
        }
    }

    /// Adds what a network says, at `now_s`: its frames are two of the pointer's. In a break it says nothing.
    pub(super) fn take(&mut self, said: &Said, now_s: f64, is_sound: bool) {
        let onsets = std::mem::take(&mut self.seen);
        let evidence = |said: Activations| match is_sound {
            true => said.evidence().with(onsets, WITH_ONSETS),
            false => Evidence::NONE,
        };
        self.pointer.step(evidence(self.last.towards(said.activations)));
        self.reader.read(&self.pointer);
        self.pointer.step(evidence(said.activations));
        self.follower.correct(&self.reader.read(&self.pointer), now_s - said.about_s);
        self.last = said.activations;
    }

    /// Moves on by one hop.
    pub(super) fn hop(&mut self) -> Place {
        self.follower.hop()
    }
}
