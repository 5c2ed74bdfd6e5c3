//! The pack: how models come in.
//!
//! A pack is a folder, or a .zip of it, with `pack.toml` and two ONNX files: an encoder (raw mono audio in, embedding
//! out) and a generator (latent and/or embedding in, image out). It may come from strangers, so it is checked before
//! it is trusted: [`graph`] reads the ONNX files, [`contract`] holds the manifest against them, [`source`] keeps every
//! path inside the pack, and [`limits`] bounds every size.

pub mod bridge;
mod built_in;
pub mod check;
pub mod contract;
pub mod draft;
pub mod error;
pub mod folders;
pub mod graph;
pub mod limits;
mod load;
pub mod manifest;
pub mod source;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod tiny;
pub mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

pub use built_in::{BUILT_IN, BuiltIn, DEFAULT};
pub use check::{Finding, Report, Severity, check};
pub use draft::{Draft, new};
pub use error::PackError;
pub use folders::Folders;
pub use manifest::{Distribution, Manifest};

use bridge::Matrix;
use built_in::built_in;
use contract::{EncoderContract, GeneratorContract};
use graph::Graph;
use source::Source;

/// A pack whose every part was checked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What it says about itself.
    pub manifest: Manifest,
    /// The encoder's graph.
    pub encoder: Model,
    /// The encoder's shapes.
    pub encoder_contract: EncoderContract,
    /// The generator's graph.
    pub generator: Model,
    /// The generator's shapes.
    pub generator_contract: GeneratorContract,
    /// From the encoder's embedding to the generator's.
    pub bridge: Option<Matrix>,
    /// A PNG.
    pub thumbnail: Option<Arc<[u8]>>,
    /// What is odd but works.
    pub warnings: Vec<String>,
}

/// One ONNX file, read and checked.
#[derive(Clone, Debug)]
pub struct Model {
    /// How messages name it.
    pub file: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The files that it keeps its weights in, by the name that it uses.
    pub external: Vec<(String, Arc<[u8]>)>,
    /// What it says about itself.
    pub graph: Graph,
}

impl Pack {
    /// Loads and checks a pack: the name of a built-in or installed one, a folder, or a .zip.
    ///
    /// # Errors
    /// The first thing that is wrong; `klangbild pack check` lists them all.
    pub fn load(reference: &str) -> Result<Self, PackError> {
        Self::from_source(&find(reference)?)
    }

    /// Loads and checks the pack in `source`.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn from_source(source: &Source) -> Result<Self, PackError> {
        let examination = load::examine(source);
        for warning in &examination.warnings {
            tracing::warn!("{warning}");
        }
        match (examination.pack, examination.errors.into_iter().next()) {
            (Some(pack), None) => Ok(pack),
            (_, Some(error)) => Err(error),
            // Not reached: without a pack there is an error.
            (None, None) => Err(PackError::Missing {
                file: source.display("pack.toml"),
                cure: "check the pack with `klangbild pack check`".to_owned(),
            }),
        }
    }

    /// Every pack that a name can mean, the built-in ones first, then the installed ones by name.
    pub fn list() -> Vec<PackSummary> {
        let built_in = BUILT_IN.iter();
        let mut packs: Vec<_> =
            built_in.map(|pack| PackSummary::of(pack.name.to_owned(), &Source::BuiltIn(pack))).collect();
        for (name, path) in installed() {
            let summary = match Source::open(&path) {
                Ok(source) => PackSummary::of(name, &source),
                Err(error) => PackSummary::broken(name, &path, &error),
            };
            packs.push(summary);
        }
        packs
    }
}

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
    /// Size of its pictures, width and height.
    pub size_px: Option<(u32, u32)>,
    /// Why it cannot be used.
    pub error: Option<String>,
}

impl PackSummary {
    fn of(name: String, source: &Source) -> Self {
        let path = match source {
            Source::BuiltIn(_) => None,
            Source::Folder(path) | Source::Zip { path, .. } => Some(path.clone()),
        };
        let examination = load::examine(source);
        let size_px = examination.pack.as_ref().map(|pack| {
            let contract = &pack.generator_contract;
            (contract.width_px, contract.height_px)
        });
        let (title, version, licence, description) = match examination.manifest {
            Some(manifest) => (manifest.title, manifest.version, manifest.licence, manifest.description),
            None => Default::default(),
        };
        let error = examination.errors.first().map(ToString::to_string);
        Self { name, path, title, version, licence, description, size_px, error }
    }

    fn broken(name: String, path: &Path, error: &PackError) -> Self {
        let none = String::new;
        Self {
            name,
            path: Some(path.to_owned()),
            title: none(),
            version: none(),
            licence: none(),
            description: none(),
            size_px: None,
            error: Some(error.to_string()),
        }
    }
}

/// Where the files of the pack that `reference` names are: a name first, then a path.
///
/// # Errors
/// Nothing of that name or path, or a path that is no pack.
pub fn find(reference: &str) -> Result<Source, PackError> {
    if let Some(pack) = built_in(reference) {
        return Ok(Source::BuiltIn(pack));
    }
    let installed = installed();
    let by_name = installed.iter().find(|(name, _)| name == reference).map(|(_, path)| path.clone());
    let path = by_name.unwrap_or_else(|| PathBuf::from(reference));
    // A manifest or graph is taken for the pack that it is in.
    let inside = matches!(path.extension().and_then(|end| end.to_str()), Some("toml" | "onnx"));
    match path.parent() {
        _ if !path.exists() => {
            let available = BUILT_IN.iter().map(|pack| pack.name.to_owned());
            let available = available.chain(installed.into_iter().map(|(name, _)| name)).collect();
            Err(PackError::NotFound { reference: reference.to_owned(), available })
        }
        Some(folder) if inside && path.is_file() => Source::open(match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        }),
        _ => Source::open(&path),
    }
}

/// Folders and archives in the user's pack folders, by name; where two have one name, the first folder wins, and a
/// built-in pack before both.
fn installed() -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = Vec::new();
    for folder in Folders::of_user().pack_folders {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut here: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
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
