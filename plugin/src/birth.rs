//! What the framework keeps to itself when it makes an instance for a host: our own part of it.

use std::cell::RefCell;
use std::sync::Arc;

use nice_plug::prelude::AsyncExecutor;

use crate::effect::Klangbild;
use crate::instance::Instance;

/// An instance's own part, and the way to have the framework's worker do something for it.
#[derive(Default)]
pub struct Born {
    /// What the audio thread, the window and the recorders share.
    pub instance: Option<Arc<Instance>>,
    /// The worker.
    pub worker: Option<AsyncExecutor<Klangbild>>,
}

thread_local! {
    /// Where the instance that is being made on this thread leaves word of itself; `None` if nobody asks.
    static ASKED: RefCell<Option<Born>> = const { RefCell::new(None) };
}

/// Has an instance made, and tells what it consists of.
pub fn attend<T>(make: impl FnOnce() -> T) -> (T, Born) {
    ASKED.replace(Some(Born::default()));
    let made = make();
    (made, ASKED.take().unwrap_or_default())
}

/// For the instance: leaves word, if somebody asks.
pub fn tell(word: impl FnOnce(&mut Born)) {
    ASKED.with_borrow_mut(|asked| asked.as_mut().map(word));
}
