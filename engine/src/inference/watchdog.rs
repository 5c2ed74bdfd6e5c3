//! Stops what takes too long.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A thread that calls a function when a deadline passes.
pub struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    deadline: Option<Instant>,
    fired: bool,
    quit: bool,
    /// When the thread wakes by itself, if it sleeps. Only a nearer deadline must wake it: at 60 runs a second that saves 60
    /// wake-ups.
    asleep: Option<Sleep>,
}

#[derive(Clone, Copy)]
enum Sleep {
    Until(Instant),
    ForEver,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, stop: impl Fn()) {
        let mut state = self.lock();
        while !state.quit {
            let now = Instant::now();
            state = match state.deadline {
                Some(deadline) if deadline <= now => {
                    stop();
                    state.fired = true;
                    state.deadline = None;
                    state
                }
                Some(deadline) => {
                    state.asleep = Some(Sleep::Until(deadline));
                    let waited = self.changed.wait_timeout(state, deadline - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    state.asleep = Some(Sleep::ForEver);
                    self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
                }
            };
            state.asleep = None;
        }
    }
}

impl Watchdog {
    /// Starts the thread; `stop` is called on it, once for each deadline that passes.
    ///
    /// # Errors
    /// The system gave no thread.
    pub fn new(stop: impl Fn() + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let watched = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("klangbild-watchdog".to_owned());
        let thread = thread.spawn(move || watched.watch(stop))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Sets the deadline to `budget` from now.
    pub fn arm(&self, budget: Duration) {
        let mut state = self.shared.lock();
        state.fired = false;
        state.deadline = Instant::now().checked_add(budget);
        let oversleeps = match (state.asleep, state.deadline) {
            (Some(Sleep::Until(wakes)), Some(deadline)) => deadline < wakes,
            (Some(Sleep::ForEver), Some(_)) => true,
            _ => false,
        };
        if oversleeps {
            self.shared.changed.notify_one();
        }
    }

    /// Takes the deadline away. True if it passed; then the function has been called and has returned.
    pub fn disarm(&self) -> bool {
        let mut state = self.shared.lock();
        state.deadline = None;
        state.fired
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.lock().quit = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the watchdog of a graph ended with a panic");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_nearer_deadline_wakes_it_from_its_sleep_until_a_later_one() {
        let (sender, fired) = mpsc::channel();
        let dog = Watchdog::new(move || sender.send(()).unwrap()).unwrap();
        dog.arm(Duration::from_secs(3600));
        while dog.shared.lock().asleep.is_none() {
            std::thread::yield_now();
        }
        assert!(!dog.disarm());
        dog.arm(Duration::from_millis(1));
        fired.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(dog.disarm());
    }

    #[test]
    fn it_fires_once_for_each_deadline_that_passes() {
        let (sender, fired) = mpsc::channel();
        let dog = Watchdog::new(move || sender.send(()).unwrap()).unwrap();
        dog.arm(Duration::from_secs(3600));
        assert!(!dog.disarm());
        for _ in 0..2 {
            dog.arm(Duration::from_millis(1));
            fired.recv_timeout(Duration::from_secs(20)).unwrap();
            assert!(dog.disarm());
        }
        assert!(fired.try_recv().is_err());
    }
}
