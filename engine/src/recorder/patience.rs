//! How long to wait for somebody who may never answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Waits on and on while there are signs of life, and no longer than a limit without one.
pub(super) struct Patience {
    limit: Duration,
    last_sign: u64,
    since: Instant,
}

impl Patience {
    /// Begins to wait.
    pub fn new(limit: Duration) -> Self {
        Self { limit, last_sign: 0, since: Instant::now() }
    }

    /// Whether it is over. `sign` is any number that changes while the other side does something: bytes written, work done.
    pub fn is_over(&mut self, sign: u64) -> bool {
        if sign != self.last_sign {
            (self.last_sign, self.since) = (sign, Instant::now());
        }
        self.since.elapsed() >= self.limit
    }
}

/// The signs of life that a thread gives. Clones are of the same thread.
#[derive(Clone, Default)]
pub(super) struct Pulse(Arc<AtomicU64>);

impl Pulse {
    /// Something has been done.
    pub fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How often.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
