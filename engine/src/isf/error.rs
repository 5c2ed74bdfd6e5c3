//! What can be wrong with an ISF file, in words that name the line where there is one.

use std::fmt;

use thiserror::Error;

/// Which text of an ISF a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// The `.fs` file.
    Fragment,
    /// The `.vs` file.
    Vertex,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fragment => ".fs",
            Self::Vertex => ".vs",
        })
    }
}

/// Why an ISF file cannot be played. Each message is one line, without the file's name, which only the caller knows.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum IsfError {
    /// Something is over its bound; nothing was translated.
    #[error("{what} is {found}, over the limit of {limit}")]
    TooLarge {
        /// What is too large.
        what: String,
        /// How large it is.
        found: usize,
        /// How large it may be.
        limit: usize,
    },
    /// The file does not begin as an ISF does.
    #[error("no ISF head: the file must begin with a comment /*{{ ... }}*/ that holds JSON")]
    NoHead,
    /// The head is no JSON, however leniently it is read.
    #[error("line {line}: the head is not JSON: {reason}")]
    Json {
        /// Counted from 1, in the `.fs` file.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A key of the head holds what it cannot.
    #[error("{key} in the head: {reason}")]
    Head {
        /// The key, with the input or pass that it stands in.
        key: String,
        /// What was found, what was expected.
        reason: String,
    },
    /// The shader is wrong.
    #[error("{text} line {line}: {reason}")]
    Shader {
        /// The file that the line is in.
        text: Text,
        /// Counted from 1.
        line: u32,
        /// The compiler's words.
        reason: String,
    },
    /// The shader is correct GLSL, but asks for something that does not work here.
    #[error("{text}: the shader cannot be translated: {reason}")]
    Untranslatable {
        /// The file that is meant.
        text: Text,
        /// The translator's words.
        reason: String,
    },
}
