//! The engine on the live clock: what an audio thread taps is heard and dreamt on threads of its own, as fast as the machine
//! allows, and what is late is dropped.
//!
//! ```text
//! audio thread -> tap -> listener (every 2 ms) -> newest hearing -> whoever draws
//!                            |-> dreamer (low priority) -> newest picture -> whoever draws
//!                            |-> recorders, which want every sample
//! ```
//!
//! While nobody is [awake](Live::wake) there are no threads, and a block costs the audio thread one look at a flag. Models
//! are shared by the instances of a process, and stay loaded while an instance that has used them lives.

mod dreams;
mod ears;
mod overture;
mod status;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::inference::spawn_low_priority;
use crate::pack;
use crate::picture::Picture;
use crate::tap::{TapWriter, Transport, tap};
use dreams::Dreams;
use ears::Ears;
pub use status::{Models, Status};

/// Seconds of sound that the tap holds: a listener that was kept from running for longer has lost the music anyway.
const TAP_S: f64 = 1.0;

/// One listener and dreamer, for one stream of sound.
pub struct Live {
    shared: Arc<Shared>,
    awake: Mutex<Awake>,
}

/// What is heard now, and when that was.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The newest hearing, sensitivity and beat division applied.
    pub heard: Heard,
    /// When it was published.
    pub at: Instant,
    /// What the host said last.
    pub transport: Transport,
}

/// What a recorder gets: every sample once, with what was heard by its end.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The samples.
    pub frames: Vec<[f32; 2]>,
    /// Their rate.
    pub sample_rate_hz: u32,
    /// The hearing at the end of them.
    pub heard: Heard,
}

/// While one of these exists, there are threads that listen and dream.
pub struct Waking {
    live: Arc<Live>,
}

#[derive(Default)]
struct Awake {
    holders: usize,
    running: Arc<AtomicBool>,
    /// Threads that run, or have been told to end.
    threads: Vec<JoinHandle<()>>,
}

/// What the threads and the owner share. None of these locks is ever held for longer than a copy, save those of `ears` and
/// `dreams`, which belong to their threads.
struct Shared {
    ears: Mutex<Ears>,
    dreams: Mutex<Dreams>,
    /// A new tap for the ears.
    inbox: Mutex<Option<ears::Source>>,
    controls: Mutex<Controls>,
    pack: Mutex<String>,
    now: Mutex<Now>,
    scope: Mutex<Vec<f32>>,
    /// Sound and hearing that wait for the dreamer.
    unheard: Mutex<dreams::Unheard>,
    picture: Mutex<Option<Arc<Picture>>>,
    pictures: AtomicU64,
    status: Mutex<Status>,
    recorders: Mutex<Vec<Sender<Chunk>>>,
    least_picture_s: Mutex<f64>,
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

impl Live {
    /// Asleep, with the default pack; touches neither disk nor GPU nor ONNX Runtime.
    pub fn new() -> Self {
        let now = Now { heard: Heard::default(), at: Instant::now(), transport: Transport::default() };
        let shared = Shared {
            ears: Mutex::default(),
            dreams: Mutex::default(),
            inbox: Mutex::default(),
            controls: Mutex::default(),
            pack: Mutex::new(pack::DEFAULT.to_owned()),
            now: Mutex::new(now),
            scope: Mutex::default(),
            unheard: Mutex::default(),
            picture: Mutex::default(),
            pictures: AtomicU64::new(0),
            status: Mutex::default(),
            recorders: Mutex::default(),
            least_picture_s: Mutex::new(dreams::LEAST_PICTURE_S),
        };
        Self { shared: Arc::new(shared), awake: Mutex::default() }
    }

    /// Makes the audio thread's end of a new tap; the one before is forgotten. `longest_block` is in frames.
    pub fn connect(&self, sample_rate_hz: u32, longest_block: usize) -> TapWriter {
        let capacity = ((f64::from(sample_rate_hz) * TAP_S) as usize).max(4 * longest_block);
        let (writer, mut reader) = tap(capacity);
        reader.set_open(false);
        let source = ears::Source { reader, sample_rate_hz, longest_block };
        *lock(&self.shared.inbox) = Some(source);
        writer
    }

