//! In which process somebody wants the models to run on this machine.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use serde::Serialize;

use super::{put, said};
use crate::pack::Folders;

/// The environment variable that goes before the file.
const VARIABLE: &str = "KLANGBILD_APART";

/// When models run in a process of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Apart {
    /// Those of packs that came from outside; the built-in ones run here.
    #[default]
    Automatic,
    /// All of them.
    Always,
    /// None: what goes wrong in a driver or in ONNX Runtime then ends this process.
    Never,
}

impl Apart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Automatic, Self::Always, Self::Never];

    /// What it is called where it is chosen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl fmt::Display for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Apart {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let name = name.trim();
        Self::ALL.into_iter().find(|apart| apart.name().eq_ignore_ascii_case(name)).ok_or_else(|| {
            format!(
                "models do not run apart {name:?}: expected one of {}",
                Self::ALL.map(Self::name).join(", ")
            )
        })
    }
}

/// Where the choice is kept; none where the user has no home.
pub fn file() -> Option<PathBuf> {
    Some(Folders::of_user().config?.join("apart"))
}

/// The choice: `KLANGBILD_APART`, or else the file, or else automatic.
pub fn chosen() -> Apart {
    let Some((text, from)) = said(VARIABLE, file()) else { return Apart::default() };
    text.parse().unwrap_or_else(|error| {
        tracing::warn!("{from}: {error}");
        Apart::default()
    })
}

/// Keeps the choice for whatever is loaded from now on.
///
/// # Errors
/// The file cannot be written or removed.
pub fn keep(apart: Apart) -> io::Result<()> {
    put(file(), (apart != Apart::default()).then_some(apart.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_is_told_with_those_that_are() {
        assert_eq!(" Always\n".parse(), Ok(Apart::Always));
        let error = "sometimes".parse::<Apart>().unwrap_err();
        assert!(error.contains("\"sometimes\"") && error.contains("automatic, always, never"), "{error}");
    }
}
