//! What the project remembers beside the parameters.

use std::path::PathBuf;

use klangbild_engine::pack;
use serde::{Deserialize, Serialize};

/// Smallest window, in logical pixels: the panel still fits.
pub const LEAST_WINDOW: (u32, u32) = (320, 180);

/// Everything in here survives saving and loading, unknown fields and missing ones included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The pack that was asked for, also while it is missing.
    pub pack: String,
    /// Name of the preset that was chosen last.
    pub preset: String,
    /// Where stills and videos go; by default `Klangbild` in the user's folder of videos.
    pub folder: Option<PathBuf>,
    /// Width and height of stills in pixels.
    pub still_px: (u32, u32),
    /// Width and height of videos in pixels.
    pub video_px: (u32, u32),
    /// Frames per second of videos.
    pub video_fps: u32,
    /// Kind of video.
    pub video_kind: VideoKind,
    /// Width and height of the window in logical pixels.
    pub window: (u32, u32),
    /// Whether the panel stays.
    pub pinned: bool,
}

/// The containers that the recorder writes, and the folder of PNGs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VideoKind {
    /// H.264 and AAC.
    #[default]
    Mp4,
    /// VP9 and Opus.
    WebM,
    /// ProRes 4444 and PCM.
    Mov,
    /// Numbered PNGs and a WAV, which need no ffmpeg.
    Png,
}

impl VideoKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Mp4, Self::WebM, Self::Mov, Self::Png];

    /// What the panel calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mp4 => "MP4 (H.264)",
            Self::WebM => "WebM (VP9)",
            Self::Mov => "MOV (ProRes)",
            Self::Png => "PNGs and WAV",
        }
    }

    /// The file name's end, with its dot; empty for a folder.
    pub fn end(self) -> &'static str {
        match self {
            Self::Mp4 => ".mp4",
            Self::WebM => ".webm",
            Self::Mov => ".mov",
            Self::Png => "",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pack: pack::DEFAULT.to_owned(),
            preset: String::new(),
            folder: None,
            still_px: (3840, 2160),
            video_px: (1280, 720),
            video_fps: 30,
            video_kind: VideoKind::default(),
            window: (960, 540),
            pinned: false,
        }
    }
}

impl Settings {
    /// The same with every number brought into the range that can work: a project file may hold anything.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let side = |px: &mut (u32, u32), least: u32, most: u32| {
            *px = (px.0.clamp(least, most), px.1.clamp(least, most));
        };
        side(&mut self.still_px, 16, 4096);
        side(&mut self.video_px, 16, 4096);
        self.video_fps = self.video_fps.clamp(1, 120);
        self.window = (self.window.0.clamp(LEAST_WINDOW.0, 8192), self.window.1.clamp(LEAST_WINDOW.1, 8192));
        self
    }

    /// Where stills and videos go.
    pub fn output_folder(&self) -> PathBuf {
        if let Some(folder) = &self.folder {
            return folder.clone();
        }
        let user = directories::UserDirs::new();
        let videos = user.as_ref().and_then(|user| user.video_dir().map(PathBuf::from));
        let home = || user.as_ref().map(|user| user.home_dir().join("Videos"));
        videos.or_else(home).unwrap_or_else(std::env::temp_dir).join("Klangbild")
    }
}

#[cfg(test)]
mod tests {
    use klangbild_engine::recorder::Container;

    use super::*;

    #[test]
    fn an_older_or_stranger_project_loads() {
        let settings: Settings =
            serde_json::from_str(r#"{"pack":"gone","still_px":[99999,0],"later":1}"#).unwrap();
        let settings = settings.bounded();
        assert_eq!((settings.pack.as_str(), settings.still_px), ("gone", (4096, 16)));
        assert_eq!(settings.video_fps, 30);
    }

    #[test]
    fn the_recorder_knows_the_kinds() {
        for kind in VideoKind::ALL {
            let path = PathBuf::from(format!("video{}", kind.end()));
            assert_eq!(Container::of(&path).unwrap().is_some(), kind != VideoKind::Png);
        }
    }
}
