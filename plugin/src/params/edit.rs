//! A change of a parameter by hand, on its way to whoever may make it.

use nice_plug::prelude::ParamPtr;

/// A change of a parameter, as hosts want it: within a gesture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edit {
    /// The gesture begins.
    Begin(ParamPtr),
    /// A normalised value, 0 to 1.
    Set(ParamPtr, f32),
    /// The gesture ends.
    End(ParamPtr),
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
