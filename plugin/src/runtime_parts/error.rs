//! What can go wrong, in words that say on what, and what to do.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a part could not be installed or removed. Each message is one line.
#[derive(Debug, Error)]
pub enum PartError {
    /// There is no such part.
    #[error("there is no part \"{name}\": {}; see `klangbild runtime list`", expected(available))]
    Unknown {
        /// What was asked for.
        name: String,
        /// Names that would have worked on this platform.
        available: Vec<&'static str>,
    },
    /// There is such a part, but not for this machine.
    #[error("{name} does not run on {os} {arch}: see `klangbild runtime list` for what does")]
    NotHere {
        /// The part.
        name: String,
        /// This system, as in `std::env::consts`.
        os: &'static str,
        /// This processor.
        arch: &'static str,
    },
    /// The user has no folder for it.
    #[error(
        "there is no folder to install into, as the user has no home: set KLANGBILD_RUNTIME_FOLDER to one"
    )]
    NoFolder,
    /// A file or folder could not be read or written.
    #[error("{}: {action} failed ({source}): check its rights", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// The disk became full.
    #[error(
        "no space is left for {}: free some space and run it again, and it goes on from what it has",
        path.display()
    )]
    Full {
        /// What was being written.
        path: PathBuf,
    },
    /// The disk is too full to begin.
    #[error(
        "{}: {} free, but {} needed: free some space, or set KLANGBILD_RUNTIME_FOLDER to a folder on another disk",
        folder.display(), size(*free), size(*needed)
    )]
    NoSpace {
        /// Where it was to go.
        folder: PathBuf,
        /// Bytes that are free.
        free: u64,
        /// Bytes that it takes.
        needed: u64,
    },
    /// The server could not be reached, or broke off.
    #[error(
        "cannot fetch {url}: {message}; check the network (HTTPS_PROXY if it needs one) and run it again: it goes on from \
         what it has"
    )]
    Network {
        /// What was asked for.
        url: String,
        /// Why not.
        message: String,
    },
    /// The server sends nothing any more.
    #[error(
        "cannot fetch {url}: the server sent nothing for {seconds:.0} seconds; run it again later: it goes on from what it has"
    )]
    Stalled {
        /// What was asked for.
        url: String,
        /// How long it was waited for.
        seconds: f64,
    },
    /// The server refuses.
    #[error("cannot fetch {url}: the server answers {code} ({}); {}", reason(*code), cure(*code))]
    Refused {
        /// What was asked for.
        url: String,
        /// HTTP status code.
        code: u16,
    },
    /// The server sends something else.
    #[error(
        "{url} is longer than the {expected} bytes expected: it was thrown away; run it again, and if it happens again, the \
         server sends another file"
    )]
    TooLong {
        /// What was asked for.
        url: String,
        /// Its size in bytes.
        expected: u64,
    },
    /// What came is not what was asked for.
    #[error(
        "{file} has a wrong SHA-256: expected {expected}, found {found}; it was thrown away and nothing was installed; run it \
         again, and if it happens again, the server sends another file"
    )]
    WrongSum {
        /// The file's name.
        file: &'static str,
        /// What it should be, in hexadecimal.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// The file is what was asked for, but cannot be unpacked.
    #[error(
        "{file} cannot be unpacked: {message}; nothing was installed; update Klangbild, whose catalogue names it"
    )]
    Zip {
        /// The file's name.
        file: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// It is not there.
    #[error("{name} is not installed: nothing is in {}", folder.display())]
    NotInstalled {
        /// The part.
        name: String,
        /// Where it would be.
        folder: PathBuf,
    },
    /// The user has had enough.
    #[error("broken off: run it again, and it goes on from what it has")]
    Cancelled,
}

impl PartError {
    /// An error of the file system.
    pub(super) fn io(path: &Path, action: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Io { path, action, source },
        }
    }

    /// Whether it may go well if it is tried again at once.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Network { .. } | Self::Stalled { .. })
    }
}

/// A size in words, in the units that disks are sold by.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

fn expected(available: &[&str]) -> String {
    match available {
        [] => "there is none for this platform".to_owned(),
        names => format!("expected one of {}", names.join(", ")),
    }
}

fn reason(code: u16) -> &'static str {
    match code {
        403 => "forbidden",
        404 | 410 => "not found",
        407 => "the proxy wants a password",
        416 => "it has no such range",
        429 => "too many requests",
        500..=599 => "it has trouble of its own",
        _ => "unexpected",
    }
}

fn cure(code: u16) -> &'static str {
    match code {
        404 | 410 => "update Klangbild, whose catalogue names it",
        407 => "put the password into HTTPS_PROXY",
        429 | 500..=599 => "run it again later: it goes on from what it has",
        _ => "run it again, or check the network for something between you and the server",
    }
}
