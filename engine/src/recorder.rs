//! Frames and sound into files.
//!
//! [`create`] picks the kind of file by its extension: `.mp4` (H.264 and AAC), `.webm` (VP9 and Opus) and `.mov`
//! (ProRes 4444 and PCM) through an [`ffmpeg`] process, and a folder of numbered PNGs with a WAV for a path without
//! an extension, which needs nothing else on the machine.
//!
//! What comes in is written by a thread of its own, and waits when that thread is behind. Whoever has no time to wait says with
//! [`Recorder::skip`] which frames there are not: they are counted, and the one before stays on screen for longer.
//!
//! Sound and pictures begin and end together. The first frame is shown from the beginning on and the last one until the end,
//! and so many frames there are as the time asks for, however many of them were missed.
//!
//! Files are safe: nothing that exists is touched before the new file is complete (it grows under a name of its own in
//! the same folder), and whatever ends a recording early leaves either a playable `NAME.partial.EXT` or nothing.
//!
//! Hosts are safe: an ffmpeg that dies raises no signal here, and one that stands still is waited for with a bound
//! ([`RecordSettings::patience`]) and then ended.
//!
//! ```
//! use klangbild_engine::recorder::{Fps, RecordSettings, create};
//!
//! let folder = std::env::temp_dir().join(format!("klangbild-example-{}", std::process::id()));
//! let settings = RecordSettings::new(2, 2, Fps { num: 25, den: 1 }, 48_000);
//! let mut recorder = create(&folder, &settings)?; // a name without an extension: PNGs and a WAV
//! for _ in 0..25 {
//!     recorder.audio(&[[0.0; 2]; 1920])?;
//!     recorder.frame(&[255; 2 * 2 * 4])?;
//! }
//! let finished = recorder.finish()?;
//! assert_eq!((finished.frames, finished.duration_s), (25, 1.0));
//! # let _ = std::fs::remove_dir_all(folder);
//! # Ok::<(), klangbild_engine::recorder::RecorderError>(())
//! ```

mod child;
mod encoders;
mod error;
pub mod ffmpeg;
mod fps;
mod matroska;
mod output;
mod patience;
mod pictures;
pub(crate) mod pipe;
mod profile;
mod queue;
mod still;
#[cfg(test)]
mod tests;
mod video;
mod yuv;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::error::RecorderError;
pub use self::fps::Fps;
pub use self::profile::Container;
pub use self::still::write_still;

use self::ffmpeg::Ffmpeg;
use self::output::Output;
use self::patience::Pulse;
use self::pictures::PictureWriter;
use self::queue::Queue;
use self::video::VideoWriter;
use crate::text;

/// Name of the sound's file in a folder of pictures.
pub const SOUND_FILE: &str = "audio.wav";

/// Takes frames and the sound that belongs to them, in step. Both begin at 0: frame `k` is shown from sample
/// `k * sample_rate / fps` on.
pub trait Recorder: Send {
    /// Takes the next frame: tightly packed rows of sRGB RGBA, 8 bits each, top row first. Frame `k` is shown from
    /// `k / fps` on.
    ///
    /// # Errors
    ///
    /// A wrong number of bytes, or whatever stopped the writer, which may be some frames late.
    fn frame(&mut self, rgba: &[u8]) -> Result<(), RecorderError>;

    /// Says that the next frame was not drawn in time, as may happen live: it counts as dropped, and the one before it stays
    /// on screen for longer. Its sound is handed over as ever.
    ///
    /// # Errors
    ///
    /// [`RecorderError::Stopped`] if the writer was stopped before.
    fn skip(&mut self) -> Result<(), RecorderError>;

    /// Takes the next stretch of sound. Sound that is ahead of the pictures is held in memory, so hand both over in
    /// step; in the end it is cut off, or filled up with silence, to the length of the pictures.
    ///
    /// # Errors
    ///
    /// Whatever stopped the writer.
    fn audio(&mut self, frames: &[[f32; 2]]) -> Result<(), RecorderError>;

    /// Frames so far, those that were dropped included: the index of the next one.
    fn frames(&self) -> u64;

    /// Sound so far, in samples: the position of the next one.
    fn samples(&self) -> u64;

    /// Takes the frame of this index. Those between the last one and it were missed, and count as dropped; one that was there
    /// already is left out.
    ///
    /// # Errors
    ///
    /// As for [`frame`](Self::frame).
    fn frame_at(&mut self, index: u64, rgba: &[u8]) -> Result<(), RecorderError> {
        while self.frames() < index {
            self.skip()?;
        }
        if self.frames() == index { self.frame(rgba) } else { Ok(()) }
    }

    /// Takes sound from this sample on. What is missing before it is silence; what was there already is left out.
    ///
    /// # Errors
    ///
    /// As for [`audio`](Self::audio).
    fn audio_at(&mut self, position: u64, frames: &[[f32; 2]]) -> Result<(), RecorderError> {
        const SILENCE: [[f32; 2]; 1024] = [[0.0; 2]; 1024];
        while self.samples() < position {
            let missing = usize::try_from(position - self.samples()).unwrap_or(usize::MAX);
            self.audio(&SILENCE[..missing.min(SILENCE.len())])?;
        }
        let there = usize::try_from(self.samples() - position).unwrap_or(usize::MAX);
        self.audio(frames.get(there..).unwrap_or_default())
    }

    /// Completes the file and gives it its name. A recorder that is dropped instead leaves a playable
    /// `NAME.partial.EXT`, or nothing if nothing playable was written. Either waits as long as something is written, and
    /// not much longer than [`RecordSettings::patience`] where nothing is.
    ///
    /// # Errors
    ///
    /// Whatever went wrong, with the name of what was saved.
    fn finish(self: Box<Self>) -> Result<Finished, RecorderError>;
}

