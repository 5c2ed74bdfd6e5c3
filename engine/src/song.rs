//! A song from a file, as a stream of stereo frames.
//!
//! [`Song`] decodes WAV, FLAC, MP3, Ogg Vorbis, M4A (AAC) and AIFF packet by packet, so an hour of music takes no
//! more memory than a second. What comes out is always stereo at the song's own sample rate: mono is doubled, more
//! channels are mixed down (see [`downmix`]). Frame 0 is the first frame that the musician meant to be heard: the
//! silence that encoders put before and after it is cut off.
//!
//! Damage never stops a song that still has sound in it. It is replaced by silence of the same length, so that
//! sound and picture stay together, and shows up in [`Song::warnings`].

pub mod downmix;
mod error;
mod gapless;
mod source;
mod tags;
#[cfg(test)]
mod tests;
mod torn;
mod warning;

use std::path::{Path, PathBuf};

use symphonia::core::errors::Error as DecoderError;

pub use self::error::SongError;
pub use self::warning::SongWarning;

use self::downmix::Downmix;
use self::source::Source;
use self::tags::Tags;
use self::warning::Damage;

/// The sample rates that the rest of the engine is built for, in Hz.
const SAMPLE_RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// How far before its goal a jump lands. Lossy codecs need earlier packets (bit reservoir, overlap) before they give
/// the same samples as without a jump; the longest reservoir, MP3 at low bit rates, is below this.
const PREROLL_S: f64 = 0.5;

/// Jumps shorter than this are decoded through: cheaper than a seek, and exact for free.
const SHORT_JUMP_S: f64 = 2.0;

/// A magnitude that no recording has (+60 dBFS): such samples are damage, and would blind every level meter.
const MOST_BELIEVABLE_SAMPLE: f32 = 1000.0;

/// An open song, positioned at the next frame that [`read`](Self::read) gives.
pub struct Song {
    path: PathBuf,
    source: Source,
    tags: Tags,
    downmix: Downmix,
    sample_rate_hz: u32,
    channels: usize,
    /// Index of the next frame to hand out.
    position: u64,
    /// Index of the next frame that the decoder gives; negative in the encoder's lead-in.
    decoded_to: i64,
    /// On the way to the goal of a jump. Until there, every packet says where it is: right after a jump a decoder may
    /// give fewer frames than usual.
    jumped: bool,
    /// Decoded frames; those before `taken` are already handed out.
    ready: Vec<[f32; 2]>,
    taken: usize,
    interleaved: Vec<f32>,
    ended: bool,
    damage: Damage,
}

impl Song {
    /// Opens `path` and decodes its first packet, so that a song that opens has at least one sample.
    ///
    /// # Errors
    ///
    /// One clear line for each of: no such file, a folder, no permission, an empty file, not audio, no audio track,
    /// a codec that is not supported, no samples, nothing but damage, a sample rate outside 8 to 192 kHz.
    pub fn open(path: &Path) -> Result<Self, SongError> {
        let mut source = Source::open(path)?;
        let tags = source.read_tags();
        let mut song = Self {
            path: path.to_path_buf(),
            decoded_to: -source.lead_in,
            jumped: false,
            source,
            tags,
            downmix: Downmix::default(),
            sample_rate_hz: 0,
            channels: 0,
            position: 0,
            ready: Vec::new(),
            taken: 0,
            interleaved: Vec::new(),
            ended: false,
            damage: Damage::default(),
        };
        song.decode_more()?;
        if song.sample_rate_hz == 0 || song.ready.is_empty() {
            return Err(match song.damage.packets {
                0 => SongError::NoSamples { path: song.path },
                _ => SongError::Damaged { path: song.path },
            });
        }
        Ok(song)
    }

    /// Frames per second of what [`read`](Self::read) gives: the song's own sample rate.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Length in seconds, where the file says it (most do; bare MP3 streams may only be estimated).
    pub fn duration_s(&self) -> Option<f64> {
        self.source.length.map(|frames| frames as f64 / f64::from(self.sample_rate_hz))
    }

    /// Channels in the file, before the mix to stereo.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Container and codec, for people: "wave, pcm_s16le".
    pub fn format(&self) -> &str {
        &self.source.format_name
    }

    /// The track's title, from its tags.
    pub fn title(&self) -> Option<&str> {
        self.tags.title.as_deref()
    }

    /// The track's artist, from its tags.
    pub fn artist(&self) -> Option<&str> {
        self.tags.artist.as_deref()
    }

    /// The album that the track is from, from its tags.
    pub fn album(&self) -> Option<&str> {
        self.tags.album.as_deref()
    }

    /// The time of the next frame, in seconds from the song's first frame.
    pub fn position_s(&self) -> f64 {
        self.position as f64 / f64::from(self.sample_rate_hz)
    }

