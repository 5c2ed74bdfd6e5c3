//! Copies a layout's files together.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::layout::{Layout, Source};
use crate::disk;

/// Where what is copied comes from.
pub struct Inputs {
    /// The plugin's library, as cargo built it.
    pub library: PathBuf,
    pub program: PathBuf,
    /// The folder with ONNX Runtime's files.
    pub onnxruntime: PathBuf,
    /// Whose work is compiled in.
    pub third_party: String,
    /// The repository's root.
    pub repository: PathBuf,
}

/// Fills a folder. Copies, not links: signing changes the files, and a bundle must not change what it was made of.
pub fn assemble(layout: &Layout, inputs: &Inputs, folder: &Path) -> Result<()> {
    for file in &layout.files {
        let to = folder.join(&file.to);
        match &file.from {
            Source::Library => disk::copy(&inputs.library, &to)?,
            Source::Program => disk::copy(&inputs.program, &to)?,
            Source::OnnxRuntime(name) => disk::copy(&inputs.onnxruntime.join(name), &to)?,
            Source::ThirdParty => disk::write(&to, inputs.third_party.as_bytes())?,
            Source::Repository(name) => disk::copy(&inputs.repository.join(name), &to)?,
            Source::Text(text) => disk::write(&to, text.as_bytes())?,
        }
    }
    Ok(())
}
