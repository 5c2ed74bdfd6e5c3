//! A song from a file, as a stream of stereo frames.
//!
//! [`Song`] decodes WAV (RF64, BW64, W64), FLAC, MP3, Ogg Vorbis, M4A (AAC, also in fragments) and AIFF packet by packet, so
//! an hour of music takes no more memory than a second. What comes out is always stereo at one sample rate, the song's own:
//! mono is doubled, more channels are mixed down (see [`downmix`]). Frame 0 is the first frame that the musician meant to be
//! heard: the silence that encoders put before and after it is cut off.
//!
//! A song is read to its end as players read it, whatever its header says: files that were joined are played one after the
//! other. Damage never stops a song that still has sound in it. It is replaced by silence of the same length, so that
//! sound and picture stay together, and shows up in [`Song::warnings`].
//!
//! On the way of a sample: `file` (a path, a pipe, memory), `survey` (what is really in it), `view` (the file with its headers
//! put right), `stream` (packets), `part` (frames), and here the parts are put together.
//!
//! ```no_run
//! use klangbild_engine::song::Song;
//!
//! let mut song = Song::open("song.flac".as_ref())?;
//! let mut block = [[0.0; 2]; 4096];
//! let mut frames = 0;
//! loop {
//!     match song.read(&mut block)? {
//!         0 => break,
//!         read => frames += read,
//!     }
//! }
//! println!("{:.1} s", frames as f64 / f64::from(song.sample_rate_hz()));
//! # Ok::<(), klangbild_engine::song::SongError>(())
//! ```

mod bytes;
pub mod downmix;
mod error;
mod file;
mod guard;
mod part;
mod stream;
mod survey;
mod tags;
#[cfg(test)]
mod tests;
mod view;
mod warning;

use std::path::Path;

pub use self::error::SongError;
pub use self::file::SongFile;
pub use self::warning::SongWarning;

use self::part::PartReader;
use self::survey::{Part, Survey};
use self::tags::Tags;
use crate::resample::StereoResampler;

/// Parts up to which their lengths are looked up when a song is opened.
const MOST_PARTS_TO_MEASURE: usize = 100;
/// Frames that are decoded at once where they are resampled or passed over.
const BLOCK_FRAMES: usize = 4096;

/// An open song, positioned at the next frame that [`read`](Self::read) gives.
pub struct Song {
    file: SongFile,
    /// What [`read`](Self::read) gives, in Hz: the first part's rate.
    sample_rate_hz: u32,
    tags: Tags,
    format: String,
    channels: usize,
    parts: Vec<Part>,
    /// Frames in each part, at the song's rate, as far as they are known.
    lengths: Vec<Option<u64>>,
    /// The part that is read: which, where it begins, and how.
    index: usize,
    begins: u64,
    reader: PartReader,
    /// Where the part has another sample rate.
    converter: Option<Converter>,
    position: u64,
    warnings: Warnings,
}

/// Warnings about the file, and about each part that was read.
#[derive(Default)]
struct Warnings {
    of_file: Vec<SongWarning>,
    of_parts: Vec<Vec<SongWarning>>,
}

/// A part on its way to the song's rate.
struct Converter {
    resampler: StereoResampler,
    rates_hz: (u32, u32),
    /// Frames of the part so far, and frames that were made of them.
    came: u64,
    made: u64,
    ready: Vec<[f32; 2]>,
    taken: usize,
    ended: bool,
}

impl Song {
    /// Opens `path` (`-` is the standard input) and decodes its first packet, so that a song that opens has at least one
    /// sample.
    ///
    /// # Errors
    ///
    /// One clear line for each of: no such file, a folder, no permission, an empty file, not audio, no audio track,
    /// a codec that is not supported, no samples, nothing but damage, a sample rate outside 8 to 192 kHz, a header or an index
    /// that is missing.
    pub fn open(path: &Path) -> Result<Self, SongError> {
        SongFile::open(path)?.song()
    }

