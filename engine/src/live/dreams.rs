//! The dreamer's thread: loads packs, and dreams pictures as often as the machine allows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::overture::Overture;
use super::{Models, Shared, lock};
use crate::controls::Controls;
use crate::dreamer::{self, DreamSettings, Dreamer, ModelsStatus};
use crate::hearing::Heard;
use crate::inference::{Fallback, Options, Runtime};
use crate::motion::SongPlace;
use crate::pack::{self, Pack};
use crate::picture::Picture;

/// Embeddings per second, as in a render.
const EMBED_EVERY_S: f64 = 0.25;
/// More pictures a second than this are not seen: the stage tweens.
pub(super) const LEAST_PICTURE_S: f64 = 1.0 / 30.0;
/// Share of its time that the generator may run: the stage wants the cores too, and reacts without it.
const SHARE: f64 = 0.4;
/// What went wrong is tried again after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
/// Sound that waits for a dreamer which is busy loading, at most, in seconds: as much as an encoder hears at once.
const WAITING_S: usize = 10;
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What the listener has heard and the dreamer has not.
#[derive(Default)]
pub(super) struct Unheard {
    pub frames: Vec<[f32; 2]>,
    pub hops: Vec<(Heard, Option<SongPlace>)>,
    sample_rate_hz: u32,
}

impl Unheard {
    /// Adds sound; what is older than a dreamer can use is dropped, and all of it when the sample rate changes.
    pub fn take(&mut self, frames: &[[f32; 2]], sample_rate_hz: u32) {
        if self.sample_rate_hz != sample_rate_hz {
            self.frames.clear();
            self.sample_rate_hz = sample_rate_hz;
        }
        self.frames.extend_from_slice(frames);
        let most = sample_rate_hz as usize * WAITING_S;
        let excess = self.frames.len().saturating_sub(most);
        self.frames.drain(..excess);
        let excess = self.hops.len().saturating_sub(WAITING_S * 200);
        self.hops.drain(..excess);
    }
}

/// What the dreamer keeps from one waking to the next.
#[derive(Default)]
pub(super) struct Dreams {
    /// The pack that plays and the one that was tried last, as they were asked for.
    playing: Option<(String, Dreaming)>,
    tried: Option<(String, Instant)>,
    overture: Overture,
    heard: Unheard,
}

struct Dreaming {
    dreamer: Dreamer,
    sample_rate_hz: u32,
    embedded_s: f64,
    dreamt: Option<Instant>,
    spent: Duration,
    second: (Instant, u32),
    pictures_per_s: f64,
}

/// Dreams until it is told to stop.
pub(super) fn run(shared: &Shared, running: &AtomicBool) {
    let mut dreams = lock(&shared.dreams);
    // What was heard before a sleep is over.
    *lock(&shared.unheard) = Unheard::default();
    while running.load(Ordering::Relaxed) {
        dreams.step(shared);
        std::thread::sleep(LOOK_EVERY);
    }
}

impl Dreams {
    fn step(&mut self, shared: &Shared) {
        {
            let mut waiting = lock(&shared.unheard);
            self.heard.frames.clear();
            self.heard.hops.clear();
            std::mem::swap(&mut self.heard.frames, &mut waiting.frames);
            std::mem::swap(&mut self.heard.hops, &mut waiting.hops);
            self.heard.sample_rate_hz = waiting.sample_rate_hz;
        }
        let controls = *lock(&shared.controls);
        self.follow_pack(shared, &controls);
        let least_s = *lock(&shared.least_picture_s);
        let dreamt = match &mut self.playing {
            Some((_, dreaming)) => dreaming.step(&self.heard, &controls, least_s),
            None => Ok(self.overture.step(&self.heard.hops, &controls)),
        };
        match dreamt {
            Ok(Some(picture)) => {
                *lock(&shared.picture) = Some(Arc::new(picture));
                shared.pictures.fetch_add(1, Ordering::Release);
            }
            Ok(None) => {}
            Err(error) => {
                // A graph that failed once will fail again: without it until another pack is chosen, or for a while.
                tracing::error!("{error}");
                self.playing = None;
                lock(&shared.status).models = Models::Failed(error.to_string());
            }
        }
        if let Some((_, dreaming)) = &self.playing {
            let status = &mut *lock(&shared.status);
            status.models = dreaming.status();
        }
    }

    /// Loads the pack that is asked for, if it is not the one that plays.
    fn follow_pack(&mut self, shared: &Shared, controls: &Controls) {
        let sample_rate_hz = self.heard.sample_rate_hz;
        if sample_rate_hz == 0 && self.playing.is_none() && self.tried.is_some() {
            return;
        }
        let wanted = lock(&shared.pack).clone();
        let plays = self.playing.as_ref().is_some_and(|(name, dreaming)| {
            *name == wanted && (sample_rate_hz == 0 || dreaming.sample_rate_hz == sample_rate_hz)
        });
        let tried = self.tried.as_ref().is_some_and(|(name, when)| {
            *name == wanted && (when.elapsed() < AGAIN_AFTER || self.playing.is_some())
        });
        let rate_changed = self
            .playing
            .as_ref()
            .is_some_and(|(_, dreaming)| sample_rate_hz != 0 && dreaming.sample_rate_hz != sample_rate_hz);
        if plays || (tried && !rate_changed) {
            return;
        }
        if self.playing.is_none() {
            lock(&shared.status).models = Models::Loading;
        }
        self.tried = Some((wanted.clone(), Instant::now()));
        let rate_hz = if sample_rate_hz == 0 { 48_000 } else { sample_rate_hz };
        let loaded = Dreaming::load(&wanted, rate_hz, controls);
        let status = &mut *lock(&shared.status);
        status.pack_error = None;
        match loaded {
            Ok((title, dreaming)) => {
                status.pack = title;
                status.fallbacks = dreaming.fallbacks();
                status.models = dreaming.status();
                self.playing = Some((wanted, dreaming));
            }
            Err(Trouble::Pack(error)) => {
                status.pack_error = Some(error);
                self.fall_back(status, rate_hz, controls);
            }
            Err(Trouble::Runtime(error)) => {
                self.playing = None;
                status.models = Models::Failed(error);
            }
        }
    }

