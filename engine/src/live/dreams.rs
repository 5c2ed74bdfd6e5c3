//! The dreams' thread: it dreams a picture whenever one is due and there is time for it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::loader::{Loaded, Loader, Trouble};
use super::overture::Overture;
use super::sizing::Sizing;
use super::voices::Voices;
use super::{Hub, Models, Shown, Status};
use crate::dreamer::{self, DreamError, ModelsStatus};
use crate::inference::Fallback;
use crate::pack::size::PictureSize;
use crate::pack::{self, Fingerprint};
use crate::performance::{Cue, Dreamt, Stretch, Voice, What};
use crate::words::Wording;

/// A picture that is due for longer than this is left out, in seconds.
const LATE_S: f64 = 0.1;
/// The same while somebody follows, who wants every picture.
const LATE_FOLLOWED_S: f64 = 0.5;
/// How fast the patience of the beginning wears off, in seconds per second: what was heard while models were loading is made
/// good where the machine can.
const WEARS_OFF: f64 = 0.25;
/// Share of its time that the generator may run: the stage wants the cores too, and reacts without it.
pub(super) const SHARE: f64 = 0.4;
/// What went wrong is tried again after this long; a pack whose files have changed since, after a look this often.
const AGAIN_AFTER: Duration = Duration::from_secs(30);
pub(super) const LOOK_AT_PACK_EVERY: Duration = Duration::from_secs(2);
/// Sound that is kept, in seconds: as much as an encoder hears at once, and as models take to load.
const KEPT_S: f64 = 10.0;
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What the dreams are told: each of it counts.
pub(super) enum Command {
    /// Play this pack.
    Play(String),
    /// Try again to load it.
    Again,
    /// Load the pack that plays once more: what runs its models was chosen anew.
    Anew,
    /// Stay with the one that plays.
    Cancel,
    /// Somebody wants to know of each picture that is due.
    Follow(Sender<Dreamt>),
    /// Let the pictures follow this.
    Say(Wording),
}

/// What the dreams keep from one waking to the next.
pub(super) struct Dreams {
    commands: Receiver<Command>,
    followers: Vec<Sender<Dreamt>>,
    loader: Loader,
    /// The pack that was asked for, the one that plays, and the one that could not be played.
    wanted: String,
    playing: Option<(String, Voices)>,
    /// What is said, to every pack that plays.
    wording: Wording,
    /// Whether the one that plays is to be loaded once more.
    stale: bool,
    failed: Option<Failed>,
    overture: Overture,
    /// What was dreamt to, and what waits for that.
    recent: VecDeque<Arc<Stretch>>,
    waiting: VecDeque<Arc<Stretch>>,
    performance: u64,
    /// Nothing was painted yet since it began.
    paints_first: bool,
    late_s: f64,
    /// When the generator may run again.
    rests_until: Instant,
    second: (Instant, u32),
    pictures_per_s: f64,
    status: Status,
    sizing: Sizing,
    /// How large the frames are, once somebody draws some.
    frame: Option<PictureSize>,
}

/// A pack that could not be played.
struct Failed {
    reference: String,
    when: Instant,
    /// What its files were then, where it is their fault and another pack may do.
    files: Option<Fingerprint>,
}

impl Failed {
    fn now(reference: String, files: Option<Fingerprint>) -> Option<Self> {
        Some(Self { reference, when: Instant::now(), files })
    }

    fn may_be_tried(&self) -> bool {
        self.when.elapsed() >= self.files.map_or(AGAIN_AFTER, |_| LOOK_AT_PACK_EVERY)
    }
}

impl Dreams {
    pub(super) fn new(commands: Receiver<Command>) -> Self {
        Self {
            commands,
            followers: Vec::new(),
            loader: Loader::default(),
            wanted: pack::DEFAULT.to_owned(),
            playing: None,
            wording: Wording::default(),
            stale: false,
            failed: None,
            overture: Overture::default(),
            recent: VecDeque::new(),
            waiting: VecDeque::new(),
            performance: 0,
            paints_first: false,
            late_s: LATE_S,
            rests_until: Instant::now(),
            second: (Instant::now(), 0),
            pictures_per_s: 0.0,
            status: Status::default(),
            sizing: Sizing::default(),
            frame: None,
        }
    }

