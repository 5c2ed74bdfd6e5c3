//! What is known of scenes without a look at the disk: their heads, by which people choose them and turn their controls.
//!
//! Built-in scenes are always known; one of the user's own is known once somebody has read it who may wait for a disk. Hosts and
//! windows ask here.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use klangbild_engine::scene::head::Head;
use klangbild_engine::scene::{Scene, SceneError, Stamp, built_in, find, list, stamp};

/// A head, and what the scene's files were when it was read.
struct Known {
    head: Arc<Head>,
    stamp: Option<Stamp>,
}

/// A scene as the window lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedScene {
    /// Which one.
    pub scene: Scene,
    /// What people see: its id where its head cannot be read.
    pub name: String,
    /// One sentence that says what is to be seen.
    pub about: String,
    /// Whether it is the user's own.
    pub is_own: bool,
    /// Why it cannot be read.
    pub error: Option<String>,
}

/// The head of a scene, if it is known.
pub fn known(scene: Scene) -> Option<Arc<Head>> {
    heads().get(&scene).map(|known| Arc::clone(&known.head))
}

/// The head of a scene, read anew where its files have changed since. Looks at the disk for one of the user's own.
///
/// # Errors
/// There is no such scene, or its head is broken; what was known of it is known no more.
pub fn read(scene: Scene) -> Result<Arc<Head>, SceneError> {
    let stamp = stamp(scene);
    if let Some(known) = heads().get(&scene).filter(|known| known.stamp == stamp) {
        return Ok(Arc::clone(&known.head));
    }
    // Not under the lock: a disk may be slow.
    match find(scene) {
        Ok(file) => {
            let head = Arc::new(file.head.clone());
            heads().insert(scene, Known { head: Arc::clone(&head), stamp });
            Ok(head)
        }
        Err(error) => {
            heads().remove(&scene);
            Err(error)
        }
    }
}

/// What people call a scene: its id where its head is not known.
pub fn name(scene: Scene) -> String {
    known(scene).map_or_else(|| scene.name().to_owned(), |head| head.name.clone())
}

/// The scenes that are built in.
pub fn listed_built_in() -> Vec<ListedScene> {
    built_in().iter().map(|file| listed(file.scene, &Ok(&file.head), false)).collect()
}

/// All scenes, with the user's own for as long as `go_on` says so: each of these is read.
pub fn list_while(go_on: impl Fn() -> bool) -> Vec<ListedScene> {
    let own = list().into_iter().filter(|listed| listed.path.is_some()).take_while(|_| go_on());
    let own = own.map(|own| listed(own.scene, &read(own.scene).as_deref(), true));
    listed_built_in().into_iter().chain(own).collect()
}

fn listed(scene: Scene, head: &Result<&Head, &SceneError>, is_own: bool) -> ListedScene {
    let (name, about, error) = match head {
        Ok(head) => (head.name.clone(), head.about.clone(), None),
        Err(error) => (scene.name().to_owned(), String::new(), Some(error.to_string())),
    };
    ListedScene { scene, name, about, is_own, error }
}

fn heads() -> MutexGuard<'static, BTreeMap<Scene, Known>> {
    static HEADS: LazyLock<Mutex<BTreeMap<Scene, Known>>> = LazyLock::new(|| {
        let known = |head: &Head| Known { head: Arc::new(head.clone()), stamp: None };
        Mutex::new(built_in().iter().map(|file| (file.scene, known(&file.head))).collect())
    });
    HEADS.lock().unwrap_or_else(PoisonError::into_inner)
}
