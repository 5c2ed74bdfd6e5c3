//! One of a few, as the framework wants it.

use klangbild_engine::knobs::Choice;
use nice_plug::prelude::Enum;

/// One of the engine's few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picked<C>(pub C);

impl<C: Choice> Enum for Picked<C> {
    fn variants() -> &'static [&'static str] {
        C::NAMES
    }

    fn ids() -> Option<&'static [&'static str]> {
        Some(C::KEYS)
    }

    fn to_index(self) -> usize {
        self.0.index()
    }

    fn from_index(index: usize) -> Self {
        Self(C::of_index(index))
    }
}
