//! What a host has said besides its sound, and what it is told besides parameters.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const SAYS_NOTHING: u8 = 0;
const SAYS_REAL_TIME: u8 = 1;
const SAYS_OFFLINE: u8 = 2;

type Dirty = Arc<dyn Fn() + Send + Sync>;
type Rename = Arc<dyn Fn() -> bool + Send + Sync>;

/// The host of one instance.
#[derive(Default)]
pub struct Host {
    offline: AtomicBool,
    /// What the block that is being processed says of itself: one of [`SAYS_NOTHING`] and the other two.
    block: AtomicU8,
    /// Sound that it has played in real time.
    played_ns: AtomicU64,
    /// Tells it that the project has changed.
    dirty: Mutex<Option<Dirty>>,
    /// Tells it that parameters have other names; whether it takes them.
    rename: Mutex<Option<Rename>>,
    /// Asks it to call us on its main thread, from any thread.
    ask: Mutex<Option<Dirty>>,
}

impl Host {
    /// Notes how it says that it renders from now on: as fast as we answer, or in real time.
    pub fn set_offline(&self, offline: bool) {
        self.offline.store(offline, Ordering::Relaxed);
    }

    /// Whether it renders as fast as we answer: as the block says that is being processed, or else as it said last.
    pub fn is_offline(&self) -> bool {
        match self.block.load(Ordering::Relaxed) {
            SAYS_NOTHING => self.offline.load(Ordering::Relaxed),
            said => said == SAYS_OFFLINE,
        }
    }

    /// Notes how a block says that it is rendered, for as long as it is processed.
    pub fn while_a_block_says<T>(&self, offline: bool, process: impl FnOnce() -> T) -> T {
        self.block.store(if offline { SAYS_OFFLINE } else { SAYS_REAL_TIME }, Ordering::Relaxed);
        let result = process();
        self.block.store(SAYS_NOTHING, Ordering::Relaxed);
        result
    }

    /// Notes a block in real time, on the audio thread.
    pub fn plays(&self, frames: usize, sample_rate_hz: u32) {
        self.played_ns
            .fetch_add(frames as u64 * 1_000_000_000 / u64::from(sample_rate_hz.max(1)), Ordering::Relaxed);
    }

    /// Sound that it has played in real time so far.
    pub fn played(&self) -> Duration {
        Duration::from_nanos(self.played_ns.load(Ordering::Relaxed))
    }

    /// Notes how it is told that the project has changed.
    pub fn remember(&self, dirty: impl Fn() + Send + Sync + 'static) {
        *lock(&self.dirty) = Some(Arc::new(dirty));
    }

    /// Notes how it is told that parameters have other names, which says whether it takes them.
    pub fn remember_rename(&self, rename: impl Fn() -> bool + Send + Sync + 'static) {
        *lock(&self.rename) = Some(Arc::new(rename));
    }

    /// Notes how it is asked to call us on its main thread.
    pub fn remember_ask(&self, ask: impl Fn() + Send + Sync + 'static) {
        *lock(&self.ask) = Some(Arc::new(ask));
    }

    /// It is told nothing any more: when it goes.
    pub fn forget(&self) {
        // Not dropped under the lock: that may call the host.
        let _forgotten = (lock(&self.dirty).take(), lock(&self.rename).take(), lock(&self.ask).take());
    }

    /// Tells it that what the project remembers has changed, beside the parameters that it sees itself. On its main thread only.
    pub fn mark_dirty(&self) {
        let dirty = lock(&self.dirty).clone();
        if let Some(dirty) = dirty {
            dirty();
        }
    }

    /// Whether it can be told other names.
    pub fn can_rename(&self) -> bool {
        lock(&self.rename).is_some()
    }

    /// Tells it that parameters have other names; whether it takes them. On its main thread only.
    pub fn rename(&self) -> bool {
        let rename = lock(&self.rename).clone();
        rename.is_some_and(|rename| rename())
    }

    /// Asks it to call us on its main thread, from any thread but the audio thread; whether it can be asked.
    pub fn ask(&self) -> bool {
        let ask = lock(&self.ask).clone();
        ask.inspect(|ask| ask()).is_some()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Host").field("offline", &self.offline).finish_non_exhaustive()
    }
}
