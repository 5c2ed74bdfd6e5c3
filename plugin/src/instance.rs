//! One Klangbild: what the audio thread, the window and the recorders of one plugin (or of the program) share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{JoinHandle, ThreadId};
use std::time::{Duration, Instant};

use klangbild_engine::bounce::BounceWatch;
use klangbild_engine::controls::Controls;
use klangbild_engine::live::Live;
use klangbild_engine::recorder::Fps;
use klangbild_engine::stage::{Gpu, StageError};
use klangbild_engine::threads::join_within;

use crate::device;
use crate::errand::Errand;
use crate::history::History;
use crate::host::Host;
use crate::notice::Notices;
use crate::outlet::Outlets;
use crate::output_folder;
use crate::panel::Bounced;
use crate::params::KlangbildParams;
use crate::playbill::Playbill;
use crate::preset::Preset;
use crate::settings::Settings;
use crate::understudy::Understudy;

/// A window that has not drawn for this long does not.
const DRAWN_WITHIN_MS: u64 = 1000;
/// What is not complete by then hangs.
const LONGEST_END: Duration = Duration::from_secs(30);
/// Manifests are read by then, or a drive does not answer: nobody waits for a list that nobody will see.
const LOOKED_WITHIN: Duration = Duration::from_millis(300);
/// What is said of a project that lets light flash.
const FLASHES: &str =
    "This project does not limit flashes: its light may cause seizures. Output has the choice, at Viewer";

/// Shared by reference count; goes with the last of plugin, window and recorders.
pub struct Instance {
    /// What the host can automate, and what the project remembers.
    pub params: Arc<KlangbildParams>,
    /// Ears and dreams.
    pub live: Arc<Live>,
    /// What the window tells.
    pub notices: Arc<Notices>,
    /// What can be taken back, whichever window it was made in.
    pub(crate) history: Mutex<History>,
    /// Whether it has been said how the panel comes back.
    introduced: AtomicBool,
    /// What plays, and what the host knows of it.
    pub playbill: Playbill,
    /// Who plays where a scene is broken.
    pub(crate) understudy: Understudy,
    /// What the host has said.
    pub host: Host,
    /// Where its pictures go.
    pub outlets: Arc<Outlets>,
    /// What is fetched in the background.
    pub errand: Errand,
    bounce: Mutex<Option<(BounceWatch, Fps)>>,
    /// The thread on which the plugin went.
    gone_on: OnceLock<ThreadId>,
    /// That look for packs, or run errands.
    threads: Mutex<Vec<JoinHandle<()>>>,
    made: Instant,
    /// When a window has drawn last, by [`now_ms`](Self::now_ms); 0 before the first frame.
    drawn_ms: AtomicU64,
    /// Stills that somebody has taken upon himself.
    stills: AtomicU32,
    /// Kept from the first window on, so that the next one opens at once.
    gpu: Mutex<Option<Arc<Gpu>>>,
}

impl Default for Instance {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

impl Instance {
    /// Touches neither disk nor GPU nor ONNX Runtime: hosts make instances when they scan.
    pub fn new(params: Arc<KlangbildParams>) -> Self {
        let notices = Arc::default();
        crate::panics::tell(&notices);
        Self {
            params,
            live: Arc::default(),
            notices,
            history: Mutex::default(),
            introduced: AtomicBool::new(false),
            playbill: Playbill::default(),
            understudy: Understudy::default(),
            host: Host::default(),
            outlets: Arc::default(),
            errand: Errand::default(),
            bounce: Mutex::default(),
            gone_on: OnceLock::new(),
            threads: Mutex::default(),
            made: Instant::now(),
            drawn_ms: AtomicU64::new(0),
            stills: AtomicU32::new(0),
            gpu: Mutex::default(),
        }
    }

