//! What lists show of presets.

use super::Preset;

/// One preset in a list, kept ready: windows show lists in every frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPreset {
    /// Its name.
    pub name: String,
    /// One line that says what is to be seen; may be empty.
    pub about: String,
    /// Words to find it by.
    pub tags: Vec<String>,
}

impl ListedPreset {
    /// Whether it has this tag; every preset has the empty one.
    pub fn has(&self, tag: &str) -> bool {
        tag.is_empty() || self.tags.iter().any(|own| own == tag)
    }
}

impl From<&Preset> for ListedPreset {
    fn from(preset: &Preset) -> Self {
        let Preset { name, description, tags, .. } = preset;
        Self { name: name.clone(), about: description.clone(), tags: tags.clone() }
    }
}
