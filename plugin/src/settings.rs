//! What the project remembers beside the parameters.

use std::path::{Path, PathBuf};

use klangbild_engine::pack;
use klangbild_engine::recorder::Fps;
use klangbild_engine::scene::Scene;
use klangbild_engine::words::Wording;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::output_folder;

/// Smallest window, in logical pixels: the panel still fits.
pub const LEAST_WINDOW: (u32, u32) = (320, 180);

/// Everything in here survives saving and loading. Each field is read by itself, so that a value that only a newer version
/// knows costs that one field, and not even that: it is written again as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, remote = "Self")]
pub struct Settings {
    /// The pack that was asked for, also while it is missing.
    pub pack: String,
    /// Name of the preset that was chosen last.
    pub preset: String,
    /// What that preset said.
    pub preset_words: Vec<String>,
    /// Scenes that the director chooses from; all that are built in where there is none. By their ids, also while they are missing.
    #[serde(serialize_with = "ids", deserialize_with = "scenes")]
    pub favourites: Vec<Scene>,
    /// What the pictures follow, as far as the knob says.
    pub words: Wording,
    /// Where stills and videos go; by default `Klangbild` in the user's folder of videos.
    pub folder: Option<PathBuf>,
    /// Width and height of stills in pixels.
    pub still_px: (u32, u32),
    /// Width and height of videos in pixels.
    pub video_px: (u32, u32),
    /// Frames per second of videos.
    pub video_fps: Fps,
    /// Kind of video.
    pub video_kind: VideoKind,
    /// Width and height of the window in logical pixels.
    pub window: (u32, u32),
    /// Whether the panel stays.
    pub pinned: bool,
    /// What could not be read.
    #[serde(skip)]
    pub unread: Map<String, Value>,
}

/// More favourites than anybody has: a project file may hold anything.
const MOST_FAVOURITES: usize = 256;

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
            preset_words: Vec::new(),
            favourites: Vec::new(),
            words: Wording::default(),
            folder: None,
            still_px: (3840, 2160),
            video_px: (1280, 720),
            video_fps: Fps { num: 30, den: 1 },
            video_kind: VideoKind::default(),
            window: (960, 540),
            pinned: false,
            unread: Map::new(),
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
        let per_s = self.video_fps.per_s();
        if !(1.0..=120.0).contains(&per_s) {
            self.video_fps = Fps { num: if per_s < 1.0 { 1 } else { 120 }, den: 1 };
        }
        self.favourites.truncate(MOST_FAVOURITES);
        self.words = self.words.bounded();
        self.window = (self.window.0.clamp(LEAST_WINDOW.0, 8192), self.window.1.clamp(LEAST_WINDOW.1, 8192));
        self
    }

    /// Makes a scene a favourite, or one no longer.
    pub fn like(&mut self, scene: Scene) {
        match self.favourites.iter().position(|favourite| *favourite == scene) {
            Some(at) => _ = self.favourites.remove(at),
            None => self.favourites.push(scene),
        }
    }

    /// Where stills and videos go: the folder that was asked for, or the user's own where that one is of another system.
    pub fn output_folder(&self) -> PathBuf {
        self.folder.as_deref().and_then(output_folder::on_this_system).unwrap_or_else(output_folder::of_user)
    }

    /// The folder that was asked for, if it cannot be on this system.
    pub fn foreign_folder(&self) -> Option<&Path> {
        let asked = self.folder.as_deref().filter(|folder| !folder.as_os_str().is_empty())?;
        output_folder::on_this_system(asked).is_none().then_some(asked)
    }

    /// Reads what a project holds.
    ///
    /// # Errors
    /// It is no JSON object.
    pub fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// Its own fields, with their names.
    fn fields(&self) -> Result<Map<String, Value>, serde_json::Error> {
        match Self::serialize(self, serde_json::value::Serializer)? {
            Value::Object(fields) => Ok(fields),
            _ => Ok(Map::new()),
        }
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = Map::<String, Value>::deserialize(deserializer)?;
        let known = Self::default().fields().map_err(serde::de::Error::custom)?;
        let alone =
            |name: &String, value: &Value| Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        let (read, unread): (Map<_, _>, Map<_, _>) = found.into_iter().partition(|(name, value)| {
            known.contains_key(name) && Self::deserialize(alone(name, value)).is_ok()
        });
        let settings = Self::deserialize(Value::Object(read)).map_err(serde::de::Error::custom)?;
        Ok(Self { unread, ..settings })
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let error = serde::ser::Error::custom;
        let (mut fields, untouched) =
            (self.fields().map_err(error)?, Self::default().fields().map_err(error)?);
        for (name, value) in &self.unread {
            // Unless the user has chosen something else since.
            if fields.get(name) == untouched.get(name) {
                fields.insert(name.clone(), value.clone());
            }
        }
        fields.serialize(serializer)
    }
}

