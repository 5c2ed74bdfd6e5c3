//! What the program says: on standard output what was asked for, on standard error everything else.
//!
//! `println!` panics where nobody reads any more, as in `klangbild hear SONG | head -1`. The signal that ends other programs
//! there (SIGPIPE) must stay off, as it would end this one when ffmpeg dies.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Whoever reads the output has seen enough: no error, and time to end.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub struct NobodyReads;

/// Prints on standard output.
///
/// # Errors
/// [`NobodyReads`], or that it cannot be written, as on a full disk.
pub fn print(text: impl Display) -> anyhow::Result<()> {
    print_with(|out| write!(out, "{text}"))
}

/// Prints on standard output, with a line break.
///
/// # Errors
/// As [`print`].
pub fn print_line(line: impl Display) -> anyhow::Result<()> {
    print_with(|out| writeln!(out, "{line}"))
}

/// Prints with a function of one's own.
///
/// # Errors
/// As [`print`].
pub fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    written(write(&mut out).and_then(|()| out.flush()))
}

/// Turns the error of a write to standard output into what [`print`] gives.
///
/// # Errors
/// As [`print`].
pub fn written<T>(result: io::Result<T>) -> anyhow::Result<T> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => NobodyReads.into(),
        _ => anyhow::anyhow!("cannot write the output ({error}): free some space, or write it elsewhere"),
    })
}

/// Says one line on standard error. If nobody reads that either, it is not said.
pub fn tell(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
