//! The scenes that a stage can play.

use std::{fmt, str::FromStr};

use super::StageError;

/// One way to turn pictures and hearing into light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scene {
    /// The picture itself, as a lit relief that drifts and breathes.
    #[default]
    Picture,
    /// The picture's light, carried along its own contours in a feedback of earlier frames.
    Flow,
    /// The picture behind turning mirrors.
    Kaleidoscope,
}

impl Scene {
    /// Every scene, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Picture, Self::Flow, Self::Kaleidoscope];

    /// The name as written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Flow => "flow",
            Self::Kaleidoscope => "kaleidoscope",
        }
    }

    /// One line that says what is to be seen.
    pub fn description(self) -> &'static str {
        match self {
            Self::Picture => {
                "the picture itself as a silken relief: it drifts, breathes with the bass, flashes with the kick"
            }
            Self::Flow => "the picture's light carried along its own contours, like ink in water",
            Self::Kaleidoscope => "the picture behind turning mirrors, like a rose window",
        }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scene {
    type Err = StageError;

    fn from_str(text: &str) -> Result<Self, StageError> {
        Self::ALL.into_iter().find(|scene| scene.name() == text).ok_or_else(|| StageError::UnknownScene {
            found: text.to_owned(),
            expected: Self::ALL.map(Self::name).join(", "),
        })
    }
}
