//! A set: a folder of songs, each with an annotation of its name.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::EvaluationError;

/// What songs are called, the first first.
const SONGS: [&str; 8] = ["wav", "flac", "ogg", "mp3", "m4a", "aif", "aiff", "opus"];
/// What annotations are called; of two, the one that says more.
const ANNOTATIONS: [&str; 2] = ["json", "beats"];

/// A song and its annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// What both are called, without an ending.
    pub name: String,
    /// The song's file.
    pub song: PathBuf,
    /// The annotation's file.
    pub annotation: PathBuf,
}

/// What is in a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set {
    /// In the order of their names.
    pub pieces: Vec<Piece>,
    /// Songs without an annotation, and annotations without a song.
    pub left_out: Vec<PathBuf>,
}

/// Looks for pieces in a folder, not in folders within it.
///
/// # Errors
/// A folder that cannot be read, or that holds no pieces.
pub fn find(folder: &Path) -> Result<Set, EvaluationError> {
    let unreadable = |source| EvaluationError::Read { path: folder.to_path_buf(), source };
    let mut by_name = BTreeMap::<String, [Option<(usize, PathBuf)>; 2]>::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let (Some(name), Some(ending)) = (path.file_stem(), path.extension().and_then(OsStr::to_str)) else {
            continue;
        };
        let ending = ending.to_lowercase();
        for (at, endings) in [SONGS.as_slice(), ANNOTATIONS.as_slice()].into_iter().enumerate() {
            let Some(rank) = endings.iter().position(|known| *known == ending) else { continue };
            let place = &mut by_name.entry(name.to_string_lossy().into_owned()).or_default()[at];
            if place.as_ref().is_none_or(|(before, _)| rank < *before) {
                *place = Some((rank, path.clone()));
            }
        }
    }
    let mut set = Set::default();
    for (name, found) in by_name {
        match found {
            [Some((_, song)), Some((_, annotation))] => set.pieces.push(Piece { name, song, annotation }),
            alone => set.left_out.extend(alone.into_iter().flatten().map(|(_, path)| path)),
        }
    }
    if set.pieces.is_empty() {
        return Err(EvaluationError::NoPieces { path: folder.to_path_buf() });
    }
    Ok(set)
}
