//! The beat that the host knows.

use super::place::Place;
use crate::tap::{Meter, Timeline, Transport};

/// Runs with the host's tempo and position, as its blocks tell them.
#[derive(Default)]
pub(super) struct HostBeat {
    timeline: Timeline,
}

impl HostBeat {
    /// Takes a look at the host at frame `at`, before what follows is heard.
    pub(super) fn look(&mut self, at: u64, transport: Option<&Transport>, sample_rate_hz: f64) {
        // A host with a tempo and without a place counts from where it began.
        let expected = || self.timeline.at(at, sample_rate_hz).and_then(|transport| transport.beat);
        let placed = transport.map(|transport| Transport {
            beat: transport.beat.or_else(expected).or(Some(0.0)),
            ..*transport
        });
        let leads = placed.filter(|transport| transport.playing);
        self.timeline.look(at, leads.as_ref(), sample_rate_hz);
    }

    /// Where the host is in the song at frame `at`, if it leads.
    pub(super) fn place(&self, at: u64, sample_rate_hz: f64) -> Option<Place> {
        let transport = self.timeline.at(at, sample_rate_hz)?;
        let tempo_bpm = transport.tempo_bpm? as f32;
        let beat = transport.beat.unwrap_or(0.0);
        let meter = transport.meter.unwrap_or(Meter::COMMON);
        let known = if transport.meter.is_some() { 1.0 } else { 0.5 };
        let (number, start_beat) = transport.bar_at(beat, meter);
        Some(Place {
            beat,
            bar: number as f64 + ((beat - start_beat) / meter.quarters()).clamp(0.0, 1.0 - f64::EPSILON),
            tempo_bpm,
            beats_per_bar: meter.quarters() as f32,
            confidence: 1.0,
            bar_confidence: known,
        })
    }
}
