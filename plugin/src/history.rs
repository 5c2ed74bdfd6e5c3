//! Undo and redo of what was changed in the panel. They belong to the instance, and so outlive its windows.

use std::sync::PoisonError;

use nice_plug::prelude::ParamPtr;

use crate::params::{Edit, KlangbildParams, set_all};
use crate::settings::Settings;

/// Steps that can be taken back.
const MOST: usize = 100;

/// A look, as it was: every parameter's normalised value, and the pack.
#[derive(Clone, Debug, PartialEq)]
struct Moment {
    values: Vec<(ParamPtr, f32)>,
    pack: String,
    preset: String,
}

/// What was, and what was taken back.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Moment>,
    future: Vec<Moment>,
}

impl Moment {
    fn of(params: &KlangbildParams) -> Self {
        // SAFETY: the pointers are of `params`, which is borrowed for as long.
        let value = |param: ParamPtr| unsafe { param.unmodulated_normalized_value() };
        let values = params.undo_params().into_iter().map(|(_, param)| (param, value(param)));
        let Settings { pack, preset, .. } =
            params.settings.read().unwrap_or_else(PoisonError::into_inner).clone();
        Self { values: values.collect(), pack, preset }
    }

    fn restore(&self, params: &KlangbildParams, edit: &dyn Fn(Edit)) {
        set_all(&self.values, edit);
        let mut settings = params.settings.write().unwrap_or_else(PoisonError::into_inner);
        settings.pack.clone_from(&self.pack);
        settings.preset.clone_from(&self.preset);
    }
}

impl History {
    /// Call before a change: what is now can be brought back.
    pub fn remember(&mut self, params: &KlangbildParams) {
        let now = Moment::of(params);
        self.future.clear();
        if self.past.last() != Some(&now) {
            self.past.push(now);
        }
        let excess = self.past.len().saturating_sub(MOST);
        self.past.drain(..excess);
    }

    /// Whether there is anything to take back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is anything to make again.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Takes the last change back.
    pub fn undo(&mut self, params: &KlangbildParams, edit: &dyn Fn(Edit)) {
        Self::travel(&mut self.past, &mut self.future, params, edit);
    }

    /// Makes it again.
    pub fn redo(&mut self, params: &KlangbildParams, edit: &dyn Fn(Edit)) {
        Self::travel(&mut self.future, &mut self.past, params, edit);
    }

    fn travel(from: &mut Vec<Moment>, to: &mut Vec<Moment>, params: &KlangbildParams, edit: &dyn Fn(Edit)) {
        let now = Moment::of(params);
        // A gesture that changed nothing is no step.
        while let Some(then) = from.pop() {
            if then != now {
                to.push(now);
                then.restore(params, edit);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(edit: Edit) {
        if let Edit::Set(param, value) = edit {
            // SAFETY: the test keeps its instance alive.
            unsafe { param._internal_set_normalized_value(value) };
        }
    }

    #[test]
    fn changes_go_back_and_forth() {
        let params = KlangbildParams::default();
        let speed = params.preset_params().into_iter().find(|(id, _)| id == "speed").unwrap().1;
        // SAFETY: `params` lives until the end of this test.
        let value = || unsafe { speed.unmodulated_normalized_value() };
        let pack = || params.settings.read().unwrap().pack.clone();
        let mut history = History::default();
        let start = value();
        for step in [0.5, 0.9] {
            history.remember(&params);
            apply(Edit::Set(speed, step));
        }
        history.remember(&params);
        params.settings.write().unwrap().pack = "starter".to_owned();
        history.undo(&params, &apply);
        assert_eq!((pack().as_str(), value()), ("default", 0.9));
        history.undo(&params, &apply);
        history.undo(&params, &apply);
        assert_eq!(value(), start);
        assert!(!history.can_undo());
        history.redo(&params, &apply);
        history.redo(&params, &apply);
        history.redo(&params, &apply);
        assert_eq!((pack().as_str(), value()), ("starter", 0.9));
        assert!(!history.can_redo());
    }
}
