//! Who does what a parameter or a note has asked for, and no audio thread may do: start a recording, write a still while no
//! window is open, complete a bounce.
//!
//! One thread serves all instances of the process while any of them is active. It looks a few times a second instead of being
//! woken, since to wake a thread is a system call. (The framework's own worker takes the host down when an instance goes while
//! one of its tasks waits.)

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use klangbild_engine::threads::join_within;

use crate::bouncing::Bounces;
use crate::capture::capture_unseen;
use crate::instance::Instance;
use crate::params::Ask;
use crate::recording;

/// A trigger is answered within this time.
const LOOK_EVERY: Duration = Duration::from_millis(40);
/// Somebody who changes the head of a scene sees other knobs after this time.
const LOOK_AT_FILES_EVERY: Duration = Duration::from_millis(400);
/// A look that takes longer hangs, in a driver or on a dead disk: the host does not wait for it.
const LONGEST_LOOK: Duration = Duration::from_secs(4);

/// A host that plays nothing for this long does not play.
const PATIENCE: Duration = Duration::from_secs(2);
/// By how much a host may work ahead.
const AHEAD: Duration = Duration::from_secs(1);

static ATTENDANT: Mutex<Weak<Attendant>> = Mutex::new(Weak::new());

/// While it lives, the instance is attended to.
pub struct Attendance {
    attendant: Arc<Attendant>,
    instance: Weak<Instance>,
}

struct Attendant {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread looks at.
#[derive(Default)]
struct Shared {
    charges: Mutex<Vec<Charge>>,
    ended: AtomicBool,
}

/// One instance, and what it had asked for at the last look.
struct Charge {
    instance: Weak<Instance>,
    bounces: Bounces,
    /// What was asked for while some knobs moved too.
    doubt: Option<Doubt>,
    /// Whether the parameter has begun what is recorded.
    recording: bool,
    /// When the scene's files were looked at last.
    looked: Option<Instant>,
}

/// What is done if the host plays in real time.
#[derive(Clone, Copy)]
struct Doubt {
    record: bool,
    captures: u32,
    /// When, and what had been played by then.
    since: Instant,
    played: Duration,
}

impl Attendance {
    /// Begins to attend to an instance. Not for the audio thread.
    pub fn begin(instance: &Arc<Instance>, bounces: &Bounces) -> Self {
        let attendant = Attendant::shared(instance);
        lock(&attendant.shared.charges).push(Charge {
            instance: Arc::downgrade(instance),
            bounces: bounces.clone(),
            doubt: None,
            recording: false,
            looked: None,
        });
        Self { attendant, instance: Arc::downgrade(instance) }
    }
}

impl Drop for Attendance {
    fn drop(&mut self) {
        // Waits for a look that is going on: after this nobody touches the instance. One that hangs holds the instance itself.
        let began = Instant::now();
        while began.elapsed() < LONGEST_LOOK {
            match self.attendant.shared.charges.try_lock() {
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
                Ok(mut charges) => return charges.retain(|charge| !charge.instance.ptr_eq(&self.instance)),
                Err(TryLockError::Poisoned(charges)) => {
                    return charges.into_inner().retain(|charge| !charge.instance.ptr_eq(&self.instance));
                }
            }
        }
    }
}

impl Attendant {
    fn shared(instance: &Instance) -> Arc<Self> {
        let mut attendant = lock(&ATTENDANT);
        if let Some(attendant) = attendant.upgrade() {
            return attendant;
        }
        let shared = Arc::new(Shared::default());
        let attended = Arc::clone(&shared);
        let started =
            std::thread::Builder::new().name("klangbild-attend".to_owned()).spawn(move || attended.attend());
        if let Err(error) = &started {
            instance.notices.warn(format!(
                "Recording and stills by automation do not work: the system gives no thread: {error}"
            ));
        }
        let made = Arc::new(Self { shared, thread: started.ok() });
        *attendant = Arc::downgrade(&made);
        made
    }
}

impl Drop for Attendant {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // Waited for, since the host may unload this code next.
        if let Some(thread) = self.thread.take() {
            join_within(thread, LONGEST_LOOK);
        }
    }
}

impl Shared {
    fn attend(&self) {
        while !self.ended.load(Ordering::Relaxed) {
            std::thread::sleep(LOOK_EVERY);
            lock(&self.charges).iter_mut().for_each(Charge::look);
        }
    }
}

impl Charge {
    fn look(&mut self) {
        let Some(instance) = self.instance.upgrade() else { return };
        self.look_at_scene(&instance);
        let triggers = &instance.params.triggers;
        let ask = triggers.take_record();
        // Also where no block comes any more that would say so.
        if ask == Some(Ask::End) || (self.recording && !instance.params.record.value()) {
            self.recording = false;
            recording::record(&instance, false);
        }
        let (if_it_plays, captures) = (ask == Some(Ask::BeginIfItPlays), triggers.take_doubtful());
        let mut begins = ask == Some(Ask::Begin);
        if let Some(doubt) = self.doubt.filter(|_| !if_it_plays && captures == 0) {
            match doubt.resolve(instance.host.played()) {
                Some(true) => {
                    triggers.grant(doubt.captures);
                    begins |= doubt.record && instance.params.record.value();
                    self.doubt = None;
                }
                Some(false) => self.doubt = None,
                None => {}
            }
        } else if if_it_plays || captures > 0 {
            let (since, played) = (Instant::now(), instance.host.played());
            self.doubt = Some(Doubt { record: if_it_plays, captures, since, played });
        }
        if begins {
            self.recording = true;
            recording::record(&instance, true);
        }
        while !instance.is_drawn() && instance.claim_still() {
            capture_unseen(&instance);
        }
        self.bounces.end_laid_aside();
    }

    /// Keeps what the host knows of the scene up to date, and has a broken one tried again. Which one plays in a window that
    /// says itself.
    fn look_at_scene(&mut self, instance: &Instance) {
        let now = Instant::now();
        instance.try_broken_scene(now);
        if !instance.is_drawn() {
            instance.playbill.look(instance.params.controls().scene);
        }
        if self.looked.is_none_or(|looked| now.saturating_duration_since(looked) >= LOOK_AT_FILES_EVERY) {
            self.looked = Some(now);
            instance.playbill.look_again();
        }
        instance.tell_flashes();
        if let Some(missing) = instance.params.take_missing_scene() {
            instance.tell_missing(&missing);
        }
        // Where it cannot be asked, it is told when it calls us the next time.
        instance.ask_to_tell_names();
    }
}

impl Doubt {
    /// Whether the host plays in real time, by what it has played until now; `None` while that is not known.
    fn resolve(&self, played: Duration) -> Option<bool> {
        let wall = self.since.elapsed();
        if played == self.played {
            return (wall > PATIENCE).then_some(false);
        }
        // Some work ahead by half a second and more, in one go.
        Some(played.saturating_sub(self.played) < 2 * wall + AHEAD)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
