//! Why a recording cannot start or go on.

use std::path::PathBuf;

use thiserror::Error;

/// Each variant says what failed, on which file, and the way out, in one line.
#[derive(Debug, Error)]
#[allow(missing_docs)] // the messages say what the fields are
pub enum RecorderError {
    #[error(
        "cannot record frames of {width_px}x{height_px}: each side must be at least 1 pixel, and all of it at most 2^28"
    )]
    Size { width_px: u32, height_px: u32 },

    #[error(
        "cannot record {num}/{den} frames a second with sound at {sample_rate_hz} Hz: every number must be above 0"
    )]
    Rate { num: u32, den: u32, sample_rate_hz: u32 },

    #[error(
        "{} has an extension that Klangbild cannot write: use .mp4, .webm or .mov, or no extension for a folder of PNGs",
        path.display()
    )]
    Extension { path: PathBuf },

    #[error("{} exists already: choose another name, or replace it with --force", path.display())]
    Exists { path: PathBuf },

    #[error("{} is a folder: name a file in it", path.display())]
    IsFolder { path: PathBuf },

    #[error("{} is a file, and a folder of PNGs is to be written there: choose another name, or add .mp4", path.display())]
    IsFile { path: PathBuf },

    #[error("there is no folder {}: create it first, or choose another place", path.display())]
    NoFolder { path: PathBuf },

    #[error("cannot write to {}: {source}: choose a folder of your own with free space", path.display())]
    Unwritable { path: PathBuf, source: std::io::Error },

    #[error(
        "cannot run ffmpeg ({}: {source}), which writes videos: install it (Debian, Ubuntu: apt install ffmpeg), or name it \
         in KLANGBILD_FFMPEG; a folder of PNGs and a WAV works without it: give an output without an extension",
        program.display()
    )]
    NoFfmpeg { program: PathBuf, source: std::io::Error },

    #[error(
        "{} is not a working ffmpeg ({said}): install a complete one, or name it in KLANGBILD_FFMPEG; a folder of PNGs \
         and a WAV works without it: give an output without an extension",
        program.display()
    )]
    BrokenFfmpeg { program: PathBuf, said: String },

    #[error(
        "{} has no encoder of {what} for {container} that works here (of {tried}): install a complete ffmpeg, or choose {instead}\
         or no extension for a folder of PNGs",
        program.display()
    )]
    NoEncoder {
        program: PathBuf,
        what: &'static str,
        tried: String,
        container: &'static str,
        instead: String,
    },

    #[error(
        "{} cannot write to {}, although Klangbild can ({said}): it seems to be confined, as a snap or a flatpak is; choose a \
         folder in your home whose name begins with no dot, or name another ffmpeg in KLANGBILD_FFMPEG",
        program.display(), path.display()
    )]
    Confined { program: PathBuf, path: PathBuf, said: String },

    #[error(
        "ffmpeg does nothing any more (for {seconds} s) while writing {}, and was ended: try again, or choose another kind of \
         output; {}",
        path.display(), kept_words(kept.as_ref())
    )]
    FfmpegHangs { path: PathBuf, seconds: u64, kept: Option<PathBuf> },

    #[error("cannot record to {}: the system gives no thread ({source}): close other programs and try again", path.display())]
    NoThread { path: PathBuf, source: std::io::Error },

    #[error("{} does not answer: a disk or a network drive stands still; what was written until then may lie beside it", path.display())]
    StandsStill { path: PathBuf },

    #[error("the name of {} is too long for its folder ({bytes} bytes): choose a shorter name", path.display())]
    LongName { path: PathBuf, bytes: usize },

    #[error("ffmpeg stopped ({status}) while writing {}: {said}; {}", path.display(), kept_words(kept.as_ref()))]
    FfmpegStopped { path: PathBuf, status: String, said: String, kept: Option<PathBuf> },

    #[error("cannot write {}: {source}: free some space or check the disk; {}", path.display(), kept_words(kept.as_ref()))]
    Write { path: PathBuf, source: std::io::Error, kept: Option<PathBuf> },

    #[error("{} would be over 4 GB, which a WAV cannot be: record a shorter part, or a video", path.display())]
    WavTooLong { path: PathBuf },

    #[error(
        "a frame has {found} bytes, and {expected} were expected: this is a mistake in the program, please report it"
    )]
    FrameSize { found: usize, expected: usize },

    #[error("not one frame was recorded, so {} was not written: record a longer part", path.display())]
    Nothing { path: PathBuf },

    #[error("the recording to {} has stopped already: start it again", path.display())]
    Stopped { path: PathBuf },
}

impl RecorderError {
    /// Notes where the playable rest of the recording is, for the errors that tell.
    pub(super) fn with_kept(mut self, saved: Option<PathBuf>) -> Self {
        if let Self::FfmpegStopped { kept, .. } | Self::FfmpegHangs { kept, .. } | Self::Write { kept, .. } =
            &mut self
        {
            *kept = saved;
        }
        self
    }
}

fn kept_words(kept: Option<&PathBuf>) -> String {
    match kept {
        Some(path) => format!("what was written until then plays: {}", path.display()),
        None => "nothing playable had been written yet".to_owned(),
    }
}
