//! A performance on the live clock: what an audio thread taps is heard and dreamt on threads of its own, as fast as the machine
//! allows, and what is late is dropped.
//!
//! ```text
//! audio thread -> tap -> ears (every 2 ms) -> newest hearing ------> Watching: whoever shows what is now
//!                          |-> stretches -> dreams (low priority) -> newest picture
//!                          |-> stretches -> Following: whoever wants every frame of it
//! ```
//!
//! Threads hand over and do not share: see `latest.rs`. While nobody is [awake](Live::wake) there are no threads, and a block
//! costs the audio thread one look at a flag. Models are shared by the instances of a process, and stay loaded while an
//! instance that has used them lives.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use klangbild_engine::live::Live;
//! use klangbild_engine::performance::{Event, Score};
//! use klangbild_engine::tap::Block;
//!
//! let live = Arc::new(Live::new());
//! let mut tap = live.connect(48_000); // for the audio thread
//! let _waking = live.wake();
//! tap.write(&[0.1; 512], &[0.1; 512], &Block::default());
//! live.watch().go_on(0, &mut |event| {
//!     if let Event::Hop(heard) = event {
//!         println!("the bass is at {}", heard.bass);
//!     }
//!     Ok(())
//! })?;
//! # Ok::<(), klangbild_engine::render::RenderError>(())
//! ```

mod clock;
mod dreams;
mod ears;
mod following;
mod loader;
mod overture;
mod pulse;
mod sizing;
mod status;
#[cfg(test)]
mod tests;
mod voices;
mod watching;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};

use crate::controls::Controls;
use crate::director::{Cast, Direction};
use crate::hearing::Heard;
use crate::inference::spawn_low_priority;
use crate::latest::Latest;
use crate::pack;
use crate::performance::{Dreamt, Stretch};
use crate::picture::Picture;
use crate::scene::Scene;
use crate::tap::{TapWriter, Transport, tap};
use crate::threads::join_within;
use crate::words::Wording;
use dreams::Dreams;
use ears::Ears;
pub use following::Following;
pub use status::{Models, Status};
pub use watching::Watching;

/// Seconds of sound that the tap holds: ears that were kept from running for longer have lost the music anyway.
const TAP_S: f64 = 1.0;
/// A thread that does not end within this time hangs in a driver, and is left behind.
const LONGEST_END: Duration = Duration::from_secs(4);
/// The same while it loads a pack, which takes long on a busy machine.
const LONGEST_LOAD: Duration = Duration::from_secs(20);

/// Ears and dreams, for one stream of sound.
pub struct Live {
    hub: Arc<Hub>,
    ears: Arc<Mutex<Ears>>,
    dreams: Arc<Mutex<Dreams>>,
    to_ears: Sender<ears::Command>,
    to_dreams: Sender<dreams::Command>,
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

/// Where the newest of everything lies. Ears, dreams and owner each write what is theirs.
struct Hub {
    /// By the ears.
    now: Latest<Now>,
    scope: Latest<Scope>,
    overruns: AtomicU64,
    /// Where the newest sound ends, in frames from the performance's start.
    heard_to: AtomicU64,
    direction: Latest<Direction>,
    /// By the dreams.
    shown: Latest<Shown>,
    status: Latest<Status>,
    /// By the owner: what is turned to what while no block says so.
    controls: Latest<Controls>,
    pack: Latest<String>,
    favourites: Latest<Vec<Scene>>,
    /// By whoever draws: how large the frames are of who shows what is now, and of who follows; nothing before there were any.
    watched_px: Latest<Option<(u32, u32)>>,
    followed_px: Latest<Option<(u32, u32)>>,
    /// What is said.
    wording: Latest<Wording>,
}

/// Says how large frames are, where that is new.
fn note_frame(cell: &Latest<Option<(u32, u32)>>, size_px: (u32, u32)) {
    if *cell.get() != Some(size_px) {
        cell.set(Some(size_px));
    }
}

/// The newest sound.
#[derive(Clone, Debug, Default)]
struct Scope {
    frames: Vec<[f32; 2]>,
    sample_rate_hz: u32,
}

/// The newest picture.
#[derive(Clone, Debug, Default)]
struct Shown {
    /// How many there were.
    number: u64,
    picture: Option<Arc<Picture>>,
    /// How often it would have been dreamt again since.
    stills: u64,
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
        let hub = Hub {
            now: Latest::new(now),
            scope: Latest::default(),
            overruns: AtomicU64::new(0),
            heard_to: AtomicU64::new(0),
            direction: Latest::default(),
            shown: Latest::default(),
            status: Latest::default(),
            controls: Latest::default(),
            pack: Latest::new(pack::DEFAULT.to_owned()),
            favourites: Latest::default(),
            watched_px: Latest::default(),
            followed_px: Latest::default(),
            wording: Latest::default(),
        };
        let (to_ears, for_ears) = unbounded();
        let (to_dreams, for_dreams) = unbounded();
        Self {
            hub: Arc::new(hub),
            ears: Arc::new(Mutex::new(Ears::new(for_ears))),
            dreams: Arc::new(Mutex::new(Dreams::new(for_dreams))),
            to_ears,
            to_dreams,
            awake: Mutex::default(),
        }
    }

