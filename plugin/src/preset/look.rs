//! A preset for those who have no host: the controls that it stands for.

use klangbild_engine::controls::Controls;
use klangbild_engine::words::Wording;

use super::{Library, PresetError};
use crate::params::KlangbildParams;

/// What a preset comes to.
#[derive(Clone, Debug)]
pub struct Look {
    /// The controls.
    pub controls: Controls,
    /// The pack that it was made for.
    pub pack: Option<String>,
    /// What the pictures follow.
    pub words: Wording,
}

impl Look {
    /// Of the preset of that name, the user's own before the factory's.
    ///
    /// # Errors
    /// There is none of that name; the error says which there are.
    pub fn of_preset(name: &str) -> Result<Self, PresetError> {
        let library = Library::open();
        let preset = library.find(name)?;
        let params = KlangbildParams::default();
        let (values, problems) = preset.values(&params);
        for problem in problems {
            tracing::warn!("{problem}");
        }
        for (param, value) in values {
            // SAFETY: the pointers are of `params`, which lives until the end of this function.
            unsafe { param._internal_set_normalized_value(value) };
        }
        let mut words = Wording::default();
        preset.say(&mut words);
        Ok(Self { controls: params.controls(), pack: preset.pack.clone(), words })
    }
}
