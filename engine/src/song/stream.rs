//! One part of a song, as packets: its demuxer, its sound track, and a decoder for it.

use std::io::{Error as IoError, ErrorKind};
use std::path::Path;

use symphonia::core::audio::{AudioSpec, Channels};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{
    AudioCodecParameters, AudioDecoder, AudioDecoderOptions, well_known as known,
};
use symphonia::core::errors::Error as DecoderError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, ReadBytes};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{TimeBase, Timestamp};
use symphonia::default::formats::IsoMp4Reader;

use super::error::SongError;
use super::guard::guarded;
use super::survey::{Music, Part, from_itunsmpb};
use super::tags::Tags;
use super::warning::Damage;

/// Far more than any codec puts into one packet, in all channels.
const MOST_SAMPLES_PER_PACKET: u64 = 1 << 24;

/// An open part with a decoder for its sound track. Positions and lengths are in frames of the decoded sound.
pub(super) struct Stream {
    reader: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track_id: u32,
    time_base: Option<TimeBase>,
    /// Frames before the first frame of music that the decoder does not cut off itself.
    pub lead_in: i64,
    /// Length of the music, as far as that can be known.
    pub length: Option<u64>,
    /// Length that the file announces, where there is less.
    pub announced: Option<u64>,
    /// Where to cut off the encoder's padding, if the decoder does not.
    pub gapless_end: Option<u64>,
    /// The length is in ticks of the track's time base, until the sample rate is known.
    length_in_ticks: bool,
    /// What the packets say of their times is not what they decode to.
    is_uneven: bool,
    /// The container itself shows that its end is missing.
    pub cut_off: bool,
    /// Container and codec, for people.
    pub format_name: String,
}

impl Stream {
    /// Opens a part of the song called `name`.
    pub fn open(name: &Path, part: &Part) -> Result<Self, SongError> {
        let owned = || name.to_path_buf();
        let mut hint = Hint::new();
        if let Some(ending) = part.ending.or_else(|| name.extension().and_then(|e| e.to_str())) {
            hint.with_extension(ending);
        }
        let source = MediaSourceStream::new(Box::new(part.view.reader()), Default::default());
        let reader = guarded(|| match part.view.is_claimed() {
            true => open_torn_mp4(source),
            false => symphonia::default::get_probe().probe(
                &hint,
                source,
                FormatOptions::default(),
                MetadataOptions::default(),
            ),
        });
        let reader = reader.ok_or_else(|| SongError::Damaged { path: owned() })?;
        let reader = reader.map_err(|error| match error {
            DecoderError::IoError(source) if source.raw_os_error().is_some() => {
                SongError::Io { path: owned(), source }
            }
            DecoderError::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => {
                SongError::CutOff { path: owned() }
            }
            _ => SongError::NotAudio { path: owned() },
        })?;

        let track = reader
            .default_track(TrackType::Audio)
            .ok_or_else(|| SongError::NoAudioTrack { path: owned() })?
            .clone();
        let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
            return Err(SongError::NoAudioTrack { path: owned() });
        };
        let container = reader.format_info().short_name;
        // Without a LAME tag, the length of an MP3 is a guess from its size, and trimming to a guess loses music.
        let length_is_a_guess = container.starts_with("mp") && track.delay.is_none();
        // The decoder makes room for a whole packet.
        let channels = parameters.channels.as_ref().map_or(1, Channels::count) as u64;
        let packet_samples = parameters.max_frames_per_packet.unwrap_or(0).saturating_mul(channels);
        if packet_samples > MOST_SAMPLES_PER_PACKET {
            return Err(SongError::Damaged { path: owned() });
        }
        let options = AudioDecoderOptions::default().gapless(!length_is_a_guess);
        let decoder = guarded(|| symphonia::default::get_codecs().make_audio_decoder(parameters, &options))
            .ok_or_else(|| SongError::Damaged { path: owned() })?
            .map_err(|_| SongError::Codec { path: owned(), codec: codec_name(parameters) })?;
        let format_name = format!("{container}, {}", decoder.codec_info().short_name);

