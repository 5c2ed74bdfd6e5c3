//! A part of a song as frames, for pictures that the documentation and the panel show.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

use crate::{process, program};

/// Width and height of the frames in pixels.
pub const SIZE: &str = "640x360";
const FPS: f64 = 30.0;

/// Frames of a part of a song.
pub struct Clip(PathBuf);

impl Drop for Clip {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0); // what is left of it lies among build outputs
    }
}

impl Clip {
    /// Renders `for_s` seconds of it from `from_s` on, by further options of `klangbild render`.
    pub fn render(
        klangbild: &PathBuf,
        song: &Path,
        from_s: f64,
        for_s: f64,
        options: &[&str],
    ) -> Result<Self> {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let clip = Self(process::build_folder(process::PROFILE)?.join(format!("gallery-{number}")));
        process::run_quietly(
            program::command(klangbild)
                .arg("render")
                .arg(song)
                .arg("-o")
                .arg(&clip.0)
                .arg("--force")
                .args(["--size", SIZE, "--fps", &FPS.to_string(), "--seed", "1"])
                .args(["--start", &from_s.to_string(), "--end", &(from_s + for_s).to_string()])
                .args(options),
        )?;
        Ok(clip)
    }

    /// The frame that is shown `at_s` seconds after the clip's start.
    pub fn frame(&self, at_s: f64) -> PathBuf {
        let mut frames: Vec<PathBuf> = fs::read_dir(&self.0)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|end| end == "png"))
            .collect();
        frames.sort();
        let last = frames.len().saturating_sub(1);
        frames.into_iter().nth(((at_s * FPS) as usize).min(last)).unwrap_or_default()
    }
}
