//! By which name a scene is known.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use thiserror::Error;

use super::library;

/// A scene, by its id: the name of its folder or file. Presets, projects and command lines know it by that. Whether there is
/// such a scene is another question: [`find`](super::find) answers it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scene(&'static str);

/// A name that no scene has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no scene {found:?}{expected}")]
pub struct UnknownScene {
    /// What was asked for.
    pub found: String,
    /// What there is instead.
    pub expected: String,
}

/// Letters of an id, and ids that a process ever meets, at most.
const MOST_LETTERS: usize = 512;
const MOST_IDS: usize = 8192;

impl Scene {
    /// The picture itself, as a lit relief that drifts and breathes.
    pub const PICTURE: Self = Self("picture");
    /// The picture's light, carried along its own contours in a feedback of earlier frames.
    pub const FLOW: Self = Self("flow");
    /// The picture behind turning mirrors.
    pub const KALEIDOSCOPE: Self = Self("kaleidoscope");

    /// The scene of this id, whether or not it exists; the default one where the id cannot be any scene's.
    pub fn of(id: &str) -> Self {
        // An id is told from frame to frame, so it has to be as quick to copy as a number.
        static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(id) {
            return Self(found);
        }
        if id.is_empty() || id.chars().count() > MOST_LETTERS || known.len() >= MOST_IDS {
            return Self::default();
        }
        let kept: &'static str = Box::leak(id.to_owned().into_boxed_str());
        known.insert(kept);
        Self(kept)
    }

    /// The id.
    pub fn name(self) -> &'static str {
        self.0
    }
}

/// So many scenes a message names.
const MOST_NAMED: usize = 60;

impl Default for Scene {
    fn default() -> Self {
        Self::PICTURE
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scene({})", self.0)
    }
}

impl FromStr for Scene {
    type Err = UnknownScene;

    /// By its id, or by the path of its files.
    fn from_str(text: &str) -> Result<Self, UnknownScene> {
        if let Some(path) = library::as_path(text) {
            return Ok(Self::of(&path));
        }
        if text.contains(['/', '\\']) || text.ends_with(".wgsl") || text.ends_with(".fs") {
            let expected = ": nothing lies at this path".to_owned();
            return Err(UnknownScene { found: text.to_owned(), expected });
        }
        let mut there = library::ids();
        if there.iter().any(|id| id == text) {
            return Ok(Self::of(text));
        }
        let more = there.len().saturating_sub(MOST_NAMED);
        there.truncate(MOST_NAMED);
        let mut expected = format!("; there are: {}", there.join(", "));
        if more > 0 {
            expected += &format!(" and {more} more, which `klangbild scene list` names");
        }
        Err(UnknownScene { found: text.to_owned(), expected })
    }
}
