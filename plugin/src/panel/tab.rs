//! The groups of the deck.

use klangbild_engine::knobs::{Group, KnobId};

/// A group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// How the pictures change.
    #[default]
    Motion,
    /// What they follow.
    Words,
    /// What the scene lets people turn.
    Scene,
    /// What the stage does with them.
    Look,
    /// What is heard.
    Hearing,
    /// What is kept.
    Output,
}

impl Tab {
    /// All of them, from left to right.
    pub const ALL: [Self; 6] =
        [Self::Motion, Self::Words, Self::Scene, Self::Look, Self::Hearing, Self::Output];
    /// Those that stand side by side where there is room; words and the scene's stand above them.
    pub const COLUMNS: [Self; 4] = [Self::Motion, Self::Look, Self::Hearing, Self::Output];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Motion => Group::Motion.name(),
            Self::Words => Group::Words.name(),
            Self::Scene => KnobId::Scene.knob().label,
            Self::Look => Group::Look.name(),
            Self::Hearing => Group::Hearing.name(),
            Self::Output => Group::Output.name(),
        }
    }
}