    /// A song whose first part is open.
    fn begin(file: SongFile, survey: Survey, mut reader: PartReader) -> Result<Self, SongError> {
        let Survey { parts, warnings, .. } = survey;
        let sample_rate_hz = reader.sample_rate_hz();
        let mut song = Self {
            tags: reader.tags(),
            format: reader.format().to_owned(),
            channels: reader.channels(),
            lengths: vec![None; parts.len()],
            warnings: Warnings { of_file: warnings, of_parts: vec![Vec::new(); parts.len()] },
            file,
            sample_rate_hz,
            parts,
            index: 0,
            begins: 0,
            reader,
            converter: None,
            position: 0,
        };
        song.lengths[0] = song.reader.length();
        if song.parts.len() <= MOST_PARTS_TO_MEASURE {
            for index in 1..song.parts.len() {
                song.lengths[index] = match song.open_part(index) {
                    Ok(part) => {
                        part.length().map(|frames| scaled(frames, (part.sample_rate_hz(), sample_rate_hz)))
                    }
                    Err(_) => Some(0), // it is told when it is its turn
                };
            }
        }
        Ok(song)
    }

    /// Frames per second of what [`read`](Self::read) gives: the song's own sample rate.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Length in seconds, where it can be known without decoding all of it.
    pub fn duration_s(&self) -> Option<f64> {
        let frames = self.lengths.iter().try_fold(0_u64, |sum, length| sum.checked_add((*length)?))?;
        Some(frames as f64 / f64::from(self.sample_rate_hz))
    }

    /// Channels in the file, before the mix to stereo.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Container and codec, for people: "wave, pcm_s16le".
    pub fn format(&self) -> &str {
        &self.format
    }

    /// The track's title, from its tags, as plain text.
    pub fn title(&self) -> Option<&str> {
        self.tags.title.as_deref()
    }

    /// The track's artist, from its tags, as plain text.
    pub fn artist(&self) -> Option<&str> {
        self.tags.artist.as_deref()
    }

    /// The album that the track is from, from its tags, as plain text.
    pub fn album(&self) -> Option<&str> {
        self.tags.album.as_deref()
    }

    /// The time of the next frame, in seconds from the song's first frame.
    pub fn position_s(&self) -> f64 {
        self.position as f64 / f64::from(self.sample_rate_hz)
    }

    /// What was wrong with the file as far as it was read; empty for a healthy song.
    pub fn warnings(&self) -> Vec<SongWarning> {
        let mut all = self.warnings.of_file.clone();
        for (index, warnings) in self.warnings.of_parts.iter().enumerate() {
            if index == self.index {
                all.extend(self.warnings_of_reader());
            }
            all.extend(warnings.iter().cloned());
        }
        all
    }

    /// Fills `out` from the front and returns how many frames it wrote; 0 means that the song is over.
    ///
    /// # Errors
    ///
    /// [`SongError::Io`] when the file can no longer be read. Damage inside the song is no error, see
    /// [`warnings`](Self::warnings).
    pub fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, SongError> {
        let mut written = 0;
        while written < out.len() {
            match self.read_part(&mut out[written..])? {
                0 if self.begin_next_part()? => {}
                0 => break,
                count => written += count,
            }
        }
        Ok(written)
    }

    /// Moves to `time_s` (rounded to the nearest frame, negative times to 0): the next [`read`](Self::read) gives the
    /// very frame that reading from the start would give there. Behind the end, it gives 0 frames.
    ///
    /// # Errors
    ///
    /// [`SongError::Io`] when the file cannot be read again.
    pub fn skip_to(&mut self, time_s: f64) -> Result<(), SongError> {
        let target = (time_s.max(0.0) * f64::from(self.sample_rate_hz)).round() as u64;
        if target < self.begins {
            self.begin_part(0, 0)?;
        }
        // Past parts whose length is known; a part that is not is read to its end.
        while let Some(end) = self.lengths[self.index].and_then(|length| self.begins.checked_add(length))
            && target >= end
            && self.index + 1 < self.parts.len()
        {
            if !self.begin_part(self.index + 1, end)? {
                break;
            }
        }
        let within = target.saturating_sub(self.begins);
        if self.converter.is_none() && self.index + 1 == self.parts.len() {
            self.reader.skip_to(within)?;
            self.position = target;
            return Ok(());
        }
        if self.converter.is_none() && self.lengths[self.index].is_some() {
            self.reader.skip_to(within)?;
            self.position = target;
            return Ok(());
        }
        if target < self.position {
            self.begin_part(self.index, self.begins)?;
        }
        self.pass_over(target)
    }

