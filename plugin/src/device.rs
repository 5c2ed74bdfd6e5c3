//! The GPU that the windows and recorders of this process share.

use std::sync::{Arc, Mutex, PoisonError};

use klangbild_engine::stage::{Display, Gpu, StageError};

/// Makes the display connection for the device; set by a program that has one of its own.
type Source = Arc<dyn Fn() -> Display + Send + Sync>;

static SOURCE: Mutex<Option<Source>> = Mutex::new(None);

/// From now on, devices are opened on this display.
pub fn use_display(source: impl Fn() -> Display + Send + Sync + 'static) {
    *SOURCE.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(source));
}

/// The shared device; opened now if need be, which takes up to a second.
///
/// # Errors
/// There is no adapter, or it gives no device.
pub fn shared() -> Result<Arc<Gpu>, StageError> {
    let source = SOURCE.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Gpu::shared(|| match &source {
        Some(source) => Some(source()),
        None => system_display(),
    })
}

#[cfg(target_os = "linux")]
fn system_display() -> Option<Display> {
    crate::x11::Connection::shared().map(|connection| Box::new(connection) as Display)
}

#[cfg(not(target_os = "linux"))]
fn system_display() -> Option<Display> {
    None
}
