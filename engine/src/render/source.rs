//! Where the renderer's sound comes from: a song, a song in a tempo, or a host.

use super::RenderError;
use crate::controls::Controls;
use crate::song::{Song, SongWarning};
use crate::tap::{Meter, Transport};

/// A stream of stereo frames, with what belongs to them.
pub trait AudioSource {
    /// Frames per second.
    fn sample_rate_hz(&self) -> u32;

    /// Length in seconds, where it is known beforehand.
    fn duration_s(&self) -> Option<f64> {
        None
    }

    /// Fills `out` from the front and returns how many frames it wrote; 0 means that it is over. It writes fewer than asked
    /// for where [`transport`](Self::transport) or [`controls`](Self::controls) change in the midst of them, and waits
    /// for sound otherwise.
    ///
    /// # Errors
    /// If the sound cannot be read.
    fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, RenderError>;

    /// Moves on to `time_s`, in seconds from the start.
    ///
    /// # Errors
    /// If the sound cannot be read.
    fn skip_to(&mut self, time_s: f64) -> Result<(), RenderError>;

    /// Where the host was at the first of the frames read last; `None` without a host.
    fn transport(&self) -> Option<Transport> {
        None
    }

    /// What was turned to what at the frames read last; `None` where nobody turns anything.
    fn controls(&self) -> Option<Controls> {
        None
    }

    /// Title, artist and the like, by name, for the file's tags.
    fn tags(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// What was wrong with it so far without being an error.
    fn warnings(&self) -> Vec<SongWarning> {
        Vec::new()
    }
}

impl AudioSource for Song {
    fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz()
    }

    fn duration_s(&self) -> Option<f64> {
        self.duration_s()
    }

    fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, RenderError> {
        Ok(self.read(out)?)
    }

    fn skip_to(&mut self, time_s: f64) -> Result<(), RenderError> {
        Ok(self.skip_to(time_s)?)
    }

    fn tags(&self) -> Vec<(String, String)> {
        let tags = [("title", self.title()), ("artist", self.artist()), ("album", self.album())];
        tags.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned()))).collect()
    }

    fn warnings(&self) -> Vec<SongWarning> {
        self.warnings()
    }
}

/// A song as a host would play it whose tempo is known.
pub struct InTempo {
    song: Song,
    tempo_bpm: f64,
    first_beat_s: f64,
    meter: Meter,
    /// Of the frames read last, and of those that come next.
    first: u64,
    next: u64,
}

impl InTempo {
    /// A song that was not read yet, at `tempo_bpm` quarter notes per minute; a bar of `meter` begins at `first_beat_s`.
    pub fn new(song: Song, tempo_bpm: f64, first_beat_s: f64, meter: Meter) -> Self {
        Self { song, tempo_bpm, first_beat_s, meter, first: 0, next: 0 }
    }
}

impl AudioSource for InTempo {
    fn sample_rate_hz(&self) -> u32 {
        self.song.sample_rate_hz()
    }

    fn duration_s(&self) -> Option<f64> {
        self.song.duration_s()
    }

    fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, RenderError> {
        let read = self.song.read(out)?;
        (self.first, self.next) = (self.next, self.next + read as u64);
        Ok(read)
    }

    fn skip_to(&mut self, time_s: f64) -> Result<(), RenderError> {
        self.next = (time_s.max(0.0) * f64::from(self.song.sample_rate_hz())).round() as u64;
        Ok(self.song.skip_to(time_s)?)
    }

    fn transport(&self) -> Option<Transport> {
        let time_s = self.first as f64 / f64::from(self.song.sample_rate_hz());
        Some(Transport {
            playing: true,
            tempo_bpm: Some(self.tempo_bpm),
            beat: Some((time_s - self.first_beat_s) * self.tempo_bpm / 60.0),
            meter: Some(self.meter),
            bar: None,
            position_samples: i64::try_from(self.first).ok(),
        })
    }

    fn tags(&self) -> Vec<(String, String)> {
        AudioSource::tags(&self.song)
    }

    fn warnings(&self) -> Vec<SongWarning> {
        self.song.warnings()
    }
}
