//! Presets: a look with a name. Those that come with the program are compiled in; the user's own are files of the same form.

mod library;
mod listed;
mod look;
mod scene;

use std::collections::BTreeMap;
use std::path::Path;

use klangbild_engine::knobs::{Group, Kind, KnobId};
use klangbild_engine::words::Wording;
use nice_plug::prelude::ParamPtr;
use serde::{Deserialize, Serialize};

use crate::params::KlangbildParams;
use crate::scene_control::Setting;
use crate::settings::Settings;

pub use library::{Library, PresetError};
pub use listed::ListedPreset;
pub use look::Look;

/// What was part of presets once.
const SEED: &str = "seed";

/// A look. Every parameter that it does not name has its default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The name by which people choose it.
    pub name: String,
    /// One line that says what is to be seen.
    #[serde(default)]
    pub description: String,
    /// Words to find it by: its kind, its mood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The pack that it was made for; the one that plays stays if it is not named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<String>,
    /// The scene, by its id. Older files have it among the parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
    /// What the pictures follow: up to four phrases. A look that names none leaves what was said; its knob says whether it counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Parameters by id, in the words that the panel shows: `speed = "80 %"`.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// What the scene's own controls are set to, by their ids; those that are not named are as the scene was meant.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub controls: BTreeMap<String, Setting>,
}

impl Preset {
    /// Reads the text of a preset file.
    ///
    /// # Errors
    /// What is wrong and in which line.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Reads a preset file.
    ///
    /// # Errors
    /// What is wrong, in one line.
    pub fn from_file(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        Self::from_toml(&text)
            .map_err(|error| error.to_string().split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The look that the parameters have now: those that differ from their defaults. The scene's head is looked up, and may be
    /// read from the disk.
    pub fn of(name: &str, pack: &str, words: &Wording, params: &KlangbildParams) -> Self {
        let plain = params.preset_params().into_iter().filter(|(id, _)| !is_of_scene(id));
        let changed = plain.filter_map(|(id, param)| {
            // SAFETY: the pointer is of `params`, which is borrowed for as long.
            let (value, default, text) = unsafe {
                let value = param.unmodulated_normalized_value();
                (value, param.default_normalized_value(), param.normalized_value_to_string(value, true))
            };
            (value != default).then_some((id, text))
        });
        Self {
            name: name.to_owned(),
            description: String::new(),
            tags: Vec::new(),
            pack: Some(pack.to_owned()),
            scene: Some(params.own_scene().name().to_owned()),
            words: words.phrases.clone(),
            params: changed.collect(),
            controls: scene::settings(params),
        }
    }

    /// Notes in what a project remembers that this preset was chosen, with its pack and its words. What the preset before said goes
    /// with it; what somebody has said since stays.
    pub fn settle(&self, settings: &mut Settings) {
        if settings.words.phrases == settings.preset_words {
            settings.words.phrases.clear();
        }
        settings.preset.clone_from(&self.name);
        if let Some(pack) = &self.pack {
            settings.pack.clone_from(pack);
        }
        self.say(&mut settings.words);
        settings.preset_words =
            if self.words.is_empty() { Vec::new() } else { settings.words.phrases.clone() };
    }

    /// Says what it says, if it says anything. A picture to paint like is of one machine, and no part of a look.
    pub fn say(&self, words: &mut Wording) {
        if !self.words.is_empty() {
            words.phrases.clone_from(&self.words);
            *words = std::mem::take(words).bounded();
        }
    }

    /// Whether a look is still this one, in the words that the panel shows: nobody sees less than those tell. Does not look at the
    /// disk.
    pub fn is_shown_by(&self, pack: &str, params: &KlangbildParams) -> bool {
        let as_wanted = |(id, param): &(String, ParamPtr)| {
            let wanted = self.params.get(id).and_then(|text| read(id, *param, text));
            // SAFETY: the pointer is of `params`, which is borrowed for as long.
            unsafe {
                let text = |value| param.normalized_value_to_string(value, true);
                let wanted = wanted.unwrap_or_else(|| param.default_normalized_value());
                text(wanted) == text(param.unmodulated_normalized_value())
            }
        };
        self.pack.as_deref().is_none_or(|wanted| wanted == pack)
            && params.preset_params().iter().filter(|(id, _)| !is_of_scene(id)).all(as_wanted)
            && self.has_scene_of(params)
    }

    /// The normalised value that each parameter of a look has in this one, and the lines that could not be understood. A scene
    /// that is not there leaves the one that plays, and its knobs, as they are. Looks at the disk for a scene of the user's own.
    pub fn values(&self, params: &KlangbildParams) -> (Vec<(ParamPtr, f32)>, Vec<String>) {
        let mut problems: Vec<String> = Vec::new();
        let all = params.preset_params();
        // Older files hold a seed.
        let unknown =
            self.params.keys().filter(|id| *id != SEED && !all.iter().any(|(known, _)| known == *id));
        problems.extend(unknown.map(|id| format!("{}: there is no parameter {id:?}", self.name)));
        let plain = all.into_iter().filter(|(id, _)| !is_of_scene(id));
        let values = plain.map(|(id, param)| {
            // SAFETY: the pointer is of `params`, which is borrowed for as long.
            let default = unsafe { param.default_normalized_value() };
            let Some(text) = self.params.get(&id) else { return (param, default) };
            let value = read(&id, param, text);
            if value.is_none() {
                problems.push(format!("{}: {id} cannot be {text:?}", self.name));
            }
            (param, value.unwrap_or(default))
        });
        let mut values: Vec<_> = values.collect();
        values.extend(self.scene_values(params, &mut problems));
        (values, problems)
    }
}

/// Whether it is the scene, or one of the scene's own knobs: what these are only the scene tells.
fn is_of_scene(id: &str) -> bool {
    KnobId::of_key(id).is_some_and(|id| id == KnobId::Scene || id.knob().group == Group::Scene)
}

/// The normalised value of words for a parameter that lives: as the panel shows them, or one of a few by its key, as on a
/// command line.
fn read(id: &str, param: ParamPtr, text: &str) -> Option<f32> {
    let by_key = || match KnobId::of_key(id)?.knob().kind {
        Kind::Choice(choices) => {
            let place = choices.keys.iter().position(|key| *key == text)?;
            Some(place as f32 / (choices.keys.len() - 1).max(1) as f32)
        }
        _ => None,
    };
    // SAFETY: whoever calls this holds the parameters.
    let by_words = unsafe { param.string_to_normalized_value(text) };
    by_words.or_else(by_key)
}

#[cfg(test)]
mod tests;
