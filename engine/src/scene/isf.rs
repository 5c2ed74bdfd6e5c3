//! Scenes in the Interactive Shader Format: a `.fs` file plays as a scene whose last pass is ours, and shows what the file's own
//! passes have drawn.
//!
//! What stands around them is made here: our passes that hand it pictures and sound in the form that the format says, and controls
//! for the first of its inputs, as many as hosts have knobs.

mod around;
mod place;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::path::{Component, Path};
use std::sync::Arc;

use super::head::{Head, Pass, Post};
use super::{Part, Scene, SceneError, SceneFile, files, image};
use crate::isf::{self, InputKind, Isf, IsfError};
use around::{controls, passes};
use place::placed;

/// Our passes around it.
const AROUND: &str = include_str!("../../../shaders/isf.wgsl");

/// A `.fs` file, and what lies beside it.
#[derive(Clone, Debug)]
pub struct IsfFile {
    /// What it is called in messages.
    pub file: String,
    /// What it says of itself.
    pub isf: Isf,
    /// The text of the `.vs` file beside it.
    pub vertex: Option<String>,
    /// Its imported pictures, a PNG or JPEG each.
    pub images: Vec<Vec<u8>>,
    /// Which knob turns each of its inputs.
    pub turned_by: Vec<TurnedBy>,
    /// Where each of its inputs that is a texture comes from: a target of our passes.
    pub drawn_by: Vec<Option<String>>,
    /// Whether it leads from one scene to the next.
    pub is_transition: bool,
}

/// What turns an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnedBy {
    /// Nothing: it stays at its default.
    Nothing,
    /// The control of this place.
    Control(usize),
    /// Two controls from this place on: x, and y.
    Two(usize),
    /// How far a transition is.
    Progress,
}

impl IsfFile {
    /// An error of the format's, with its place in the file.
    pub fn error(&self, error: &IsfError) -> SceneError {
        placed(&self.file, self.isf.text(), self.vertex.as_deref(), error)
    }

    /// What an input is, if its knobs stand so: as many numbers as it has. Colours are sRGB, as the file sees them; a point that
    /// [is a share](InputKind::is_share) of the frame is that.
    pub fn value(&self, at: usize, head: &Head, ways: &[f32], progress: f32) -> [f32; 4] {
        let Some((input, turned_by)) = self.isf.inputs.get(at).zip(self.turned_by.get(at)) else {
            return [0.0; 4];
        };
        let of = |place: usize| {
            let way = ways.get(place).copied().unwrap_or(0.5);
            head.controls.get(place).map_or([0.0; 4], |control| control.value(way))
        };
        let way = |place: usize| ways.get(place).copied().unwrap_or(0.5);
        match (*turned_by, &input.kind) {
            (TurnedBy::Nothing, kind) => default(kind),
            (TurnedBy::Progress, _) => [progress, 0.0, 0.0, 0.0],
            (TurnedBy::Two(place), _) => [of(place)[0], of(place + 1)[0], 0.0, 0.0],
            (TurnedBy::Control(place), InputKind::Long { choices, .. }) if !choices.is_empty() => {
                let chosen = choices.get(of(place)[0] as usize).map_or(0, |(value, _)| *value);
                [chosen as f32, 0.0, 0.0, 0.0]
            }
            (TurnedBy::Control(place), InputKind::Long { .. }) => [of(place)[0].round(), 0.0, 0.0, 0.0],
            (TurnedBy::Control(place), InputKind::Color { default }) => {
                let [r, g, b, alpha] = *default;
                let [r, g, b, _] = super::control::hue_turned([r, g, b], way(place) - 0.5);
                [r, g, b, alpha]
            }
            (TurnedBy::Control(place), _) => of(place),
        }
    }

    /// Inputs that could be turned, and have no knob.
    pub fn without_knob(&self) -> Vec<&str> {
        let inputs = self.isf.inputs.iter().zip(&self.turned_by);
        let still = inputs.filter(|(input, by)| **by == TurnedBy::Nothing && !input.kind.is_texture());
        still.map(|(input, _)| input.label.as_str()).collect()
    }
}

fn default(kind: &InputKind) -> [f32; 4] {
    let one = |number: f32| [number, 0.0, 0.0, 0.0];
    match kind {
        InputKind::Bool { default } => one(f32::from(u8::from(*default))),
        InputKind::Long { default, .. } => one(*default as f32),
        InputKind::Float { default, .. } => one(*default),
        InputKind::Point2D { default, .. } => [default[0], default[1], 0.0, 0.0],
        InputKind::Color { default } => *default,
        InputKind::Event | InputKind::Image | InputKind::Audio { .. } | InputKind::AudioFft { .. } => {
            [0.0; 4]
        }
    }
}

impl SceneFile {
    /// Reads a `.fs` file, the `.vs` beside it, and the pictures that it imports.
    ///
    /// # Errors
    /// What is missing, too large or wrong, and where.
    pub(super) fn open_isf(path: &Path, is_transition: bool) -> Result<Self, SceneError> {
        let file = files::name_of(path);
        let text = files::lenient(files::read(path)?);
        let isf = Isf::read(&text).map_err(|error| placed(&file, &text, None, &error))?;
        let beside = path.with_extension("vs");
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let vertex = match beside.is_file() {
            true => Some(files::lenient(files::read_beside(folder, &beside)?)),
            false => None,
        };
        let images = isf.imported.iter().map(|imported| imported_picture(folder, &file, imported));
        let images = images.collect::<Result<_, _>>()?;
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or(&file);
        Ok(Self::from_isf(name, &file, isf, vertex, images, is_transition))
    }

    /// A scene of these files.
    pub(crate) fn from_isf(
        name: &str,
        file: &str,
        isf: Isf,
        vertex: Option<String>,
        images: Vec<Vec<u8>>,
        is_transition: bool,
    ) -> Self {
        let (controls, turned_by) = controls(&isf.inputs, is_transition);
        let (mut passes, drawn_by) = passes(&isf.inputs, is_transition);
        passes.push(Pass::fragment("paint"));
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let head = Head {
            energy: 0.5,
            name: name.chars().take(64).collect(),
            author: one_line(&isf.credit),
            about: one_line(&isf.description),
            tags: isf.categories.clone(),
            controls,
            passes,
            // As its author sees it.
            post: Post {
                bloom: 0.0,
                grain: 0.0,
                vignette: 0.0,
                breathes: false,
                tone: false,
                ..Post::default()
            },
            ..Head::default()
        };
        let parts = vec![Part { file: "isf.wgsl".to_owned(), text: Cow::Borrowed(AROUND) }];
        let file = file.to_owned();
        let isf = IsfFile { file, isf, vertex, images, turned_by, drawn_by, is_transition };
        Self { scene: Scene::of(name), head, parts, images: Vec::new(), isf: Some(Arc::new(isf)) }
    }
}

/// A picture that the file imports.
fn imported_picture(folder: &Path, file: &str, imported: &isf::Imported) -> Result<Vec<u8>, SceneError> {
    let wrong = |message: String| SceneError::Head {
        file: file.to_owned(),
        message: format!("IMPORTED.{}: {message}", imported.name),
    };
    let path = Path::new(&imported.path);
    // A stranger's file reads nothing but what lies beside it.
    if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(wrong(format!("{:?} leads out of the file's folder", imported.path)));
    }
    if !image::is_picture(path) {
        return Err(wrong(format!(
            "{:?} is neither a PNG nor a JPEG; save it as one, and name that",
            imported.path
        )));
    }
    files::read_beside(folder, &folder.join(path))
}