/// What to do where something of the recording's name is there, now or when it is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IfTaken {
    /// Nothing is recorded; or what was, is kept as `NAME.partial.EXT`.
    #[default]
    Refuse,
    /// It is replaced, when the new one is complete.
    Replace,
    /// The new one becomes `NAME (2).EXT`. No two recordings get one name, not even of two programs.
    Number,
}

/// What to record, and how.
#[derive(Clone, Debug)]
pub struct RecordSettings {
    /// Width of the frames. Videos have even sizes, as their encoders need: an odd one gets its last column once more.
    pub width_px: u32,
    /// Height of the frames; an odd one likewise gets its last row once more.
    pub height_px: u32,
    /// Frame rate.
    pub fps: Fps,
    /// Sample rate of the sound.
    pub sample_rate_hz: u32,
    /// Keys and values to be kept in the file: pack, scene, seed, ... `title`, `artist`, `album` and the like go to
    /// the tags of that name; all pairs together are the `comment`, as `key=value; key=value`.
    pub metadata: Vec<(String, String)>,
    /// What to do where the output exists.
    pub if_taken: IfTaken,
    /// The ffmpeg to run; by default the one that [`Ffmpeg::find`] finds.
    pub ffmpeg: Option<PathBuf>,
    /// How long ffmpeg may do nothing at all before it is given up.
    pub patience: Duration,
}

impl RecordSettings {
    /// Settings for frames of a size and rate with sound at a rate: offline, nothing replaced, no metadata.
    pub fn new(width_px: u32, height_px: u32, fps: Fps, sample_rate_hz: u32) -> Self {
        Self {
            width_px,
            height_px,
            fps,
            sample_rate_hz,
            metadata: Vec::new(),
            if_taken: IfTaken::default(),
            ffmpeg: None,
            patience: Duration::from_secs(15),
        }
    }
}

/// A complete recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// The file or folder.
    pub path: PathBuf,
    /// Frames written.
    pub frames: u64,
    /// Frames dropped (live only).
    pub dropped: u64,
    /// Length of pictures and sound, in seconds.
    pub duration_s: f64,
    /// Size on disk.
    pub bytes: u64,
    /// What is not as it should be, a line each: an encoder that is not the best, for instance.
    pub remarks: Vec<String>,
}

/// Checks everything that can be checked before any work, and starts a recorder for `path`.
///
/// # Errors
///
/// A size, frame rate or sample rate of zero; an extension that is not known; an existing output without `force`; a
/// folder that is missing or not writable; for videos, no ffmpeg or one without the encoders.
pub fn create(path: &Path, settings: &RecordSettings) -> Result<Box<dyn Recorder>, RecorderError> {
    let RecordSettings { width_px, height_px, fps, sample_rate_hz, .. } = *settings;
    if width_px == 0 || height_px == 0 || width_px.checked_mul(height_px).is_none_or(|px| px > 1 << 28) {
        return Err(RecorderError::Size { width_px, height_px });
    }
    if fps.num == 0 || fps.den == 0 || sample_rate_hz == 0 {
        return Err(RecorderError::Rate { num: fps.num, den: fps.den, sample_rate_hz });
    }
    let settings = &RecordSettings { metadata: plain_text(&settings.metadata), ..settings.clone() };
    let pulse = Pulse::default();
    let queue = match Container::of(path)? {
        Some(container) => {
            let output = Output::check(path, settings.if_taken, false)?; // before ffmpeg: the cheaper cure first
            drop(output.part()?); // can anything be written there?
            let ffmpeg = match &settings.ffmpeg {
                Some(program) => Ffmpeg::at(program)?,
                None => Ffmpeg::find()?,
            };
            let mut profile = container.profile(&ffmpeg, settings)?;
            let remarks = std::mem::take(&mut profile.remarks);
            let writer = VideoWriter::start(&ffmpeg, profile, output, settings, &pulse)?;
            let mut queue = Queue::start(writer, path, settings, pulse)?;
            queue.remark(remarks);
            queue
        }
        None => {
            let output = Output::check(path, settings.if_taken, true)?;
            Queue::start(PictureWriter::start(output, settings, &pulse)?, path, settings, pulse)?
        }
    };
    Ok(Box::new(queue))
}

/// Keys and values as plain text: a zero byte ends a text in some places and an argument in all.
fn plain_text(metadata: &[(String, String)]) -> Vec<(String, String)> {
    metadata.iter().map(|(key, value)| (text::plain(key), text::plain(value))).collect()
}

/// The end of a recording that the queue writes to, on a thread of its own.
trait Writer: Send + 'static {
    /// Writes frame `index`; indices rise from 0, with gaps where frames were dropped. Gives a buffer back for reuse.
    fn frame(&mut self, index: u64, rgba: Vec<u8>) -> Result<Vec<u8>, RecorderError>;

    /// Shows the last frame until the end of frame `index`, which was dropped.
    fn hold(&mut self, index: u64) -> Result<(), RecorderError>;

    /// Writes sound that follows all sound before it without a gap.
    fn audio(&mut self, frames: &[[f32; 2]]) -> Result<(), RecorderError>;

    /// Completes the output and returns its name and its size in bytes.
    fn finish(self) -> Result<(PathBuf, u64), RecorderError>;

    /// Saves what is playable under a name that it returns, and removes the rest.
    fn abandon(self) -> Option<PathBuf>;
}
