//! Videos, through one ffmpeg process.

use std::ffi::OsString;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::process::ChildStdin;

use super::ffmpeg::{Ffmpeg, Running};
use super::matroska::{Matroska, Pictures};
use super::output::{Output, holds_media};
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
    /// A picture of an odd size with its last column and row doubled.
    even: Vec<u8>,
    // Closed before `running` is waited for: that is how ffmpeg learns that the recording is over.
    stream: Option<Matroska<ChildStdin>>,
    running: Running,
    output: Output,
}

impl VideoWriter {
    /// Starts ffmpeg.
    pub fn start(
        ffmpeg: &Ffmpeg,
        profile: Profile,
        output: Output,
        settings: &RecordSettings,
    ) -> Result<Self, RecorderError> {
        let mut arguments: Vec<OsString> =
            ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"]
                .into_iter()
                .chain(["-f", "matroska", "-i", "pipe:0", "-map", "0:v:0", "-map", "0:a:0"])
                .map(OsString::from)
                .collect();
        arguments.extend(profile.arguments.into_iter().map(OsString::from));
        arguments.push(file_argument(output.part().into()));
        let started = ffmpeg.start(&arguments).and_then(|mut running| match running.take_input() {
            Some(input) => Ok((running, input)),
            None => Err(Error::other("it has no standard input")),
        });
        let (running, input) = match started {
            Ok(started) => started,
            Err(source) => {
                output.abandon(false);
                return Err(RecorderError::NoFfmpeg { program: ffmpeg.program().to_path_buf(), source });
            }
        };
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
            even: Vec::new(),
            stream: None,
            running,
            output,
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

    /// ffmpeg no longer takes anything: asks it why.
    fn stopped(&mut self, error: &Error) -> RecorderError {
        self.stream = None;
        let (status, said) = self.running.wait();
        RecorderError::FfmpegStopped {
            path: self.output.target().to_path_buf(),
            status: status.map_or_else(|_| error.to_string(), |status| status.to_string()),
            said,
            kept: None,
        }
    }

    /// Rewrites a file of fragments with its index in front, without encoding anything again. Players then know the
    /// length and can jump at once. A failure (a full disk, say) is no loss: the fragments play as well.
    fn with_index_in_front(&self, samples: u64) -> Option<PathBuf> {
        let better = self.output.second_part();
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
        let _ = std::fs::remove_file(&better); // it may never have been made
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
        arguments.push(file_argument(self.output.part().into()));
        let copy = ["-map", "0", "-c", "copy", "-movflags", "+faststart", "-f", self.container.name()];
        arguments.extend(extra.iter().chain(&copy).map(OsString::from));
        arguments.push(file_argument(better.into()));
        let mut running = self.ffmpeg.start(&arguments).map_err(|error| error.to_string())?;
        drop(running.take_input());
        match running.wait() {
            (Ok(status), _) if status.success() => Ok(()),
            (_, said) => Err(said),
        }
    }
}

impl Writer for VideoWriter {
    fn frame(&mut self, index: u64, rgba: Vec<u8>) -> Result<Vec<u8>, RecorderError> {
        let pixels = match &mut self.i420 {
            Some(i420) => {
                i420.convert(&rgba, self.width, self.height);
                &i420.bytes
            }
            None if self.width % 2 + self.height % 2 > 0 => {
                make_even(&rgba, self.width, self.height, &mut self.even);
                &self.even
            }
            None => &rgba,
        };
        let start_ns = self.fps.start_ns(index);
        let written = self.stream.as_mut().map_or(Ok(()), |stream| stream.picture(start_ns, pixels));
        written.map_err(|error| self.stopped(&error))?;
        Ok(rgba)
    }

    fn audio(&mut self, frames: &[[f32; 2]]) -> Result<(), RecorderError> {
        let written = self.stream.as_mut().map_or(Ok(()), |stream| stream.sound(frames));
        written.map_err(|error| self.stopped(&error))
    }

    fn finish(mut self) -> Result<u64, RecorderError> {
        let samples = self.stream.take().map_or(0, |stream| stream.samples());
        let (status, said) = self.running.wait();
        let target = self.output.target().to_path_buf();
        match status {
            Ok(status) if status.success() => {}
            other => {
                let status = other.map_or_else(|error| error.to_string(), |status| status.to_string());
                let error = RecorderError::FfmpegStopped { path: target, status, said, kept: None };
                return Err(error.with_kept(self.abandon()));
            }
        }
        let better = if self.container == Container::WebM { None } else { self.with_index_in_front(samples) };
        let complete = better.as_deref().unwrap_or_else(|| self.output.part());
        match self.output.complete_file(complete) {
            Ok(bytes) => {
                if better.is_some() {
                    self.output.abandon(false); // the fragments have done their work
                }
                Ok(bytes)
            }
            Err(source) => {
                if let Some(better) = better {
                    let _ = std::fs::remove_file(better); // the fragments stay instead
                }
                Err(RecorderError::Write { path: target, source, kept: None }.with_kept(self.abandon()))
            }
        }
    }

    fn abandon(mut self) -> Option<PathBuf> {
        self.stream = None;
        let _ = self.running.wait(); // the end of its input makes it write what it still holds
        let is_playable = holds_media(self.output.part());
        self.output.abandon(is_playable)
    }
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
fn file_argument(path: OsString) -> OsString {
    let mut argument = OsString::from("file:");
    argument.push(path);
    argument
}
