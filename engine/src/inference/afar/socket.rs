//! The way between the two sides: a socket that only this user can reach, and nobody waits at for ever.

#[cfg(any(windows, test))]
mod loopback;
#[cfg(unix)]
mod unix;

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::time::{Duration, Instant};

#[cfg(windows)]
pub use loopback::{Listener, Stream, bind, connect, make_private};
#[cfg(unix)]
pub use unix::{Listener, Stream, bind, connect, make_private};

/// One end of a connection.
pub struct Line {
    stream: Stream,
    /// What has not happened by then does not happen; none waits for ever.
    deadline: Option<Instant>,
}

impl Line {
    pub fn new(stream: Stream) -> Self {
        Self { stream, deadline: None }
    }

    /// What is read or written from now on has to be done within this time.
    pub fn within(&mut self, patience: Duration) {
        self.deadline = Instant::now().checked_add(patience);
    }

    /// Whether the other end is still there, and has said nothing unasked.
    pub fn is_quiet(&mut self) -> bool {
        if self.stream.set_nonblocking(true).is_err() {
            return false;
        }
        let heard = (&self.stream).read(&mut [0]);
        let is_quiet = heard.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
        is_quiet && self.stream.set_nonblocking(false).is_ok()
    }

    fn left(&self) -> Result<Option<Duration>> {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        match left {
            Some(Duration::ZERO) => Err(ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }
}

/// Systems have two words for the same.
fn in_time(error: Error) -> Error {
    if error.kind() == ErrorKind::WouldBlock { ErrorKind::TimedOut.into() } else { error }
}

impl Read for Line {
    fn read(&mut self, bytes: &mut [u8]) -> Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        (&self.stream).read(bytes).map_err(in_time)
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        let write = || (&self.stream).write(bytes);
        // The other side may have died, and a host has not seen to the signal that this raises.
        #[cfg(unix)]
        let written = crate::recorder::pipe::unix::without_sigpipe(write);
        #[cfg(not(unix))]
        let written = write();
        written.map_err(in_time)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
