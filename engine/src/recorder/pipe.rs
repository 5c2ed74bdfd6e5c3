//! The way into a child process, which may die or stand still at any time.
//!
//! A write to a pipe that nobody reads any more raises SIGPIPE, which ends the whole process unless somebody has seen to it. A
//! host written in C++ has not, and its signals are not a library's to change. So the signal is held back
//! for the writing thread alone and for the length of one write, and taken away again. (A socket could be told to raise none;
//! but confined programs, as in a snap, may be refused sockets.) And a write to a pipe that nobody empties waits for ever; here
//! it gives up in time.

use std::io::{Error, ErrorKind, Result, Write};
use std::process::ChildStdin;
use std::time::Duration;

/// A child's standard input.
pub(super) struct Pipe {
    input: ChildStdin,
    /// How long a write waits for room.
    patience: Duration,
}

impl Pipe {
    /// Writes to `input`, which takes at least a byte within `patience` or is given up.
    pub fn new(input: ChildStdin, patience: Duration) -> Result<Self> {
        #[cfg(unix)]
        unix::never_wait(&input)?;
        Ok(Self { input, patience })
    }
}

impl Write for Pipe {
    #[cfg(unix)]
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        loop {
            if !unix::wait_for(&self.input, libc::POLLOUT, self.patience)? {
                return Err(Error::new(ErrorKind::TimedOut, NOTHING_TAKEN));
            }
            match unix::without_sigpipe(|| self.input.write(bytes)) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                written => return written,
            }
        }
    }

    /// There is no such signal here; whoever waits for this thread ends the child, and thereby the write.
    #[cfg(not(unix))]
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let _ = (self.patience, NOTHING_TAKEN, Error::from(ErrorKind::TimedOut));
        self.input.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

const NOTHING_TAKEN: &str = "it takes nothing any more";

#[cfg(unix)]
pub(crate) mod unix {
    use std::io::{Error, ErrorKind, Result};
    use std::mem::MaybeUninit;
    use std::os::fd::AsRawFd;
    use std::time::Duration;

    /// Makes writes return at once. It holds for this end of the pipe alone.
    pub fn never_wait(pipe: &impl AsRawFd) -> Result<()> {
        let fd = pipe.as_raw_fd();
        // SAFETY: plain numbers in and out; the descriptor is open as long as `pipe` lives.
        let flags = unsafe { libc::fcntl(fd, libc::F_GETFL) };
        // SAFETY: as above.
        if flags < 0 || unsafe { libc::fcntl(fd, libc::F_SETFL, flags | libc::O_NONBLOCK) } < 0 {
            return Err(Error::last_os_error());
        }
        Ok(())
    }

    /// Waits for an event; `false` if it has not come in time. An end of the other side counts as one.
    pub fn wait_for(pipe: &impl AsRawFd, event: libc::c_short, limit: Duration) -> Result<bool> {
        let mut about = libc::pollfd { fd: pipe.as_raw_fd(), events: event, revents: 0 };
        let limit_ms = i32::try_from(limit.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: one descriptor is said to be there, and it is; `poll` keeps no pointer to it.
        match unsafe { libc::poll(&raw mut about, 1, limit_ms) } {
            0 => Ok(false),
            count if count > 0 => Ok(true),
            _ => match Error::last_os_error() {
                error if error.kind() == ErrorKind::Interrupted => Ok(true), // the write finds out
                error => Err(error),
            },
        }
    }

    /// Does something that may raise SIGPIPE in this thread, and takes the signal away. Other threads, and a signal that
    /// somebody else has sent before, are not touched.
    pub fn without_sigpipe<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
        let (mut sigpipe, mut before) = (MaybeUninit::uninit(), MaybeUninit::uninit());
        // SAFETY: `sigemptyset` initialises the set before it is read, and `pthread_sigmask` writes the old one to memory
        // that is ours; all of it concerns this thread alone.
        let (sigpipe, before) = unsafe {
            libc::sigemptyset(sigpipe.as_mut_ptr());
            let mut sigpipe = sigpipe.assume_init();
            libc::sigaddset(&raw mut sigpipe, libc::SIGPIPE);
            if libc::pthread_sigmask(libc::SIG_BLOCK, &raw const sigpipe, before.as_mut_ptr()) != 0 {
                return Err(Error::last_os_error());
            }
            (sigpipe, before.assume_init())
        };
        let was_waiting = waits();
        let done = work();
        if !was_waiting && waits() {
            let mut signal = 0;
            // SAFETY: a signal of the set waits for this thread, so this returns at once.
            unsafe { libc::sigwait(&raw const sigpipe, &raw mut signal) };
        }
        // SAFETY: the mask that this thread had.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut()) };
        done
    }

    /// Whether a SIGPIPE waits for this thread.
    fn waits() -> bool {
        let mut waiting = MaybeUninit::uninit();
        // SAFETY: `sigpending` initialises the set where it returns 0, and only then it is read.
        unsafe {
            libc::sigpending(waiting.as_mut_ptr()) == 0
                && libc::sigismember(&waiting.assume_init(), libc::SIGPIPE) == 1
        }
    }
}
