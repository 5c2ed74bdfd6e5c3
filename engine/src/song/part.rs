//! One part of a song, as frames: decoded packet by packet, exact to the frame wherever one jumps to.

use std::io::Error as IoError;
use std::path::{Path, PathBuf};

use symphonia::core::errors::Error as DecoderError;

use super::downmix::Downmix;
use super::error::SongError;
use super::stream::Stream;
use super::survey::Part;
use super::tags::Tags;
use super::warning::Damage;

/// The sample rates that the rest of the engine is built for, in Hz.
const SAMPLE_RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// How far before its goal a jump lands. Lossy codecs need earlier packets (bit reservoir, overlap) before they give
/// the same samples as without a jump; the longest reservoir, MP3 at low bit rates, is below this.
const PREROLL_S: f64 = 0.5;

/// Jumps shorter than this are decoded through: cheaper than a seek, and exact for free.
const SHORT_JUMP_S: f64 = 2.0;

/// A magnitude that no recording has (+60 dBFS): such samples are damage, and would blind every level meter.
const MOST_BELIEVABLE_SAMPLE: f32 = 1000.0;

/// An open part, positioned at the next frame that [`read`](Self::read) gives.
pub(super) struct PartReader {
    name: PathBuf,
    part: Part,
    stream: Stream,
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

impl PartReader {
    /// Opens a part and decodes its first packet, so that one that opens has at least one sample.
    pub fn open(name: &Path, part: Part) -> Result<Self, SongError> {
        let stream = Stream::open(name, &part)?;
        let mut reader = Self {
            name: name.to_path_buf(),
            part,
            decoded_to: -stream.lead_in,
            jumped: false,
            stream,
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
        reader.decode_more()?;
        if reader.sample_rate_hz == 0 || reader.ready.is_empty() {
            return Err(match reader.damage.packets {
                0 => SongError::NoSamples { path: reader.name },
                _ => SongError::Damaged { path: reader.name },
            });
        }
        Ok(reader)
    }

    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    pub fn channels(&self) -> usize {
        self.channels
    }

    pub fn format(&self) -> &str {
        &self.stream.format_name
    }

    pub fn tags(&mut self) -> Tags {
        let mut tags = self.part.tags.clone();
        self.stream.read_tags(&mut tags);
        tags
    }

    /// Length in frames, as far as it is known.
    pub fn length(&self) -> Option<u64> {
        self.stream.length
    }

    pub fn damage(&self) -> &Damage {
        &self.damage
    }

    /// Fills `out` from the front and returns how many frames it wrote; 0 means that the part is over.
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
        // Who knows the length asks for no more: what there is to say about the end is said with the last frame.
        let is_due = self.stream.length.is_some_and(|length| self.position >= length);
        if is_due && self.taken == self.ready.len() && !self.ended {
            self.decode_more()?;
        }
        Ok(written)
    }

    /// Moves to frame `target`: what is read next is what reading from the start would give there.
    pub fn skip_to(&mut self, target: u64) -> Result<(), SongError> {
        let rate_hz = f64::from(self.sample_rate_hz);
        if target >= self.position && target < self.position + (self.ready.len() - self.taken) as u64 {
            self.taken += (target - self.position) as usize;
            self.position = target;
            return Ok(());
        }
        let goal = i64::try_from(target).unwrap_or(i64::MAX);
        let is_short_way = goal.saturating_sub(self.decoded_to) < (SHORT_JUMP_S * rate_hz) as i64;
        self.ready.clear();
        self.taken = 0;
        self.position = target;
        if goal >= self.decoded_to && is_short_way {
            return Ok(()); // decode_more drops what lies before the position
        }
        if std::mem::take(&mut self.ended) {
            self.reopen()?; // not every demuxer finds its way back from the end
        }
        let landing = goal - (PREROLL_S * rate_hz) as i64;
        self.jumped = landing > 0 && self.stream.seek(landing, self.sample_rate_hz).is_some();
        if !self.jumped {
            // No exact seek in this container, or the start is close: begin again and decode up to the position.
            self.reopen()?;
        }
        Ok(())
    }

