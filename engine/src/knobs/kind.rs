//! What a knob can be turned to. The functions below are the words of the table.

use super::{Choice, Value};

/// What a knob can be turned to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Any number of a range.
    Number(Number),
    /// A whole number of a range.
    Whole(Whole),
    /// On or off.
    Switch {
        /// What it is before anyone turns it.
        default: bool,
    },
    /// One of a few.
    Choice(Choices),
    /// A scene: one of as many as there are.
    Scene,
    /// Nothing: it is done.
    Act,
}

/// A range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// The least.
    pub min: f32,
    /// The most that a knob reaches.
    pub max: f32,
    /// The most that a command line may ask for.
    pub most: f32,
    /// What it is before anyone turns it.
    pub default: f32,
    /// How it is written.
    pub unit: Unit,
    /// How the range lies on the knob's way.
    pub curve: Curve,
}

/// How a number is written for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `80 %`, which is 0.8.
    Percent,
    /// `1.50 x`.
    Factor,
    /// `-60 °`.
    Degrees,
    /// `-0.30 EV`: stops of exposure.
    Stops,
    /// `4.00 beats`.
    Beats,
}

/// How a range lies on the knob's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// Evenly.
    Linear,
    /// The low half of the way has a quarter of the range, as factors want it.
    Low,
}

/// A range of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The least.
    pub min: u64,
    /// The most that a knob reaches.
    pub max: u64,
    /// The most that a command line may ask for.
    pub most: u64,
    /// What it is before anyone turns it.
    pub default: u64,
}

/// A few to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    /// By which names projects and command lines know them: never change.
    pub keys: &'static [&'static str],
    /// What people see.
    pub names: &'static [&'static str],
    /// The one before anyone chooses.
    pub default: usize,
}

impl Unit {
    /// What stands behind the number, with the space before it.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Percent => " %",
            Self::Factor => " x",
            Self::Degrees => " °",
            Self::Stops => " EV",
            // What lasts so many says so in its name.
            Self::Beats => "",
        }
    }
}

impl Kind {
    /// Brings a value into what the engine is made for; one that is no number becomes the default.
    pub fn bounded(&self, value: Value) -> Value {
        match (self, value) {
            (Self::Number(number), Value::Number(value)) => {
                let finite = if value.is_finite() { value } else { number.default };
                Value::Number(finite.clamp(number.min, number.most))
            }
            (Self::Whole(whole), Value::Whole(value)) => Value::Whole(value.clamp(whole.min, whole.most)),
            (Self::Choice(choices), Value::Choice(index)) if index >= choices.keys.len() => {
                Value::Choice(choices.default)
            }
            _ => value,
        }
    }

    /// Whether a value is one that may be asked for.
    pub fn bears(&self, value: Value) -> bool {
        self.bounded(value) == value
    }

    /// Whether the knob itself can be turned to it, as in a window.
    pub fn reaches(&self, value: Value) -> bool {
        match (self, value) {
            (Self::Number(number), Value::Number(value)) => (number.min..=number.max).contains(&value),
            (Self::Whole(whole), Value::Whole(value)) => (whole.min..=whole.max).contains(&value),
            _ => self.bears(value),
        }
    }

    /// What the knob can be turned to, in words.
    pub fn reach(&self) -> String {
        match self {
            Self::Number(number) => format!("it goes from {} to {}", number.min, number.max),
            Self::Whole(whole) => format!("it goes from {} to {}", whole.min, whole.max),
            Self::Switch { .. } | Self::Act => "it is on or off".to_owned(),
            Self::Choice(choices) => format!("there are: {}", choices.keys.join(", ")),
            Self::Scene => "it is the name of a scene".to_owned(),
        }
    }
}

impl Number {
    pub(super) const fn new(min: f32, max: f32, default: f32, unit: Unit, curve: Curve) -> Self {
        Self { min, max, most: max, default, unit, curve }
    }

    /// The engine bears more than the knob reaches: up to `most`.
    pub(super) const fn bearing(self, most: f32) -> Self {
        Self { most, ..self }
    }

    pub(super) const fn kind(self) -> Kind {
        Kind::Number(self)
    }
}

impl Whole {
    /// As [`Number::bearing`].
    pub(super) const fn bearing(self, most: u64) -> Self {
        Self { most, ..self }
    }

    pub(super) const fn kind(self) -> Kind {
        Kind::Whole(self)
    }
}

impl Choices {
    pub(super) const fn kind(self) -> Kind {
        Kind::Choice(self)
    }
}

/// A switch, until the table takes it.
pub(super) struct Switch(bool);

impl Switch {
    pub(super) const fn kind(self) -> Kind {
        Kind::Switch { default: self.0 }
    }
}

/// A share or a strength: 1 is 100 %.
pub(super) const fn percent(min: f32, max: f32, default: f32) -> Number {
    Number::new(min, max, default, Unit::Percent, Curve::Linear)
}

/// Something that multiplies.
pub(super) const fn factor(min: f32, max: f32, default: f32) -> Number {
    Number::new(min, max, default, Unit::Factor, Curve::Low)
}

/// An angle.
pub(super) const fn degrees(min: f32, max: f32, default: f32) -> Number {
    Number::new(min, max, default, Unit::Degrees, Curve::Linear)
}

/// A time in beats.
pub(super) const fn beats(min: f32, max: f32, default: f32) -> Number {
    Number::new(min, max, default, Unit::Beats, Curve::Low)
}

/// Light.
pub(super) const fn stops(min: f32, max: f32, default: f32) -> Number {
    Number::new(min, max, default, Unit::Stops, Curve::Linear)
}

/// A number without parts.
pub(super) const fn whole(min: u64, max: u64, default: u64) -> Whole {
    Whole { min, max, most: max, default }
}

/// On or off.
pub(super) const fn switch(default: bool) -> Switch {
    Switch(default)
}

/// One of a few.
pub(super) const fn choice<C: Choice>(default: usize) -> Choices {
    Choices { keys: C::KEYS, names: C::NAMES, default }
}

/// A scene.
pub(super) struct AnyScene;

impl AnyScene {
    pub(super) const fn kind(self) -> Kind {
        Kind::Scene
    }
}

/// One of as many scenes as there are.
pub(super) const fn scene() -> AnyScene {
    AnyScene
}

/// Something that is done.
pub(super) const fn act() -> Kind {
    Kind::Act
}
