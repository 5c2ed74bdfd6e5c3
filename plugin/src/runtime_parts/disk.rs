//! Small things about files.

use std::fs;
use std::io;
use std::path::Path;

use super::PartError;

/// Whether a name stays in its folder, on every system.
pub(super) fn is_plain_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', ':', '\0'])
}

/// Size of a file in bytes; 0 if it is not there.
pub(super) fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// Makes a folder with those above it, where it is not there.
pub(super) fn make_folder(path: &Path) -> Result<(), PartError> {
    fs::create_dir_all(path).map_err(|error| PartError::io(path, "making the folder", error))
}

/// Removes a file or a folder with all that is in it; one that is not there is as good. Tells whether anything was there.
pub(super) fn remove(path: &Path) -> Result<bool, PartError> {
    // Of a link, the link: it is never followed.
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(PartError::io(path, "removing it", error)),
    }
}
