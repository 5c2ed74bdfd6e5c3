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

mod accents;
mod bands;
mod build_up;
mod chord;
mod chroma;
mod clocks;
mod cycles;
mod digest;
mod drop;
mod ear;
mod envelope;
mod filterbank;
mod flux;
mod follower;
mod gain;
#[macro_use]
mod heard;
mod history;
mod host_beat;
mod hpss;
mod key;
mod lfo;
mod loudness;
mod onsets;
mod other;
mod parts;
mod peaks;
mod place;
mod pointer;
mod pulse;
mod rise;
mod roughness;
mod sections;
mod sense;
mod sensitivity;
mod sides;
mod silence;
mod spectrum;
mod steps;
mod timbre;
mod trigger;

pub use clocks::Clock;
pub use heard::{BANDS, Drum, Feature};
pub use sense::{Activations, BeatSense};

use crate::controls::Controls;
use crate::tap::{MidiClock, Transport};
use accents::Accents;
use bands::Bands;
use build_up::BuildUp;
use chord::Chord;
use chroma::Chroma;
use clocks::Clocks;
use cycles::Cycles;
use digest::Digests;
use drop::Drop;
use ear::Ear;
use envelope::Envelope;
use gain::Range;
use heard::Feeling;
use history::History;
use hpss::Hpss;
use key::Key;
use lfo::Lfos;
use loudness::{Loudness, SILENCE_LUFS};
use onsets::Onsets;
use other::Other;
use parts::Parts;
use place::Place;
use pointer::Evidence;
use sections::Sections;
use sense::Listening;
use sides::Sides;
use silence::Silence;
use spectrum::Spectrum;
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
    bar_phase:          f32,          "bars",     0.0,     1.0,           "the host's time signature, or tracked",     "",        "Place within the bar: 0 on its first beat.";
    bar_count:          u32,          "bars",     0.0,     f32::INFINITY, "the host's time signature, or tracked",     "",        "Bars since the start, as beats are counted.";
    beats_per_bar:      f32,          "beats",    0.0,     256.0,         "the host's time signature, or tracked",     "",        "Beats in a bar; 0 while unknown. A host's are quarter notes: 3.5 in 7/8.";
    bar_confidence:     f32,          "",         0.0,     1.0,           "some bars; 1 with a host's time signature", "",        "How sure it is which beat of the bar is the first.";
    clock:              Clock,        "",         0.0,     4.0,           "the host, MIDI clock, taps, the ear",       "",        "Who tells the beat, the first that does: 4 the host, 3 a MIDI clock, 2 taps or the metronome lock, 1 the ear; 0 nobody.";
    chroma:             [f32; 12],    "",         0.0,     1.0,           "340 ms window; fades with presence",        "",        "Energy by pitch class, C first, the largest being 1 while there is music.";
    centroid_hz:        f32,          "Hz",       0.0,     f32::INFINITY, "85 ms window",                              "",        "Spectral centroid, the brightness of the timbre; 0 in silence.";
    brightness:         f32,          "",         0.0,     1.0,           "85 ms window",                              "bright",  "The same on a logarithmic scale from 100 Hz to 8 kHz; fades to 0 in silence.";
    flatness:           f32,          "",         0.0,     1.0,           "85 ms window",                              "",        "Spectral flatness: 0 a pure tone (-60 dB), 1 white noise (0 dB); fades to 0 in silence.";
    width:              f32,          "",         0.0,     1.0,           "follows in 300 ms",                        "width",   "Stereo width: 0 mono, 1 as much side as mid.";
    all_level:          f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "",        "Everything: `level` under the name that the ranges have.";
    all_hit:            Drum,         "",         0.0,     1.0,           "the pulse decays in 120 ms",                "",        "Everything: `onset` under the name that the ranges have.";
    all_presence:       f32,          "",         0.0,     1.0,           "rises in 1 s, falls in 3 s",                "",        "Everything: the level, slowly.";
    all_time_s:         f32,          "s",        0.0,     f32::INFINITY, "adds up",                                   "",        "Everything: the level, added up. A second of full level is 1; it stands in silence and never runs back.";
    bass_level:         f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "",        "Bass, below 150 Hz: `bass` under the name that the ranges have.";
    bass_hit:           Drum,         "",         0.0,     1.0,           "the pulse decays in 150 ms",                "",        "Bass, below 150 Hz: whatever begins there, drum or note.";
    bass_presence:      f32,          "",         0.0,     1.0,           "rises in 1 s, falls in 3 s",                "",        "Bass, below 150 Hz: its level, slowly.";
    bass_time_s:        f32,          "s",        0.0,     f32::INFINITY, "adds up",                                   "",        "Bass, below 150 Hz: its level, added up.";
    low_mid_level:      f32,          "",         0.0,     1.0,           "85 ms window, release 120 ms",              "",        "Low middle, 150 to 600 Hz: the body of voices and instruments.";
    low_mid_hit:        Drum,         "",         0.0,     1.0,           "the pulse decays in 150 ms",                "",        "Low middle, 150 to 600 Hz: whatever begins there.";
    low_mid_presence:   f32,          "",         0.0,     1.0,           "rises in 1 s, falls in 3 s",                "",        "Low middle, 150 to 600 Hz: its level, slowly.";
    low_mid_time_s:     f32,          "s",        0.0,     f32::INFINITY, "adds up",                                   "",        "Low middle, 150 to 600 Hz: its level, added up.";
    high_mid_level:     f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "",        "High middle, 600 Hz to 4 kHz (half of Nyquist, if that is lower): the words of a voice, the snare.";
    high_mid_hit:       Drum,         "",         0.0,     1.0,           "the pulse decays in 150 ms",                "",        "High middle, 600 Hz to 4 kHz: whatever begins there.";
    high_mid_presence:  f32,          "",         0.0,     1.0,           "rises in 1 s, falls in 3 s",                "",        "High middle, 600 Hz to 4 kHz: its level, slowly.";
    high_mid_time_s:    f32,          "s",        0.0,     f32::INFINITY, "adds up",                                   "",        "High middle, 600 Hz to 4 kHz: its level, added up.";
    high_level:         f32,          "",         0.0,     1.0,           "attack 5 ms, release 120 ms",               "",        "High, above 4 kHz: hats, cymbals, breath.";
    high_hit:           Drum,         "",         0.0,     1.0,           "the pulse decays in 150 ms",                "",        "High, above 4 kHz: whatever begins there.";
    high_presence:      f32,          "",         0.0,     1.0,           "rises in 1 s, falls in 3 s",                "",        "High, above 4 kHz: its level, slowly.";
    high_time_s:        f32,          "s",        0.0,     f32::INFINITY, "adds up",                                   "",        "High, above 4 kHz: its level, added up.";
    other:              Drum,         "",         0.0,     1.0,           "the pulse decays in 120 ms",                "other",   "Onsets that are no kick, snare or hat: notes, voices.";
    beat_hit:           f32,          "",         0.0,     1.0,           "decays in 200 ms",                          "",        "1 on the beat, then falling; as strong as the beat is sure.";
    bar_hit:            f32,          "",         0.0,     1.0,           "decays in 400 ms",                          "",        "1 on the first beat of a bar, then falling; as strong as the bar is sure.";
    phrase4_phase:      f32,          "phrases",  0.0,     1.0,           "from the bars",                             "",        "Place within a phrase of 4 bars. By ear, phrases begin with a section that certainly began; with a host, with its first bar.";
    phrase4_hit:        f32,          "",         0.0,     1.0,           "decays in 800 ms",                          "",        "1 where a phrase of 4 bars begins, then falling; as strong as the bar is sure.";
    phrase4_count:      u32,          "phrases",  0.0,     f32::INFINITY, "from the bars",                             "",        "Phrases of 4 bars since the start, as bars are counted.";
    phrase8_phase:      f32,          "phrases",  0.0,     1.0,           "from the bars",                             "",        "Place within a phrase of 8 bars.";
    phrase8_hit:        f32,          "",         0.0,     1.0,           "decays in 800 ms",                          "",        "1 where a phrase of 8 bars begins, then falling.";
    phrase8_count:      u32,          "phrases",  0.0,     f32::INFINITY, "from the bars",                             "",        "Phrases of 8 bars since the start.";
    phrase16_phase:     f32,          "phrases",  0.0,     1.0,           "from the bars",                             "",        "Place within a phrase of 16 bars.";
    phrase16_hit:       f32,          "",         0.0,     1.0,           "decays in 800 ms",                          "",        "1 where a phrase of 16 bars begins, then falling.";
    phrase16_count:     u32,          "phrases",  0.0,     f32::INFINITY, "from the bars",                             "",        "Phrases of 16 bars since the start.";
    lfo_sine:           [f32; 5],     "",         0.0,     1.0,           "1/4, 1/2, 1, 2, 4 bars; fades in 0.5 s",    "",        "Sines that are locked to the bars: 0 on the bar line. A bar is four beats while nobody knows; all rest at 0 without a tempo.";
    lfo_triangle:       [f32; 5],     "",         0.0,     1.0,           "1/4, 1/2, 1, 2, 4 bars; fades in 0.5 s",    "",        "Triangles that are locked to the bars: 0 on the bar line.";
    lfo_ramp:           [f32; 5],     "",         0.0,     1.0,           "1/4, 1/2, 1, 2, 4 bars; fades in 0.5 s",    "",        "Ramps that are locked to the bars: from 0 on the bar line to 1.";
    lfo_random:         [f32; 5],     "",         0.0,     1.0,           "1/4, 1/2, 1, 2, 4 bars; fades in 0.5 s",    "",        "Another number each time, made of the count, so that it is the same whenever the song is played.";
    harmonic:           f32,          "",         0.0,     1.0,           "100 ms; fades with presence",               "harm",    "Share of what is held, tones, in the energy up to 5 kHz. Steady noise is half and half.";
    percussive:         f32,          "",         0.0,     1.0,           "100 ms; fades with presence",               "",        "Share of what is struck, hits.";
    key:                u32,          "pitch class", 0.0,  11.0,          "12 s",                                      "",        "Tonic of the key, C being 0.";
    key_is_minor:       u32,          "",         0.0,     1.0,           "12 s",                                      "",        "1 in minor, 0 in major.";
    key_confidence:     f32,          "",         0.0,     1.0,           "12 s",                                      "",        "How sure the key is: 0 without any.";
    chord_change:       Drum,         "",         0.0,     1.0,           "the pulse decays in 500 ms; 1 s late",      "chord",   "The harmony changes.";
    roughness:          f32,          "",         0.0,     1.0,           "340 ms window; fades with presence",        "",        "How much neighbouring partials beat against each other: 0 a tone, an octave; 1 a cluster, noise.";
    crest:              f32,          "",         0.0,     1.0,           "400 ms; fades with presence",               "",        "How far the peaks stand out of the sound: 0 a square wave (0 dB), 0.125 a sine (3 dB), 1 single hits (24 dB).";
    balance:            f32,          "",         -1.0,    1.0,           "follows in 300 ms; fades with presence",    "",        "Where the energy is: -1 left, 0 middle, 1 right.";
    silence:            f32,          "",         0.0,     1.0,           "from 0.5 s to 2 s without sound",           "",        "1 in silence, 0 at the first sound.";
    build_up:           f32,          "",         0.0,     1.0,           "seconds; ends with a drop in 150 ms",       "build",   "How surely the music rises towards something: brighter, fuller, faster, louder, for seconds.";
    drop:               Drum,         "",         0.0,     1.0,           "the pulse decays in 1.2 s; 0.2 s late",     "drop",    "The bass comes back with everything else, after a build-up or a break.";
    section_change:     Drum,         "",         0.0,     1.0,           "the pulse decays in 1.5 s; 2 s late",       "section", "The song goes on differently. The count is the number of the section that runs.";
    section_similarity: f32,          "",         0.0,     1.0,           "half a second",                             "",        "How much this section is like the most similar one before it: a chorus that comes back is near 1.";
    section_match:      u32,          "sections", 0.0,     f32::INFINITY, "half a second",                             "",        "The number of that one; of no meaning while the similarity is 0.";
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
/// Silence after which the beat is forgotten.
const FORGET_BEAT_S: f64 = 1.5;
/// The same for a sound in which nothing begins.
const HELD_S: f64 = 7.0;
/// Fewer onsets than this make no rhythm: how sure its beat can be then.
const LEAST_ONSETS: u32 = 3;
const FEW_ONSETS: f32 = 0.3;
/// The recording is never taken to be quieter than this at its loudest.
const QUIETEST_MASTER_LUFS: f32 = -50.0;

