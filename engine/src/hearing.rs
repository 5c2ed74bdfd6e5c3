//! What a listener notices, every 5 ms.
//!
//! [`Hearing`] takes samples in blocks of any size and reports a [`Heard`] at the end of every hop. It knows only
//! what has been played: a live input and a file give the same. After [`Hearing::new`] nothing allocates.
//!
//! Three windows run over the same samples, because no single one is good at everything: 21 ms for when things
//! happen, 85 ms for low bands and timbre, 340 ms for pitch. All scale with the sample rate.
//!
//! The table of features below says all that is heard. A new one is a file beside the others, its row, and its line in
//! `Hearing`: see ARCHITECTURE.md.
//!
//! ```
//! use klangbild_engine::hearing::Hearing;
//!
//! let mut hearing = Hearing::new(48_000);
//! let bass: Vec<[f32; 2]> = (0..48_000).map(|at| [(at as f32 * 0.01).sin() * 0.5; 2]).collect();
//! let mut hops = 0;
//! hearing.listen(&bass, None, |_heard| hops += 1);
//! assert_eq!(hops, 48_000 / hearing.hop_frames());
//! assert!(hearing.newest().bass > hearing.newest().treble);
//! ```

mod bands;
mod beat;
mod chroma;
mod envelope;
mod filterbank;
mod flux;
mod gain;
#[macro_use]
mod heard;
mod history;
mod host_beat;
mod loudness;
mod onsets;
mod peaks;
mod sensitivity;
mod spectrum;
mod steps;
mod tempo;
mod timbre;

pub use heard::{BANDS, Drum, Feature};

use crate::tap::Transport;
use bands::Bands;
use beat::BeatTracker;
use chroma::Chroma;
use envelope::Envelope;
use gain::Range;
use heard::Feeling;
use history::History;
use host_beat::HostBeat;
use loudness::{Loudness, SILENCE_LUFS};
use onsets::Onsets;
use spectrum::Spectrum;
use tempo::Tempo;
use timbre::Timbre;

features! {
    // name             type          unit        from     to             how quickly, or where from                   heading    what it is
    loudness_lufs:      f32,          "LUFS",     -120.0,  f32::INFINITY, "ITU-R BS.1770, K-weighted, 400 ms",         "LUFS",    "Momentary loudness; -120 in silence.";
    loudness:           f32,          "",         0.0,     1.0,           "400 ms, after slow automatic gain",         "loud",    "How loud it feels within this recording.";
    level:              f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "level",   "The fast level envelope.";
    presence:           f32,          "",         0.0,     1.0,           "about half a second",                       "",        "0 in silence, 1 while there is music.";
    bass:               f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "bass",    "Energy below 150 Hz.";
    mid:                f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "mid",     "Energy from 150 Hz to 2 kHz.";
    treble:             f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "treb",    "Energy above 2 kHz.";
    bands:              [f32; BANDS], "",         0.0,     1.0,           "85 and 21 ms windows",                      "",        "Logarithmic bands from 30 Hz to 16 kHz (or Nyquist).";
    kick:               Drum,         "",         0.0,     1.0,           "the pulse decays in 180 ms",                "kick",    "Onsets in the low band: kick drums.";
    snare:              Drum,         "",         0.0,     1.0,           "the pulse decays in 140 ms",                "snare",   "Onsets in the middle with noise: snare-like.";
    hat:                Drum,         "",         0.0,     1.0,           "the pulse decays in 70 ms",                 "hat",     "Onsets at the top: hats, shakers.";
    onset:              Drum,         "",         0.0,     1.0,           "the pulse decays in 120 ms",                "",        "Onsets over the whole spectrum: any note or hit.";
    tempo_bpm:          f32,          "bpm",      0.0,     1000.0,        "the host's transport, or tracked",          "bpm",     "Tempo; 0 while unknown.";
    beat_phase:         f32,          "beats",    0.0,     1.0,           "the host's transport, or tracked",          "phase",   "Place within the beat: 0 on it, rising to 1 just before the next; rests at 0 while the tempo is unknown.";
    beat_count:         u32,          "beats",    0.0,     f32::INFINITY, "the host's transport, or tracked",          "",        "Beats since the start; while a host leads, its own number of the beat, which wraps below 0 and jumps with the song position.";
    beat_confidence:    f32,          "",         0.0,     1.0,           "seconds; 1 with a host's transport",        "",        "How sure the beat is: drums give 0.5 and more, rubato music 0.2 and less.";
    chroma:             [f32; 12],    "",         0.0,     1.0,           "340 ms window; fades with presence",        "",        "Energy by pitch class, C first, the largest being 1 while there is music.";
    centroid_hz:        f32,          "Hz",       0.0,     f32::INFINITY, "85 ms window",                              "",        "Spectral centroid, the brightness of the timbre; 0 in silence.";
    brightness:         f32,          "",         0.0,     1.0,           "85 ms window",                              "bright",  "The same on a logarithmic scale from 100 Hz to 8 kHz; fades to 0 in silence.";
    flatness:           f32,          "",         0.0,     1.0,           "85 ms window",                              "",        "Spectral flatness: 0 a pure tone (-60 dB), 1 white noise (0 dB); fades to 0 in silence.";
    width:              f32,          "",         0.0,     1.0,           "follows in 300 ms",                        "width",   "Stereo width: 0 mono, 1 as much side as mid.";
}