    fn reopen(&mut self) -> Result<(), SongError> {
        self.stream = Stream::open(&self.name, &self.part)?;
        self.stream.scale_to(self.sample_rate_hz);
        self.decoded_to = -self.stream.lead_in;
        Ok(())
    }

    /// Decodes packets until there is a frame at `position`, or the part is over (`ready` is then empty).
    fn decode_more(&mut self) -> Result<(), SongError> {
        self.ready.clear();
        self.taken = 0;
        while self.ready.is_empty() && !self.ended {
            let Some(packet) = self.stream.next_packet(&mut self.damage).map_err(|e| self.io_error(e))?
            else {
                self.end(self.stream.announced.or(self.stream.length), self.stream.cut_off);
                break;
            };
            if self.jumped {
                self.decoded_to = self.stream.first_frame_of(&packet);
            }
            let frames = match self.stream.decode(&packet, &mut self.interleaved) {
                Ok((frames, spec)) => {
                    if self.sample_rate_hz == 0 {
                        self.start_at(spec.rate())?;
                    }
                    if spec.rate() != self.sample_rate_hz {
                        self.end(None, true); // sound of another kind, without a header that would say so
                        break;
                    }
                    if !self.downmix.is_for(spec.channels()) {
                        self.channels = self.channels.max(spec.channels().count());
                        self.downmix = Downmix::new(spec.channels());
                    }
                    let replaced = silence_nonsense(&mut self.interleaved);
                    if self.decoded_to.saturating_add(frames as i64) > self.position as i64 {
                        self.damage.samples += replaced;
                    }
                    self.downmix.mix(&self.interleaved, &mut self.ready);
                    frames
                }
                Err(DecoderError::DecodeError(_) | DecoderError::IoError(_)) => {
                    let frames = packet.dur.get().min(LONGEST_PACKET_FRAMES) as usize;
                    // Right after a jump the codec may miss what came before; those frames are not heard.
                    if self.decoded_to.saturating_add(frames as i64) > self.position as i64 {
                        self.damage.packet_at(self.decoded_to);
                    }
                    self.ready.resize(frames, [0.0; 2]);
                    frames
                }
                Err(_) => {
                    self.end(None, true);
                    break;
                }
            };
            self.keep_what_is_wanted(frames as i64);
        }
        Ok(())
    }

    fn end(&mut self, announced: Option<u64>, cut_off: bool) {
        self.ended = true;
        self.damage.end_at(self.decoded_to, announced, cut_off);
    }

    /// Takes over the sample rate of the first decoded packet: some headers tell another one.
    fn start_at(&mut self, rate_hz: u32) -> Result<(), SongError> {
        if !SAMPLE_RATES_HZ.contains(&rate_hz) {
            return Err(SongError::SampleRate { path: self.name.clone(), found_hz: rate_hz });
        }
        self.sample_rate_hz = rate_hz;
        self.stream.scale_to(rate_hz);
        self.decoded_to = -self.stream.lead_in;
        Ok(())
    }

    /// Drops from `ready`, which starts at `decoded_to`, what lies before the position or behind the part's end.
    fn keep_what_is_wanted(&mut self, frames: i64) {
        let from = self.decoded_to;
        self.decoded_to = from.saturating_add(frames);
        if let Some(end) = self.stream.gapless_end {
            let end = i64::try_from(end).unwrap_or(i64::MAX);
            self.ready.truncate(usize::try_from(end.saturating_sub(from)).unwrap_or(0));
        }
        let before = (self.position as i64).saturating_sub(from);
        let before = usize::try_from(before).unwrap_or(0);
        self.ready.drain(..before.min(self.ready.len()));
        self.jumped &= self.ready.is_empty();
    }

    fn io_error(&self, source: IoError) -> SongError {
        SongError::Io { path: self.name.clone(), source }
    }
}

/// No codec makes more of one packet; a header that says so is damaged.
const LONGEST_PACKET_FRAMES: u64 = 1 << 16;

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
