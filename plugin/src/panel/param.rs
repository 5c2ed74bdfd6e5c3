//! A knob of any kind, behind one safe face.

use std::marker::PhantomData;

use klangbild_engine::knobs::{Kind, KnobId};
use nice_plug::prelude::ParamPtr;

use crate::params::KlangbildParams;

/// A row of the table with its parameter, which is borrowed for `'a`. All values are normalised, 0 to 1.
#[derive(Clone, Copy)]
pub struct Knob<'a> {
    id: KnobId,
    ptr: ParamPtr,
    borrowed: PhantomData<&'a ()>,
}

impl<'a> Knob<'a> {
    /// The only way to make one: of parameters that live as long as it does.
    pub fn of(params: &'a KlangbildParams, id: KnobId) -> Self {
        Self { id, ptr: params.ptr(id), borrowed: PhantomData }
    }

    /// What it is called, as in a host.
    pub fn label(self) -> &'static str {
        self.id.knob().label
    }

    /// What it does.
    pub fn help(self) -> &'static str {
        self.id.knob().help
    }

    /// What it can be turned to.
    pub fn kind(self) -> Kind {
        self.id.knob().kind
    }

    /// The pointer, by which wishes name the parameter.
    pub fn ptr(self) -> ParamPtr {
        self.ptr
    }

    /// The value that is heard and seen: with what a host automates and modulates.
    pub fn value(self) -> f32 {
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        unsafe { self.ptr.modulated_normalized_value() }
    }

    /// The value that someone has set: what a host modulates comes on top of it.
    pub fn base(self) -> f32 {
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        unsafe { self.ptr.unmodulated_normalized_value() }
    }

    /// The value to which a double click goes back.
    pub fn default(self) -> f32 {
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        unsafe { self.ptr.default_normalized_value() }
    }

    /// Number of steps of a parameter that is no continuum: one less than there are choices.
    pub fn steps(self) -> Option<usize> {
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        unsafe { self.ptr.step_count() }
    }

    /// The words for a value, with its unit.
    pub fn text(self, value: f32) -> String {
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        let text = unsafe { self.ptr.normalized_value_to_string(value, true) };
        // Whole numbers are read faster without a decimal place.
        let whole = |unit: &str| Some(format!("{}{unit}", text.strip_suffix(unit)?.strip_suffix(".0")?));
        whole(" %").or_else(|| whole(" °")).unwrap_or(text)
    }

    /// The value of words that someone has typed, if they mean one.
    pub fn parse(self, text: &str) -> Option<f32> {
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        let value = unsafe { self.ptr.string_to_normalized_value(text) };
        value.filter(|value| value.is_finite()).map(|value| value.clamp(0.0, 1.0))
    }

    /// The choices of a parameter that is one of a few: value and words.
    pub fn choices(self) -> impl Iterator<Item = (f32, String)> {
        let steps = self.steps().unwrap_or(0);
        (0..=steps).map(move |step| {
            let value = step as f32 / steps.max(1) as f32;
            (value, self.text(value))
        })
    }
}
