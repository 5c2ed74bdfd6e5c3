//! Python environments of our own: what is installed there touches no other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::{digest, process, setup};

/// A virtual environment, stamped with the requirements that were installed into it.
pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// The one in this folder, whether it is there or not.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its Python.
    pub fn python(&self) -> PathBuf {
        let name = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        self.folder.join(name)
    }

    /// Makes it and installs what the file lists, where that is not done; shows `note` when there is something to install.
    pub fn provide(&self, requirements: &Path, note: &str) -> Result<()> {
        let listed =
            fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
        // One whose Python was replaced by another has no pip any more.
        let works = self.python().is_file()
            && process::succeeds(&self.python().to_string_lossy(), &["-c", "import pip"]);
        if works && self.has(&listed) {
            return Ok(());
        }
        if !works {
            self.make()?;
        }
        println!("{note}");
        self.install(requirements, &listed)
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("requirements.sha256")
    }

    /// Whether just these requirements are installed.
    fn has(&self, listed: &[u8]) -> bool {
        fs::read_to_string(self.stamp()).is_ok_and(|stamp| stamp == digest::sha256(listed))
    }

    fn make(&self) -> Result<()> {
        let python = setup::python_with_venv()?;
        println!("making {}", self.folder.display());
        process::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&self.folder))
    }

    /// What pip has fetched before, for whichever environment, it takes from its own cache.
    fn install(&self, requirements: &Path, listed: &[u8]) -> Result<()> {
        let start = Instant::now();
        process::run(
            Command::new(self.python())
                .args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--requirement"])
                .arg(requirements),
        )
        .context(
            "check the network and the space on the disk, then run again: it goes on from where it was",
        )?;
        // Last, so that a stamp means that all of it is there.
        fs::write(self.stamp(), digest::sha256(listed))
            .with_context(|| format!("cannot write {}", self.stamp().display()))?;
        println!("installed ({:.0} s)", start.elapsed().as_secs_f64());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_requirements_are_installed_anew() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::at(folder.path().to_owned());
        assert!(!environment.has(b"torch==1"));
        fs::write(environment.stamp(), digest::sha256(b"torch==1")).unwrap();
        assert!(environment.has(b"torch==1"));
        assert!(!environment.has(b"torch==2"));
    }
}
