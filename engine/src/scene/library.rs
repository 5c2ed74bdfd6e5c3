//! All scenes: those that are built in, and the user's own.

use std::borrow::Cow;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::SystemTime;

use include_dir::{Dir, include_dir};

use super::{Scene, SceneError, SceneFile, files, files::Found, limits};

static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../shaders/scenes");

static TRANSITIONS_FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../shaders/transitions");

/// Those that are built in, in the order of their slots. A test sees to it that each can be read.
static BUILT_IN: LazyLock<Vec<SceneFile>> = LazyLock::new(|| read_all(&FOLDER));

/// The transitions that are built in.
static TRANSITIONS: LazyLock<Vec<SceneFile>> = LazyLock::new(|| read_all(&TRANSITIONS_FOLDER));

fn read_all(all: &'static Dir<'static>) -> Vec<SceneFile> {
    let files = |folder: &'static Dir<'static>| -> Vec<Found> {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        folder.files().map(|file| (name(file.path()), Cow::Borrowed(file.contents()))).collect()
    };
    let name = |folder: &'static Dir<'static>| {
        folder.path().file_name().and_then(|name| name.to_str()).unwrap_or_default()
    };
    let read = |folder| match SceneFile::of_files(name(folder), files(folder)) {
        Ok(scene) => Some(scene),
        Err(error) => {
            tracing::error!("the built-in scene {}: {error}", name(folder));
            None
        }
    };
    let mut scenes: Vec<_> = all.dirs().filter_map(read).collect();
    scenes.sort_by_key(|scene| scene.head.slot.unwrap_or(u8::MAX));
    scenes
}

/// A scene among others.
#[derive(Clone, Debug)]
pub struct Listed {
    /// By which name it is known.
    pub scene: Scene,
    /// Where it lies; `None` for one that is built in.
    pub path: Option<PathBuf>,
}

/// The scenes that are built in, in the order in which they are offered.
pub fn built_in() -> &'static [SceneFile] {
    &BUILT_IN
}

/// A transition: one that is built in, or `own-N`, the N-th of the user's own by the names of their files.
///
/// # Errors
/// There is none of that name, or it is broken.
pub fn transition(name: &str) -> Result<Cow<'static, SceneFile>, SceneError> {
    if let Some(found) = TRANSITIONS.iter().find(|file| file.scene.name() == name) {
        return Ok(Cow::Borrowed(found));
    }
    let wrong = |reason: String| SceneError::File { file: name.to_owned(), reason };
    let path = own_transition(name).ok_or_else(|| match transitions() {
        Some(folder) => wrong(format!("there is no such transition; yours lie in {}", folder.display())),
        None => wrong("there is no such transition".to_owned()),
    })?;
    open_transition(&path).map(Cow::Owned)
}

pub(super) fn open_transition(path: &Path) -> Result<SceneFile, SceneError> {
    if !files::is_isf(path) {
        return SceneFile::open(path);
    }
    let file = SceneFile::open_isf(path, true)?;
    if file.isf.as_ref().is_none_or(|isf| isf.isf.kind != crate::isf::Kind::Transition) {
        let message =
            "a transition has the images startImage and endImage, and the number progress".to_owned();
        return Err(SceneError::Head { file: path.display().to_string(), message });
    }
    Ok(file)
}

/// The stamp of a transition of the user's; `None` for one that is built in.
pub fn transition_stamp(name: &str) -> Option<Stamp> {
    let is_built_in = TRANSITIONS.iter().any(|file| file.scene.name() == name);
    (!is_built_in).then(|| stamp_of(own_transition(name).as_deref()))
}

/// Where the user's own transitions lie.
fn transitions() -> Option<PathBuf> {
    folder().map(|folder| folder.join("transitions"))
}

fn own_transition(name: &str) -> Option<PathBuf> {
    transition_in(&transitions()?, name)
}

pub(super) fn transition_in(folder: &Path, name: &str) -> Option<PathBuf> {
    let place: usize = name.strip_prefix("own-")?.parse().ok()?;
    let entries = fs::read_dir(folder).ok()?;
    let mut paths: Vec<_> =
        entries.take(limits::SCENES).filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| id_at(path).is_some());
    paths.sort();
    paths.into_iter().nth(place.checked_sub(1)?)
}

/// The folder in which the user's own scenes lie; `None` where the user has no home. `KLANGBILD_SCENES` names another.
pub fn folder() -> Option<PathBuf> {
    match std::env::var_os("KLANGBILD_SCENES").filter(|path| !path.is_empty()) {
        Some(path) => Some(PathBuf::from(path)),
        None => Some(directories::ProjectDirs::from("", "", "klangbild")?.data_dir().join("scenes")),
    }
}