    /// What was wrong with the file as far as it was read; empty for a healthy song.
    pub fn warnings(&self) -> Vec<SongWarning> {
        self.damage.warnings(self.sample_rate_hz, self.source.length)
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
            if self.taken == self.ready.len() {
                self.decode_more()?;
                if self.ready.is_empty() {
                    break;
                }
            }
            let count = (out.len() - written).min(self.ready.len() - self.taken);
            out[written..written + count].copy_from_slice(&self.ready[self.taken..self.taken + count]);
            self.taken += count;
            self.position += count as u64;
            written += count;
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
        let rate_hz = f64::from(self.sample_rate_hz);
        let target = (time_s.max(0.0) * rate_hz).round() as u64;
        if target >= self.position && target < self.position + (self.ready.len() - self.taken) as u64 {
            self.taken += (target - self.position) as usize;
            self.position = target;
            return Ok(());
        }
        let is_short_way = target as i64 - self.decoded_to < (SHORT_JUMP_S * rate_hz) as i64;
        self.ready.clear();
        self.taken = 0;
        self.position = target;
        if target as i64 >= self.decoded_to && is_short_way {
            return Ok(()); // decode_more drops what lies before the position
        }
        if std::mem::take(&mut self.ended) {
            self.reopen()?; // not every demuxer finds its way back from the end
        }
        let landing = target as i64 - (PREROLL_S * rate_hz) as i64;
        self.jumped = landing > 0 && self.source.seek(landing, self.sample_rate_hz).is_some();
        if !self.jumped {
            // No exact seek in this container, or the start is close: begin again and decode up to the position.
            self.reopen()?;
        }
        Ok(())
    }

    fn reopen(&mut self) -> Result<(), SongError> {
        self.source = Source::open(&self.path)?;
        self.source.scale_to(self.sample_rate_hz);
        self.decoded_to = -self.source.lead_in;
        Ok(())
    }

    /// Decodes packets until there is a frame at `position`, or the song is over (`ready` is then empty).
    fn decode_more(&mut self) -> Result<(), SongError> {
        self.ready.clear();
        self.taken = 0;
        while self.ready.is_empty() && !self.ended {
            let Some(packet) = self.source.next_packet(&mut self.damage).map_err(|e| self.io_error(e))?
            else {
                self.ended = true;
                self.damage.end_at(self.decoded_to, self.source.length, self.source.cut_off);
                break;
            };
            if self.jumped {
                self.decoded_to = self.source.first_frame_of(&packet);
            }
            let frames = match self.source.decoder.decode(&packet) {
                Ok(buffer) => {
                    buffer.copy_to_vec_interleaved(&mut self.interleaved);
                    let (frames, spec) = (buffer.frames(), buffer.spec().clone());
                    if self.sample_rate_hz == 0 {
                        self.start_at(spec.rate())?;
                    }
                    if spec.rate() != self.sample_rate_hz {
                        self.ended = true; // a second song behind the first, at another rate
                        self.damage.end_at(self.decoded_to, None, true);
                        break;
                    }
                    if !self.downmix.is_for(spec.channels()) {
                        self.channels = self.channels.max(spec.channels().count());
                        self.downmix = Downmix::new(spec.channels());
                    }
                    let replaced = silence_nonsense(&mut self.interleaved);
                    if self.decoded_to + frames as i64 > self.position as i64 {
                        self.damage.samples += replaced;
                    }
                    self.downmix.mix(&self.interleaved, &mut self.ready);
                    frames
                }
                Err(DecoderError::DecodeError(_) | DecoderError::IoError(_)) => {
                    let frames = packet.dur.get() as usize;
                    // Right after a jump the codec may miss what came before; those frames are not heard.
                    if self.decoded_to + frames as i64 > self.position as i64 {
                        self.damage.packet_at(self.decoded_to);
                    }
                    self.ready.resize(frames, [0.0; 2]);
                    frames
                }
                Err(_) => {
                    self.ended = true;
                    self.damage.end_at(self.decoded_to, None, true);
                    break;
                }
            };
            self.keep_what_is_wanted(frames as i64);
        }
        Ok(())
    }

    /// Takes over the sample rate of the first decoded packet: some headers tell another one.
    fn start_at(&mut self, rate_hz: u32) -> Result<(), SongError> {
        if !SAMPLE_RATES_HZ.contains(&rate_hz) {
            return Err(SongError::SampleRate { path: self.path.clone(), found_hz: rate_hz });
        }
        self.sample_rate_hz = rate_hz;
        self.source.scale_to(rate_hz);
        self.decoded_to = -self.source.lead_in;
        Ok(())
    }

    /// Drops from `ready`, which starts at `decoded_to`, what lies before the position or behind the song's end.
    fn keep_what_is_wanted(&mut self, frames: i64) {
        let from = self.decoded_to;
        self.decoded_to += frames;
        if let Some(end) = self.source.gapless_end {
            self.ready.truncate((end as i64 - from).max(0) as usize);
        }
        let before = (self.position as i64 - from).max(0) as usize;
        self.ready.drain(..before.min(self.ready.len()));
        self.jumped &= self.ready.is_empty();
    }

    fn io_error(&self, source: std::io::Error) -> SongError {
        SongError::Io { path: self.path.clone(), source }
    }
}

/// Replaces samples that are not numbers, or absurdly large, by silence and returns how many there were.
fn silence_nonsense(samples: &mut [f32]) -> u64 {
    let mut replaced = 0;
    for sample in samples {
        if !sample.is_finite() || sample.abs() > MOST_BELIEVABLE_SAMPLE {
            *sample = 0.0;
            replaced += 1;
        }
    }
    replaced
}