const HOP_S: f64 = 0.005;
const SHORT_WINDOW_MS: f32 = 21.0;
const MIDDLE_WINDOW_MS: f32 = 85.0;
const LONG_WINDOW_MS: f32 = 340.0;
/// Hops between two looks through the middle and the long window.
const MIDDLE_EVERY: u64 = 4;
const LONG_EVERY: u64 = 16;
/// Samples beyond this amplitude (+24 dBFS) are a fault somewhere and no sound.
const LOUDEST_SAMPLE: f32 = 16.0;
/// Momentary loudness at which sound begins to count, and at which it counts in full. BS.1770 calls -70 LUFS
/// silence; dither lies at -90.
const INAUDIBLE_LUFS: f32 = -70.0;
const AUDIBLE_LUFS: f32 = -58.0;
/// The recording is never taken to be quieter than this at its loudest.
const QUIETEST_MASTER_LUFS: f32 = -50.0;
/// Silence after which the beat is forgotten.
const FORGET_BEAT_S: f64 = 1.5;

/// Listens.
pub struct Hearing {
    rate_hz: f64,
    /// Heard so far.
    frames: u64,
    hop_frames: usize,
    hop_s: f64,
    in_hop: usize,
    hops: u64,
    silent_hops: u64,
    history: History,
    short: Spectrum,
    middle: Spectrum,
    long: Spectrum,
    loudness: Loudness,
    loudness_range: Range,
    level: Envelope,
    level_range: Range,
    presence: Envelope,
    bands: Bands,
    onsets: Onsets,
    tempo: Tempo,
    beat: BeatTracker,
    host: HostBeat,
    chroma: Chroma,
    timbre: Timbre,
    heard: Heard,
}

impl Hearing {
    /// A listener at the song's own sample rate; 8 kHz to 192 kHz are meant, others work as well as they can.
    pub fn new(sample_rate_hz: u32) -> Self {
        let rate_hz = f64::from(sample_rate_hz.max(1000));
        let hop_frames = (rate_hz * HOP_S).round() as usize;
        let exact_hop_s = hop_frames as f64 / rate_hz;
        let (rate, hop_s) = (rate_hz as f32, exact_hop_s as f32);
        let nyquist_hz = 0.5 * rate;
        let short = Spectrum::new(rate, SHORT_WINDOW_MS);
        let middle = Spectrum::new(rate, MIDDLE_WINDOW_MS);
        let long = Spectrum::new(rate, LONG_WINDOW_MS);
        let onsets = Onsets::new(nyquist_hz, hop_s, &short);
        let mut heard = Heard { loudness_lufs: SILENCE_LUFS, ..Heard::default() };
        for drum in [&mut heard.kick, &mut heard.snare, &mut heard.hat, &mut heard.onset] {
            drum.time_s = -1.0;
        }
        Self {
            rate_hz,
            frames: 0,
            hop_frames,
            hop_s: exact_hop_s,
            in_hop: 0,
            hops: 0,
            silent_hops: 0,
            history: History::new(long.length().max(hop_frames)),
            loudness: Loudness::new(rate_hz, hop_frames),
            loudness_range: Range::new(hop_s, -16.0, 8.0, 36.0),
            level: Envelope::new(hop_s, 0.005, 0.12, 0.0),
            level_range: Range::new(hop_s, -14.0, 8.0, 40.0),
            presence: Envelope::new(hop_s, 0.08, 0.12, 0.0),
            bands: Bands::new(nyquist_hz, hop_s, &short, &middle),
            tempo: Tempo::new(hop_s),
            beat: BeatTracker::new(hop_s, onsets.curve_latency_s() as f32),
            host: HostBeat::default(),
            chroma: Chroma::new(hop_s),
            timbre: Timbre::new(hop_s, hop_s * MIDDLE_EVERY as f32, &middle),
            onsets,
            short,
            middle,
            long,
            heard,
        }
    }

    /// Frames in a hop, about 5 ms.
    pub fn hop_frames(&self) -> usize {
        self.hop_frames
    }

    /// The newest snapshot; all at rest before the first hop.
    pub fn newest(&self) -> &Heard {
        &self.heard
    }