        let told = track.num_frames.filter(|_| !length_is_a_guess && !is_open_ended(&track));
        let mut stream = Self {
            track_id: track.id,
            time_base: track.time_base,
            lead_in: 0,
            length: match container {
                // What was counted there are all frames of the stream, those of the encoder's padding among them.
                _ if container.starts_with("mp") => told.or(part.counted),
                _ => part.counted.or(told),
            },
            length_in_ticks: container == "isomp4",
            announced: part.announced,
            gapless_end: None,
            is_uneven: part.is_uneven,
            cut_off: part.cut_off,
            decoder,
            format_name,
            reader,
        };
        if container == "isomp4" {
            let music = stream.itunsmpb().or(part.music);
            stream.apply(music);
        }
        Ok(stream)
    }

    /// Title, artist and album.
    pub fn read_tags(&mut self, tags: &mut Tags) {
        let mut metadata = self.reader.metadata();
        if let Some(revision) = metadata.current() {
            tags.read(revision);
        }
        if let Some(revision) = metadata.skip_to_latest() {
            tags.read(revision);
        }
    }

    /// The next packet of the audio track; `None` at the end, which includes a torn one (noted in `damage`).
    pub fn next_packet(&mut self, damage: &mut Damage) -> Result<Option<Packet>, IoError> {
        loop {
            let Some(next) = guarded(|| self.reader.next_packet()) else {
                damage.unreadable = true;
                return Ok(None);
            };
            match next {
                Ok(Some(packet)) if packet.track_id == self.track_id => return Ok(Some(packet)),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(None),
                Err(DecoderError::IoError(e)) if e.kind() == ErrorKind::UnexpectedEof => return Ok(None),
                Err(DecoderError::IoError(e)) if e.raw_os_error().is_some() => return Err(e),
                Err(_) => {
                    damage.unreadable = true;
                    return Ok(None);
                }
            }
        }
    }

    /// Decodes a packet of this stream into interleaved samples: how many frames of which sort.
    pub fn decode(
        &mut self,
        packet: &Packet,
        out: &mut Vec<f32>,
    ) -> Result<(usize, AudioSpec), DecoderError> {
        let decoded = guarded(|| {
            let buffer = self.decoder.decode(packet)?;
            buffer.copy_to_vec_interleaved(out);
            Ok((buffer.frames(), buffer.spec().clone()))
        });
        decoded.unwrap_or(Err(DecoderError::ResetRequired))
    }

    /// Jumps to a packet at or before `frame`; `None` where the container cannot do that to the frame.
    pub fn seek(&mut self, frame: i64, sample_rate_hz: u32) -> Option<()> {
        if self.is_uneven {
            return None;
        }
        let time_base = self.time_base?;
        if time_base.numer.get() != 1 || time_base.denom.get() != sample_rate_hz {
            return None;
        }
        let to = SeekTo::Timestamp { ts: Timestamp::new(frame + self.lead_in), track_id: self.track_id };
        let landed = guarded(|| self.reader.seek(SeekMode::Accurate, to))?.ok()?;
        self.decoder.reset();
        (landed.actual_ts <= landed.required_ts).then_some(())
    }

    /// The frame of music that the first decoded frame of `packet` is. Exact only where [`seek`](Self::seek) works.
    pub fn first_frame_of(&self, packet: &Packet) -> i64 {
        packet.pts.get() + packet.trim_start.get() as i64 - self.lead_in
    }

    /// Called once the real sample rate is known: turns ticks of the track's time base into frames.
    pub fn scale_to(&mut self, sample_rate_hz: u32) {
        let Some(time_base) = self.time_base else { return };
        let (numer, denom) = (u128::from(time_base.numer.get()), u128::from(time_base.denom.get()));
        if numer == 1 && denom == u128::from(sample_rate_hz) {
            return;
        }
        let scale = |ticks: u64| (u128::from(ticks) * numer * u128::from(sample_rate_hz) / denom) as u64;
        self.lead_in = scale(self.lead_in as u64) as i64;
        self.gapless_end = self.gapless_end.map(scale);
        if self.length_in_ticks {
            self.length = self.length.map(scale);
        }
    }

    fn apply(&mut self, music: Option<Music>) {
        let Some(music) = music else { return };
        self.lead_in = music.lead_in_ticks.min(i64::MAX as u64) as i64;
        self.gapless_end = music.length_ticks;
        self.length =
            music.length_ticks.or(self.length.map(|ticks| ticks.saturating_sub(music.lead_in_ticks)));
    }

    fn itunsmpb(&mut self) -> Option<Music> {
        let mut metadata = self.reader.metadata();
        let tags = &metadata.skip_to_latest()?.media.tags;
        let tag = tags.iter().find(|tag| tag.raw.key.ends_with("iTunSMPB"))?;
        from_itunsmpb(&tag.raw.value.to_string())
    }
}

/// The demuxer plays a file up to its tear; the probe would look for tags behind it first.
fn open_torn_mp4<'s>(mut source: MediaSourceStream<'s>) -> Result<Box<dyn FormatReader + 's>, DecoderError> {
    source.ignore_bytes(4)?; // the demuxer expects to stand at the `ftyp` marker
    Ok(Box::new(IsoMp4Reader::try_new(source, FormatOptions::default())?))
}

/// A WAV that was written to a pipe announces the longest length there is.
fn is_open_ended(track: &Track) -> bool {
    let Some(CodecParameters::Audio(parameters)) = &track.codec_params else { return true };
    let channels = parameters.channels.as_ref().map_or(1, |c| c.count() as u64);
    let bytes = u64::from(parameters.bits_per_sample.unwrap_or(0)).div_ceil(8) * channels;
    track.num_frames.is_some_and(|frames| frames * bytes >= u64::from(u32::MAX) - 4096 && bytes > 0)
}

/// What to call a codec that there is no decoder for; the registry knows only the names of the others.
fn codec_name(parameters: &AudioCodecParameters) -> String {
    let channels = parameters.channels.as_ref().map_or(0, Channels::count);
    match parameters.codec {
        known::CODEC_ID_OPUS => "Opus".to_owned(),
        known::CODEC_ID_AC3 => "AC-3".to_owned(),
        known::CODEC_ID_EAC3 => "E-AC-3".to_owned(),
        known::CODEC_ID_AAC => format!("AAC of an unusual kind ({channels} channels)"),
        other => format!("of an unknown kind ({other})"),
    }
}
