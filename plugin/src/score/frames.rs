//! A video's frames, through ffmpeg.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use anyhow::{Context, Result, bail};
use klangbild_engine::recorder::Fps;
use klangbild_engine::recorder::ffmpeg::Ffmpeg;

/// Frames one after the other, each as large as the first.
pub struct Frames {
    path: PathBuf,
    child: Child,
    pixels: BufReader<ChildStdout>,
    /// What ffmpeg complains about.
    complaint: Option<JoinHandle<String>>,
    size_px: [usize; 2],
    /// The first frame's pixels are read when it is opened.
    first: bool,
    frame: Vec<u8>,
}

impl Frames {
    /// From `start_s` to `end_s`, at a frame rate and, if it is given, in a size of our own.
    ///
    /// # Errors
    /// ffmpeg is missing, or the file is no video.
    pub fn open(
        path: &Path,
        fps: Fps,
        start_s: f64,
        end_s: Option<f64>,
        size: Option<(u32, u32)>,
    ) -> Result<Self> {
        // ffmpeg would say the same, and name itself first.
        std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        let ffmpeg = Ffmpeg::find()?;
        let scale =
            size.map_or(String::new(), |(width, height)| format!(",scale={width}:{height}:flags=area"));
        let mut command = Command::new(ffmpeg.program());
        command.args(["-nostdin", "-v", "error", "-ss", &start_s.to_string()]);
        if let Some(end_s) = end_s {
            command.args(["-t", &(end_s - start_s).max(0.0).to_string()]);
        }
        let filter = format!("fps={}/{}{scale}", fps.num, fps.den);
        command.arg("-i").arg(path).args(["-an", "-vf", &filter, "-c:v", "ppm", "-pix_fmt", "rgb24"]);
        command.args(["-f", "image2pipe", "-"]).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("cannot run ffmpeg")?;
        let pixels = child.stdout.take().context("ffmpeg has no output")?;
        let complaint = child.stderr.take().map(|mut stderr| {
            std::thread::spawn(move || {
                let mut said = String::new();
                let _ = stderr.read_to_string(&mut said); // what could be read is better than nothing
                said
            })
        });
        let mut frames = Self {
            path: path.to_path_buf(),
            child,
            pixels: BufReader::with_capacity(1 << 20, pixels),
            complaint,
            size_px: [0; 2],
            first: true,
            frame: Vec::new(),
        };
        if !frames.read()? {
            bail!("{} has no frames in this stretch", path.display());
        }
        Ok(frames)
    }

    /// Width and height in pixels.
    pub fn size_px(&self) -> [usize; 2] {
        self.size_px
    }

    /// The next frame's sRGB bytes, three a pixel; none at the end.
    ///
    /// # Errors
    /// ffmpeg cannot read on.
    pub fn next(&mut self) -> Result<Option<&[u8]>> {
        let there = std::mem::take(&mut self.first) || self.read()?;
        Ok(there.then_some(self.frame.as_slice()))
    }

    /// Reads a frame; `false` at the end.
    fn read(&mut self) -> Result<bool> {
        let mut header = Vec::new();
        // "P6", the size and the brightest value, a line each.
        for _ in 0..3 {
            self.pixels.read_until(b'\n', &mut header)?;
        }
        if header.is_empty() {
            self.finish()?;
            return Ok(false);
        }
        let words: Vec<String> =
            String::from_utf8_lossy(&header).split_whitespace().map(str::to_owned).collect();
        let (Some("P6"), [Ok(width), Ok(height)]) = (
            words.first().map(String::as_str),
            [1, 2].map(|at| words.get(at).map_or("", |word| word).parse()),
        ) else {
            bail!("ffmpeg gave something else than frames of {}", self.path.display());
        };
        self.size_px = [width, height];
        self.frame.resize(3 * width * height, 0);
        self.pixels.read_exact(&mut self.frame).context("ffmpeg stopped within a frame")?;
        Ok(true)
    }

    fn finish(&mut self) -> Result<()> {
        let said = self.complaint.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        if !self.child.wait().context("cannot wait for ffmpeg")?.success() {
            let said = said.lines().last().unwrap_or("it does not say why");
            bail!("ffmpeg cannot read {}: {said}", self.path.display());
        }
        Ok(())
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended by itself
        let _ = self.child.wait();
    }
}
