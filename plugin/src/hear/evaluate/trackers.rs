//! Other trackers, by the beats that they have written down.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use klangbild_engine::evaluation::annotation::read_beats;
use klangbild_engine::evaluation::shown::Shown;

/// A tracker and the folder of its NAME.beats.
#[derive(Clone, Debug)]
pub struct Tracker {
    pub name: String,
    folder: PathBuf,
}

impl Tracker {
    /// # Errors
    /// A folder that is not there.
    pub fn check(&self) -> Result<()> {
        let folder = self.folder.display();
        let about = std::fs::metadata(&self.folder)
            .with_context(|| format!("cannot read the folder {folder} with the beats of {}", self.name))?;
        if !about.is_dir() {
            bail!("{folder} is a file: --estimates takes a folder with a NAME.beats for each piece");
        }
        Ok(())
    }

    /// What it made of a piece of some seconds.
    ///
    /// # Errors
    /// No file of this name, or one that is broken.
    pub fn shown(&self, piece: &str, seconds: f64) -> Result<Shown> {
        Ok(Shown::of_beats(&read_beats(&self.folder.join(format!("{piece}.beats")))?, seconds))
    }
}

/// Reads NAME=DIR.
pub fn parse(text: &str) -> Result<Tracker, String> {
    match text.split_once('=') {
        Some((name, folder)) if !name.is_empty() && !folder.is_empty() => {
            Ok(Tracker { name: name.to_owned(), folder: folder.into() })
        }
        _ => Err("it takes a name, an equals sign and a folder, as in aubio=beats/aubio".to_owned()),
    }
}