    /// The device that all instances share; opened now if need be, which takes up to a second.
    ///
    /// # Errors
    /// There is no adapter, or it gives no device.
    pub fn gpu(&self) -> Result<Arc<Gpu>, StageError> {
        let gpu = device::shared()?;
        *self.gpu.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&gpu));
        Ok(gpu)
    }

    /// Notes that a window has drawn a frame just now.
    pub fn note_drawn(&self) {
        self.drawn_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    /// Whether a window draws, and so writes the stills: one that is hidden or stuck does not.
    pub fn is_drawn(&self) -> bool {
        let drawn_ms = self.drawn_ms.load(Ordering::Relaxed);
        drawn_ms > 0 && self.now_ms() - drawn_ms < DRAWN_WITHIN_MS
    }

    /// Milliseconds since it was made, and one.
    fn now_ms(&self) -> u64 {
        self.made.elapsed().as_millis() as u64 + 1
    }

    /// Takes it upon the caller to write a still, if one was asked for that nobody has taken yet.
    pub fn claim_still(&self) -> bool {
        let asked = self.params.triggers.captures();
        let next = |taken: u32| (taken != asked).then(|| taken.wrapping_add(1));
        self.stills.fetch_update(Ordering::AcqRel, Ordering::Acquire, next).is_ok()
    }

    /// Whether a window of this instance has said how its panel comes back.
    pub(crate) fn is_introduced(&self) -> bool {
        self.introduced.load(Ordering::Relaxed)
    }

    /// Notes that it has been said.
    pub(crate) fn introduce(&self) {
        self.introduced.store(true, Ordering::Relaxed);
    }

    /// What the project remembers, in range.
    pub fn settings(&self) -> Settings {
        self.params.settings.read().unwrap_or_else(PoisonError::into_inner).clone().bounded()
    }

    /// Changes what the project remembers.
    pub fn change_settings(&self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.params.settings.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Puts a preset on at once, as a host's browser wants it; what of it is not understood is told.
    pub fn wear(&self, preset: &Preset) {
        self.history.lock().unwrap_or_else(PoisonError::into_inner).remember(&self.params);
        let (values, problems) = preset.values(&self.params);
        problems.into_iter().for_each(|problem| self.notices.warn(problem));
        self.params.triggers.scene_chosen();
        for (param, value) in values {
            // SAFETY: the pointers are of `self.params`, which is borrowed for as long.
            unsafe { param._internal_set_normalized_value(value) };
        }
        self.change_settings(|settings| preset.settle(settings));
    }

    /// Brings the live engine up to date with parameters and settings; returns what it goes by now. Whoever draws calls this
    /// each frame.
    pub fn sync(&self) -> Controls {
        let controls = self.params.controls();
        self.live.set_controls(&controls);
        let settings = self.params.settings.read().unwrap_or_else(PoisonError::into_inner);
        self.live.set_pack(&settings.pack);
        self.live.say(&settings.words);
        let favourites = settings.favourites.clone();
        // Not under the lock: this may read scenes from the disk, and a host that saves its project would wait.
        drop(settings);
        self.live.set_favourites(&favourites);
        controls
    }

    /// Says that a scene is asked for that is not there.
    pub(crate) fn tell_missing(&self, id: &str) {
        let folder = klangbild_engine::scene::folder().unwrap_or_default();
        let where_to = folder.display();
        self.notices.warn(format!("The project's scene {id:?} is not installed: put it into {where_to}"));
    }

    /// Says that a project has been opened that lets light flash: whoever opens it may not be who chose that.
    pub(crate) fn tell_flashes(&self) {
        if self.params.viewer.take_untold() {
            self.notices.warn(FLASHES.to_owned());
        }
    }

    /// Tells the host what the knobs of the scene that plays are called, if it goes by other names. On its main thread only.
    pub fn tell_names(&self) {
        let now = Instant::now();
        if self.host.can_rename() && self.playbill.is_due(now) {
            self.playbill.tell(now);
            if !self.host.rename() {
                self.playbill.refuse();
            }
        }
    }

    /// Has the host call us on its main thread where it goes by other names than those of what plays; whether that has to be
    /// done in another way. Not for the audio thread.
    pub(crate) fn ask_to_tell_names(&self) -> bool {
        self.host.can_rename() && self.playbill.is_due(Instant::now()) && !self.host.ask()
    }

    /// A path in the output folder for something new of this kind, named by the time of day; the folder is made. Whoever
    /// writes it numbers it where another instance has taken the name meanwhile.
    ///
    /// # Errors
    /// No folder can be written to; one line with the cure.
    pub fn new_path(&self, what: &str, end: &str) -> Result<PathBuf, String> {
        let folder = output_folder::ready(&self.settings(), output_folder::of_user(), &self.notices)?;
        Ok(folder.join(format!("{}{end}", crate::file_name::at_this_time(what))))
    }

    /// Notes a bounce that begins, for windows to show.
    pub(crate) fn watch_bounce(&self, watch: BounceWatch, fps: Fps) {
        *self.bounce.lock().unwrap_or_else(PoisonError::into_inner) = Some((watch, fps));
    }

    /// The bounce that runs.
    pub fn bounced(&self) -> Option<Bounced> {
        let bounce = self.bounce.lock().unwrap_or_else(PoisonError::into_inner);
        let (watch, fps) = bounce.as_ref().filter(|(watch, _)| !watch.is_over())?;
        let frames = watch.progress().frames;
        Some(Bounced { frames, seconds: frames as f64 / fps.per_s() })
    }

    /// Ends the video of the bounce that runs: what is there is completed.
    pub fn stop_bounce(&self) {
        let bounce = self.bounce.lock().unwrap_or_else(PoisonError::into_inner);
        bounce.iter().for_each(|(watch, _)| watch.stop());
    }

    /// Keeps a thread that must have ended before the library goes.
    pub fn keep(&self, thread: JoinHandle<()>) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread);
    }

    /// Notes that the plugin goes, on this thread.
    pub fn goes(&self) {
        let _ = self.gone_on.set(std::thread::current().id());
    }

    /// The thread on which the plugin went, if it has.
    pub fn gone_on(&self) -> Option<ThreadId> {
        self.gone_on.get().copied()
    }

    /// Completes every file that is being written, and waits for that, within reason: when the plugin goes.
    pub fn close(&self) {
        self.errand.cancel();
        self.outlets.end(LONGEST_END);
        for thread in std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            join_within(thread, LOOKED_WITHIN);
        }
    }
}
