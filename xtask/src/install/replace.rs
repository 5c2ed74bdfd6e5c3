//! One plugin's folder among other people's: put there in one step, and removed only if all in it is ours.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::bundle::Layout;
use crate::{disk, setup};

/// What may lie in one plugin's folder for us to replace or remove it.
pub struct Known {
    /// The paths of the plugin's own files, relative to its folder.
    files: Vec<PathBuf>,
}

impl Known {
    /// What a layout puts below one of its folders.
    pub fn of(layout: &Layout, folder: &str) -> Known {
        let files = layout.files.iter().filter_map(|file| Path::new(&file.to).strip_prefix(folder).ok());
        Known { files: files.map(Path::to_path_buf).collect() }
    }

    /// Fails when a place holds something else than an earlier install.
    pub fn check(&self, place: &Path) -> Result<()> {
        let Ok(metadata) = place.symlink_metadata() else { return Ok(()) };
        if !metadata.is_dir() {
            bail!("{} is no folder that was installed: move it away and run again", place.display());
        }
        let strange = disk::files(place)?.into_iter().find(|file| !self.has(file));
        if let Some(file) = strange {
            bail!("{} does not belong to Klangbild: move it away and run again", place.join(file).display());
        }
        Ok(())
    }

    fn has(&self, file: &Path) -> bool {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        // Another version of ONNX Runtime has other names; signing and file managers add files of their own.
        let is_by_the_way = setup::onnxruntime_brings(&name)
            || file.ends_with("_CodeSignature/CodeResources")
            || [".DS_Store", "desktop.ini"].contains(&&*name);
        is_by_the_way || self.files.iter().any(|known| known == file)
    }
}

/// Puts a copy of a folder in place of what was there. Whatever goes wrong, the old or the new one is there.
pub fn put(from: &Path, place: &Path, known: &Known) -> Result<()> {
    let (new, old) = (beside(place, "new")?, beside(place, "old")?);
    // What a run that was broken off left behind.
    for folder in [&new, &old] {
        known.check(folder)?;
        disk::remove(folder)?;
    }
    if let Err(error) = disk::copy_folder(from, &new) {
        // The first error is the one to tell; what is left over is removed at the next run.
        let _ = disk::remove(&new);
        return Err(error);
    }
    if !place.exists() {
        return disk::rename(&new, place);
    }
    disk::rename(place, &old).context(IN_USE)?;
    if let Err(error) = disk::rename(&new, place) {
        disk::rename(&old, place)?;
        return Err(error);
    }
    disk::remove(&old)
}

/// Removes a plugin's folder, and what a run that was broken off left beside it. Returns whether it was there.
pub fn remove(place: &Path, known: &Known) -> Result<bool> {
    let was_there = place.exists();
    for folder in [place.to_path_buf(), beside(place, "new")?, beside(place, "old")?] {
        known.check(&folder)?;
        disk::remove(&folder).context(IN_USE)?;
    }
    Ok(was_there)
}

const IN_USE: &str = "close the programs that use the plugin, then run again";

/// A hidden name in the same folder, so that a rename is enough to move there.
fn beside(place: &Path, what: &str) -> Result<PathBuf> {
    let name = place.file_name().with_context(|| format!("{} names no folder", place.display()))?;
    Ok(place.with_file_name(format!(".{}.{what}", name.to_string_lossy())))
}
