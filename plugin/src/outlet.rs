//! Where a performance's picture goes: a window, a video, a still; whatever comes later.
//!
//! All outlets are equal. Each draws on a thread of its own, with a performer of its own, and none knows of the others: closing
//! a window costs no recording. The instance keeps them in one list, and ends them when it goes. A new outlet is a type with
//! an [`Outlet::run`], and one line that [opens](Outlets::open) it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use klangbild_engine::inference::spawn_low_priority;
use klangbild_engine::threads::join_while_alive;

/// One place where pictures go.
pub trait Outlet: Send + 'static {
    /// The name of its thread.
    fn name(&self) -> &'static str;

    /// Whether somebody looks at it while it plays: then it goes before those that nobody waits for.
    fn is_seen(&self) -> bool {
        false
    }

    /// Draws until it is done, or `ticket` is stopped; then it completes what it has begun.
    fn run(self: Box<Self>, ticket: &Ticket);
}

/// An outlet that runs, or has run.
pub struct Ticket {
    name: &'static str,
    stop: Arc<AtomicBool>,
    ended: AtomicBool,
    frames: AtomicU64,
    left_out: AtomicU64,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Ticket {
    /// Tells it to end; nobody waits for that here.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    /// Whether it was told to end.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }

    /// The same, for whoever looks elsewhere.
    pub fn stop_signal(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// Notes how far it has come: frames, and how many of them were left out.
    pub fn note(&self, frames: u64, left_out: u64) {
        self.frames.store(frames, Ordering::Relaxed);
        self.left_out.store(left_out, Ordering::Relaxed);
    }

    /// How far it has come, as it was noted.
    pub fn noted(&self) -> (u64, u64) {
        (self.frames.load(Ordering::Relaxed), self.left_out.load(Ordering::Relaxed))
    }

    /// Whether all that it had to do is done.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Waits for its end, at most for `patience` after it has come further; whether it has ended.
    pub fn join_within(&self, patience: Duration) -> bool {
        match lock(&self.thread).take() {
            Some(thread) => join_while_alive(thread, patience, || self.noted().0),
            None => true,
        }
    }
}

/// All outlets of one instance.
#[derive(Default)]
pub struct Outlets {
    open: Mutex<Vec<Arc<Ticket>>>,
}

impl Outlets {
    /// Opens an outlet on a thread of its own.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn open(&self, outlet: impl Outlet) -> std::io::Result<Arc<Ticket>> {
        start(outlet, &mut lock(&self.open))
    }

    /// As [`open`](Self::open), unless one of that name has not ended yet: then that one is the answer.
    ///
    /// # Errors
    /// As there.
    pub fn open_only(&self, outlet: impl Outlet) -> std::io::Result<Result<Arc<Ticket>, Arc<Ticket>>> {
        let mut open = lock(&self.open);
        match find(&open, outlet.name()) {
            Some(other) => Ok(Err(other)),
            None => start(outlet, &mut open).map(Ok),
        }
    }

    /// The newest outlet of that name that has not ended.
    pub fn find(&self, name: &str) -> Option<Arc<Ticket>> {
        find(&lock(&self.open), name)
    }

    /// Ends all of them, and waits until what they have begun is complete; at most for `patience` after one has come further.
    pub fn end(&self, patience: Duration) {
        let open = std::mem::take(&mut *lock(&self.open));
        open.iter().for_each(|ticket| ticket.stop());
        for ticket in open {
            ticket.join_within(patience);
        }
    }
}

fn find(open: &[Arc<Ticket>], name: &str) -> Option<Arc<Ticket>> {
    open.iter().rev().find(|ticket| ticket.name == name && !ticket.has_ended()).cloned()
}

fn start(outlet: impl Outlet, open: &mut Vec<Arc<Ticket>>) -> std::io::Result<Arc<Ticket>> {
    let (name, is_seen) = (outlet.name(), outlet.is_seen());
    let ticket = Arc::new(Ticket {
        name,
        stop: Arc::default(),
        ended: AtomicBool::new(false),
        frames: AtomicU64::new(0),
        left_out: AtomicU64::new(0),
        thread: Mutex::default(),
    });
    let runs = Arc::clone(&ticket);
    let work = move || {
        // A panic in here must not take the host along. What it leaves behind is dropped with it.
        if catch_unwind(AssertUnwindSafe(|| Box::new(outlet).run(&runs))).is_err() {
            tracing::error!("{name} has ended with a panic");
        }
        runs.ended.store(true, Ordering::Release);
    };
    let thread = match is_seen {
        true => std::thread::Builder::new().name(name.to_owned()).spawn(work)?,
        false => spawn_low_priority(name, work)?,
    };
    *lock(&ticket.thread) = Some(thread);
    open.retain(|other| !other.has_ended());
    open.push(Arc::clone(&ticket));
    Ok(ticket)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Says when it has completed what it has begun.
    struct Slow(Sender<()>);

    impl Outlet for Slow {
        fn name(&self) -> &'static str {
            "slow"
        }

        fn run(self: Box<Self>, ticket: &Ticket) {
            while !ticket.is_stopped() {
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis(50));
            let _ = self.0.send(());
        }
    }

    struct Broken;

    impl Outlet for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }

        fn run(self: Box<Self>, _ticket: &Ticket) {
            panic!("on purpose");
        }
    }

    #[test]
    fn what_was_begun_is_completed_when_the_instance_goes() {
        let (outlets, (told, done)) = (Outlets::default(), channel());
        outlets.open(Slow(told)).unwrap();
        outlets.end(Duration::from_secs(20));
        assert!(done.try_recv().is_ok());
    }

    #[test]
    fn of_some_there_is_but_one_at_a_time() {
        let (outlets, (told, _done)) = (Outlets::default(), channel());
        let first = outlets.open_only(Slow(told.clone())).unwrap().ok().unwrap();
        let refused = outlets.open_only(Slow(told.clone())).unwrap().err().unwrap();
        assert!(Arc::ptr_eq(&first, &refused) && outlets.find("slow").is_some());
        first.stop();
        assert!(first.join_within(Duration::from_secs(20)) && outlets.find("slow").is_none());
        assert!(outlets.open_only(Slow(told)).unwrap().is_ok());
        outlets.end(Duration::from_secs(20));
    }

    #[test]
    fn an_outlet_that_panics_takes_nobody_along() {
        let outlets = Outlets::default();
        let ticket = outlets.open(Broken).unwrap();
        assert!(ticket.join_within(Duration::from_secs(20)) && ticket.has_ended());
    }
}