    /// Dreams to what is heard until it is told to stop; for `follower` from the first picture on.
    pub(super) fn run(
        &mut self,
        hub: &Hub,
        running: &AtomicBool,
        stretches: &Receiver<Arc<Stretch>>,
        follower: Option<Sender<Dreamt>>,
    ) {
        self.followers.extend(follower);
        // What was heard before a sleep is over.
        self.waiting.clear();
        self.recent.clear();
        while running.load(Ordering::Relaxed) {
            self.obey();
            self.follow_frame(hub);
            self.follow_pack();
            match stretches.recv_timeout(LOOK_EVERY) {
                Ok(stretch) => self.take(hub, stretch),
                Err(RecvTimeoutError::Timeout) => {}
                // The system gave no thread for the ears.
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(LOOK_EVERY),
            }
            while let Ok(stretch) = stretches.try_recv() {
                self.take(hub, stretch);
            }
            self.dream(hub, running);
            self.publish(hub);
        }
        self.followers.clear();
    }

    /// Waits for what is being loaded, at most so long.
    pub(super) fn end_loading(&mut self, patience: Duration) {
        self.loader.end(patience);
    }

    fn obey(&mut self) {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Play(reference) if reference == self.wanted => {}
                Command::Play(reference) => {
                    (self.wanted, self.failed) = (reference, None);
                    self.status.pack_error = None;
                }
                Command::Again => self.failed = None,
                Command::Anew => {
                    self.loader.cancel();
                    dreamer::Models::forget();
                    self.stale = self.playing.is_some();
                }
                Command::Cancel => {
                    self.loader.cancel();
                    if let Some((playing, _)) = &self.playing {
                        self.wanted.clone_from(playing);
                    }
                }
                Command::Follow(follower) => self.followers.push(follower),
                Command::Say(wording) if wording == self.wording => {}
                Command::Say(wording) => {
                    self.wording = wording;
                    self.say();
                }
            }
        }
    }

    /// Has pictures painted in the shape of the frame that is drawn: of a recording's, while there is one.
    fn follow_frame(&mut self, hub: &Hub) {
        let followed = hub.followed_px.get().filter(|_| !self.followers.is_empty());
        self.frame = followed.or(*hub.watched_px.get()).map(PictureSize::from);
        self.sizing.follow(self.frame);
        if let (Some(models), Some((_, voices))) = (self.sizing.take(), &mut self.playing) {
            voices.paint_with(models);
        }
    }

    /// Has the pack loaded that is asked for, if it is not the one that plays; takes over what has been loaded.
    fn follow_pack(&mut self) {
        if let Some((reference, loaded)) = self.loader.take() {
            let begun = loaded.and_then(|loaded| self.begin(&reference, loaded));
            if let Err(trouble) = begun {
                self.fail(reference, trouble);
            }
        }
        let plays = !self.stale && self.playing.as_ref().is_some_and(|(playing, _)| *playing == self.wanted);
        let failed = self.failed.as_ref().filter(|failed| failed.reference == self.wanted);
        let idle = self.loader.wanted().is_none();
        if plays {
            self.loader.cancel();
        } else if let Some(failed) = failed {
            // The last good pack plays on; if there is none, the built-in one plays.
            let needs_stand_in = self.playing.is_none() && failed.files.is_some();
            let (unless, again) = (failed.files, failed.may_be_tried());
            if idle && needs_stand_in {
                self.load(pack::DEFAULT.to_owned(), None);
            } else if idle && again {
                self.load(self.wanted.clone(), unless);
            }
        } else if self.loader.wanted() != Some(&self.wanted) {
            if self.playing.is_none() {
                self.status.models = Models::Loading;
            }
            self.load(self.wanted.clone(), None);
        }
    }

    fn load(&mut self, reference: String, unless: Option<Fingerprint>) {
        if let Err(trouble) = self.loader.begin(&reference, unless, self.frame) {
            self.fail(reference, trouble);
        }
    }

    fn fail(&mut self, reference: String, trouble: Trouble) {
        self.stale = false;
        match trouble {
            Trouble::Unchanged => {
                if let Some(failed) = &mut self.failed {
                    failed.when = Instant::now();
                }
            }
            Trouble::Pack(error, files) if reference == self.wanted && reference != pack::DEFAULT => {
                self.status.pack_error = Some(error);
                self.failed = Failed::now(reference, Some(files));
            }
            Trouble::Pack(error, _) | Trouble::Runtime(error) => {
                if self.playing.is_none() {
                    self.status.models = Models::Failed(error);
                } else {
                    self.status.pack_error = Some(error);
                }
                self.failed = Failed::now(self.wanted.clone(), None);
            }
        }
    }

    /// Lets a pack dream from now on, that has heard what was heard lately.
    fn begin(&mut self, reference: &str, loaded: Loaded) -> Result<(), Trouble> {
        let size = loaded.models.picture_size();
        let newest = self.waiting.back().or(self.recent.back());
        let (rate_hz, controls) =
            newest.map_or((48_000, Default::default()), |stretch| (stretch.sample_rate_hz, stretch.controls));
        let words = |error: DreamError| Trouble::Pack(error.to_string(), loaded.files);
        let mut voice = Voice::new(loaded.models, rate_hz, &controls).map_err(words)?;
        for stretch in self.recent.iter().filter(|stretch| stretch.sample_rate_hz == rate_hz) {
            voice.play(stretch, |_| false, |_| {}).map_err(words)?;
        }
        let voices = match self.playing.take() {
            Some((_, playing)) => playing.change_to(voice),
            None => {
                let waiting: usize = self.waiting.iter().map(|stretch| stretch.frames.len()).sum();
                self.late_s = LATE_FOLLOWED_S + waiting as f64 / f64::from(rate_hz);
                Voices::one(voice)
            }
        };
        self.status.fallbacks = fallbacks(voices.voice());
        self.status.pack.clone_from(&loaded.pack.manifest.title);
        self.sizing.begin(loaded.pack, size);
        if reference == self.wanted {
            (self.status.pack_error, self.failed) = (None, None);
        }
        self.playing = Some((reference.to_owned(), voices));
        self.stale = false;
        self.say();
        Ok(())
    }

    /// Lets what plays say what is said. A picture tower takes some milliseconds, here where a picture may be late.
    fn say(&mut self) {
        self.status.words = match &mut self.playing {
            Some((_, voices)) => voices.say(&self.wording),
            None => Vec::new(),
        };
    }

    /// Takes sound; what waits for too long, while models load, is let go.
    fn take(&mut self, hub: &Hub, stretch: Arc<Stretch>) {
        if self.playing.is_none() {
            // Whoever shows what is now is shown something meanwhile.
            let loading = self.loader.wanted().is_some();
            let (followers, performance) = (&mut self.followers, stretch.performance);
            self.overture.play(&stretch, |at, picture| {
                let picture = picture.map(Arc::new);
                show(hub, &picture);
                if !loading {
                    tell(followers, &Dreamt { performance, at, picture, is_missed: false });
                }
            });
            if !loading {
                return;
            }
        }
        self.waiting.push_back(stretch);
        while seconds(&self.waiting) > KEPT_S
            && let Some(stretch) = self.waiting.pop_front()
        {
            miss(&mut self.followers, &stretch);
        }
    }

    fn dream(&mut self, hub: &Hub, running: &AtomicBool) {
        while running.load(Ordering::Relaxed)
            && self.playing.is_some()
            && let Some(stretch) = self.waiting.pop_front()
        {
            if let Err(error) = self.dream_to(hub, &stretch) {
                // A graph that failed once will fail again: without it until another pack is chosen, or for a while.
                tracing::error!("{error}");
                miss(&mut self.followers, &stretch);
                let failed = self.playing.take().map(|(reference, _)| reference);
                self.failed = Failed::now(failed.unwrap_or_default(), None);
                self.status.models = Models::Failed(error.to_string());
            }
            self.recent.push_back(stretch);
            while seconds(&self.recent) > KEPT_S {
                self.recent.pop_front();
            }
            self.obey();
        }
    }

    fn dream_to(&mut self, hub: &Hub, stretch: &Stretch) -> Result<(), DreamError> {
        let Some((_, voices)) = &mut self.playing else { return Ok(()) };
        let begins = stretch.performance != self.performance && stretch.at == 0;
        self.performance = stretch.performance;
        if begins || voices.voice().sample_rate_hz() != stretch.sample_rate_hz {
            *voices = voices.afresh(stretch.sample_rate_hz)?;
            self.recent.clear();
        }
        self.paints_first |= begins;
        let rate_hz = f64::from(stretch.sample_rate_hz);
        let followed = !self.followers.is_empty();
        let least_s = if followed { LATE_FOLLOWED_S } else { LATE_S };
        self.late_s = (self.late_s - WEARS_OFF * stretch.frames.len() as f64 / rate_hz).max(least_s);
        let late_s = std::cell::Cell::new(if followed { self.late_s } else { LATE_S });
        // A follower waits for the first one.
        let waited_for = std::cell::Cell::new(followed && self.paints_first);
        let (rests_until, count) = (&mut self.rests_until, &mut self.second.1);
        let followers = &mut self.followers;
        let began = std::cell::Cell::new(Instant::now());
        let behind_s = |at: u64| hub.heard_to.load(Ordering::Relaxed).saturating_sub(at) as f64 / rate_hz;
        let wanted = |at: u64| {
            began.set(Instant::now());
            behind_s(at) <= late_s.get() && (followed || *rests_until <= began.get()) || waited_for.get()
        };
        let mut spent = Duration::ZERO;
        voices.play(stretch, wanted, |dreamt| {
            if dreamt.picture.is_some() {
                spent = began.get().elapsed();
                *count += 1;
                if waited_for.take() {
                    late_s.set(late_s.get().max(LATE_FOLLOWED_S + behind_s(dreamt.at)));
                }
            }
            if !dreamt.is_missed {
                show(hub, &dreamt.picture);
            }
            tell(followers, &dreamt);
        })?;
        if followed {
            (self.late_s, self.paints_first) = (late_s.get(), waited_for.get());
        }
        if !spent.is_zero() && !followed {
            // A recording keeps the size that it has begun with.
            self.sizing.note(spent);
        }
        if !spent.is_zero() {
            self.rests_until = began.get() + spent.div_f64(SHARE);
        }
        Ok(())
    }

    fn publish(&mut self, hub: &Hub) {
        let (since, count) = &mut self.second;
        let elapsed_s = since.elapsed().as_secs_f64();
        if elapsed_s >= 1.0 {
            self.pictures_per_s = f64::from(*count) / elapsed_s;
            self.second = (Instant::now(), 0);
        }
        // A look whether a pack was mended is nothing to tell of.
        let again = self.failed.as_ref().map(|failed| failed.reference.as_str());
        self.status.loading = self.loader.wanted().filter(|wanted| Some(*wanted) != again).map(str::to_owned);
        if let Some((_, voices)) = &self.playing {
            self.status.models = running(voices.voice().dreamer().models(), self.pictures_per_s);
            self.status.fallbacks = fallbacks(voices.voice());
        }
        if *hub.status.get() != self.status {
            hub.status.set(self.status.clone());
        }
    }
}

