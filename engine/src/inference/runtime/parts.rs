//! What users install beside our own ONNX Runtime: `klangbild runtime install`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use libloading::Library;

use crate::pack::folders::Folders;

/// Written last into a part's folder: without it the installation was broken off.
const STAMP: &str = "installed.json";
/// Parts that are a whole ONNX Runtime, the one to prefer first.
const WHOLE: [&str; 2] = ["nvidia", "directml"];

/// Whether a part is an ONNX Runtime of its own: it is loaded in place of ours, at the next start.
pub fn is_whole(part: &str) -> bool {
    WHOLE.contains(&part)
}

/// The folder of a part that is installed.
pub fn folder_of(part: &str) -> Option<PathBuf> {
    let folder = Folders::of_user().runtime?.join(part);
    folder.join(STAMP).is_file().then_some(folder)
}

/// The folders of the installed parts that bring an ONNX Runtime of their own.
pub fn whole_runtimes() -> impl Iterator<Item = PathBuf> {
    WHOLE.into_iter().filter_map(folder_of)
}

/// Loads the libraries in an installed part that its provider needs and does not find by itself: those for CUDA and TensorRT name
/// them without saying where they lie. They stay loaded.
pub fn preload(folder: &Path) {
    static LOADED: Mutex<Vec<(PathBuf, Vec<Library>)>> = Mutex::new(Vec::new());
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let is_new = || !loaded.iter().any(|(other, _)| other == folder);
    if cfg!(target_os = "linux") && folder.join(STAMP).is_file() && is_new() {
        loaded.push((folder.to_owned(), load_all(folder)));
    }
}

fn load_all(folder: &Path) -> Vec<Library> {
    let Ok(entries) = folder.read_dir() else { return Vec::new() };
    let is_theirs = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
            name.contains(".so") && name.starts_with("lib") && !name.starts_with("libonnxruntime")
        })
    };
    let mut waiting: Vec<_> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_theirs).collect();
    waiting.sort();
    let mut loaded = Vec::new();
    // Some need others: as long as one more can be loaded, those that could not are tried again.
    loop {
        let before = waiting.len();
        waiting.retain(|path| {
            // SAFETY: loading a library runs its start-up code. These are NVIDIA's, checked by their hashes when they were
            // installed, and ask nothing of their caller.
            let library = unsafe { Library::new(path) };
            let failed = library.is_err();
            loaded.extend(library);
            failed
        });
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for path in &waiting {
        tracing::info!("{} cannot be loaded", path.display());
    }
    loaded
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_no_library_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("libbroken.so.1"), "no library").unwrap();
        fs::write(folder.path().join("licence.txt"), "").unwrap();
        assert!(load_all(folder.path()).is_empty());
        assert!(load_all(&folder.path().join("missing")).is_empty());
    }
}