    /// Hears `frames`, any number of them, and calls `each_hop` at the end of each hop in them.
    ///
    /// `transport` is the host's at the first of these frames, `None` where there is no host. Samples that are
    /// not numbers count as silence.
    pub fn listen(
        &mut self,
        frames: &[[f32; 2]],
        transport: Option<&Transport>,
        mut each_hop: impl FnMut(&Heard),
    ) {
        let host_bpm = self.host.look(self.frames, transport, self.rate_hz);
        for frame in frames {
            let frame = frame.map(tame);
            self.history.push(frame);
            self.loudness.push(frame);
            self.timbre.push(frame);
            self.in_hop += 1;
            self.frames += 1;
            if self.in_hop == self.hop_frames {
                self.in_hop = 0;
                self.end_hop(host_bpm);
                each_hop(&self.heard);
            }
        }
    }

    fn end_hop(&mut self, host_bpm: Option<f64>) {
        self.short.analyse(self.history.newest(self.short.length()));
        if self.hops.is_multiple_of(MIDDLE_EVERY) {
            self.middle.analyse(self.history.newest(self.middle.length()));
            self.timbre.look(&self.middle);
        }
        if self.hops.is_multiple_of(LONG_EVERY) {
            self.long.analyse(self.history.newest(self.long.length()));
            self.chroma.look(&self.long);
        }
        self.hops += 1;
        let heard = &mut self.heard;
        heard.time_s = self.hops as f64 * self.hop_s;

        let (hop_lufs, momentary_lufs) = self.loudness.end_hop();
        let audible = smoothstep((momentary_lufs - INAUDIBLE_LUFS) / (AUDIBLE_LUFS - INAUDIBLE_LUFS));
        let level_lufs = 20.0 * self.level.follow(amplitude(hop_lufs)).max(1e-6).log10();
        if audible > 0.5 {
            self.loudness_range.learn(momentary_lufs);
            self.level_range.learn(level_lufs);
        }
        let loud_lufs = self.loudness_range.loud_db().max(QUIETEST_MASTER_LUFS);
        heard.loudness_lufs = momentary_lufs;
        heard.loudness = audible * self.loudness_range.place(momentary_lufs, QUIETEST_MASTER_LUFS);
        heard.level = audible * self.level_range.place(level_lufs, QUIETEST_MASTER_LUFS);
        heard.presence = rest(self.presence.follow(audible));
        self.bands.hop(&self.short, &self.middle, audible, loud_lufs, heard);
        let onset = self.onsets.hop(&self.short, amplitude(loud_lufs), heard);
        self.track_beat(onset, host_bpm);

        let heard = &mut self.heard;
        heard.chroma = self.chroma.hop(heard.presence);
        let (centroid_hz, flatness) = self.timbre.hop();
        heard.centroid_hz = if heard.presence > 0.0 { centroid_hz } else { 0.0 };
        heard.brightness = heard.presence * ((centroid_hz / 100.0).max(1.0).log2() / 80_f32.log2()).min(1.0);
        heard.flatness = heard.presence * flatness;
        heard.width = heard.presence * self.timbre.width();
    }

    fn track_beat(&mut self, onset: f32, host_bpm: Option<f64>) {
        let heard = &mut self.heard;
        self.silent_hops = if heard.presence > 0.05 { 0 } else { self.silent_hops + 1 };
        if self.silent_hops as f64 * self.hop_s > FORGET_BEAT_S {
            self.tempo.reset();
        }
        // Tracked even while the host leads, so that it goes on without a gap when the host stops.
        self.tempo.hop(onset);
        let beat_fell = self.beat.hop(onset, self.tempo.period());
        if let Some(bpm) = host_bpm {
            (heard.beat_count, heard.beat_phase) = steps::place_in(self.host.beat(self.frames, self.rate_hz));
            (heard.tempo_bpm, heard.beat_confidence) = (bpm as f32, 1.0);
        } else {
            heard.tempo_bpm =
                self.tempo.period().map_or(0.0, |hops| (60.0 / (f64::from(hops) * self.hop_s)) as f32);
            (heard.beat_phase, heard.beat_confidence) = (self.beat.phase(), self.tempo.confidence());
            heard.beat_count = heard.beat_count.wrapping_add(u32::from(beat_fell));
        }
    }
}

/// What cannot be sound (not a number, infinite, absurdly large) is silence.
fn tame(sample: f32) -> f32 {
    if sample.abs() <= LOUDEST_SAMPLE { sample } else { 0.0 }
}

fn amplitude(level_db: f32) -> f32 {
    10_f32.powf(level_db / 20.0)
}

fn smoothstep(x: f32) -> f32 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// Ends the tail of an exponential decay.
fn rest(value: f32) -> f32 {
    if value < 1e-4 { 0.0 } else { value }
}

#[cfg(test)]
mod tests;
