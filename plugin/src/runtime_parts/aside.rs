//! Taking away a part that may be in use.
//!
//! Windows deletes no library of a running program, but lets it be renamed. So a part is moved aside first, under a name that
//! nobody loads from, and what cannot be deleted of it now is deleted when the folder is looked at again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::PartError;
use super::disk;

/// Between a part's name and what makes the name the only one of its kind.
const MARK: &str = ".removed-";

/// Takes away what is at `folder`. Tells whether all of it is gone already.
pub(super) fn take_away(folder: &Path) -> Result<bool, PartError> {
    let aside = free_name(folder);
    if let Err(error) = fs::rename(folder, &aside) {
        // Perhaps because a file in it is open.
        move_one_by_one(folder, &aside).map_err(|_| PartError::io(folder, "moving it aside", error))?;
    }
    Ok(delete(&aside))
}

/// Moves what is in `folder`, where `folder` itself cannot be moved.
fn move_one_by_one(folder: &Path, aside: &Path) -> io::Result<()> {
    fs::create_dir(aside)?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        fs::rename(entry.path(), aside.join(entry.file_name()))?;
    }
    fs::remove_dir(folder)
}

/// Deletes what could not be deleted when it was taken away.
pub(super) fn sweep(runtime: &Path) {
    let Ok(entries) = fs::read_dir(runtime) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().contains(MARK) {
            delete(&entry.path());
        }
    }
}

/// Deletes what can be. Tells whether nothing is left.
fn delete(path: &Path) -> bool {
    // One file that cannot be deleted must not keep the others.
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_dir())
        && let Ok(entries) = fs::read_dir(path)
    {
        for entry in entries.flatten() {
            let _ = disk::remove(&entry.path());
        }
    }
    disk::remove(path).is_ok()
}

fn free_name(folder: &Path) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let process = std::process::id();
    let names = (0..).map(|count| match count {
        0 => format!("{name}{MARK}{process}"),
        _ => format!("{name}{MARK}{process}-{count}"),
    });
    let mut paths = names.map(|name| folder.with_file_name(name));
    paths.find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_else(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_moved_as_a_whole_is_moved_one_by_one() {
        let scratch = tempfile::tempdir().unwrap();
        let (folder, aside) = (scratch.path().join("moon"), scratch.path().join("moon.removed-1"));
        fs::create_dir(&folder).unwrap();
        for name in ["libmoon.so.1", "licence.txt"] {
            fs::write(folder.join(name), name).unwrap();
        }
        move_one_by_one(&folder, &aside).unwrap();
        assert!(!folder.exists());
        assert_eq!(fs::read(aside.join("licence.txt")).unwrap(), b"licence.txt");
        sweep(scratch.path());
        assert!(!aside.exists());
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_removed_and_not_what_it_leads_to() {
        let scratch = tempfile::tempdir().unwrap();
        let (there, link) = (scratch.path().join("elsewhere"), scratch.path().join("moon"));
        fs::create_dir(&there).unwrap();
        fs::write(there.join("kept"), "kept").unwrap();
        std::os::unix::fs::symlink(&there, &link).unwrap();
        assert!(take_away(&link).unwrap());
        assert!(fs::symlink_metadata(&link).is_err() && there.join("kept").exists());
    }
}
