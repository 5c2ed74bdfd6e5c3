//! Files and folders, with errors that name them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))
}

/// Writes a file, in a folder that is made where it is missing.
pub fn write(file: &Path, contents: &[u8]) -> Result<()> {
    file.parent().map_or(Ok(()), make_folder)?;
    fs::write(file, contents).with_context(|| format!("cannot write {}", file.display()))
}

/// Copies a file, into a folder that is made where it is missing.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    to.parent().map_or(Ok(()), make_folder)?;
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    make_folder(to)?;
    for file in files(from)? {
        copy(&from.join(&file), &to.join(&file))?;
    }
    Ok(())
}

pub fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("cannot rename {} to {}", from.display(), to.display()))
}

/// Removes a folder with all that is in it, if it is there.
pub fn remove(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
}

/// Everything in a folder that is no folder itself, relative to it and in the order of the names. Links are not
/// followed: they count as files.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(folder, Path::new(""), &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(root: &Path, below: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let folder = root.join(below);
    let reading = || format!("cannot read the folder {}", folder.display());
    for entry in fs::read_dir(&folder).with_context(reading)? {
        let entry = entry.with_context(reading)?;
        let path = below.join(entry.file_name());
        if entry.file_type().with_context(reading)?.is_dir() {
            collect(root, &path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}
