//! The scene of a project, by its id: also one that is not there, so that the project keeps it until it is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use klangbild_engine::knobs::{KnobId, Value};
use klangbild_engine::scene::{Scene, slots};

use super::KlangbildParams;

/// What a project has asked for and did not get.
#[derive(Debug, Default)]
pub struct KeptScene(Mutex<Option<Missing>>);

#[derive(Debug)]
struct Missing {
    id: String,
    /// What plays instead: once another one is chosen, nobody asks for the missing one any more.
    instead: Scene,
    told: bool,
}

impl KeptScene {
    /// The id for a project, where the parameter asks for `scene`.
    pub fn id(&self, scene: Scene) -> String {
        let missing = self.missing();
        let missing = missing.as_ref().filter(|missing| missing.instead == scene);
        missing.map_or(scene.name(), |missing| &missing.id).to_owned()
    }

    fn missing(&self) -> MutexGuard<'_, Option<Missing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KlangbildParams {
    /// Brings a project's scene back. One of the user's own is looked for on the disk.
    pub(super) fn bring_back(&self, id: &str) {
        let scene = Scene::of(id);
        // An id that can be no scene's becomes the default one, which plays then.
        let is_there = scene.name() == id && (self.own_scene() == scene || slots::slot(scene).is_some());
        // At its place there may be another one of this user's.
        let plays = if is_there { scene } else { Scene::default() };
        if self.own_scene() != plays {
            self.turn(KnobId::Scene, Value::Scene(plays));
        }
        let missing = Missing { id: id.to_owned(), instead: self.own_scene(), told: false };
        *self.kept_scene.missing() = (!is_there).then_some(missing);
    }

    /// The scene that a project has asked for and that is not there, once.
    pub fn take_missing_scene(&self) -> Option<String> {
        let mut missing = self.kept_scene.missing();
        let missing = missing.as_mut().filter(|missing| !missing.told)?;
        missing.told = true;
        Some(missing.id.clone())
    }
}
