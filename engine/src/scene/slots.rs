//! Places of scenes in the parameter of hosts, which counts and cannot name.
//!
//! Built-in scenes have theirs for ever, below 64. A user's scene gets the first free one of those above, and keeps it in
//! `scenes.toml` beside the settings. A place that was given stays given while the process lives, so that whoever plays reads it
//! without waiting.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::{Scene, library};
use crate::pack::Folders;

/// How many places there are. Projects count in steps: this never changes.
pub const SLOTS: usize = 129;
/// The user's own.
const OWN: std::ops::Range<usize> = 65..128;
/// The first three scenes once were all, and some hosts keep their automation as shares of the whole way: half of it was the
/// second scene, and the end the third.
const ONCE: [(usize, usize); 2] = [(64, 1), (128, 2)];

static GIVEN: [OnceLock<Scene>; SLOTS] = [const { OnceLock::new() }; SLOTS];

/// The scene at a place, without waiting; `None` where there is none. [`prepare`] has to have been called.
pub fn of_slot(slot: usize) -> Option<Scene> {
    let slot = ONCE.iter().find(|(once, _)| *once == slot).map_or(slot, |(_, now)| *now);
    GIVEN.get(slot)?.get().copied()
}

/// A scene's place; one of the user's own gets one if it has none. `None` where all are taken.
pub fn slot(scene: Scene) -> Option<usize> {
    prepare();
    let place = || GIVEN.iter().position(|given| given.get() == Some(&scene));
    if let Some(place) = place() {
        return Some(place);
    }
    // A scene that is not there keeps no place from another.
    if !library::is_there(scene) {
        return None;
    }
    let given = OWN.into_iter().find(|slot| GIVEN[*slot].set(scene).is_ok());
    if given.is_some() {
        keep();
    }
    place()
}

/// Gives all places that are known: to built-in scenes, and those that the user's own had before.
pub fn prepare() {
    static PREPARED: OnceLock<()> = OnceLock::new();
    PREPARED.get_or_init(|| {
        for built_in in library::built_in() {
            if let Some(given) = built_in.head.slot.and_then(|slot| GIVEN.get(usize::from(slot))) {
                let _ = given.set(built_in.scene); // a test sees to it that no two have one place
            }
        }
        for (scene, slot) in kept() {
            if OWN.contains(&slot) {
                let _ = GIVEN[slot].set(Scene::of(&scene)); // the first of two keeps it
            }
        }
    });
}

fn file() -> Option<PathBuf> {
    Some(Folders::of_user().config?.join("scenes.toml"))
}

fn kept() -> BTreeMap<String, usize> {
    let text = file().and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    toml::from_str(&text).unwrap_or_default()
}

fn keep() {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _held = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let own = OWN.filter_map(|slot| Some((GIVEN[slot].get()?.name().to_owned(), slot)));
    // Another program of ours may have given others meanwhile.
    let mut all = kept();
    all.extend(own);
    let written = file().and_then(|file| {
        let folder = file.parent()?.to_owned();
        std::fs::create_dir_all(&folder).ok()?;
        let mut part = tempfile::NamedTempFile::new_in(folder).ok()?;
        std::io::Write::write_all(&mut part, toml::to_string(&all).ok()?.as_bytes()).ok()?;
        part.persist(&file).ok()
    });
    if written.is_none() {
        tracing::warn!("the places of your scenes in the host's parameter could not be kept");
    }
}
