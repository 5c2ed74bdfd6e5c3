//! What a knob is turned to, whatever kind it is.

use super::{Choice, Kind, Knob, KnobId};
use crate::scene::{self, Scene, slots};

/// What a knob is turned to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A number, in the knob's own unit; 1 is 100 %.
    Number(f32),
    /// A whole number.
    Whole(u64),
    /// On or off.
    Switch(bool),
    /// Which one of a few.
    Choice(usize),
    /// Which scene.
    Scene(Scene),
}

impl Value {
    /// As one number: 0 or 1 for a switch, the place for one of a few, the slot of a scene. What shaders see.
    pub fn as_f32(self) -> f32 {
        match self {
            Self::Number(number) => number,
            Self::Whole(whole) => whole as f32,
            Self::Switch(on) => f32::from(u8::from(on)),
            Self::Choice(index) => index as f32,
            Self::Scene(scene) => slots::slot(scene).map_or(-1.0, |slot| slot as f32),
        }
    }

    fn as_u64(self) -> u64 {
        match self {
            Self::Whole(whole) => whole,
            // Saturates, and takes what is no number for 0.
            other => other.as_f32() as u64,
        }
    }

    /// In the words of a command line; [`parse_flag`](Self::parse_flag) gives the very same value back.
    pub fn flag(self, id: KnobId) -> String {
        match (self, id.knob().kind) {
            (Self::Number(number), _) => number.to_string(),
            (Self::Whole(whole), _) => whole.to_string(),
            (Self::Switch(on), _) => if on { "on" } else { "off" }.to_owned(),
            (Self::Choice(index), Kind::Choice(choices)) => {
                choices.keys.get(index).copied().unwrap_or_default().to_owned()
            }
            (Self::Choice(index), _) => index.to_string(),
            (Self::Scene(scene), _) => scene.name().to_owned(),
        }
    }

    /// Reads a command line's words for this knob, whether or not the value is in its range.
    ///
    /// # Errors
    /// What was expected.
    pub fn parse_flag(id: KnobId, text: &str) -> Result<Self, String> {
        match id.knob().kind {
            Kind::Number(_) => text.parse().map(Self::Number).map_err(|_| "a number is expected".to_owned()),
            Kind::Whole(whole) => {
                let expected = |_| format!("a whole number from {} on is expected", whole.min);
                text.parse().map(Self::Whole).map_err(expected)
            }
            Kind::Switch { .. } | Kind::Act => match text {
                "on" => Ok(Self::Switch(true)),
                "off" => Ok(Self::Switch(false)),
                _ => Err("it is on or off".to_owned()),
            },
            Kind::Scene => {
                text.parse().map(Self::Scene).map_err(|unknown: scene::UnknownScene| unknown.to_string())
            }
            Kind::Choice(choices) => {
                let place = choices.keys.iter().position(|key| *key == text);
                place.map(Self::Choice).ok_or_else(|| format!("there are: {}", choices.keys.join(", ")))
            }
        }
    }
}

/// A type that a knob's value has in [`Controls`](crate::controls::Controls).
pub trait Turned: Copy {
    /// As a value.
    fn value(self) -> Value;
    /// From a value; one of another kind is taken for what comes nearest.
    fn of(value: Value) -> Self;
    /// Shows a knob of this type to someone who makes something of each.
    fn show<V: Visitor>(knob: &'static Knob, visitor: &mut V) -> V::Made;
}

/// Someone who makes something of each kind of knob, as the plugin makes parameters.
pub trait Visitor {
    /// What is made.
    type Made;
    /// Of a number.
    fn number(&mut self, knob: &'static Knob) -> Self::Made;
    /// Of a whole number.
    fn whole(&mut self, knob: &'static Knob) -> Self::Made;
    /// Of a switch.
    fn switch(&mut self, knob: &'static Knob) -> Self::Made;
    /// Of one of a few.
    fn choice<C: Choice>(&mut self, knob: &'static Knob) -> Self::Made;
    /// Of a scene.
    fn scene(&mut self, knob: &'static Knob) -> Self::Made;
    /// Of something that is done.
    fn act(&mut self, knob: &'static Knob) -> Self::Made;
}

impl Turned for f32 {
    fn value(self) -> Value {
        Value::Number(self)
    }

    fn of(value: Value) -> Self {
        value.as_f32()
    }

    fn show<V: Visitor>(knob: &'static Knob, visitor: &mut V) -> V::Made {
        visitor.number(knob)
    }
}

impl Turned for u64 {
    fn value(self) -> Value {
        Value::Whole(self)
    }

    fn of(value: Value) -> Self {
        value.as_u64()
    }

    fn show<V: Visitor>(knob: &'static Knob, visitor: &mut V) -> V::Made {
        visitor.whole(knob)
    }
}

impl Turned for bool {
    fn value(self) -> Value {
        Value::Switch(self)
    }

    fn of(value: Value) -> Self {
        value.as_f32() >= 0.5
    }

    fn show<V: Visitor>(knob: &'static Knob, visitor: &mut V) -> V::Made {
        visitor.switch(knob)
    }
}

impl Turned for Scene {
    fn value(self) -> Value {
        Value::Scene(self)
    }

    fn of(value: Value) -> Self {
        match value {
            Value::Scene(scene) => scene,
            other => slots::of_slot(other.as_u64() as usize).unwrap_or_default(),
        }
    }

    fn show<V: Visitor>(knob: &'static Knob, visitor: &mut V) -> V::Made {
        visitor.scene(knob)
    }
}

impl<C: Choice> Turned for C {
    fn value(self) -> Value {
        Value::Choice(self.index())
    }

    fn of(value: Value) -> Self {
        let index = match value {
            Value::Choice(index) => index,
            other => other.as_u64() as usize,
        };
        C::of_index(index)
    }

    fn show<V: Visitor>(knob: &'static Knob, visitor: &mut V) -> V::Made {
        visitor.choice::<C>(knob)
    }
}