/// Puts the picture where whoever shows what is now looks.
fn show(hub: &Hub, picture: &Option<Arc<crate::picture::Picture>>) {
    let shown = hub.shown.get();
    hub.shown.set(match picture {
        Some(picture) => Shown { number: shown.number + 1, picture: Some(Arc::clone(picture)), stills: 0 },
        None => Shown { stills: shown.stills + 1, ..(*shown).clone() },
    });
}

/// A follower that has ended is forgotten.
fn tell(followers: &mut Vec<Sender<Dreamt>>, dreamt: &Dreamt) {
    followers.retain(|follower| follower.send(dreamt.clone()).is_ok());
}

/// Tells that all pictures of this stretch are left out.
fn miss(followers: &mut Vec<Sender<Dreamt>>, stretch: &Stretch) {
    for Cue { at, .. } in stretch.cues.iter().filter(|cue| matches!(cue.what, What::Paint)) {
        tell(
            followers,
            &Dreamt { performance: stretch.performance, at: *at, picture: None, is_missed: true },
        );
    }
}

fn seconds(stretches: &VecDeque<Arc<Stretch>>) -> f64 {
    match (stretches.front(), stretches.back()) {
        (Some(first), Some(last)) if first.performance == last.performance => {
            last.end().saturating_sub(first.at) as f64 / f64::from(first.sample_rate_hz)
        }
        (Some(_), Some(_)) => f64::INFINITY, // what is of another performance goes
        _ => 0.0,
    }
}

fn running(models: &dreamer::Models, pictures_per_s: f64) -> Models {
    let status = models.status();
    let tags = status.tags();
    let ModelsStatus { encoder, generator, picture_size } = status;
    Models::Running {
        provider: models.provider_line(),
        tags,
        encoder_ms: encoder.timings.last_ms,
        generator_ms: generator.timings.last_ms,
        picture_size,
        pictures_per_s,
    }
}

fn fallbacks(voice: &Voice) -> Vec<String> {
    let ModelsStatus { encoder, generator, .. } = voice.dreamer().models().status();
    let models = [("encoder", encoder), ("generator", generator)];
    let line = |model: &str, fallback: &Fallback| {
        format!("{} does not run the {model}: {}", fallback.name(), fallback.reason)
    };
    models
        .iter()
        .flat_map(|(model, status)| {
            let missed = status.fallbacks.iter().filter(|fallback| fallback.is_missed());
            let odd = (status.timings.not_finite > 0).then(|| {
                format!("The {model} gives values that are not finite numbers now and then: those runs are left out")
            });
            let incident = status.incident.as_ref().map(|incident| format!("The {model}: {incident}"));
            missed.map(|fallback| line(model, fallback)).chain(odd).chain(incident)
        })
        .collect()
}
