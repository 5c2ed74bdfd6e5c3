//! Parameters that are one of a few.

use klangbild_engine::stage::Scene;
use nice_plug::prelude::Enum;

/// The engine's scenes, as a host sees them.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum SceneChoice {
    /// [`Scene::Picture`].
    #[id = "picture"]
    Picture,
    /// [`Scene::Flow`].
    #[id = "flow"]
    Flow,
    /// [`Scene::Kaleidoscope`].
    #[id = "kaleidoscope"]
    Kaleidoscope,
}

/// The note that chooses the first scene: C1 where middle C is C3.
const FIRST_NOTE: u8 = 36;

impl SceneChoice {
    /// The scene that a MIDI note chooses.
    pub fn of_note(note: u8) -> Option<Self> {
        let index = usize::from(note.checked_sub(FIRST_NOTE)?);
        (index < Self::variants().len()).then(|| Self::from_index(index))
    }
}

impl From<SceneChoice> for Scene {
    fn from(choice: SceneChoice) -> Self {
        match choice {
            SceneChoice::Picture => Self::Picture,
            SceneChoice::Flow => Self::Flow,
            SceneChoice::Kaleidoscope => Self::Kaleidoscope,
        }
    }
}

/// How many beats lie between two steps of the motion.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum BeatDivision {
    /// Four steps a beat.
    #[id = "quarter"]
    #[name = "1/4 beat"]
    Quarter,
    /// Two steps a beat.
    #[id = "half"]
    #[name = "1/2 beat"]
    Half,
    /// A step a beat.
    #[id = "one"]
    #[name = "1 beat"]
    One,
    /// A step every two beats.
    #[id = "two"]
    #[name = "2 beats"]
    Two,
    /// A step every four beats: mostly a bar.
    #[id = "four"]
    #[name = "4 beats"]
    Four,
    /// A step every eight beats.
    #[id = "eight"]
    #[name = "8 beats"]
    Eight,
}

impl BeatDivision {
    /// Beats from one step to the next.
    pub fn beats(self) -> f32 {
        match self {
            Self::Quarter => 0.25,
            Self::Half => 0.5,
            Self::One => 1.0,
            Self::Two => 2.0,
            Self::Four => 4.0,
            Self::Eight => 8.0,
        }
    }
}
