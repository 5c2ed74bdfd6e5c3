//! Which packs there are, as their manifests say.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::built_in::BUILT_IN;
use super::error::PackError;
use super::files::PackFiles;
use super::find::installed;
use super::manifest::Manifest;
use super::{Pack, limits};

/// One line of `klangbild pack list`.
#[derive(Clone, Debug, Serialize)]
pub struct PackSummary {
    /// What `--pack` takes.
    pub name: String,
    /// Where it lies; `None` for a built-in one.
    pub path: Option<PathBuf>,
    /// Name for people; empty where the manifest cannot be read.
    pub title: String,
    /// The pack's own version.
    pub version: String,
    /// Licence of the weights.
    pub licence: String,
    /// One or two sentences.
    pub description: String,
    /// Size of its pictures, width and height, if the manifest says it.
    pub size_px: Option<(u32, u32)>,
    /// Every size that its pictures can have, as far as the manifest says so.
    pub sizes_px: Vec<(u32, u32)>,
    /// Why it cannot be used, as far as its manifest and the names of its files tell.
    pub error: Option<String>,
}

impl Pack {
    /// Every pack that a name can mean, the built-in ones first, then the installed ones by name.
    ///
    /// Reads manifests and no models: what is wrong with those, [`Pack::load`] says.
    pub fn list() -> Vec<PackSummary> {
        Self::list_while(|| true)
    }

    /// As [`list`](Self::list), but ends early when `go_on` is false: it is asked before each pack, as any may lie on a
    /// drive that takes long to answer.
    pub fn list_while(go_on: impl Fn() -> bool) -> Vec<PackSummary> {
        let mut packs: Vec<_> = BUILT_IN
            .iter()
            .map(|pack| PackSummary::of(pack.name.to_owned(), None, &Ok(PackFiles::BuiltIn(pack))))
            .collect();
        if !go_on() {
            return packs;
        }
        let installed = installed().into_iter().take_while(|_| go_on());
        packs.extend(installed.map(|(name, path)| PackSummary::at(&name, &path)));
        packs
    }
}

impl PackSummary {
    /// Of the folder or .zip at `path`.
    pub(super) fn at(name: &str, path: &Path) -> Self {
        Self::of(name.to_owned(), Some(path.to_owned()), &PackFiles::open(path))
    }

    fn of(name: String, path: Option<PathBuf>, files: &Result<PackFiles, PackError>) -> Self {
        let manifest = files.as_ref().ok().map(Manifest::read);
        let error = match (files, &manifest) {
            (Err(error), _) | (_, Some(Err(error))) => Some(error.to_string()),
            (Ok(files), Some(Ok(manifest))) => look_at(files, manifest).err().map(|error| error.to_string()),
            (Ok(_), None) => None,
        };
        let mut summary = Self {
            name,
            path,
            title: String::new(),
            version: String::new(),
            licence: String::new(),
            description: String::new(),
            size_px: None,
            sizes_px: Vec::new(),
            error,
        };
        if let Some(Ok(manifest)) = manifest {
            summary.size_px = manifest.generator.width_px.zip(manifest.generator.height_px);
            let further = manifest.generator.sizes.iter().map(|size| (size.width_px, size.height_px));
            summary.sizes_px = summary.size_px.into_iter().chain(further).collect();
            summary.title = manifest.title;
            summary.version = manifest.version;
            summary.licence = manifest.licence;
            summary.description = manifest.description;
        }
        summary
    }
}

/// Whether the manifest makes sense and the files that it names are there.
fn look_at(files: &PackFiles, manifest: &Manifest) -> Result<(), PackError> {
    manifest.check(&files.display("pack.toml"))?;
    files.look_at(&manifest.encoder.file, limits::FILE_BYTES)?;
    manifest.generator.files().try_for_each(|file| files.look_at(file, limits::FILE_BYTES))
}
