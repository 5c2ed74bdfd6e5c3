//! A Unix domain socket, in a folder that only this user can enter.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
pub use std::os::unix::net::{UnixListener as Listener, UnixStream as Stream};
use std::path::Path;

use crate::inference::afar::home::Seat;

/// Waits for clients. Whoever calls this has the seat's lock, so what lies there is of one who died.
///
/// # Errors
/// The system gives no socket of that path.
pub fn bind(seat: &Seat) -> Result<Listener> {
    let socket = seat.socket();
    match fs::remove_file(&socket) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Listener::bind(socket),
    }
}

/// Goes to whoever waits there.
///
/// # Errors
/// Nobody does.
pub fn connect(seat: &Seat) -> Result<Stream> {
    Stream::connect(seat.socket())
}

/// Makes the folder, if need be, and sees to it that nobody else can enter it.
///
/// # Errors
/// It cannot be made, or belongs to somebody else.
pub fn make_private(folder: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let found = fs::metadata(folder)?;
    // SAFETY: no arguments, and it cannot fail.
    if found.uid() != unsafe { libc::geteuid() } {
        return Err(Error::other("the folder belongs to another user"));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}