fn ids<S: Serializer>(scenes: &[Scene], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(scenes.iter().map(|scene| scene.name()))
}

fn scenes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Scene>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    Ok(ids.iter().take(MOST_FAVOURITES).map(|id| Scene::of(id)).collect())
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
        assert_eq!(settings.video_fps, Fps { num: 30, den: 1 });
    }

    #[test]
    fn a_value_of_a_newer_version_costs_nothing_else_and_is_kept() {
        let newer =
            r#"{"pack":"mine","video_kind":"av2","video_fps":"30000/1001","window":{"x":1},"aura":[1,2]}"#;
        let mut settings = Settings::from_json(newer.as_bytes()).unwrap();
        assert_eq!((settings.pack.as_str(), settings.video_kind), ("mine", VideoKind::Mp4));
        assert_eq!(settings.video_fps, Fps { num: 30_000, den: 1001 });
        assert_eq!(settings.window, Settings::default().window);
        let saved: Value = serde_json::to_value(&settings).unwrap();
        assert_eq!(saved["video_kind"], "av2");
        assert_eq!(saved["aura"], serde_json::json!([1, 2]));
        assert_eq!(serde_json::from_value::<Settings>(saved).unwrap().unread, settings.unread);
        // What the user chooses here and now counts.
        settings.video_kind = VideoKind::WebM;
        assert_eq!(serde_json::to_value(&settings).unwrap()["video_kind"], "webm");
    }

    #[test]
    fn whatever_a_project_holds_is_bounded_and_saved_again() {
        for value in ["null", "-1", "1e300", "\"\"", "[]", "[1,2,3]", "{}", "true", "\"D:\\\\x\""] {
            for name in [
                "pack",
                "favourites",
                "words",
                "folder",
                "still_px",
                "video_px",
                "video_fps",
                "video_kind",
                "window",
                "pinned",
                "?",
            ] {
                let text = format!("{{\"{name}\":{value}}}");
                let settings = Settings::from_json(text.as_bytes()).unwrap().bounded();
                let _ = settings.output_folder();
                let saved = serde_json::to_vec(&settings).unwrap();
                assert_eq!(Settings::from_json(&saved).unwrap().bounded(), settings, "{text}");
            }
        }
        assert!(
            ["", "[]", "3", "{", "\u{0}"].iter().all(|text| Settings::from_json(text.as_bytes()).is_err())
        );
    }

    #[test]
    fn favourites_are_kept_by_their_ids() {
        let mut settings = Settings::from_json(br#"{"favourites":["flow","gone"]}"#).unwrap();
        settings.like(Scene::of("ink"));
        settings.like(Scene::FLOW);
        let saved = serde_json::to_value(&settings).unwrap();
        assert_eq!(saved["favourites"], serde_json::json!(["gone", "ink"]));
    }

    #[test]
    fn the_recorder_knows_the_kinds() {
        for kind in VideoKind::ALL {
            let path = PathBuf::from(format!("video{}", kind.end()));
            assert_eq!(Container::of(&path).unwrap().is_some(), kind != VideoKind::Png);
        }
    }
}
