//! Why a set or a piece cannot be scored.

use std::path::PathBuf;

use thiserror::Error;

/// Each variant names the file, the place in it, and the way out, in one line.
#[derive(Debug, Error)]
#[allow(missing_docs)] // the messages say what the fields are
pub enum EvaluationError {
    #[error("cannot read {}: {source}: check the name and its permissions", path.display())]
    Read { path: PathBuf, source: std::io::Error },

    #[error(
        "there is nothing to score in {}: it takes songs (NAME.wav, .flac, ...) with annotations of their names (NAME.json or NAME.beats)",
        path.display()
    )]
    NoPieces { path: PathBuf },

    #[error("{}, line {line}, column {column}{place}: {what}: mend the file", path.display())]
    Annotation { path: PathBuf, line: usize, column: usize, place: String, what: String },
}
