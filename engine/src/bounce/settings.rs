//! What a bounce is asked for.

use std::path::PathBuf;
use std::sync::Arc;

use crate::controls::Controls;
use crate::pack;
use crate::performance::PICTURES_PER_S;
use crate::recorder::{Fps, IfTaken};
use crate::render::{RenderSettings, usual_threads};
use crate::scene::Scene;
use crate::stage::Gpu;
use crate::words::Wording;

/// Everything besides sound and controls that decides the frames, and where they go.
#[derive(Clone, Debug)]
pub struct BounceSettings {
    /// `.mp4`, `.webm`, `.mov`, or a folder for numbered PNGs and a WAV.
    pub output: PathBuf,
    /// What to do where the output exists.
    pub if_taken: IfTaken,
    /// Frame width in pixels.
    pub width_px: u32,
    /// Frame height in pixels.
    pub height_px: u32,
    /// Frames per second.
    pub fps: Fps,
    /// Name, folder or zip of the pack.
    pub pack: String,
    /// What the pictures follow; what of it the pack does not understand is left out.
    pub words: Wording,
    /// Scenes that the director chooses from; all that are built in where there is none.
    pub favourites: Vec<Scene>,
    /// Generated pictures per second of audio; between them the stage tweens.
    pub pictures_per_s: f64,
    /// Threads for the models.
    pub threads: usize,
    /// The title that goes into the file.
    pub title: Option<String>,
    /// The device to draw with; one of its own if `None`.
    pub gpu: Option<Arc<Gpu>>,
}

impl BounceSettings {
    /// Settings for a bounce into `output`, everything else as the program's defaults.
    pub fn new(output: PathBuf) -> Self {
        Self {
            output,
            if_taken: IfTaken::default(),
            width_px: 1280,
            height_px: 720,
            fps: Fps { num: 30, den: 1 },
            pack: pack::DEFAULT.to_owned(),
            words: Wording::default(),
            favourites: Vec::new(),
            pictures_per_s: PICTURES_PER_S,
            threads: usual_threads(),
            title: None,
            gpu: None,
        }
    }

    /// The same for the renderer.
    pub(super) fn render_settings(&self, controls: Controls) -> RenderSettings {
        RenderSettings {
            if_taken: self.if_taken,
            width_px: self.width_px,
            height_px: self.height_px,
            fps: self.fps,
            pack: self.pack.clone(),
            controls,
            words: self.words.clone(),
            favourites: self.favourites.clone(),
            pictures_per_s: self.pictures_per_s,
            threads: self.threads,
            ..RenderSettings::new(PathBuf::new(), self.output.clone())
        }
    }
}
