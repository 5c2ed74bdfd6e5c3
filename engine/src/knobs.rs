//! What can be turned, and what can be done: one row each in [the table](table).
//!
//! Everything that shows, stores or sends a knob takes it from there: [`Controls`](crate::controls::Controls), the plugin's
//! parameters and the pages of controllers, the panel, presets, the flags of `klangbild render` and `live`, the table in the
//! README, and the uniform block that shaders read as `knobs`. So a new knob is one row, and the shader (or the motion) that
//! uses it.
//!
//! ```
//! use klangbild_engine::controls::Controls;
//! use klangbild_engine::knobs::{Group, KnobId};
//!
//! let controls = Controls { speed: 0.5, ..Controls::default() };
//! let turned: Vec<_> = controls.changed().map(|(id, value)| (id.knob().flag(), value.flag(id))).collect();
//! assert_eq!(turned, [("speed", "0.5".to_owned())]);
//! assert_eq!(KnobId::Speed.knob().group, Group::Motion);
//! ```

mod choice;
#[macro_use]
mod define;
mod kind;
pub mod table;
mod value;

use std::sync::LazyLock;

pub use choice::{BeatDivision, Choice, ColourVision, KeyColour, Transition, TransitionOn};
pub use kind::{Choices, Curve, Kind, Number, Unit, Whole};
pub use table::KnobId;
pub use value::{Turned, Value, Visitor};

use crate::scene::Scene;

/// A row of the table.
#[derive(Debug)]
pub struct Knob {
    /// By which row it is known in code.
    pub id: KnobId,
    /// By which name projects and presets know it: never changes.
    pub key: &'static str,
    /// Its name in [`Controls`](crate::controls::Controls) and in WGSL.
    pub field: &'static str,
    /// What hosts, controllers and the panel call it: at most 20 letters, which the narrowest displays have.
    pub label: &'static str,
    /// Where it stands.
    pub group: Group,
    /// What it can be turned to.
    pub kind: Kind,
    /// What it does, in one line.
    pub help: &'static str,
}

impl Knob {
    /// Its name on the command line, without the dashes before it.
    pub fn flag(&self) -> &'static str {
        static FLAGS: LazyLock<Vec<String>> =
            LazyLock::new(|| table::KNOBS.iter().map(|knob| knob.field.replace('_', "-")).collect());
        FLAGS.get(self.id as usize).map_or(self.field, String::as_str)
    }

    /// What it is before anyone turns it.
    pub fn default(&self) -> Value {
        match self.kind {
            Kind::Number(number) => Value::Number(number.default),
            Kind::Whole(whole) => Value::Whole(whole.default),
            Kind::Switch { default } => Value::Switch(default),
            Kind::Choice(choices) => Value::Choice(choices.default),
            Kind::Scene => Value::Scene(Scene::default()),
            Kind::Act => Value::Switch(false),
        }
    }

    /// Whether it is done rather than turned: it is a parameter of the plugin and no part of the controls.
    pub fn is_act(&self) -> bool {
        matches!(self.kind, Kind::Act)
    }
}

impl KnobId {
    /// Its row.
    pub fn knob(self) -> &'static Knob {
        &table::KNOBS[self as usize]
    }

    /// The row that projects and presets know by this key.
    pub fn of_key(key: &str) -> Option<Self> {
        table::KNOBS.iter().find(|knob| knob.key == key).map(|knob| knob.id)
    }

    /// All that are turned, in the table's order.
    pub fn turned() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|id| !id.knob().is_act())
    }

    /// All that are parameters of the plugin, in the table's order.
    pub fn parameters() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|id| !id.is_viewers())
    }

    /// Whether it is one of [`VIEWER`](Self::VIEWER).
    pub fn is_viewers(self) -> bool {
        Self::VIEWER.contains(&self)
    }
}

/// What belongs together: a unit or module in hosts, a group in the panel, pages on controllers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// How the pictures change.
    #[default]
    Motion,
    /// What the stage does with them.
    Look,
    /// How far they follow what was said.
    Words,
    /// What is heard.
    Hearing,
    /// What is kept.
    Output,
    /// What the scene lets people turn.
    Scene,
    /// What suits whoever watches.
    Viewer,
}

impl Group {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Motion, Self::Words, Self::Look, Self::Scene, Self::Hearing, Self::Output, Self::Viewer];

    /// What hosts and the panel call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Motion => "Motion",
            Self::Look => "Look",
            Self::Words => "Words",
            Self::Hearing => "Hearing",
            Self::Output => "Output",
            Self::Scene => "Scene Controls",
            Self::Viewer => "Viewer",
        }
    }

    /// Its knobs, in the table's order.
    pub fn knobs(self) -> impl Iterator<Item = &'static Knob> {
        table::KNOBS.iter().filter(move |knob| knob.group == self)
    }
}

#[cfg(test)]
mod tests;
