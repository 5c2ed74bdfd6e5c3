//! Something that happens, as a snapshot shows it: it jumps up, and falls.

use super::Drum;

/// Keeps what is told of the latest event.
pub(super) struct Pulse {
    decay: f32,
    drum: Drum,
}

impl Pulse {
    /// `decay_s`: the time in which the pulse falls to a third (1/e).
    pub(super) fn new(hop_s: f32, decay_s: f32) -> Self {
        Self { decay: (-hop_s / decay_s).exp(), drum: Drum { time_s: -1.0, ..Drum::default() } }
    }

    /// Moves on by one hop, in which something of this strength (0 to 1) was found that began at `time_s`, or nothing.
    pub(super) fn hop(&mut self, strength: Option<f32>, time_s: f64) -> Drum {
        self.drum.pulse = super::rest(self.drum.pulse * self.decay);
        if let Some(strength) = strength {
            self.strike(strength, time_s);
        }
        self.drum
    }

    /// Something of this strength (0 to 1) has begun at `time_s`.
    pub(super) fn strike(&mut self, strength: f32, time_s: f64) -> Drum {
        self.drum.strength = strength;
        self.drum.pulse = self.drum.pulse.max(strength);
        self.drum.count = self.drum.count.wrapping_add(1);
        self.drum.time_s = time_s.max(0.0);
        self.drum
    }

    /// The latest.
    pub(super) fn drum(&self) -> Drum {
        self.drum
    }
}
