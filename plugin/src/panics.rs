//! Tells of panics on threads of ours, which nobody would see otherwise: once on standard error, and in every window.
//!
//! What panics on a host's own thread goes to whoever was told of panics before us.

use std::io::Write;
use std::panic::{Location, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::notice::Notices;

/// What all threads of ours are called in the beginning.
const OURS: &str = "klangbild";

static LISTENERS: Mutex<Vec<Weak<Notices>>> = Mutex::new(Vec::new());
/// Places that have been told of.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on these lines tell of panics.
pub fn tell(notices: &Arc<Notices>) {
    let mut listeners = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner);
    listeners.retain(|listener| listener.strong_count() > 0);
    listeners.push(Arc::downgrade(notices));
}

/// Begins to listen; again does nothing.
pub fn listen() {
    static LISTENS: AtomicBool = AtomicBool::new(false);
    if LISTENS.swap(true, Ordering::Relaxed) {
        return;
    }
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        match thread.name().filter(|name| name.starts_with(OURS)) {
            Some(name) => report(name, panic),
            None => before(panic),
        }
    }));
}

/// Nothing in here may wait: the thread that panics may hold any lock.
fn report(thread: &str, panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(Location::to_string).unwrap_or_default();
    let words = panic.payload_as_str().unwrap_or("for an unknown reason");
    let line = format!("An error of Klangbild's own has ended its thread {thread}: {words} ({place})");
    tracing::error!("{line}");
    if let Ok(mut told) = TOLD.try_lock() {
        if told.contains(&place) {
            return;
        }
        told.push(place);
    }
    // Where there is no standard error, there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
    if let Ok(listeners) = LISTENERS.try_lock() {
        listeners.iter().filter_map(Weak::upgrade).for_each(|notices| notices.try_warn(&line));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_on_a_thread_of_ours_is_told_once_in_the_window() {
        listen();
        let notices = Arc::new(Notices::default());
        tell(&notices);
        for _ in 0..2 {
            let named = std::thread::Builder::new().name("klangbild-test".to_owned());
            #[allow(clippy::panic, reason = "this is what is tested")]
            let thread = named.spawn(|| panic!("on purpose")).unwrap();
            assert!(thread.join().is_err());
        }
        let lines = notices.newest();
        let told = lines.iter().filter(|line| line.text.contains("on purpose")).count();
        assert_eq!(told, 1, "{lines:?}");
    }
}
