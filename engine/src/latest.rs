//! A cell in which the newest value counts and all others are forgotten.
//!
//! This is one of two ways in which threads here hand over to each other: where only what is newest matters (what is heard now,
//! the picture, how it is going), it lies in such a cell, and whoever wants it takes it when it suits; where each item counts
//! (sound, commands, pictures for a recording), it goes through a channel. Neither is ever held while somebody works, so no
//! thread waits for another one's priority.

use std::sync::Arc;

use arc_swap::ArcSwap;

/// One value, replaced as a whole. Neither reading nor writing waits.
#[derive(Debug)]
pub(crate) struct Latest<T>(ArcSwap<T>);

impl<T> Latest<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(ArcSwap::from_pointee(value))
    }

    /// Replaces the value.
    pub(crate) fn set(&self, value: T) {
        self.0.store(Arc::new(value));
    }

    /// The newest value.
    pub(crate) fn get(&self) -> Arc<T> {
        self.0.load_full()
    }
}

impl<T: Default> Default for Latest<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}
