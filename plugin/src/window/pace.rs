//! When the next frame is due.

use std::time::{Duration, Instant};

/// Taken where the display does not tell.
const USUAL_HZ: f64 = 60.0;
/// No display needs more; it caps a driver that does not wait for its display.
const MOST_HZ: f64 = 240.0;

/// Paces frames by a timer. Where the display itself paces (FIFO on a real GPU) the timer is only a cap above it.
#[derive(Debug)]
pub struct Pace {
    period: Duration,
    budget: Duration,
    next: Instant,
}

impl Pace {
    /// Frames at the display's rate, if that is known; `display_waits` says whether presenting waits for it.
    pub fn new(refresh_hz: Option<f64>, display_waits: bool) -> Self {
        let known = refresh_hz.filter(|hz| (20.0..=1000.0).contains(hz)).unwrap_or(USUAL_HZ);
        let hz = if display_waits { MOST_HZ } else { known.min(MOST_HZ) };
        Self {
            period: Duration::from_secs_f64(1.0 / hz),
            budget: Duration::from_secs_f64(1.0 / known.min(MOST_HZ)),
            next: Instant::now(),
        }
    }

    /// How long the next frame has still to wait; zero when it is due.
    pub fn left(&self, now: Instant) -> Duration {
        self.next.saturating_duration_since(now)
    }

    /// A frame begins: the one after it is due a period later. What is late is not caught up with.
    pub fn begin(&mut self, now: Instant) {
        self.next = (self.next + self.period).max(now);
    }

    /// What a frame may take.
    pub fn budget(&self) -> Duration {
        self.budget
    }
}