    /// Makes the audio thread's end of a new tap; the one before is forgotten.
    pub fn connect(&self, sample_rate_hz: u32) -> TapWriter {
        let capacity = (f64::from(sample_rate_hz) * TAP_S) as usize;
        let (writer, mut reader) = tap(capacity);
        reader.set_open(false);
        // The ears live as long as this, and so does their end of the channel.
        let _ = self.to_ears.send(ears::Command::Connect { reader: Box::new(reader), sample_rate_hz });
        writer
    }

    /// Listens and dreams for as long as the result lives; what was heard before a sleep goes on.
    pub fn wake(self: &Arc<Self>) -> Waking {
        self.wake_with(&mut None);
        Waking { live: Arc::clone(self) }
    }

    /// Says how large the frames will be of who follows next, so that pictures of their shape are loaded in the first place.
    pub fn expect_frame(&self, size_px: (u32, u32)) {
        note_frame(&self.hub.followed_px, size_px);
    }

    /// As [`wake`](Self::wake) and [`follow`](Self::follow) together; where nobody was awake a new performance begins, as if
    /// nothing had ever been heard: a recording then has the pictures that a render of its sound has, from the first on.
    pub fn follow_afresh(self: &Arc<Self>, stop: Arc<AtomicBool>) -> (Waking, Following) {
        let (ends, stretches, dreamt) = follower();
        let mut ends = Some(ends);
        self.wake_with(&mut ends);
        let waking = Waking { live: Arc::clone(self) };
        // Whoever was awake already goes on, and shows a picture.
        let shown = ends.and_then(|ends| self.send(ends));
        (waking, Following::new(Arc::clone(&self.hub), stretches, dreamt, stop, shown))
    }

    /// Starts the threads where none run; then `afresh` is taken, and they begin anew for it.
    fn wake_with(&self, afresh: &mut Option<FollowerEnds>) {
        let mut awake = lock(&self.awake);
        awake.holders += 1;
        if awake.holders == 1 {
            awake.threads.retain(|thread| !thread.is_finished());
            awake.running = Arc::new(AtomicBool::new(true));
            let (to_follower, pictures) = afresh.take().map(|ends| (ends.stretches, ends.pictures)).unzip();
            // One that was told to end still holds its ears for a look at most, and its dreams for a run. It shares nothing with
            // those that come after: not a moment of their sound goes to it.
            let (to_dreams, heard) = unbounded();
            let (hub, ears, running) =
                (Arc::clone(&self.hub), Arc::clone(&self.ears), Arc::clone(&awake.running));
            let listening = std::thread::Builder::new()
                .name("klangbild-ears".to_owned())
                .spawn(move || lock(&ears).run(&hub, &running, to_dreams, to_follower));
            let (hub, dreams, running) =
                (Arc::clone(&self.hub), Arc::clone(&self.dreams), Arc::clone(&awake.running));
            let dreaming = spawn_low_priority("klangbild-dream", move || {
                lock(&dreams).run(&hub, &running, &heard, pictures);
            });
            for thread in [listening, dreaming] {
                match thread {
                    Ok(thread) => awake.threads.push(thread),
                    Err(error) => {
                        let why = format!("the system gives no thread: {error}; close other programs");
                        self.hub.status.set(Status { models: Models::Failed(why), ..Status::default() });
                    }
                }
            }
        }
    }

    /// Whether anybody is awake.
    pub fn is_awake(&self) -> bool {
        lock(&self.awake).holders > 0
    }

    fn release(&self) {
        let mut awake = lock(&self.awake);
        awake.holders -= 1;
        if awake.holders == 0 {
            // Told, not waited for: whoever closes a window must not wait for a model that runs.
            awake.running.store(false, Ordering::Relaxed);
            awake.threads.retain(|thread| !thread.is_finished());
        }
    }

    /// What holds where no block of sound says what is turned to what: while the host stands.
    pub fn set_controls(&self, controls: &Controls) {
        if *self.hub.controls.get() != *controls {
            self.hub.controls.set(*controls);
        }
    }

    /// Plays another pack: a name, a folder or a .zip. It loads while the one before plays on, and then they cross-fade.
    pub fn set_pack(&self, reference: &str) {
        if *self.hub.pack.get() != reference {
            self.hub.pack.set(reference.to_owned());
            let _ = self.to_dreams.send(dreams::Command::Play(reference.to_owned()));
        }
    }

