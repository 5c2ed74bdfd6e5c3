//! The beat that the host knows.

use crate::tap::{Timeline, Transport};

/// Runs with the host's tempo and position, as its blocks tell them.
#[derive(Default)]
pub(super) struct HostBeat {
    timeline: Timeline,
}

impl HostBeat {
    /// Takes a look at the host at frame `at`, before what follows is heard. The tempo in beats per minute, if the host leads.
    pub(super) fn look(
        &mut self,
        at: u64,
        transport: Option<&Transport>,
        sample_rate_hz: f64,
    ) -> Option<f64> {
        // A host with a tempo and without a place counts from where it began.
        let expected = || self.timeline.at(at, sample_rate_hz).and_then(|transport| transport.beat);
        let placed = transport.map(|transport| Transport {
            beat: transport.beat.or_else(expected).or(Some(0.0)),
            ..*transport
        });
        let leads = placed.filter(|transport| transport.playing);
        self.timeline.look(at, leads.as_ref(), sample_rate_hz);
        self.timeline.at(at, sample_rate_hz).and_then(|transport| transport.tempo_bpm)
    }

    /// Where the host is in the song at frame `at`, in beats from its start.
    pub(super) fn beat(&self, at: u64, sample_rate_hz: f64) -> f64 {
        self.timeline.at(at, sample_rate_hz).and_then(|transport| transport.beat).unwrap_or(0.0)
    }
}
