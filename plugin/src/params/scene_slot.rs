//! The parameter Scene: places of scenes, as hosts count them.

use std::sync::OnceLock;

use klangbild_engine::scene::{Scene, slots};
use nice_plug::prelude::Enum;

use crate::heads;

/// A place, with a scene or without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SceneSlot(u8);

impl SceneSlot {
    /// The scene that stands there, or the first one.
    pub fn scene(self) -> Scene {
        slots::of_slot(self.0.into()).unwrap_or_default()
    }

    /// The normalised value of a place.
    pub fn way(place: f32) -> f32 {
        (place / (slots::SLOTS - 1) as f32).clamp(0.0, 1.0)
    }
}

/// The words for the scene at a place that was empty when the lists below were made.
pub fn text(place: usize) -> Option<String> {
    let scene = slots::of_slot(place)?;
    (lists().names.get(place).copied() == Some(empty(place).as_str())).then(|| scene.name().to_owned())
}

/// The place of such a scene.
pub fn read(words: &str) -> Option<usize> {
    (0..slots::SLOTS).find(|place| text(*place).is_some_and(|text| text == words.trim()))
}

fn empty(place: usize) -> String {
    format!("Slot {place}")
}

/// What a host lists: read once, as hosts ask for it once.
struct Lists {
    names: Vec<&'static str>,
    ids: Vec<&'static str>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        slots::prepare();
        let keep = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let mut lists = Lists { names: Vec::new(), ids: Vec::new() };
        for slot in 0..slots::SLOTS {
            let scene = slots::of_slot(slot);
            // Some places stand for a scene that has another one; a project knows a scene by its own.
            let own = scene.filter(|scene| slots::slot(*scene) == Some(slot));
            // One of the user's own has its id here: hosts ask while they look for plugins, and no disk may hold them up.
            lists.names.push(keep(match (scene.map(heads::name), own) {
                (Some(name), Some(_)) => name,
                (Some(name), None) => format!("{name} ({slot})"),
                (None, _) => empty(slot),
            }));
            lists.ids.push(keep(own.map_or_else(|| format!("slot-{slot}"), |scene| scene.name().to_owned())));
        }
        lists
    })
}

impl Enum for SceneSlot {
    fn variants() -> &'static [&'static str] {
        &lists().names
    }

    fn ids() -> Option<&'static [&'static str]> {
        Some(&lists().ids)
    }

    fn to_index(self) -> usize {
        self.0.into()
    }

    fn from_index(index: usize) -> Self {
        Self(u8::try_from(index).unwrap_or(0))
    }
}
