//! Whether a pack on disk has changed, without reading it.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::SystemTime;

use super::Pack;
use super::find::{Place, locate};

/// Files that are looked at, at most, and how deep their folders may lie.
const MOST_FILES: usize = 1000;
const DEPTH: usize = 3;

/// What a pack's files looked like: their names, sizes and times. Two that are equal mean the same pack, as far as that can be
/// known without reading gigabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(u64);

impl Pack {
    /// The fingerprint of the pack that `reference` names, broken or not. Where there is none, that too is a fingerprint: it
    /// changes when the pack comes.
    ///
    /// So whoever could not load a pack can tell when to try again.
    pub fn fingerprint(reference: &str) -> Fingerprint {
        let mut hasher = DefaultHasher::new();
        match locate(reference) {
            Place::BuiltIn(pack) => pack.name.hash(&mut hasher),
            Place::Path(path) => {
                path.hash(&mut hasher);
                note(&path, DEPTH, &mut MOST_FILES.clone(), &mut hasher);
            }
        }
        Fingerprint(hasher.finish())
    }
}

fn note(path: &Path, depth: usize, left: &mut usize, hasher: &mut DefaultHasher) {
    let Ok(metadata) = fs::metadata(path) else { return };
    *left = left.saturating_sub(1);
    if metadata.is_file() {
        metadata.len().hash(hasher);
        let changed = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        changed.hash(hasher);
    }
    let Ok(entries) = fs::read_dir(path) else { return };
    if depth == 0 {
        return;
    }
    let mut inside: Vec<_> = entries.take(*left).filter_map(Result::ok).map(|entry| entry.path()).collect();
    inside.sort();
    for path in inside {
        path.hash(hasher);
        note(&path, depth - 1, left, hasher);
    }
}
