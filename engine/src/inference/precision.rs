//! In which numbers a graph computes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// In which numbers a graph computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// In floats of 32 bits, or on the processor as the graph that was made for it does.
    #[default]
    Single,
    /// In floats of 16 bits, where the graph says so. Only GPUs gain by it.
    Half,
}

impl Precision {
    /// What stands behind a provider's name: " in half precision", and nothing for the usual.
    pub fn note(self) -> &'static str {
        match self {
            Self::Single => "",
            Self::Half => " in half precision",
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Single => "single precision",
            Self::Half => "half precision",
        })
    }
}
