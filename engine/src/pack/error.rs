//! What can be wrong with a pack, in words that name the file, the field, what was expected, what was found, and
//! what to do.

use std::path::PathBuf;

use thiserror::Error;

/// Why a pack cannot be used. Each message is one line.
#[derive(Debug, Error)]
pub enum PackError {
    /// No pack of that name is built in or installed, and no such folder or file exists.
    #[error(
        "there is no pack \"{reference}\": expected the name of a pack ({}), a folder with a pack.toml, or a .zip of one; see `klangbild pack list`",
        available.join(", ")
    )]
    NotFound {
        /// What was asked for.
        reference: String,
        /// Names that would have worked.
        available: Vec<String>,
    },
    /// A file of the pack is missing.
    #[error("{file}: no such file in the pack; {cure}")]
    Missing {
        /// The file, as the user can find it.
        file: String,
        /// What to do.
        cure: String,
    },
    /// A file or folder could not be read or written.
    #[error("{file}: {action} failed: {source}")]
    Io {
        /// The file, as the user can find it.
        file: String,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Something is over its bound; nothing was loaded.
    #[error("{file}: {what} is {found}, over the limit of {limit}")]
    TooLarge {
        /// The file, as the user can find it.
        file: String,
        /// What is too large.
        what: String,
        /// How large it is.
        found: String,
        /// How large it may be.
        limit: String,
    },
    /// The pack asks for something that no pack may have.
    #[error("{file}: {found} is refused: {cure}")]
    Refused {
        /// The file, as the user can find it.
        file: String,
        /// What was found.
        found: String,
        /// Why, and what to do.
        cure: String,
    },
    /// The manifest is not TOML, or a field is missing, unknown or of the wrong type.
    #[error("{file}: {message}")]
    Manifest {
        /// The file, as the user can find it.
        file: String,
        /// Line and reason.
        message: String,
    },
    /// A file is not what its name says.
    #[error("{file}: not a readable {kind}: {message}; get or export the file again")]
    Corrupt {
        /// The file, as the user can find it.
        file: String,
        /// What it should be.
        kind: &'static str,
        /// The reason.
        message: String,
    },
    /// A field and the graph, or two fields, do not agree.
    #[error("{file}: {field}: expected {expected}, found {found}; {cure}")]
    Mismatch {
        /// The file, as the user can find it.
        file: String,
        /// The field of the manifest, or the input or output of the graph.
        field: String,
        /// What would be right.
        expected: String,
        /// What is there.
        found: String,
        /// What to do.
        cure: String,
    },
    /// Something is there already and must not be lost.
    #[error("{} exists already; choose another folder or pass --force to replace it", .0.display())]
    Exists(PathBuf),
}
