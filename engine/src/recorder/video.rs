//! Videos, through one ffmpeg process.

use std::ffi::OsString;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempPath;

use super::child::{End, Running};
use super::ffmpeg::Ffmpeg;
use super::matroska::{Matroska, Pictures};
use super::output::{Output, holds_media, size_of};
use super::patience::Pulse;
use super::pipe::Pipe;
use super::profile::{Container, Profile};
use super::yuv::I420;
use super::{Fps, RecordSettings, RecorderError, Writer};

/// Writes pictures and sound into ffmpeg's standard input, and cares for its process and its file.
pub(super) struct VideoWriter {
    ffmpeg: Ffmpeg,
    container: Container,
    fps: Fps,
    width: usize,
    height: usize,
    /// Of the sound that comes in, and of the sound in the file.
    sample_rates_hz: (u32, u32),
    /// Converts the pictures, where the video is 4:2:0.
    i420: Option<I420>,
    /// The last picture, and, if its size is odd, the same with its last column and row doubled.
    last: Vec<u8>,
    even: Vec<u8>,
    // Closed before `running` is waited for: that is how ffmpeg learns that the recording is over.
    stream: Option<Matroska<Pipe>>,
    running: Running,
    patience: Duration,
    pulse: Pulse,
    output: Output,
    /// The file that ffmpeg writes.
    part: TempPath,
}

impl VideoWriter {
    /// Starts ffmpeg.
    pub fn start(
        ffmpeg: &Ffmpeg,
        profile: Profile,
        output: Output,
        settings: &RecordSettings,
        pulse: &Pulse,
    ) -> Result<Self, RecorderError> {
        let part = output.part()?;
        let mut arguments: Vec<OsString> =
            ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"]
                .into_iter()
                .chain(["-f", "matroska", "-i", "pipe:0", "-map", "0:v:0", "-map", "0:a:0"])
                .map(OsString::from)
                .collect();
        arguments.extend(profile.arguments.into_iter().map(OsString::from));
        arguments.push(file_argument(&part));
        let (running, input) = ffmpeg.start(&arguments, settings.patience)?;
        let (width_px, height_px) =
            (settings.width_px.next_multiple_of(2), settings.height_px.next_multiple_of(2));
        let fourcc = if profile.is_420 { *b"I420" } else { *b"RGBA" };
        let frame_ns = settings.fps.start_ns(1);
        let pictures = Pictures { width_px, height_px, fourcc, frame_ns, is_bt709: profile.is_420 };
        let mut writer = Self {
            ffmpeg: ffmpeg.clone(),
            container: profile.container,
            fps: settings.fps,
            width: settings.width_px as usize,
            height: settings.height_px as usize,
            sample_rates_hz: (settings.sample_rate_hz, profile.sample_rate_hz),
            i420: profile.is_420.then(I420::default),
            last: Vec::new(),
            even: Vec::new(),
            stream: None,
            running,
            patience: settings.patience,
            pulse: pulse.clone(),
            output,
            part,
        };
        match Matroska::start(input, &pictures, settings.sample_rate_hz) {
            Ok(stream) => writer.stream = Some(stream),
            Err(error) => {
                let error = writer.stopped(&error);
                return Err(error.with_kept(writer.abandon()));
            }
        }
        Ok(writer)
    }

    /// Waits for ffmpeg's end. As long as the file grows, it is at work.
    fn end(&mut self) -> (End, String) {
        self.stream = None;
        let (part, pulse) = (&self.part, &self.pulse);
        self.running.wait(|| {
            pulse.beat();
            size_of(part)
        })
    }

    /// ffmpeg no longer takes anything: asks it why.
    fn stopped(&mut self, error: &Error) -> RecorderError {
        if error.kind() == std::io::ErrorKind::TimedOut {
            self.stream = None;
            self.running.kill();
            return self.why(End::Hung(self.patience), String::new());
        }
        let (end, said) = self.end();
        self.why(end, said)
    }

    fn why(&self, end: End, said: String) -> RecorderError {
        let path = self.output.target().to_path_buf();
        let refused = ["Permission denied", "Operation not permitted", "Read-only file system"];
        let is_refused = refused.iter().any(|words| said.contains(words)) || end == End::Well;
        let program = self.ffmpeg.program().to_path_buf();
        match end {
            // It may not write where this process may: it was made here, and is still empty.
            _ if is_refused && size_of(&self.part) == 0 => RecorderError::Confined { program, path, said },
            End::Hung(limit) => RecorderError::FfmpegHangs { path, seconds: limit.as_secs(), kept: None },
            End::Ill(status) => RecorderError::FfmpegStopped { path, status, said, kept: None },
            End::Well => {
                RecorderError::FfmpegStopped { path, status: "before the end".to_owned(), said, kept: None }
            }
        }
    }

    /// Rewrites a file of fragments with its index in front, without encoding anything again. Players then know the
    /// length and can jump at once. A failure (a full disk, say) is no loss: the fragments play as well.
    fn with_index_in_front(&self, samples: u64) -> Option<TempPath> {
        let better = self.output.part().ok()?;
        // Fragments forget that the last packet of AAC is shorter than the others.
        let end =
            u128::from(samples) * u128::from(self.sample_rates_hz.1) / u128::from(self.sample_rates_hz.0);
        let shorten = format!("setts=duration=max(1\\,min(DURATION\\,{end}-PTS))");
        let with_end: &[&str] = if self.container == Container::Mp4 { &["-bsf:a", &shorten] } else { &[] };
        let mut said = String::new();
        for extra in [with_end, &[]] {
            match self.copy_to(&better, extra) {
                Ok(()) => return Some(better),
                Err(reason) => said = reason, // an ffmpeg before version 5 has no such filter
            }
        }
        tracing::warn!("the video stays in fragments, which play as well: {said}");
        None
    }

