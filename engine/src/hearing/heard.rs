//! The one snapshot that everything after hearing reads.

use serde::Serialize;

/// Number of logarithmic frequency bands in [`Heard::bands`].
pub const BANDS: usize = 24;

/// One kind of drum hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Drum {
    /// Jumps to the hit's strength at an onset, then decays exponentially; 0 to 1. Time constants: kick 180 ms,
    /// snare 140 ms, hat 70 ms, any onset 120 ms.
    pub pulse: f32,
    /// Strength of the latest hit against the strong ones of this recording, 0 to 1.
    pub strength: f32,
    /// Hits since the start. Snapshots are latest-wins: compare counts to see that a hit happened.
    pub count: u32,
    /// When the latest hit began, in seconds of audio; negative before the first. Hits are reported 15 to 40 ms
    /// after they began, so this lies before the [`Heard::time_s`] of the snapshot that first shows it.
    pub time_s: f64,
}

/// What was heard up to [`time_s`](Self::time_s), and nothing after it.
///
/// Values said to be 0 to 1 are normalised the same way for every song: 0 is silence or the absence of the
/// thing, 1 is the most that this recording has done lately, after slow automatic gain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Heard {
    /// End of the newest hop, in seconds of audio.
    pub time_s: f64,
    /// Momentary loudness (ITU-R BS.1770, K-weighted, 400 ms) in LUFS; -120 in silence.
    pub loudness_lufs: f32,
    /// How loud it feels within this recording, 0 to 1: momentary loudness after slow automatic gain.
    pub loudness: f32,
    /// The fast level envelope (attack 5 ms, release 120 ms), same normalisation, 0 to 1.
    pub level: f32,
    /// 0 in silence, 1 while there is music; moves within about half a second.
    pub presence: f32,
    /// Energy below 150 Hz, 0 to 1.
    pub bass: f32,
    /// Energy from 150 Hz to 2 kHz, 0 to 1.
    pub mid: f32,
    /// Energy above 2 kHz, 0 to 1.
    pub treble: f32,
    /// Logarithmic bands from 30 Hz to 16 kHz (or Nyquist), each 0 to 1.
    pub bands: [f32; BANDS],
    /// Onsets in the low band: kick drums.
    pub kick: Drum,
    /// Onsets in the middle with noise: snare-like.
    pub snare: Drum,
    /// Onsets at the top: hats, shakers.
    pub hat: Drum,
    /// Onsets over the whole spectrum: any note or hit.
    pub onset: Drum,
    /// Tempo in beats per minute, from the host's transport or tracked; 0 while unknown.
    pub tempo_bpm: f32,
    /// Place within the beat: 0 on the beat, rising to 1 just before the next; rests at 0 while the tempo is
    /// unknown.
    pub beat_phase: f32,
    /// Beats since the start; while a host leads, the host's own number of the beat (it wraps below 0 and jumps with the
    /// song position).
    pub beat_count: u32,
    /// How sure the beat is, 0 to 1; 1 with a host's transport. Drums give 0.5 and more, rubato music 0.2 and less.
    pub beat_confidence: f32,
    /// Energy by pitch class, C first, the largest being 1 while there is music; fades to 0 with
    /// [`presence`](Self::presence).
    pub chroma: [f32; 12],
    /// Spectral centroid (the brightness of the timbre), in Hz; 0 in silence.
    pub centroid_hz: f32,
    /// The same on a logarithmic scale from 100 Hz (0) to 8 kHz (1); fades to 0 in silence.
    pub brightness: f32,
    /// Spectral flatness on a decibel scale: 0 a pure tone (-60 dB), 1 white noise (0 dB); fades to 0 in silence.
    pub flatness: f32,
    /// Stereo width: 0 mono, 1 as much side as mid.
    pub width: f32,
}
