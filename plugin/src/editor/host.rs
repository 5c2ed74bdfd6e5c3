//! The host's side of the window, from nice-plug's words into baseview's.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use baseview::{HandlerError, WindowSize};
use nice_plug::editor::{HostCallbacks, HostMainThreadCaller};

/// What the window asks of the host.
pub struct Callbacks(pub Box<dyn HostCallbacks>);

impl baseview::host::HostCallbacks for Callbacks {
    fn request_resize(&mut self, size: WindowSize) -> Result<(), HandlerError> {
        // Ours never asks for a size of its own. What comes here is what the host itself has done to the window: asked for, it would
        // come back as the user's will.
        tracing::debug!("the host has made the window {}x{}", size.physical.width, size.physical.height);
        Ok(())
    }

    fn destroyed(&mut self) {
        self.0.destroyed();
    }
}

/// Asks the host to call us on its main thread; not any more once it closes the window.
#[derive(Clone)]
pub struct Caller {
    inner: Arc<Mutex<Box<dyn HostMainThreadCaller>>>,
    muted: Arc<AtomicBool>,
}

impl Caller {
    /// Around the host's own.
    pub fn new(inner: Box<dyn HostMainThreadCaller>) -> Self {
        Self { inner: Arc::new(Mutex::new(inner)), muted: Arc::default() }
    }

    /// From now on nothing is asked.
    pub fn mute(&self) {
        self.muted.store(true, Ordering::Release);
    }

    /// Asks.
    pub fn call(&self) {
        if !self.muted.load(Ordering::Acquire) {
            self.inner.lock().unwrap_or_else(PoisonError::into_inner).call_main_thread();
        }
    }
}

impl baseview::host::HostMainThreadCaller for Caller {
    fn call_main_thread(&mut self) {
        self.call();
    }
}