    /// Copies all packets with their times into a new file.
    fn copy_to(&self, better: &Path, extra: &[&str]) -> Result<(), String> {
        let mut arguments: Vec<OsString> =
            ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"]
                .into_iter()
                .chain(["-copyts", "-i"]) // the sound starts with its run-in before time 0, and must stay there
                .map(OsString::from)
                .collect();
        arguments.push(file_argument(&self.part));
        let copy = ["-map", "0", "-c", "copy", "-movflags", "+faststart", "-f", self.container.name()];
        arguments.extend(extra.iter().chain(&copy).map(OsString::from));
        arguments.push(file_argument(better));
        let started = self.ffmpeg.start(&arguments, self.patience);
        let (mut running, input) = started.map_err(|error| error.to_string())?;
        drop(input);
        let ended = running.wait(|| {
            self.pulse.beat();
            changes(better)
        });
        match ended {
            (End::Well, _) if size_of(better) > 0 => Ok(()),
            (_, said) => Err(said),
        }
    }

    fn unconverted(&self, error: &yuv::YuvError) -> RecorderError {
        let path = self.output.target().to_path_buf();
        RecorderError::Write { path, source: Error::other(error.to_string()), kept: None }
    }

    fn picture(&mut self, index: u64) -> Result<(), RecorderError> {
        let pixels = match &self.i420 {
            Some(i420) => &i420.bytes,
            None if self.width % 2 + self.height % 2 > 0 => &self.even,
            None => &self.last,
        };
        let start_ns = self.fps.start_ns(index);
        let written = self.stream.as_mut().map_or(Ok(()), |stream| stream.picture(start_ns, pixels));
        written.map_err(|error| self.stopped(&error))
    }
}

impl Writer for VideoWriter {
    fn frame(&mut self, index: u64, rgba: Vec<u8>) -> Result<Vec<u8>, RecorderError> {
        let used = std::mem::replace(&mut self.last, rgba);
        match &mut self.i420 {
            Some(i420) => {
                i420.convert(&self.last, self.width, self.height)
                    .map_err(|error| self.unconverted(&error))?;
            }
            None if self.width % 2 + self.height % 2 > 0 => {
                make_even(&self.last, self.width, self.height, &mut self.even);
            }
            None => {}
        }
        self.picture(index)?;
        Ok(used)
    }

    fn hold(&mut self, index: u64) -> Result<(), RecorderError> {
        self.picture(index)
    }

    fn audio(&mut self, frames: &[[f32; 2]]) -> Result<(), RecorderError> {
        let written = self.stream.as_mut().map_or(Ok(()), |stream| stream.sound(frames));
        written.map_err(|error| self.stopped(&error))
    }

    fn finish(mut self) -> Result<(PathBuf, u64), RecorderError> {
        let samples = self.stream.as_ref().map_or(0, Matroska::samples);
        let (end, said) = self.end();
        if end != End::Well || !holds_media(&self.part) {
            let error = self.why(end, said);
            return Err(error.with_kept(self.abandon()));
        }
        let better = if self.container == Container::WebM { None } else { self.with_index_in_front(samples) };
        let (complete, spare) = match better {
            Some(better) => (better, Some(self.part)),
            None => (self.part, None),
        };
        let bytes = size_of(&complete);
        match self.output.complete_file(complete) {
            Ok(path) => Ok((path, bytes)),
            Err((source, complete)) => {
                let path = self.output.target().to_path_buf();
                let kept = self.output.keep_file(complete);
                drop(spare);
                Err(RecorderError::Write { path, source, kept })
            }
        }
    }

    fn abandon(mut self) -> Option<PathBuf> {
        let _ = self.end(); // the end of its input makes it write what it still holds
        holds_media(&self.part).then(|| self.output.keep_file(self.part)).flatten()
    }
}

/// A number that changes whenever the file does: an index is moved to the front without the file growing.
fn changes(file: &Path) -> u64 {
    let Ok(about) = std::fs::metadata(file) else { return 0 };
    let since_1970 = about.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    about.len().wrapping_add(since_1970.map_or(0, |time| time.as_nanos() as u64))
}

/// Copies `rgba` and repeats its last column and row where their number is odd.
fn make_even(rgba: &[u8], width: usize, height: usize, out: &mut Vec<u8>) {
    out.clear();
    for y in 0..height.next_multiple_of(2) {
        let row = &rgba[y.min(height - 1) * width * 4..][..width * 4];
        out.extend_from_slice(row);
        if width % 2 == 1 {
            out.extend_from_slice(&row[row.len() - 4..]);
        }
    }
}

/// A path as ffmpeg takes it: a leading dash would be an option, and "name:" a protocol.
fn file_argument(path: &Path) -> OsString {
    let mut argument = OsString::from("file:");
    argument.push(path);
    argument
}
