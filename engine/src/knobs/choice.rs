//! Knobs that are one of a few.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// One of a few, for a row of the table.
pub trait Choice: Copy + PartialEq + Send + Sync + 'static {
    /// All of them, in the order in which they are offered.
    const ALL: &'static [Self];
    /// By which names projects and command lines know them: never change.
    const KEYS: &'static [&'static str];
    /// What people see.
    const NAMES: &'static [&'static str];

    /// Its place.
    fn index(self) -> usize {
        Self::ALL.iter().position(|choice| *choice == self).unwrap_or_default()
    }

    /// The one at this place, or the first.
    fn of_index(index: usize) -> Self {
        Self::ALL.get(index).copied().unwrap_or(Self::ALL[0])
    }
}

/// A name that none of them has.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("there is no {what} {found:?}; there are: {expected}")]
pub struct UnknownChoice {
    /// What was asked for.
    pub what: &'static str,
    /// By which name.
    pub found: String,
    /// What there is.
    pub expected: String,
}

/// How pictures and hearing are turned into light.
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

impl Choice for Scene {
    const ALL: &'static [Self] = &[Self::Picture, Self::Flow, Self::Kaleidoscope];
    const KEYS: &'static [&'static str] = &["picture", "flow", "kaleidoscope"];
    const NAMES: &'static [&'static str] = &["Picture", "Flow", "Kaleidoscope"];
}

impl Scene {
    /// Every scene, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Picture, Self::Flow, Self::Kaleidoscope];

    /// The name as written on a command line.
    pub fn name(self) -> &'static str {
        <Self as Choice>::KEYS[self.index()]
    }

    /// One line that says what is to be seen.
    pub fn description(self) -> &'static str {
        match self {
            Self::Picture => "The picture itself, with depth and light.",
            Self::Flow => "The picture as paint that flows with the music.",
            Self::Kaleidoscope => "The picture in mirrors that turn.",
        }
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scene {
    type Err = UnknownChoice;

    fn from_str(text: &str) -> Result<Self, UnknownChoice> {
        Self::ALL.into_iter().find(|scene| scene.name() == text).ok_or_else(|| UnknownChoice {
            what: "scene",
            found: text.to_owned(),
            expected: <Self as Choice>::KEYS.join(", "),
        })
    }
}

/// How many beats lie between two steps of the motion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BeatDivision {
    /// Four steps a beat.
    Quarter,
    /// Two steps a beat.
    Half,
    /// A step a beat.
    #[default]
    One,
    /// A step every two beats.
    Two,
    /// A step every four beats: mostly a bar.
    Four,
    /// A step every eight beats.
    Eight,
}

impl Choice for BeatDivision {
    const ALL: &'static [Self] = &[Self::Quarter, Self::Half, Self::One, Self::Two, Self::Four, Self::Eight];
    const KEYS: &'static [&'static str] = &["quarter", "half", "one", "two", "four", "eight"];
    const NAMES: &'static [&'static str] =
        &["1/4 beat", "1/2 beat", "1 beat", "2 beats", "4 beats", "8 beats"];
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
