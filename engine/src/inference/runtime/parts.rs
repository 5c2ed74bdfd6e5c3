//! What users install beside our own ONNX Runtime: `klangbild runtime install`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::pack::folders::Folders;

/// Written last into a part's folder: without it the installation was broken off.
const STAMP: &str = "installed.json";
/// Parts that are a whole ONNX Runtime, the one to prefer first.
const WHOLE: [&str; 2] = ["nvidia", "directml"];

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
    static DONE: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
    if cfg!(target_os = "linux") && folder.join(STAMP).is_file() && !done.iter().any(|other| other == folder) {
        preload_all(folder);
        done.push(folder.to_owned());
    }
}

fn preload_all(folder: &Path) {
    let Ok(entries) = folder.read_dir() else { return };
    let is_theirs = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
            name.contains(".so") && name.starts_with("lib") && !name.starts_with("libonnxruntime")
        })
    };
    let mut waiting: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).filter(is_theirs).collect();
    waiting.sort();
    // Some need others: as long as one more can be loaded, those that could not are tried again.
    loop {
        let before = waiting.len();
        waiting.retain(|path| {
            // SAFETY: loading a library runs its start-up code. These are NVIDIA's, checked by their hashes when they were
            // installed, and ask nothing of their caller.
            match unsafe { libloading::Library::new(path) } {
                Ok(library) => {
                    std::mem::forget(library);
                    false
                }
                Err(_) => true,
            }
        });
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for path in &waiting {
        tracing::info!("{} cannot be loaded", path.display());
    }
}
