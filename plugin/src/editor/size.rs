//! The window's size: what the host has asked for, what the window has, and what the project remembers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use baseview::WindowSize;
use nice_plug::editor::dpi::NativeSize;

use crate::settings::LEAST_WINDOW;

/// A host that makes room for the window pushes it about for this long; what it is then is meant.
const SETTLES: Duration = Duration::from_secs(2);

/// Shared by the window's thread and the host's.
#[derive(Default)]
pub struct Sizes {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Of the window that is open, or of the one that was.
    now: Option<WindowSize>,
    asked: Option<NativeSize<u32>>,
    opened: Option<Instant>,
}

/// What a new size means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The user's will, by way of the host: to be remembered.
    Meant,
    /// The host is still making room: to be drawn, and no more.
    Passing,
    /// Nobody can want that: the window is to go back to the size before.
    Refused,
}

impl Sizes {
    /// A window opens in this size.
    pub fn opens(&self, size: WindowSize) {
        *self.lock() = Inner { now: Some(size), asked: None, opened: Some(Instant::now()) };
    }

    /// That of the window, as far as it is meant.
    pub fn known(&self) -> Option<WindowSize> {
        self.lock().now
    }

    /// The host asks for this one.
    pub fn ask(&self, size: NativeSize<u32>) {
        self.lock().asked = Some(size);
    }

    /// The window has got this one.
    ///
    /// On X11 hosts also resize the window behind the plugin's back: some to their own window's first size, of a few pixels,
    /// before they have heard how large ours is. Who asked for that would get it for ever.
    pub fn got(&self, size: WindowSize) -> Meaning {
        let mut inner = self.lock();
        let asked = inner.asked == Some(NativeSize::from_logical_or_physical(size.logical, size.physical));
        let settled = inner.opened.is_none_or(|opened| opened.elapsed() >= SETTLES);
        let meaning = if asked || cfg!(not(target_os = "linux")) {
            Meaning::Meant
        } else if size.logical.width < f64::from(LEAST_WINDOW.0)
            || size.logical.height < f64::from(LEAST_WINDOW.1)
        {
            Meaning::Refused
        } else if settled {
            Meaning::Meant
        } else {
            Meaning::Passing
        };
        if meaning == Meaning::Meant {
            inner.now = Some(size);
        }
        meaning
    }

    /// Looks whether a size that was passing has stayed; whether it is meant from now on.
    pub fn settles(&self, size: WindowSize) -> bool {
        let mut inner = self.lock();
        let is_new = inner.now.is_some_and(|now| now.physical != size.physical);
        let settled = inner.opened.is_some_and(|opened| opened.elapsed() >= SETTLES);
        if is_new && settled {
            inner.now = Some(size);
        }
        is_new && settled
    }

    /// The smallest that the panel still fits in, in the system's pixels.
    pub fn least(&self) -> (u32, u32) {
        let scale = match self.lock().now {
            Some(size) if cfg!(not(target_os = "macos")) => size.scale_factor,
            _ => 1.0,
        };
        let scaled = |side: u32| (f64::from(side) * scale).ceil() as u32;
        (scaled(LEAST_WINDOW.0), scaled(LEAST_WINDOW.1))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use baseview::dpi::PhysicalSize;

    use super::*;

    fn size(width: u32, height: u32, scale: f64) -> WindowSize {
        WindowSize::from_physical(PhysicalSize::new(width, height), scale)
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_host_that_makes_room_does_not_make_the_window_small_for_ever() {
        let sizes = Sizes::default();
        sizes.opens(size(960, 540, 1.0));
        assert_eq!(sizes.got(size(1, 1, 1.0)), Meaning::Refused);
        assert_eq!(sizes.got(size(400, 300, 1.0)), Meaning::Passing);
        assert_eq!(sizes.known().unwrap().physical, PhysicalSize::new(960, 540));
        sizes.ask(NativeSize::new(800, 450));
        assert_eq!(sizes.got(size(800, 450, 1.0)), Meaning::Meant);
        assert_eq!(sizes.known().unwrap().physical, PhysicalSize::new(800, 450));
    }

    #[test]
    #[cfg(not(target_os = "macos"))]
    fn the_least_size_grows_with_the_scale() {
        let sizes = Sizes::default();
        assert_eq!(sizes.least(), LEAST_WINDOW);
        sizes.opens(size(1920, 1080, 2.0));
        assert_eq!(sizes.least(), (2 * LEAST_WINDOW.0, 2 * LEAST_WINDOW.1));
    }
}
