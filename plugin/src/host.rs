//! What a host has said besides its sound.

use std::sync::atomic::{AtomicBool, Ordering};

/// The host of one instance.
#[derive(Debug, Default)]
pub struct Host {
    offline: AtomicBool,
}

impl Host {
    /// Notes how it says that it renders from now on: as fast as we answer, or in real time.
    pub fn set_offline(&self, offline: bool) {
        self.offline.store(offline, Ordering::Relaxed);
    }

    /// What it said last. A block that says for itself how it is rendered knows better.
    pub fn is_offline(&self) -> bool {
        self.offline.load(Ordering::Relaxed)
    }
}
