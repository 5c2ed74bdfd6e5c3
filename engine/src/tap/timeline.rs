//! A host's song position at every frame, from what it says at the beginning of its blocks.

use super::Transport;

/// Runs on from where the host was last heard to be, as long as it is where that leads: so the same song gives the same
/// beats, bit for bit, however the host cuts it into blocks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timeline {
    /// What was said, and the frame at which it was.
    anchor: Option<(u64, Transport)>,
}

impl Timeline {
    /// Takes note of what the host says at frame `at`; `None` where there is no host.
    pub fn look(&mut self, at: u64, told: Option<&Transport>, sample_rate_hz: f64) {
        let expected = self.at(at, sample_rate_hz);
        let told = told.map(finite);
        let met = match (&expected, &told) {
            (Some(expected), Some(told)) => expected.is_met_by(told),
            (expected, told) => expected == told,
        };
        if !met {
            self.anchor = told.map(|told| (at, told));
        }
    }

    /// Where the host is at frame `at`, not before the one that was looked at last.
    pub fn at(&self, at: u64, sample_rate_hz: f64) -> Option<Transport> {
        let (from, transport) = self.anchor.as_ref()?;
        Some(transport.later(at.saturating_sub(*from) as usize, sample_rate_hz))
    }
}

/// What is no number is not said.
fn finite(transport: &Transport) -> Transport {
    let usable = |value: &f64| value.is_finite();
    Transport {
        tempo_bpm: transport.tempo_bpm.filter(|bpm| usable(bpm) && (1.0..=1000.0).contains(bpm)),
        beat: transport.beat.filter(usable),
        ..*transport
    }
}