    /// Listens and dreams for as long as the result lives.
    pub fn wake(self: &Arc<Self>) -> Waking {
        let mut awake = lock(&self.awake);
        awake.holders += 1;
        if awake.holders == 1 {
            awake.threads.retain(|thread| !thread.is_finished());
            awake.running = Arc::new(AtomicBool::new(true));
            let (shared, running) = (Arc::clone(&self.shared), Arc::clone(&awake.running));
            let listener = std::thread::Builder::new()
                .name("klangbild-ears".to_owned())
                .spawn(move || ears::run(&shared, &running));
            let (shared, running) = (Arc::clone(&self.shared), Arc::clone(&awake.running));
            let dreamer = spawn_low_priority("klangbild-dream", move || dreams::run(&shared, &running));
            for thread in [listener, dreamer] {
                match thread {
                    Ok(thread) => awake.threads.push(thread),
                    Err(error) => {
                        lock(&self.shared.status).models = Models::Failed(format!(
                            "the system gives no thread: {error}; close other programs"
                        ));
                    }
                }
            }
        }
        Waking { live: Arc::clone(self) }
    }

    /// Whether anybody is awake.
    pub fn is_awake(&self) -> bool {
        lock(&self.awake).holders > 0
    }

    fn release(&self) {
        let mut awake = lock(&self.awake);
        awake.holders -= 1;
        if awake.holders == 0 {
            // Told, not waited for: whoever closes a window must not wait for a model that is loading.
            awake.running.store(false, Ordering::Relaxed);
            awake.threads.retain(|thread| !thread.is_finished());
        }
    }

    /// What the next hearing and the next picture go by.
    pub fn set_controls(&self, controls: &Controls) {
        *lock(&self.shared.controls) = *controls;
    }

    /// Plays another pack: a name, a folder or a .zip. It loads while the one before plays on.
    pub fn set_pack(&self, reference: &str) {
        let mut pack = lock(&self.shared.pack);
        if *pack != reference {
            reference.clone_into(&mut pack);
        }
    }

    /// Lets the generator run at most so often, in pictures per second; a machine that is slower runs it less often.
    pub fn limit_pictures_per_s(&self, most: f64) {
        *lock(&self.shared.least_picture_s) = 1.0 / most.clamp(0.1, 240.0);
    }

    /// What is heard now.
    pub fn now(&self) -> Now {
        *lock(&self.shared.now)
    }

    /// The newest picture and its number, if it is another than number `seen`.
    pub fn picture(&self, seen: u64) -> Option<(u64, Arc<Picture>)> {
        let number = self.shared.pictures.load(Ordering::Acquire);
        if number == seen {
            return None;
        }
        lock(&self.shared.picture).clone().map(|picture| (number, picture))
    }

    /// Copies the newest samples (mono, about 20 ms) into `out`.
    pub fn scope(&self, out: &mut Vec<f32>) {
        out.clear();
        out.extend_from_slice(&lock(&self.shared.scope));
    }

    /// How it is going.
    pub fn status(&self) -> Status {
        lock(&self.shared.status).clone()
    }

    /// Every sample from now on, for a recorder; only while [awake](Self::wake). Ends when the receiver is dropped.
    pub fn chunks(&self) -> Receiver<Chunk> {
        let (sender, receiver) = channel();
        lock(&self.shared.recorders).push(sender);
        receiver
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let awake = self.awake.get_mut().unwrap_or_else(PoisonError::into_inner);
        awake.running.store(false, Ordering::Relaxed);
        // Waited for: after this the host may unload the code that they run.
        for thread in awake.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the live engine had ended with a panic");
            }
        }
    }
}

impl Drop for Waking {
    fn drop(&mut self) {
        self.live.release();
    }
}

/// A panic of one thread must not silence the others.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
