//! The file that makes a folder an installed part: it is written when all else is there, and says what that is.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::disk;
use super::{Part, PartError};

/// The stamp's name in a part's folder.
pub const STAMP: &str = "installed.json";

/// What is installed.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    pub(super) part: String,
    pub(super) version: String,
    packages: Vec<Package>,
    files: Vec<Installed>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Package {
    name: String,
    version: String,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Installed {
    name: String,
    bytes: u64,
}

/// How a part stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// It is not installed.
    Missing,
    /// It is installed, with every file.
    Whole,
    /// It is installed, but the catalogue has another version.
    Other {
        /// The version that is installed.
        installed_version: String,
    },
    /// It cannot be used.
    Broken {
        /// What is wrong.
        problem: String,
    },
}

impl Stamp {
    /// The stamp of a part as the catalogue has it.
    pub(super) fn of(part: &Part) -> Self {
        let package = |wheel: &super::Wheel| Package {
            name: wheel.package.to_owned(),
            version: wheel.version.to_owned(),
        };
        let file = |member: &super::Member| Installed { name: member.name().to_owned(), bytes: member.bytes };
        Self {
            part: part.name.to_owned(),
            version: part.version().to_owned(),
            packages: part.wheels.iter().map(package).collect(),
            files: part.members().map(file).collect(),
        }
    }

    /// Writes it into `folder`.
    pub(super) fn write(&self, folder: &Path) -> Result<(), PartError> {
        let path = folder.join(STAMP);
        let io = |error| PartError::io(&path, "writing it", error);
        let text = serde_json::to_string_pretty(self).map_err(|error| io(error.into()))?;
        fs::write(&path, text + "\n").map_err(io)
    }

    fn read(folder: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(folder.join(STAMP)).map_err(|error| format!("{STAMP}: {error}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{STAMP}: {error}"))
    }

    /// What is wrong with the files that it names.
    fn problem(&self, folder: &Path) -> Option<String> {
        self.files.iter().find_map(|Installed { name, bytes }| {
            let path = folder.join(name);
            let found = disk::length(&path);
            match path.is_file() {
                false => Some(format!("{name} is missing")),
                true if found != *bytes => Some(format!("{name} has {found} bytes instead of {bytes}")),
                true => None,
            }
        })
    }
}

impl State {
    /// How `part` stands in its `folder`.
    pub(super) fn of(part: &Part, folder: &Path) -> Self {
        if !folder.exists() {
            return Self::Missing;
        }
        let stamp = match Stamp::read(folder) {
            Ok(stamp) => stamp,
            Err(problem) => return Self::Broken { problem },
        };
        if let Some(problem) = stamp.problem(folder) {
            return Self::Broken { problem };
        }
        if stamp == Stamp::of(part) { Self::Whole } else { Self::Other { installed_version: stamp.version } }
    }
}