/// All scenes, the built-in ones first, the user's own by name; none of the latter is opened. A file or folder of the name of a
/// built-in scene is not listed: it would never be played.
pub fn list() -> Vec<Listed> {
    let mut listed: Vec<_> =
        built_in().iter().map(|built_in| Listed { scene: built_in.scene, path: None }).collect();
    let entries = folder().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten();
    let mut paths: Vec<_> =
        entries.take(limits::SCENES).filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if let Some(id) = id_at(&path).filter(|id| listed.iter().all(|listed| listed.scene.name() != id)) {
            listed.push(Listed { scene: Scene::of(&id), path: Some(path) });
        }
    }
    listed
}

pub(super) fn ids() -> Vec<String> {
    list().iter().map(|listed| listed.scene.name().to_owned()).collect()
}

/// Whether there is such a scene, broken or not.
pub fn is_there(scene: Scene) -> bool {
    built_in().iter().any(|built_in| built_in.scene == scene) || place(scene).is_some()
}

/// Reads a scene: one that is built in, or else the user's own.
///
/// # Errors
/// There is none of that name, or it is broken.
pub fn find(scene: Scene) -> Result<Cow<'static, SceneFile>, SceneError> {
    if let Some(built_in) = built_in().iter().find(|built_in| built_in.scene == scene) {
        return Ok(Cow::Borrowed(built_in));
    }
    match place(scene) {
        Some(path) => Ok(Cow::Owned(SceneFile { scene, ..SceneFile::open(&path)? })),
        None => Err(SceneError::File {
            file: scene.name().to_owned(),
            reason: match folder() {
                Some(folder) => {
                    format!("there is no scene of this name, neither built in nor in {}", folder.display())
                }
                None => "there is no scene of this name".to_owned(),
            },
        }),
    }
}

/// What a scene's files looked like: names, sizes and times. Another one means that it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp(u64);

/// The stamp of a scene of the user's; `None` for one that is built in, and never changes.
pub fn stamp(scene: Scene) -> Option<Stamp> {
    if built_in().iter().any(|built_in| built_in.scene == scene) {
        return None;
    }
    Some(stamp_of(place(scene).as_deref()))
}

fn stamp_of(path: Option<&Path>) -> Stamp {
    let mut hasher = DefaultHasher::new();
    if let Some(path) = path {
        note(path, &mut hasher);
        if files::is_isf(path) {
            note(&path.with_extension("vs"), &mut hasher);
        }
        let inside = fs::read_dir(path).into_iter().flatten().take(10 * limits::FILES);
        let mut inside: Vec<_> = inside.filter_map(Result::ok).map(|entry| entry.path()).collect();
        inside.sort();
        inside.iter().for_each(|path| note(path, &mut hasher));
    }
    Stamp(hasher.finish())
}

fn note(path: &Path, hasher: &mut DefaultHasher) {
    path.hash(hasher);
    if let Ok(metadata) = fs::metadata(path) {
        metadata.len().hash(hasher);
        metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH).hash(hasher);
    }
}

/// Where the user's scene of this name lies.
fn place(scene: Scene) -> Option<PathBuf> {
    let name = scene.name();
    // A path: `render --scene ./mine.wgsl`, for who is writing one.
    if name.contains(['/', '\\']) {
        return Some(PathBuf::from(name)).filter(|path| path.exists());
    }
    let folder = folder()?;
    let ends = [".wgsl", ".fs"].map(|end| folder.join(format!("{name}{end}")));
    std::iter::once(folder.join(name)).chain(ends).find(|path| id_at(path).is_some())
}

/// What somebody has written who means a file or folder, in the way that [`place`] knows: with a separator in it.
pub(super) fn as_path(text: &str) -> Option<String> {
    let path = Path::new(text);
    if text.contains(['/', '\\']) {
        return path.exists().then(|| text.to_owned());
    }
    // `mine.wgsl` or `mine.fs` where one stands: no scene has such a name.
    let is_file = path.is_file() && id_at(path).is_some();
    is_file.then(|| format!("./{text}"))
}

/// The id of what lies there, if it is a scene.
fn id_at(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    if name.starts_with('.') {
        return None;
    }
    if path.is_dir() {
        return path.join("scene.toml").is_file().then(|| name.to_owned());
    }
    let id = name.strip_suffix(".wgsl").or_else(|| name.strip_suffix(".fs"));
    id.filter(|id| !id.is_empty() && path.is_file()).map(str::to_owned)
}
