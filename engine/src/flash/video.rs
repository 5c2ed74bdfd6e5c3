//! Any video that ffmpeg reads, frame by frame.

use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use thiserror::Error;

use super::{Analyser, FlashError, Report};
use crate::recorder::ffmpeg::PROGRAM_VARIABLE;
use crate::text::plain;

/// Frames are read no larger than this: twice the cells of the analyser, which takes the mean in linear light itself.
const LONGEST_SIDE_PX: u32 = 512;

/// ffmpeg is given up when it shows no sign of life for this long.
const PATIENCE: Duration = Duration::from_secs(15);

/// Frames that wait to be looked at.
const WAITING: usize = 4;

/// What a frame lasts where a file does not say when it is shown, in seconds.
const UNTIMED_FRAME_S: f64 = 1.0 / 25.0;

/// A video that was looked at.
#[derive(Debug)]
pub struct Check {
    /// What is to be said about it.
    pub report: Report,
    /// Frames a second, in the mean.
    pub frames_per_s: f64,
}

/// Why a video cannot be judged.
#[derive(Debug, Error)]
#[allow(missing_docs)] // the messages say what the fields are
pub enum VideoError {
    #[error("cannot read {}: {source}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },

    #[error(
        "cannot run ffmpeg ({}: {source}), which reads videos: install it (Debian, Ubuntu: apt install ffmpeg), or name it in \
         KLANGBILD_FFMPEG",
        program.display()
    )]
    NoFfmpeg { program: PathBuf, source: std::io::Error },

    #[error("there is no picture in {} that ffmpeg can read ({said}): is it a video?", path.display())]
    NoPicture { path: PathBuf, said: String },

    #[error("{} is broken after {frames} frames ({said}): what comes then cannot be judged", path.display())]
    Broken { path: PathBuf, frames: u64, said: String },

    #[error("ffmpeg does nothing any more (for {seconds} s) while reading {}, and was ended: try again", path.display())]
    Hangs { path: PathBuf, seconds: u64 },

    #[error("{} changes its size from {was} to {is} pixels, which cannot be judged in one: cut it there", path.display())]
    ChangesSize { path: PathBuf, was: String, is: String },

    #[error("cannot judge {}: {source}", path.display())]
    Frames { path: PathBuf, source: FlashError },
}

/// Looks for flashes in every frame of a video, at the times at which they are shown. `progress` is told how many seconds were
/// looked at.
///
/// # Errors
/// ffmpeg cannot be run, hangs, or cannot read the file to its end.
pub fn check_video(path: &Path, progress: &mut dyn FnMut(f64)) -> Result<Check, VideoError> {
    let unreadable = |source| VideoError::Unreadable { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Err(unreadable(std::io::Error::other("it is a folder")));
    }
    let mut reading = Reading::start(path)?;
    let mut analyser: Option<([u32; 2], Analyser)> = None;
    let broken = |source| VideoError::Frames { path: path.to_owned(), source };
    let (mut first_s, mut last_s, mut frames) = (0.0, f64::NEG_INFINITY, 0_u64);
    while let Some(frame) = reading.next()? {
        let size = frame.size;
        let time_s = reading.time_s()?.filter(|time_s| *time_s >= last_s);
        let time_s = time_s.unwrap_or(if frames == 0 { 0.0 } else { last_s + UNTIMED_FRAME_S });
        let (was, analyser) = match &mut analyser {
            Some(there) => there,
            none => none.insert((size, Analyser::new(size[0], size[1]).map_err(broken)?)),
        };
        if *was != size {
            let words = |[width, height]: [u32; 2]| format!("{width}x{height}");
            return Err(VideoError::ChangesSize { path: path.into(), was: words(*was), is: words(size) });
        }
        analyser.push(time_s, &frame.pixels).map_err(broken)?;
        first_s = if frames == 0 { time_s } else { first_s };
        (last_s, frames) = (time_s, frames + 1);
        progress(time_s - first_s);
    }
    let said = reading.end(frames)?;
    let Some((_, analyser)) = analyser else {
        return Err(VideoError::NoPicture { path: path.to_owned(), said });
    };
    let report = analyser.finish();
    let frames_per_s = if report.duration_s > 0.0 { (frames - 1) as f64 / report.duration_s } else { 0.0 };
    Ok(Check { report, frames_per_s })
}

/// A picture as ffmpeg hands it over.
struct Frame {
    size: [u32; 2],
    pixels: Vec<u8>,
}

/// A running ffmpeg. Its frames come on its standard output, their times on standard error; each is read by a thread, since it
/// stops when one of the two is full.
struct Reading {
    path: PathBuf,
    child: Child,
    frames: Receiver<std::io::Result<Frame>>,
    lines: Receiver<String>,
    last_words: String,
}