    /// Reads up to frame `target` for nothing.
    fn pass_over(&mut self, target: u64) -> Result<(), SongError> {
        let mut block = vec![[0.0; 2]; BLOCK_FRAMES];
        while self.position < target {
            let most = (target - self.position).min(BLOCK_FRAMES as u64) as usize;
            if self.read(&mut block[..most])? == 0 {
                break;
            }
        }
        Ok(())
    }

    fn read_part(&mut self, out: &mut [[f32; 2]]) -> Result<usize, SongError> {
        let count = match &mut self.converter {
            None => self.reader.read(out)?,
            Some(converter) => converter.read(&mut self.reader, out, &self.file)?,
        };
        self.position += count as u64;
        Ok(count)
    }

    /// Goes on to the next part that has sound, from the end of this one; `false` if there is none.
    fn begin_next_part(&mut self) -> Result<bool, SongError> {
        if self.index + 1 >= self.parts.len() {
            return Ok(false);
        }
        self.lengths[self.index] = Some(self.position.saturating_sub(self.begins));
        self.begin_part(self.index + 1, self.position)
    }

    /// Begins a part, or the first one behind it that has sound; `false` if none has.
    fn begin_part(&mut self, index: usize, begins: u64) -> Result<bool, SongError> {
        self.warnings.of_parts[self.index] = self.warnings_of_reader();
        for index in index..self.parts.len() {
            match self.open_part(index) {
                Ok(reader) => {
                    self.converter = match reader.sample_rate_hz() {
                        rate_hz if rate_hz == self.sample_rate_hz => None,
                        rate_hz => Some(Converter::new(rate_hz, self.sample_rate_hz, &self.file)?),
                    };
                    (self.index, self.begins, self.position, self.reader) = (index, begins, begins, reader);
                    self.warnings.of_parts[index].clear();
                    return Ok(true);
                }
                Err(error @ SongError::Io { .. }) => return Err(error),
                Err(error) => {
                    let from_s = begins as f64 / f64::from(self.sample_rate_hz);
                    let reason = error.reason();
                    self.warnings.of_parts[index] =
                        vec![SongWarning::LeftOut { part: index + 1, from_s, reason }];
                    self.lengths[index] = Some(0);
                }
            }
        }
        Ok(false)
    }

    fn open_part(&self, index: usize) -> Result<PartReader, SongError> {
        PartReader::open(&self.file.name, self.parts[index].clone())
    }

    fn warnings_of_reader(&self) -> Vec<SongWarning> {
        let begins_s = self.begins as f64 / f64::from(self.sample_rate_hz);
        self.reader.damage().warnings(self.reader.sample_rate_hz(), begins_s)
    }
}

impl Converter {
    fn new(from_hz: u32, to_hz: u32, file: &SongFile) -> Result<Self, SongError> {
        let resampler = StereoResampler::new(from_hz, to_hz).map_err(|source| file.resample_error(source))?;
        Ok(Self {
            resampler,
            rates_hz: (from_hz, to_hz),
            came: 0,
            made: 0,
            ready: Vec::new(),
            taken: 0,
            ended: false,
        })
    }

    fn read(
        &mut self,
        part: &mut PartReader,
        out: &mut [[f32; 2]],
        file: &SongFile,
    ) -> Result<usize, SongError> {
        while self.taken == self.ready.len() && !self.ended {
            self.ready.clear();
            self.taken = 0;
            let mut block = vec![[0.0; 2]; BLOCK_FRAMES];
            let count = part.read(&mut block)?;
            self.ended = count == 0;
            let made = match self.ended {
                true => self.resampler.flush(&mut self.ready),
                false => self.resampler.push(&block[..count], &mut self.ready),
            };
            made.map_err(|source| file.resample_error(source))?;
            self.came += count as u64;
            if self.ended {
                // The filter rings on.
                let whole = scaled(self.came, self.rates_hz);
                self.ready.truncate(usize::try_from(whole.saturating_sub(self.made)).unwrap_or(0));
            }
            self.made += self.ready.len() as u64;
        }
        let count = out.len().min(self.ready.len() - self.taken);
        out[..count].copy_from_slice(&self.ready[self.taken..self.taken + count]);
        self.taken += count;
        Ok(count)
    }
}

/// So many frames at one rate as there are at another.
fn scaled(frames: u64, (from_hz, to_hz): (u32, u32)) -> u64 {
    (u128::from(frames) * u128::from(to_hz)).div_ceil(u128::from(from_hz.max(1))) as u64
}
