//! The parameters that are turned: one for each such row of the engine's table.

use std::sync::Arc;

use klangbild_engine::knobs::{Choice, Curve, Kind, Knob, KnobId, Unit, Value, Visitor};
use nice_plug::prelude::*;

use super::picked::Picked;
use super::scene_slot::SceneSlot;

/// A parameter of any kind.
pub enum Turned {
    /// Any number of a range.
    Number(FloatParam),
    /// A whole number.
    Whole(IntParam),
    /// On or off.
    Switch(BoolParam),
    /// One of a few.
    Choice(Box<dyn AnyChoice>),
    /// A scene, by its place.
    Scene(EnumParam<SceneSlot>),
}

/// One of a few, whichever they are.
pub trait AnyChoice: Send + Sync {
    /// The place of the one that is chosen.
    fn index(&self) -> usize;
    /// The parameter.
    fn as_ptr(&self) -> ParamPtr;
}

impl<C: Choice> AnyChoice for EnumParam<Picked<C>> {
    fn index(&self) -> usize {
        self.value().0.index()
    }

    fn as_ptr(&self) -> ParamPtr {
        Param::as_ptr(self)
    }
}

impl Turned {
    /// The parameter of a row that is turned; `None` for one that is done. `moved` is told when a scene is chosen,
    /// or a switch is turned.
    pub fn of(id: KnobId, moved: Option<Arc<dyn Fn() + Send + Sync>>) -> Option<Self> {
        id.visit(&mut Maker { moved })
    }

    /// What it is turned to, with what a host modulates.
    pub fn value(&self) -> Value {
        match self {
            Self::Number(param) => Value::Number(param.value()),
            Self::Whole(param) => Value::Whole(param.value().unsigned_abs().into()),
            Self::Switch(param) => Value::Switch(param.value()),
            Self::Choice(param) => Value::Choice(param.index()),
            Self::Scene(param) => Value::Scene(param.value().scene()),
        }
    }

    /// The parameter itself.
    pub fn as_ptr(&self) -> ParamPtr {
        match self {
            Self::Number(param) => param.as_ptr(),
            Self::Whole(param) => param.as_ptr(),
            Self::Switch(param) => param.as_ptr(),
            Self::Choice(param) => param.as_ptr(),
            Self::Scene(param) => param.as_ptr(),
        }
    }

    /// The normalised value, 0 to 1, of one in the knob's own unit.
    pub fn normalized(&self, value: Value) -> f32 {
        match (self, value) {
            (Self::Number(param), value) => param.preview_normalized(value.as_f32()),
            (Self::Whole(param), Value::Whole(whole)) => {
                param.preview_normalized(whole.try_into().unwrap_or(i32::MAX))
            }
            (Self::Whole(param), value) => param.preview_normalized(value.as_f32() as i32),
            (Self::Switch(_), value) => value.as_f32().clamp(0.0, 1.0),
            (Self::Scene(_), value) => SceneSlot::way(value.as_f32()),
            (Self::Choice(param), value) => {
                // SAFETY: the pointer is of `param`, which is borrowed for as long.
                let steps = unsafe { param.as_ptr().step_count() }.unwrap_or(1).max(1);
                value.as_f32() / steps as f32
            }
        }
    }
}

struct Maker {
    moved: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl Visitor for Maker {
    type Made = Option<Turned>;

    fn number(&mut self, knob: &'static Knob) -> Self::Made {
        let Kind::Number(number) = knob.kind else { return None };
        let (min, max) = (number.min, number.max);
        let range = match number.curve {
            Curve::Linear => FloatRange::Linear { min, max },
            Curve::Low => FloatRange::Skewed { min, max, factor: FloatRange::skew_factor(-1.0) },
        };
        let param = FloatParam::new(knob.label, number.default, range).with_unit(number.unit.suffix());
        Some(Turned::Number(match number.unit {
            Unit::Percent => param
                .with_value_to_string(formatters::v2s_f32_percentage(1))
                .with_string_to_value(formatters::s2v_f32_percentage()),
            Unit::Degrees => param.with_value_to_string(formatters::v2s_f32_rounded(1)),
            Unit::Factor | Unit::Stops | Unit::Beats => {
                param.with_value_to_string(formatters::v2s_f32_rounded(2))
            }
        }))
    }

    fn whole(&mut self, knob: &'static Knob) -> Self::Made {
        let Kind::Whole(whole) = knob.kind else { return None };
        let [min, max, default] =
            [whole.min, whole.max, whole.default].map(|number| number.try_into().unwrap_or(i32::MAX));
        Some(Turned::Whole(IntParam::new(knob.label, default, IntRange::Linear { min, max })))
    }

    fn switch(&mut self, knob: &'static Knob) -> Self::Made {
        let Kind::Switch { default } = knob.kind else { return None };
        let mut param = BoolParam::new(knob.label, default);
        if let Some(moved) = self.moved.take() {
            param = param.with_callback(Arc::new(move |_| moved()));
        }
        Some(Turned::Switch(param))
    }

    fn choice<C: Choice>(&mut self, knob: &'static Knob) -> Self::Made {
        let Kind::Choice(choices) = knob.kind else { return None };
        let param = EnumParam::new(knob.label, Picked(C::of_index(choices.default)));
        Some(Turned::Choice(Box::new(param)))
    }

    fn scene(&mut self, knob: &'static Knob) -> Self::Made {
        let mut param = EnumParam::new(knob.label, SceneSlot::default());
        if let Some(moved) = self.moved.take() {
            param = param.with_callback(Arc::new(move |_| moved()));
        }
        Some(Turned::Scene(param))
    }

    fn act(&mut self, _: &'static Knob) -> Self::Made {
        None
    }
}
