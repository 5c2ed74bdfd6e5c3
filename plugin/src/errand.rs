//! What the window's user has fetched or removed in the background: one part of ONNX Runtime at a time.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use klangbild_engine::inference::is_whole_runtime;

use crate::instance::Instance;
use crate::runtime_parts::{Installed, PartError, Removed, Step, Store};

/// The errand that one instance runs, if any.
#[derive(Debug, Default)]
pub struct Errand {
    running: Mutex<Option<Arc<Running>>>,
}

/// One that runs.
#[derive(Debug)]
struct Running {
    part: String,
    cancel: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
    ended: AtomicBool,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The part's name.
    pub part: String,
    /// From 0 to 1; none while nothing is fetched.
    pub share: Option<f32>,
}

impl Errand {
    /// How far it is, if one runs.
    pub fn progress(&self) -> Option<Progress> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let running = running.as_ref().filter(|running| !running.ended.load(Ordering::Acquire))?;
        let (done, total) = (running.done.load(Ordering::Relaxed), running.total.load(Ordering::Relaxed));
        let share = (total > 0).then(|| (done as f64 / total as f64) as f32);
        Some(Progress { part: running.part.clone(), share })
    }

    /// Stops it soon; a download goes on from there another time.
    pub fn cancel(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.iter().for_each(|running| running.cancel.store(true, Ordering::Relaxed));
    }

    fn begin(&self, part: &str) -> Option<Arc<Running>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.as_ref().is_some_and(|running| !running.ended.load(Ordering::Acquire)) {
            return None;
        }
        let begun = Arc::new(Running {
            part: part.to_owned(),
            cancel: AtomicBool::new(false),
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        });
        *running = Some(Arc::clone(&begun));
        Some(begun)
    }
}

/// Fetches and installs a part, unless an errand runs already. The window tells what has come of it.
pub fn install(instance: &Arc<Instance>, part: &str) {
    run(instance, part, |store, running| {
        let mut watch = |step: Step<'_>| {
            if let Step::Fetching { done, total } = step {
                running.done.store(done, Ordering::Relaxed);
                running.total.store(total, Ordering::Relaxed);
            }
        };
        let installed = store.install(&running.part, &mut watch, &running.cancel)?;
        let is = match installed {
            Installed::Now => "is installed",
            Installed::Before => "is installed already",
        };
        Ok(format!("{} {is}", running.part))
    });
}

/// Removes a part, unless an errand runs.
pub fn remove(instance: &Arc<Instance>, part: &str) {
    run(instance, part, |store, running| {
        let rest = match store.remove(&running.part)? {
            Removed::Wholly => "",
            Removed::ButForFilesInUse => ", but for files that are in use",
        };
        Ok(format!("{} is removed{rest}", running.part))
    });
}

fn run(
    instance: &Arc<Instance>,
    part: &str,
    work: impl FnOnce(&Store, &Running) -> Result<String, PartError> + Send + 'static,
) {
    let Some(running) = instance.errand.begin(part) else { return };
    let (notices, live) = (Arc::clone(&instance.notices), Arc::clone(&instance.live));
    let mine = Arc::clone(&running);
    let thread = std::thread::Builder::new().name("klangbild-errand".to_owned()).spawn(move || {
        match Store::of_user().and_then(|store| work(&store, &mine)) {
            Ok(news) if is_whole_runtime(&mine.part) => {
                notices.tell(format!("{news}: that holds from the next start of this program on"), None);
            }
            Ok(news) => {
                notices.tell(news, None);
                live.load_anew();
            }
            Err(PartError::Cancelled) => {
                notices.tell(format!("{}: stopped; it can go on later", mine.part), None)
            }
            Err(error) => notices.warn(error.to_string()),
        }
        mine.ended.store(true, Ordering::Release);
    });
    match thread {
        Ok(thread) => instance.keep(thread),
        Err(error) => {
            running.ended.store(true, Ordering::Release);
            instance.notices.warn(format!("{part}: the system gives no thread: {error}"));
        }
    }
}
