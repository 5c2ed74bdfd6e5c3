//! Undo and redo of what was changed in the panel.

use nice_plug::prelude::ParamPtr;

use super::Edit;
use crate::instance::Instance;

/// Steps that can be taken back.
const MOST: usize = 100;

/// A look, as it was: every parameter's normalised value, and the pack.
#[derive(Clone, Debug, PartialEq)]
struct Look {
    values: Vec<(ParamPtr, f32)>,
    pack: String,
    preset: String,
}

/// What was, and what was taken back.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Look>,
    future: Vec<Look>,
}

impl Look {
    fn of(instance: &Instance) -> Self {
        let settings = instance.settings();
        let params = instance.params.preset_params().into_iter();
        // SAFETY: the pointers are of `instance.params`, which is borrowed for as long.
        let values = params.map(|(_, param)| (param, unsafe { param.unmodulated_normalized_value() }));
        Self { values: values.collect(), pack: settings.pack, preset: settings.preset }
    }

    fn restore(&self, instance: &Instance, edit: &dyn Fn(Edit)) {
        set_all(&self.values, edit);
        instance.change_settings(|settings| {
            settings.pack.clone_from(&self.pack);
            settings.preset.clone_from(&self.preset);
        });
    }
}

/// Gives parameters their values, a gesture each; those that have theirs are left alone.
pub fn set_all(values: &[(ParamPtr, f32)], edit: &dyn Fn(Edit)) {
    for &(param, value) in values {
        // SAFETY: whoever made the pointers keeps the parameters alive; see [`crate::params`].
        if unsafe { param.unmodulated_normalized_value() } != value {
            edit(Edit::Begin(param));
            edit(Edit::Set(param, value));
            edit(Edit::End(param));
        }
    }
}

impl History {
    /// Call before a change: what is now can be brought back.
    pub fn remember(&mut self, instance: &Instance) {
        let look = Look::of(instance);
        self.future.clear();
        if self.past.last() != Some(&look) {
            self.past.push(look);
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
    pub fn undo(&mut self, instance: &Instance, edit: &dyn Fn(Edit)) {
        Self::travel(&mut self.past, &mut self.future, instance, edit);
    }

    /// Makes it again.
    pub fn redo(&mut self, instance: &Instance, edit: &dyn Fn(Edit)) {
        Self::travel(&mut self.future, &mut self.past, instance, edit);
    }

    fn travel(from: &mut Vec<Look>, to: &mut Vec<Look>, instance: &Instance, edit: &dyn Fn(Edit)) {
        let now = Look::of(instance);
        // A gesture that changed nothing is no step.
        while let Some(look) = from.pop() {
            if look != now {
                to.push(now);
                look.restore(instance, edit);
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
        let instance = Instance::default();
        let speed = instance.params.preset_params().into_iter().find(|(id, _)| id == "speed").unwrap().1;
        // SAFETY: `instance` lives until the end of this test.
        let value = || unsafe { speed.unmodulated_normalized_value() };
        let mut history = History::default();
        let start = value();
        for step in [0.5, 0.9] {
            history.remember(&instance);
            apply(Edit::Set(speed, step));
        }
        history.remember(&instance);
        instance.change_settings(|settings| settings.pack = "starter".to_owned());
        history.undo(&instance, &apply);
        assert_eq!((instance.settings().pack.as_str(), value()), ("default", 0.9));
        history.undo(&instance, &apply);
        history.undo(&instance, &apply);
        assert_eq!(value(), start);
        assert!(!history.can_undo());
        history.redo(&instance, &apply);
        history.redo(&instance, &apply);
        history.redo(&instance, &apply);
        assert_eq!((instance.settings().pack.as_str(), value()), ("starter", 0.9));
        assert!(!history.can_redo());
    }
}
