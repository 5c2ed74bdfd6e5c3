//! One process at a time in the runtime folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use super::{PartError, Step, Watch};

/// Between two tries. The system could wait by itself, but not be told to stop.
const TRY_EVERY: Duration = Duration::from_millis(100);

/// Held while it lives; the system lets go of it if the process dies.
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until no other process is at work in `folder`.
    pub(super) fn take(folder: &Path, watch: &mut Watch<'_>, cancel: &AtomicBool) -> Result<Self, PartError> {
        let mut waits = false;
        loop {
            if let Some(lock) = Self::try_take(folder)? {
                return Ok(lock);
            }
            if !waits {
                waits = true;
                watch(Step::Waiting);
            }
            if cancel.load(Ordering::Relaxed) {
                return Err(PartError::Cancelled);
            }
            sleep(TRY_EVERY);
        }
    }

    /// None if another process is at work there.
    pub(super) fn try_take(folder: &Path) -> Result<Option<Self>, PartError> {
        let path = folder.join("lock");
        let io = |error| PartError::io(&path, "locking it", error);
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(io(error)),
        }
    }
}
