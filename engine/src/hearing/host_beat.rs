//! The beat that the host knows.

use crate::tap::Transport;

/// A difference from the host's position that is more than jitter, in beats.
const JUMP_BEATS: f64 = 0.2;
/// How much of a smaller difference is taken over at each look.
const FOLLOW: f64 = 0.05;

/// Runs with the host's tempo and follows its position.
///
/// Snapshots of the transport come once a block and may be a block ahead of the samples: a clock of our own,
/// pulled gently, is steadier. A jump of the song position is taken over at once.
#[derive(Default)]
pub(super) struct HostBeat {
    beat: Option<f64>,
}

impl HostBeat {
    /// Takes a look at the host before new samples are heard. The tempo in beats per minute, if the host leads.
    pub(super) fn look(&mut self, transport: Option<&Transport>) -> Option<f64> {
        let usable = |x: &f64| x.is_finite();
        let tempo_bpm = transport
            .filter(|transport| transport.playing)
            .and_then(|transport| transport.tempo_bpm)
            .filter(|bpm| usable(bpm) && (1.0..=1000.0).contains(bpm));
        let told = transport.and_then(|transport| transport.beat).filter(usable);
        self.beat = match (tempo_bpm, self.beat, told) {
            (None, ..) => None,
            (Some(_), Some(beat), Some(told)) if (told - beat).abs() < JUMP_BEATS => {
                Some(beat + FOLLOW * (told - beat))
            }
            (Some(_), _, Some(told)) => Some(told),
            (Some(_), beat, None) => beat.or(Some(0.0)),
        };
        tempo_bpm
    }

    /// Moves on by one hop: where the host is in the song, in beats from its start.
    pub(super) fn hop(&mut self, hop_s: f64, tempo_bpm: f64) -> f64 {
        let now = self.beat.unwrap_or(0.0) + hop_s * tempo_bpm / 60.0;
        self.beat = Some(now);
        now
    }
}