impl Reading {
    fn start(path: &Path) -> Result<Self, VideoError> {
        let program: PathBuf = std::env::var_os(PROGRAM_VARIABLE)
            .filter(|value| !value.is_empty())
            .map_or_else(|| "ffmpeg".into(), PathBuf::from);
        let no_ffmpeg = |source| VideoError::NoFfmpeg { program: program.clone(), source };
        // A colon in a name would be taken for a protocol's.
        let mut input = std::ffi::OsString::from("file:");
        input.push(path);
        let side = LONGEST_SIDE_PX;
        // `showinfo` says when each frame is shown; then frames get times without gaps, so that none is left out or doubled.
        let filter = format!(
            "scale=w='min({side},iw)':h='min({side},ih)':force_original_aspect_ratio=decrease:flags=area,\
             format=rgb24,showinfo,setpts=N/(25*TB)"
        );
        let mut child = Command::new(&program)
            .args(["-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-i"])
            .arg(input)
            .args(["-map", "0:v:0", "-an", "-sn", "-dn", "-vf", &filter, "-r", "25"])
            .args(["-f", "image2pipe", "-c:v", "ppm", "-"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(no_ffmpeg)?;
        let none = || no_ffmpeg(std::io::Error::other("it has no output"));
        let pictures = child.stdout.take().ok_or_else(none)?;
        let words = child.stderr.take().ok_or_else(none)?;
        let (give, frames) = sync_channel(WAITING);
        let (tell, lines) = channel();
        let mut pictures = BufReader::with_capacity(1 << 20, pictures);
        let names = Builder::new().name("klangbild-frames".to_owned());
        let spawned = names.spawn(move || {
            // It ends with the pictures, or when nobody takes them any more.
            while let Some(frame) = next_frame(&mut pictures).transpose() {
                let failed = frame.is_err();
                if give.send(frame).is_err() || failed {
                    break;
                }
            }
        });
        spawned.map_err(no_ffmpeg)?;
        let spawned = Builder::new().name("klangbild-words".to_owned()).spawn(move || {
            for line in BufReader::new(words).split(b'\n').map_while(Result::ok) {
                if tell.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
            }
        });
        spawned.map_err(no_ffmpeg)?;
        Ok(Self { path: path.to_owned(), child, frames, lines, last_words: String::new() })
    }

    /// The next frame; `None` after the last one.
    fn next(&mut self) -> Result<Option<Frame>, VideoError> {
        match self.frames.recv_timeout(PATIENCE) {
            Ok(Ok(frame)) => Ok(Some(frame)),
            // Half a frame is the end of an ffmpeg that fails, and says so.
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) => Err(self.hangs()),
        }
    }

    /// When the frame that came last is shown, if the file says so.
    fn time_s(&mut self) -> Result<Option<f64>, VideoError> {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains("Parsed_showinfo") => {
                    if let Some((_, time)) = line.split_once("pts_time:") {
                        return Ok(time.split_whitespace().next().and_then(|time| time.parse().ok()));
                    }
                }
                Ok(line) => self.note(&line),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => return Err(self.hangs()),
            }
        }
    }

    /// Waits for its end; its last words. Frames that could not be decoded are an error.
    fn end(&mut self, frames: u64) -> Result<String, VideoError> {
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => self.note(&line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => return Err(self.hangs()),
            }
        }
        let said = plain(&self.last_words);
        match self.child.wait() {
            Ok(status) if !status.success() && frames > 0 => {
                Err(VideoError::Broken { path: self.path.clone(), frames, said })
            }
            _ => Ok(said),
        }
    }

    /// Keeps the last line that says something.
    fn note(&mut self, line: &str) {
        let is_report = ["frame=", "video:", "[Parsed_", "  "].iter().any(|begin| line.starts_with(begin));
        if !is_report && !line.trim().is_empty() {
            self.last_words = line.to_owned();
        }
    }

    fn hangs(&self) -> VideoError {
        VideoError::Hangs { path: self.path.clone(), seconds: PATIENCE.as_secs() }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // Fails only where it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One picture in the PPM format: `P6`, width, height, 255, each on a line or behind a blank; then the bytes.
fn next_frame(pictures: &mut BufReader<ChildStdout>) -> std::io::Result<Option<Frame>> {
    let mut words = Vec::new();
    while words.len() < 4 {
        let mut line = String::new();
        if pictures.read_line(&mut line)? == 0 {
            return if words.is_empty() { Ok(None) } else { Err(ErrorKind::UnexpectedEof.into()) };
        }
        words.extend(line.split_whitespace().map(str::to_owned));
    }
    let numbers: Vec<u32> = words[1..].iter().filter_map(|word| word.parse().ok()).collect();
    let (true, [width, height, 255]) = (words[0] == "P6", &numbers[..]) else {
        return Err(std::io::Error::new(ErrorKind::InvalidData, "no picture"));
    };
    if (*width).max(*height) > LONGEST_SIDE_PX {
        return Err(std::io::Error::new(ErrorKind::InvalidData, "a picture of another size"));
    }
    let mut pixels = vec![0; 3 * *width as usize * *height as usize];
    pictures.read_exact(&mut pixels)?;
    Ok(Some(Frame { size: [*width, *height], pixels }))
}