    /// Lets the director choose from these scenes, from its next change on; from all that are built in where there is none. Looks at the disk
    /// for the user's own, when they are others than before.
    pub fn set_favourites(&self, favourites: &[Scene]) {
        if **self.hub.favourites.get() != *favourites {
            self.hub.favourites.set(favourites.to_vec());
            let _ = self.to_ears.send(ears::Command::Cast(Cast::of(favourites)));
        }
    }

    /// Lets the pictures follow these words, as far as the knob says, from the next picture on. What is not understood stands in
    /// [`Status::words`].
    pub fn say(&self, wording: &Wording) {
        if *self.hub.wording.get() != *wording {
            self.hub.wording.set(wording.clone());
            let _ = self.to_dreams.send(dreams::Command::Say(wording.clone()));
        }
    }

    /// Tries again to load the pack that was asked for, where that has failed.
    pub fn load_again(&self) {
        let _ = self.to_dreams.send(dreams::Command::Again);
    }

    /// Loads the pack that plays once more, after what runs its models was chosen anew: it plays on until then.
    pub fn load_anew(&self) {
        let _ = self.to_dreams.send(dreams::Command::Anew);
    }

    /// Gives up the pack that is being loaded: the one that plays goes on.
    pub fn cancel_loading(&self) {
        let _ = self.to_dreams.send(dreams::Command::Cancel);
    }

    /// Lets pictures be due so often, per second of sound; a machine that is slower leaves some out.
    pub fn limit_pictures_per_s(&self, most: f64) {
        let _ = self.to_ears.send(ears::Command::PicturesPerS(most));
    }

    /// What is heard now.
    pub fn now(&self) -> Now {
        *self.hub.now.get()
    }

    /// The newest picture and its number, if it is another than number `seen`.
    pub fn picture(&self, seen: u64) -> Option<(u64, Arc<Picture>)> {
        let shown = self.hub.shown.get();
        let picture = shown.picture.clone().filter(|_| shown.number != seen);
        picture.map(|picture| (shown.number, picture))
    }

    /// Copies the newest samples (mono, about 20 ms) into `out`.
    pub fn scope(&self, out: &mut Vec<f32>) {
        let scope = self.hub.scope.get();
        let length = scope.sample_rate_hz as usize / 50;
        let newest = &scope.frames[scope.frames.len().saturating_sub(length)..];
        out.clear();
        out.extend(newest.iter().map(|[left, right]| 0.5 * (left + right)));
    }

    /// How it is going.
    pub fn status(&self) -> Status {
        let overruns = self.hub.overruns.load(Ordering::Relaxed);
        Status { overruns, ..(*self.hub.status.get()).clone() }
    }

    /// A score of what is now, for a window.
    pub fn watch(self: &Arc<Self>) -> Watching {
        Watching::new(Arc::clone(&self.hub))
    }

    /// A score of everything from now on, for a recording; only while [awake](Self::wake). It begins with the picture that
    /// shows, and ends when `stop` is set, with what was played until then.
    pub fn follow(&self, stop: Arc<AtomicBool>) -> Following {
        let (ends, stretches, dreamt) = follower();
        let shown = self.send(ends);
        Following::new(Arc::clone(&self.hub), stretches, dreamt, stop, shown)
    }

    /// Has the threads that run tell a follower; gives what shows.
    fn send(&self, ends: FollowerEnds) -> Option<Arc<Picture>> {
        // The dreams first: then each picture that is due in what is heard is answered for.
        let _ = self.to_dreams.send(dreams::Command::Follow(ends.pictures));
        let _ = self.to_ears.send(ears::Command::Follow(ends.stretches));
        self.hub.shown.get().picture.clone()
    }
}

/// Where ears and dreams put what a follower wants.
struct FollowerEnds {
    stretches: Sender<Arc<Stretch>>,
    pictures: Sender<Dreamt>,
}

fn follower() -> (FollowerEnds, Receiver<Arc<Stretch>>, Receiver<Dreamt>) {
    let (stretches, heard) = unbounded();
    let (pictures, dreamt) = unbounded();
    (FollowerEnds { stretches, pictures }, heard, dreamt)
}

impl Drop for Live {
    fn drop(&mut self) {
        let awake = self.awake.get_mut().unwrap_or_else(PoisonError::into_inner);
        awake.running.store(false, Ordering::Relaxed);
        // Waited for: after this the host may unload the code that they run.
        for thread in awake.threads.drain(..) {
            join_within(thread, LONGEST_END);
        }
        if let Ok(mut dreams) = self.dreams.try_lock() {
            dreams.end_loading(LONGEST_LOAD);
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