    /// The last good pack plays on; if there is none, the built-in one plays.
    fn fall_back(&mut self, status: &mut super::Status, rate_hz: u32, controls: &Controls) {
        if let Some((_, dreaming)) = self.playing.as_ref().filter(|(_, d)| d.sample_rate_hz == rate_hz) {
            status.models = dreaming.status();
            return;
        }
        match Dreaming::load(pack::DEFAULT, rate_hz, controls) {
            Ok((title, dreaming)) => {
                status.pack = title;
                status.models = dreaming.status();
                self.playing = Some((pack::DEFAULT.to_owned(), dreaming));
            }
            Err(Trouble::Pack(error) | Trouble::Runtime(error)) => status.models = Models::Failed(error),
        }
    }
}

/// Why there is no dreamer, in one line.
enum Trouble {
    /// This pack cannot be played; another may.
    Pack(String),
    /// None can.
    Runtime(String),
}

impl Dreaming {
    fn load(name: &str, sample_rate_hz: u32, controls: &Controls) -> Result<(String, Self), Trouble> {
        let runtime = Runtime::load().map_err(|error| Trouble::Runtime(error.to_string()))?;
        let pack = Pack::load(name).map_err(|error| Trouble::Pack(error.to_string()))?;
        // The stage and the host want the cores more than the models do.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let inference = Options { threads: (cores / 2).clamp(1, 4), ..Options::default() };
        let settings = DreamSettings {
            sample_rate_hz,
            seed: controls.seed,
            motion: controls.motion,
            inference: inference.clone(),
        };
        let dreamer = dreamer::Models::shared(&runtime, &pack, &inference)
            .and_then(|models| Dreamer::with_models(models, &settings))
            .map_err(|error| Trouble::Pack(error.to_string()))?;
        let dreaming = Self {
            dreamer,
            sample_rate_hz,
            embedded_s: f64::NEG_INFINITY,
            dreamt: None,
            spent: Duration::ZERO,
            second: (Instant::now(), 0),
            pictures_per_s: 0.0,
        };
        Ok((pack.manifest.title, dreaming))
    }

    /// Hears what is new, and dreams a picture if it is time for one.
    fn step(
        &mut self,
        heard: &Unheard,
        controls: &Controls,
        least_s: f64,
    ) -> Result<Option<Picture>, dreamer::DreamError> {
        self.dreamer.set_controls(controls);
        self.dreamer.listen(&heard.frames)?;
        for (hop, place) in &heard.hops {
            self.dreamer.follow_song(*place);
            self.dreamer.advance(hop);
        }
        let Some((newest, _)) = heard.hops.last() else { return Ok(None) };
        let time_s = newest.time_s;
        if !(0.0..EMBED_EVERY_S).contains(&(time_s - self.embedded_s)) && newest.presence > 0.0 {
            self.embedded_s = time_s;
            self.dreamer.embed(time_s)?;
        }
        let due_s = least_s.max(self.spent.as_secs_f64() / SHARE);
        if self.dreamt.is_some_and(|dreamt| dreamt.elapsed().as_secs_f64() < due_s) {
            return Ok(None);
        }
        let began = Instant::now();
        let mut picture = Picture::default();
        if !self.dreamer.dream_if_moved(time_s, &mut picture)? {
            return Ok(None);
        }
        self.dreamt = Some(began);
        self.spent = began.elapsed();
        self.count();
        Ok(Some(picture))
    }

    fn count(&mut self) {
        let (since, count) = &mut self.second;
        *count += 1;
        let elapsed_s = since.elapsed().as_secs_f64();
        if elapsed_s >= 1.0 {
            self.pictures_per_s = f64::from(*count) / elapsed_s;
            self.second = (Instant::now(), 0);
        }
    }

    fn status(&self) -> Models {
        let models = self.dreamer.models();
        let ModelsStatus { encoder, generator } = models.status();
        Models::Running {
            provider: models.provider_line(),
            encoder_ms: encoder.timings.last_ms,
            generator_ms: generator.timings.last_ms,
            pictures_per_s: self.pictures_per_s,
        }
    }

    fn fallbacks(&self) -> Vec<String> {
        let ModelsStatus { encoder, generator } = self.dreamer.models().status();
        let models = [("encoder", encoder), ("generator", generator)];
        let line = |model: &str, Fallback { provider, reason }: &Fallback| {
            format!("{provider} does not run the {model}: {reason}")
        };
        models
            .iter()
            .flat_map(|(model, status)| {
                let missed = status.fallbacks.iter().filter(|fallback| fallback.provider.is_missed());
                missed.map(|fallback| line(model, fallback))
            })
            .collect()
    }
}
