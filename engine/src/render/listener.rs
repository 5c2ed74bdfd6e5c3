//! The renderer's ears: sound into hearing and dreamer, up to a sample.

use super::{AudioSource, RenderError, RenderSettings};
use crate::controls::Controls;
use crate::dreamer::Dreamer;
use crate::hearing::{Heard, Hearing};
use crate::motion::SongPlace;

/// Encoder runs per second of audio.
pub const EMBEDDINGS_PER_S: f64 = 4.0;

/// A render that starts within a song listens to this much before it, in seconds, so that gain, beat and embedding
/// are settled in its first frame.
pub const PREROLL_S: f64 = 20.0;

/// Reads the source, feeds hearing and dreamer in order, and keeps the newest audio, snapshot and controls.
pub(super) struct Listener {
    source: Box<dyn AudioSource>,
    hearing: Hearing,
    dreamer: Dreamer,
    controls: Controls,
    sample_rate_hz: f64,
    position: u64,
    /// Frames heard, the pre-roll included but nothing that was skipped.
    heard_frames: u64,
    embeddings: u64,
    audio: Vec<[f32; 2]>,
    heard: Heard,
}

impl Listener {
    /// Listens to the pre-roll, if there is one, and stands at the settings' start.
    pub(super) fn start(
        source: Box<dyn AudioSource>,
        mut dreamer: Dreamer,
        settings: &RenderSettings,
    ) -> Result<Self, RenderError> {
        let sample_rate_hz = f64::from(source.sample_rate_hz());
        dreamer.set_controls(&settings.controls);
        let mut listener = Self {
            hearing: Hearing::new(source.sample_rate_hz()),
            source,
            dreamer,
            controls: settings.controls,
            sample_rate_hz,
            position: 0,
            heard_frames: 0,
            embeddings: 0,
            audio: Vec::new(),
            heard: Heard::default(),
        };
        let start = (settings.start_s * sample_rate_hz).round() as u64;
        let preroll_s = settings.start_s - PREROLL_S;
        if preroll_s > 0.0 {
            listener.source.skip_to(preroll_s)?;
            listener.position = (preroll_s * sample_rate_hz).round() as u64;
            listener.embeddings = (preroll_s * EMBEDDINGS_PER_S).ceil() as u64;
        }
        while listener.position < start {
            let until = start.min(listener.position + sample_rate_hz as u64);
            if listener.listen_until(until)?.is_empty() {
                return Err(RenderError::NothingThere {
                    song: settings.song.clone(),
                    start_s: settings.start_s,
                });
            }
        }
        Ok(listener)
    }

    /// Listens on to sample `end`, with embeddings at their due times, and returns the audio since the last call: less
    /// than asked for, and then nothing, at the song's end.
    pub(super) fn listen_until(&mut self, end: u64) -> Result<&[[f32; 2]], RenderError> {
        self.audio.clear();
        while self.position < end {
            let until = end.min(self.next_embedding());
            if until == self.position {
                self.embed()?;
                continue;
            }
            let from = self.audio.len();
            self.audio.resize(from + (until - self.position) as usize, [0.0; 2]);
            let read = self.source.read(&mut self.audio[from..])?;
            self.audio.truncate(from + read);
            if read == 0 {
                break;
            }
            self.take_controls();
            self.hear(from)?;
        }
        if self.embeddings == 0 && self.position > 0 {
            // The first picture should be of this song already: what little was heard stands for it.
            self.embed()?;
        }
        Ok(&self.audio)
    }

    fn take_controls(&mut self) {
        if let Some(controls) = self.source.controls()
            && controls != self.controls
        {
            self.controls = controls;
            self.dreamer.set_controls(&controls);
        }
    }

    /// Hears the newest audio, which begins at `from` and at the listener's position.
    fn hear(&mut self, from: usize) -> Result<(), RenderError> {
        let frames = &self.audio[from..];
        self.position += frames.len() as u64;
        self.dreamer.listen(frames)?;
        let transport = self.source.transport();
        // Hearing counts from where it began to listen.
        let hops_began_s = self.heard_frames as f64 / self.sample_rate_hz;
        self.heard_frames += frames.len() as u64;
        let (dreamer, heard, controls) = (&mut self.dreamer, &mut self.heard, &self.controls);
        self.hearing.listen(frames, transport.as_ref(), |snapshot| {
            *heard = controls.apply_to(snapshot);
            let place = transport.and_then(|t| SongPlace::of(&t, snapshot.time_s - hops_began_s));
            dreamer.follow_song(place);
            dreamer.advance(heard);
        });
        Ok(())
    }

    /// The sample at which the next embedding is due; the first one is due with the first frame.
    fn next_embedding(&self) -> u64 {
        let time_s = self.embeddings.max(1) as f64 / EMBEDDINGS_PER_S;
        (time_s * self.sample_rate_hz).round() as u64
    }

    fn embed(&mut self) -> Result<(), RenderError> {
        self.dreamer.embed(self.time_s())?;
        self.embeddings += 1;
        Ok(())
    }

    /// Audio time of the newest sample, in seconds from the song's start.
    pub(super) fn time_s(&self) -> f64 {
        self.position as f64 / self.sample_rate_hz
    }

    /// The newest snapshot.
    pub(super) fn heard(&self) -> &Heard {
        &self.heard
    }

    pub(super) fn dreamer(&mut self) -> &mut Dreamer {
        &mut self.dreamer
    }

    /// What the controls are at the newest sample.
    pub(super) fn controls(&self) -> &Controls {
        &self.controls
    }

    pub(super) fn source(&self) -> &dyn AudioSource {
        self.source.as_ref()
    }
}
