//! A knob of any kind, behind one safe face.

use std::marker::PhantomData;

use egui::{Color32, Rgba};
use klangbild_engine::knobs::{Kind, KnobId};
use klangbild_engine::scene::control::{self, Control};
use nice_plug::prelude::ParamPtr;

use crate::params::KlangbildParams;
use crate::scene_control;

/// A row of the table with its parameter, which is borrowed for `'a`. All values are normalised, 0 to 1.
#[derive(Clone, Copy)]
pub struct Knob<'a> {
    id: KnobId,
    ptr: ParamPtr,
    /// What a scene makes of it.
    control: Option<&'a Control>,
    borrowed: PhantomData<&'a ()>,
}

impl<'a> Knob<'a> {
    /// The only way to make one: of parameters that live as long as it does.
    pub fn of(params: &'a KlangbildParams, id: KnobId) -> Self {
        Self { id, ptr: params.ptr(id), control: None, borrowed: PhantomData }
    }

    /// One of a scene's own, as its control has it.
    pub fn of_scene(params: &'a KlangbildParams, id: KnobId, control: &'a Control) -> Self {
        Self { control: Some(control), ..Self::of(params, id) }
    }

    /// By which name it is known for ever.
    pub fn key(self) -> &'static str {
        self.id.knob().key
    }

    /// What it is called, as in a host.
    pub fn label(self) -> &'a str {
        self.control.map_or(self.id.knob().label, |control| &control.label)
    }

    /// What it does.
    pub fn help(self) -> &'a str {
        match self.control {
            Some(control) if control.tip.is_empty() => "One of the scene's own controls.",
            Some(control) => &control.tip,
            None => self.id.knob().help,
        }
    }

    /// Whether a switch is on.
    pub fn is_on(self) -> bool {
        let value = self.value();
        self.control.map_or(value, |control| control.value(value)[0]) >= 0.5
    }

    /// The colour at a value, where it turns one.
    pub fn colour(self, value: f32) -> Option<Color32> {
        let control = self.control.filter(|control| control.kind == control::Kind::Colour)?;
        let [r, g, b, _] = control.value(value);
        Some(Rgba::from_rgb(r.min(1.0), g.min(1.0), b.min(1.0)).into())
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
        if let Some(control) = self.control {
            return control.text(value);
        }
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        let text = unsafe { self.ptr.normalized_value_to_string(value, true) };
        // Whole numbers are read faster without a decimal place.
        let whole = |unit: &str| Some(format!("{}{unit}", text.strip_suffix(unit)?.strip_suffix(".0")?));
        whole(" %").or_else(|| whole(" °")).unwrap_or(text)
    }

    /// The value of words that someone has typed, if they mean one.
    pub fn parse(self, text: &str) -> Option<f32> {
        if let Some(control) = self.control {
            return scene_control::read(control, text);
        }
        // SAFETY: the parameter is borrowed for 'a; see `of`.
        let value = unsafe { self.ptr.string_to_normalized_value(text) };
        value.filter(|value| value.is_finite()).map(|value| value.clamp(0.0, 1.0))
    }

    /// The choices of a parameter that is one of a few: value and words.
    pub fn choices(self) -> impl Iterator<Item = (f32, String)> {
        let steps = match self.control {
            Some(control) => control.choices.len().saturating_sub(1),
            None => self.steps().unwrap_or(0),
        };
        (0..=steps).map(move |step| {
            let value = match self.control {
                Some(control) => control.way(step as f32),
                None => step as f32 / steps.max(1) as f32,
            };
            (value, self.text(value))
        })
    }
}
