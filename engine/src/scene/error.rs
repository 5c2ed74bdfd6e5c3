//! What can be wrong with a scene's files.

use thiserror::Error;

/// A failure to read a scene; each message says where, and what to do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SceneError {
    /// A file or folder cannot be read.
    #[error("{file} cannot be read: {reason}")]
    File {
        /// Path of the file.
        file: String,
        /// The system's reason.
        reason: String,
    },
    /// A place in a file that is wrong.
    #[error("{file}:{line}:{column}: {message}")]
    Place {
        /// Name of the file.
        file: String,
        /// Line, the first being 1.
        line: u32,
        /// Letter in the line, the first being 1.
        column: u32,
        /// What is wrong, on one line.
        message: String,
    },
    /// Something in the head that does not fit.
    #[error("{file}: {message}")]
    Head {
        /// Name of the file.
        file: String,
        /// What is wrong, on one line.
        message: String,
    },
    /// More than a scene may ask for.
    #[error("{file}: {what} is {found}, and a scene may have {limit} at most")]
    Limit {
        /// Name of the file.
        file: String,
        /// What there is too much of.
        what: String,
        /// How much there is.
        found: u64,
        /// How much there may be.
        limit: u64,
    },
}
