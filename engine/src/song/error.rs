//! Why a song cannot be opened or read.

use std::path::PathBuf;

use thiserror::Error;

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
}
