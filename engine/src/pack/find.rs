//! From the name of a pack to its files.

use std::path::{Path, PathBuf};

use super::built_in::{BUILT_IN, BuiltIn, built_in};
use super::error::PackError;
use super::files::PackFiles;
use super::folders::Folders;
use super::limits;

/// What a reference means, before anything of it is opened.
pub(super) enum Place {
    BuiltIn(&'static BuiltIn),
    /// A folder or a .zip, or nothing.
    Path(PathBuf),
}

/// Where the files of the pack that `reference` names are: a name first, then a path.
///
/// # Errors
/// Nothing of that name or path, or a path that is no pack.
pub fn find(reference: &str) -> Result<PackFiles, PackError> {
    match locate(reference) {
        Place::BuiltIn(pack) => Ok(PackFiles::BuiltIn(pack)),
        Place::Path(path) if path.exists() => PackFiles::open(&path),
        Place::Path(_) => {
            let available = BUILT_IN.iter().map(|pack| pack.name.to_owned());
            let available = available.chain(installed().into_iter().map(|(name, _)| name)).collect();
            Err(PackError::NotFound { reference: reference.to_owned(), available })
        }
    }
}

pub(super) fn locate(reference: &str) -> Place {
    if let Some(pack) = built_in(reference) {
        return Place::BuiltIn(pack);
    }
    let by_name = installed().into_iter().find(|(name, _)| name == reference).map(|(_, path)| path);
    let path = by_name.unwrap_or_else(|| PathBuf::from(reference));
    // A manifest or graph is taken for the pack that it is in.
    let inside = matches!(path.extension().and_then(|end| end.to_str()), Some("toml" | "onnx"));
    Place::Path(match path.parent() {
        Some(folder) if inside && path.is_file() => match folder.as_os_str().is_empty() {
            true => Path::new(".").to_owned(),
            false => folder.to_owned(),
        },
        _ => path,
    })
}

/// Folders and archives in the user's pack folders, by name; where two have one name, the first folder wins, and a
/// built-in pack before both.
pub(super) fn installed() -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for folder in Folders::of_user().pack_folders {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let entries = entries.take(limits::LISTED_PACKS).filter_map(Result::ok);
        let mut here: Vec<_> = entries.map(|entry| entry.path()).collect();
        here.sort();
        for path in here {
            let zip = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")) && path.is_file();
            let name = if zip { path.file_stem() } else { path.file_name() };
            let Some(name) = name.and_then(|name| name.to_str()).filter(|name| !name.starts_with('.')) else {
                continue;
            };
            let taken = built_in(name).is_some() || found.iter().any(|(other, _)| other == name);
            if (zip || path.is_dir()) && !taken {
                found.push((name.to_owned(), path));
            }
        }
    }
    found
}
