//! Why a song cannot be opened or read.

use std::path::PathBuf;

use thiserror::Error;

use super::survey::Flaw;
use crate::resample::ResampleError;

/// Each variant names the file, what is wrong with it, and the way out, in one line.
#[derive(Debug, Error)]
#[allow(missing_docs)] // the messages say what the fields are
pub enum SongError {
    #[error("there is no file {}: check the name and the folder", path.display())]
    NotFound { path: PathBuf },

    #[error("{} is a folder, not a song: name one audio file inside it", path.display())]
    IsFolder { path: PathBuf },

    #[error("no permission to read {}: change its permissions, or copy it to a folder of your own", path.display())]
    NoPermission { path: PathBuf },

    #[error("cannot read {}: {source}: check the disk or the connection, or copy the file elsewhere", path.display())]
    Io { path: PathBuf, source: std::io::Error },

    #[error(
        "`-` reads a song from a pipe, and nothing is piped in: name a file, or: some-program | klangbild ... -"
    )]
    NothingPiped,

    #[error(
        "cannot keep what comes through {} in {}: {source}: free some space there, or set TMPDIR to another folder",
        path.display(),
        std::env::temp_dir().display()
    )]
    Pipe { path: PathBuf, source: std::io::Error },

    #[error("{} is empty (0 bytes): copy or download the song again", path.display())]
    Empty { path: PathBuf },

    #[error(
        "{} is not audio that Klangbild can read (WAV, FLAC, MP3, Ogg Vorbis, M4A/AAC, AIFF): name an audio file, or \
         convert this one first, for example: ffmpeg -i IN OUT.flac",
        path.display()
    )]
    NotAudio { path: PathBuf },

    #[error(
        "{} ends before its headers do, so it is cut off or no audio at all: copy or download it again",
        path.display()
    )]
    CutOff { path: PathBuf },

    #[error(
        "{} has no index (its moov box), so its recording was broken off or its download is not complete: download it \
         again, or mend it with a tool such as untrunc",
        path.display()
    )]
    NoIndex { path: PathBuf },

    #[error(
        "{} is a media segment without its header: put the init segment in front, for example: cat init.mp4 SEGMENTS > song.mp4",
        path.display()
    )]
    NoInit { path: PathBuf },

    #[error(
        "{} is an init segment, a header without sound: put the media segments behind it, for example: cat init.mp4 SEGMENTS > song.mp4",
        path.display()
    )]
    OnlyInit { path: PathBuf },

    #[error("{} has no audio track: name a file with sound in it", path.display())]
    NoAudioTrack { path: PathBuf },

    #[error(
        "the sound in {} is {codec}, which Klangbild cannot decode: convert it first, for example: \
         ffmpeg -i IN OUT.flac",
        path.display()
    )]
    Codec { path: PathBuf, codec: String },

    #[error("{} has no sound in it (0 samples): record or export it again", path.display())]
    NoSamples { path: PathBuf },

    #[error("{} is damaged: not one packet of its sound can be decoded: copy or download it again", path.display())]
    Damaged { path: PathBuf },

    #[error(
        "{} has a sample rate of {found_hz} Hz, and Klangbild takes 8000 to 192000 Hz: convert it first, for example: \
         ffmpeg -i IN -ar 48000 OUT.flac",
        path.display()
    )]
    SampleRate { path: PathBuf, found_hz: u32 },

    #[error(
        "a part of {} cannot be brought to the song's sample rate ({source}): convert it first, for example: \
         ffmpeg -i IN OUT.flac",
        path.display()
    )]
    Resample { path: PathBuf, source: ResampleError },
}

impl SongError {
    pub(super) fn flawed(path: PathBuf, flaw: Flaw) -> Self {
        match flaw {
            Flaw::NoIndex => Self::NoIndex { path },
            Flaw::NoInit => Self::NoInit { path },
            Flaw::OnlyInit => Self::OnlyInit { path },
            Flaw::Damaged => Self::Damaged { path },
        }
    }

    /// Why a part of a song was left out, in a few words.
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Codec { codec, .. } => format!("its sound is {codec}, which Klangbild cannot decode"),
            Self::SampleRate { found_hz, .. } => format!("its sample rate is {found_hz} Hz"),
            Self::NoSamples { .. } => "it has no sound".to_owned(),
            Self::CutOff { .. } => "it ends within its header".to_owned(),
            _ => "it is damaged".to_owned(),
        }
    }
}