/// Listens.
pub struct Hearing {
    sample_rate_hz: u32,
    /// Heard so far.
    frames: u64,
    hop_frames: usize,
    hop_s: f64,
    /// The frames of this hop so far.
    hop: Vec<[f32; 2]>,
    hops: u64,
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
    accents: Accents,
    /// A network that hears beats and drums, if there is one.
    listening: Option<Listening>,
    silent_s: f64,
    /// Whether nothing has begun for so long that the beat is forgotten.
    is_over: bool,
    /// Onsets until then.
    onsets_before: u32,
    ear: Ear,
    clocks: Clocks,
    chroma: Chroma,
    timbre: Timbre,
    parts: Parts,
    other: Other,
    cycles: Cycles,
    lfos: Lfos,
    hpss: Hpss,
    key: Key,
    chord: Chord,
    sides: Sides,
    silence: Silence,
    digests: Digests,
    build_up: BuildUp,
    drop: Drop,
    sections: Sections,
    /// Looked for less often than it is told.
    roughness: f32,
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
        heard.drums_mut().for_each(|drum| drum.time_s = -1.0);
        Self {
            sample_rate_hz: sample_rate_hz.max(1000),
            frames: 0,
            hop_frames,
            hop_s: exact_hop_s,
            hop: Vec::with_capacity(hop_frames),
            hops: 0,
            history: History::new(long.length().max(hop_frames)),
            loudness: Loudness::new(rate_hz, hop_frames),
            loudness_range: Range::new(hop_s, -16.0, 8.0, 36.0),
            level: Envelope::new(hop_s, 0.005, 0.12, 0.0),
            level_range: Range::new(hop_s, -14.0, 8.0, 40.0),
            presence: Envelope::new(hop_s, 0.08, 0.12, 0.0),
            bands: Bands::new(nyquist_hz, hop_s, &short, &middle),
            accents: Accents::new(hop_s),
            listening: None,
            silent_s: 0.0,
            is_over: false,
            onsets_before: 0,
            ear: Ear::new(exact_hop_s, onsets.curve_latency_s()),
            clocks: Clocks::new(rate_hz, exact_hop_s),
            chroma: Chroma::new(hop_s),
            timbre: Timbre::new(hop_s, hop_s * MIDDLE_EVERY as f32, &middle),
            parts: Parts::new(nyquist_hz, exact_hop_s, &short, &middle),
            other: Other::new(hop_s),
            cycles: Cycles::default(),
            lfos: Lfos::new(exact_hop_s),
            hpss: Hpss::new(hop_s * MIDDLE_EVERY as f32, &middle),
            key: Key::new(hop_s * LONG_EVERY as f32),
            chord: Chord::new(hop_s, hop_s * LONG_EVERY as f32),
            sides: Sides::new(hop_s),
            silence: Silence::default(),
            digests: Digests::new(nyquist_hz, &middle),
            build_up: BuildUp::new(hop_s),
            drop: Drop::new(hop_s, &short),
            sections: Sections::new(hop_s),
            roughness: 0.0,
            onsets,
            short,
            middle,
            long,
            heard,
        }
    }

    /// Finds beats with a network from now on, if there is one, instead of from what begins alone. Should it fail, they are found
    /// without it again.
    #[must_use]
    pub fn with_sense(mut self, sense: Option<Box<dyn BeatSense>>) -> Self {
        self.listening = sense.and_then(|sense| Listening::new(sense, self.sample_rate_hz));
        self.ear.set_frames(self.listening.as_ref().map(Listening::frame_s));
        self
    }

    /// Frames in a hop, about 5 ms.
    pub fn hop_frames(&self) -> usize {
        self.hop_frames
    }

    /// The newest snapshot; all at rest before the first hop.
    pub fn newest(&self) -> &Heard {
        &self.heard
    }

    /// What follows is heard with what was put right by hand until here, and with a MIDI clock: call it before
    /// [`listen`](Self::listen), with what belongs to the first of its frames. The first call counts nothing: it says where
    /// counting begins.
    pub fn correct(&mut self, controls: &Controls, midi: &MidiClock) {
        self.clocks.correct(self.frames, controls, midi);
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
        self.clocks.look(self.frames, transport);
        for frame in frames {
            let frame = frame.map(tame);
            self.history.push(frame);
            self.loudness.push(frame);
            self.timbre.push(frame);
            self.hop.push(frame);
            self.frames += 1;
            if self.hop.len() == self.hop_frames {
                self.end_hop();
                self.hop.clear();
                each_hop(&self.heard);
            }
        }
    }

    fn end_hop(&mut self) {
        self.short.analyse(self.history.newest(self.short.length()));
        if self.hops.is_multiple_of(MIDDLE_EVERY) {
            self.middle.analyse(self.history.newest(self.middle.length()));
            self.timbre.look(&self.middle);
            self.hpss.look(&self.middle);
            if let Some(digest) = self.digests.look(&self.middle, &self.heard) {
                self.build_up.look(&digest, self.loudness_range.loud_db());
                self.sections.look(digest, self.loudness_range.loud_db());
            }
        }
        if self.hops.is_multiple_of(LONG_EVERY) {
            self.long.analyse(self.history.newest(self.long.length()));
            self.chroma.look(&self.long);
            self.roughness = roughness::of(&self.long);
            let found = self.key.look(&self.heard.chroma);
            (self.heard.key, self.heard.key_is_minor) = (found.tonic, u32::from(found.is_minor));
            self.heard.key_confidence = found.confidence;
            self.chord.look(&self.heard.chroma, self.heard.tempo_bpm);
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
        let alone = self.listening.is_none();
        let rises = self.onsets.hop(&self.short, amplitude(loud_lufs), alone, heard);
        let heard_place = self.find_beat(rises);
        let is_music = self.silent_s == 0.0;
        let (place, clock) = self.clocks.hop(self.frames, heard_place, is_music);
        let heard = &mut self.heard;
        place.tell(heard);
        heard.clock = clock;
        self.parts.hop([&self.short, &self.middle], audible, loud_lufs, heard);
        self.other.hop(heard);
        (heard.section_change, (heard.section_similarity, heard.section_match)) = self.sections.hop();
        self.cycles.hop(&place, heard);
        self.lfos.hop(&place, heard);
        heard.chroma = self.chroma.hop(heard.presence);
        let (centroid_hz, flatness) = self.timbre.hop();
        heard.centroid_hz = if heard.presence > 0.0 { centroid_hz } else { 0.0 };
        heard.brightness = heard.presence * ((centroid_hz / 100.0).max(1.0).log2() / 80_f32.log2()).min(1.0);
        heard.flatness = heard.presence * flatness;
        heard.width = heard.presence * self.timbre.width();
        (heard.harmonic, heard.percussive) = self.hpss.shares(heard.presence);
        heard.roughness = heard.presence * self.roughness;
        (heard.crest, heard.balance) = self.sides.hop(self.history.newest(self.hop_frames), heard.presence);
        heard.chord_change = self.chord.hop(heard);
        heard.silence = self.silence.hop(self.hop_s as f32, heard.presence);
        heard.drop = self.drop.hop(&self.short, audible, heard);
        heard.build_up = self.build_up.hop(heard.drop.count);
    }

    /// The ear goes on even while the host leads, so that there is no gap when the host stops.
    fn find_beat(&mut self, rises: [f32; 4]) -> Place {
        let heard = &mut self.heard;
        let now_s = heard.time_s;
        let is_sound = heard.presence > 0.05;
        self.silent_s = if is_sound { 0.0 } else { self.silent_s + self.hop_s };
        // A held sound has no beat either, however long it is: but it may be the break of a song.
        let is_over = self.silent_s > FORGET_BEAT_S || now_s - heard.onset.time_s.max(0.0) > HELD_S;
        if is_over && !self.is_over {
            self.onsets_before = heard.onset.count;
            self.ear.forget();
            if let Some(listening) = &mut self.listening {
                listening.forget();
            }
        }
        self.is_over = is_over;
        let seen = if is_sound { self.accents.hop(rises) } else { Evidence::NONE };
        if !is_over {
            self.ear.see(seen, self.listening.is_none());
        }
        match self.listening.as_mut().map(|listening| listening.push(&self.hop)) {
            Some(Some(said)) => {
                for said in said {
                    // In silence it speaks of what it remembers.
                    if is_sound {
                        self.onsets.word(&said.activations, said.about_s, heard);
                    }
                    if !is_over {
                        self.ear.take(said, now_s, is_sound);
                    }
                }
            }
            Some(None) => {
                self.listening = None;
                self.ear.set_frames(None);
            }
            None => {}
        }
        let mut place = self.ear.hop();
        if heard.onset.count.wrapping_sub(self.onsets_before) < LEAST_ONSETS {
            place.confidence *= FEW_ONSETS;
            place.bar_confidence *= FEW_ONSETS;
        }
        place
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
