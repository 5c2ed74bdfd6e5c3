//! The models of a pack, loaded once for everyone in the process who wants the same.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use super::DreamError;
use super::interpreter::{Interpreter, Understood};
use crate::inference::{
    Embedding, Encoder, Fallback, Generator, InferenceError, Network, Options, Precision, Provider, Runtime,
    Timings,
};
use crate::pack::size::PictureSize;
use crate::pack::{Model, Pack};
use crate::picture::Picture;
use crate::words::Wording;

/// Runs of a generator that are timed.
const MEASURED_RUNS: usize = 3;

/// Encoder and generator of one pack. Each run locks one of them for as long as it takes; neither remembers anything from
/// run to run, so dreamers that share them dream what they would have dreamt alone.
pub struct Models {
    encoder: Mutex<Encoder>,
    generator: Mutex<Generator>,
    sample_rate_hz: u32,
    window_samples: usize,
    embedding_dim: usize,
    latent_dim: usize,
    picture_size: PictureSize,
    /// What understands words, and the pack's title for whoever must hear that it understands none.
    interpreter: Interpreter,
    /// Apart from the models, so that a display need not wait for a run.
    status: Mutex<ModelsStatus>,
}

/// What runs a model, and how fast.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelStatus {
    /// What really runs it.
    pub provider: Provider,
    /// What that provider drives: a card's or a processor's name; empty where nobody knows it.
    pub device: String,
    /// In which precision.
    pub precision: Precision,
    /// The providers that were asked for and do not run it, with reasons.
    pub fallbacks: Vec<Fallback>,
    /// How long its runs took, whoever asked for them.
    pub timings: Timings,
    /// Whether it runs in a process of its own.
    pub is_apart: bool,
    /// What has gone wrong with that process, for people.
    pub incident: Option<String>,
}

impl ModelStatus {
    fn new() -> Self {
        Self {
            provider: Provider::Cpu,
            device: String::new(),
            precision: Precision::Single,
            fallbacks: Vec::new(),
            timings: Timings::default(),
            is_apart: false,
            incident: None,
        }
    }

    /// A provider, or a process, may give out at any run.
    fn follow(&mut self, network: &Network) {
        (self.provider, self.timings) = (network.provider(), network.timings());
        (self.is_apart, self.precision) = (network.is_apart(), network.precision());
        if self.device != network.device() {
            self.device = network.device().to_owned();
        }
        let fallbacks = network.fallbacks();
        if self.fallbacks.len() != fallbacks.len() {
            self.fallbacks = fallbacks.to_vec();
        }
        if self.incident.as_deref() != network.incident() {
            self.incident = network.incident().map(str::to_owned);
        }
    }
}

/// The same of both models.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelsStatus {
    /// The encoder's.
    pub encoder: ModelStatus,
    /// The generator's.
    pub generator: ModelStatus,
    /// Size of its pictures.
    pub picture_size: PictureSize,
}

impl ModelsStatus {
    /// What painted, as tags for a file: provider, precision and device of each model, and nothing that differs from run to run.
    pub fn tags(&self) -> Vec<(String, String)> {
        let tag = |what: &str, ModelStatus { provider, precision, device, .. }: &ModelStatus| {
            let device = if device.is_empty() { String::new() } else { format!(", {device}") };
            (what.to_owned(), format!("{provider}{}{device}", precision.note()))
        };
        vec![tag("encoder", &self.encoder), tag("generator", &self.generator)]
    }
}

impl Models {
    /// Loads and warms up the pack's models, for the caller alone.
    ///
    /// # Errors
    /// If a graph cannot be loaded or run.
    pub fn load(runtime: &Runtime, pack: &Pack, options: &Options) -> Result<Arc<Self>, DreamError> {
        let encoder = Encoder::new(runtime, pack, options)?;
        let generator = Generator::new(runtime, pack, options)?;
        let picture_size = generator.size_px().into();
        let (of_encoder, of_generator) = (ModelStatus::new(), ModelStatus::new());
        let mut status = ModelsStatus { encoder: of_encoder, generator: of_generator, picture_size };
        status.encoder.follow(encoder.network());
        status.generator.follow(generator.network());
        Ok(Arc::new(Self {
            sample_rate_hz: encoder.sample_rate_hz(),
            window_samples: encoder.window_samples(),
            embedding_dim: encoder.embedding_dim(),
            latent_dim: generator.latent_dim(),
            picture_size,
            interpreter: Interpreter::new(runtime, pack, options),
            encoder: Mutex::new(encoder),
            generator: Mutex::new(generator),
            status: Mutex::new(status),
        }))
    }

    /// The models of this pack with these options that someone in the process has loaded already; otherwise they are
    /// loaded. The last one who has them frees them.
    ///
    /// # Errors
    /// As [`Models::load`].
    pub fn shared(runtime: &Runtime, pack: &Pack, options: &Options) -> Result<Arc<Self>, DreamError> {
        let place = place_for(Key::of(pack, options));
        // Whoever wants the same waits here until it is loaded; whoever wants another pack does not.
        let mut place = lock(&place);
        if let Some(models) = place.upgrade() {
            return Ok(models);
        }
        let models = Self::load(runtime, pack, options)?;
        *place = Arc::downgrade(&models);
        Ok(models)
    }

    /// Lets whoever wants models from now on load them, whoever has the same: what runs them was chosen anew.
    pub fn forget() {
        lock(&PLACES).clear();
    }

    /// Runs the encoder on one window of [`window_samples`](Self::window_samples) mono samples.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn encode(&self, mono: &[f32]) -> Result<Embedding, InferenceError> {
        let mut encoder = lock(&self.encoder);
        let embedding = encoder.encode(mono);
        lock(&self.status).encoder.follow(encoder.network());
        embedding
    }

    /// Runs the generator.
    ///
    /// # Errors
    /// As [`Generator::generate`].
    pub fn generate(
        &self,
        latent: &[f32],
        embedding: &[f32],
        time_s: f64,
        out: &mut Picture,
    ) -> Result<(), InferenceError> {
        let mut generator = lock(&self.generator);
        let generated = generator.generate(latent, embedding, time_s, out);
        lock(&self.status).generator.follow(generator.network());
        generated
    }

    /// What a wording says in the pack's space.
    pub fn understand(&self, wording: &Wording) -> Understood {
        self.interpreter.understand(wording)
    }

    /// Sample rate that the encoder expects, in Hz.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Samples of one window of the encoder.
    pub fn window_samples(&self) -> usize {
        self.window_samples
    }

    /// Length of the embedding.
    pub fn embedding_dim(&self) -> usize {
        self.embedding_dim
    }

    /// Length of the latent; 0 for a generator that takes none.
    pub fn latent_dim(&self) -> usize {
        self.latent_dim
    }

    /// Size of the pictures.
    pub fn picture_size(&self) -> PictureSize {
        self.picture_size
    }

    /// How long a picture takes, in milliseconds: the quickest of a few, since whatever else the machine does is not the generator's
    /// doing. The first run is over.
    ///
    /// # Errors
    /// As [`Models::generate`].
    pub fn measure_ms(&self) -> Result<f64, InferenceError> {
        let (latent, embedding) = (vec![0.5; self.latent_dim], vec![0.1; self.embedding_dim]);
        let (mut picture, mut quickest_ms) = (Picture::default(), f64::INFINITY);
        for _ in 0..MEASURED_RUNS {
            let start = Instant::now();
            match self.generate(&latent, &embedding, 0.0, &mut picture) {
                Err(error) if !error.is_passing() => return Err(error),
                _ => quickest_ms = quickest_ms.min(start.elapsed().as_secs_f64() * 1e3),
            }
        }
        Ok(quickest_ms)
    }

    /// What runs them and how fast, without waiting for a run.
    pub fn status(&self) -> ModelsStatus {
        lock(&self.status).clone()
    }

    /// What runs them, for people: "encoder on CPU, generator on CUDA", and "apart" behind it where that is another process.
    pub fn provider_line(&self) -> String {
        let status = lock(&self.status);
        let name = |model: &ModelStatus| format!("{}{}", model.provider, model.precision.note());
        let (encoder, generator) = (name(&status.encoder), name(&status.generator));
        let apart = if status.encoder.is_apart && status.generator.is_apart { ", apart" } else { "" };
        if encoder == generator {
            format!("encoder and generator on {encoder}{apart}")
        } else {
            format!("encoder on {encoder}, generator on {generator}{apart}")
        }
    }
}

/// What decides whether two packs are the same to run.
#[derive(Clone, PartialEq)]
struct Key {
    contents: u64,
    bytes: usize,
    options: Options,
}

impl Key {
    fn of(pack: &Pack, options: &Options) -> Self {
        let mut hasher = DefaultHasher::new();
        // The manifest has a say in how vectors go in and pictures come out.
        format!("{:?}", pack.manifest).hash(&mut hasher);
        if let Some(bridge) = &pack.bridge {
            bridge.entries().iter().for_each(|entry| entry.to_bits().hash(&mut hasher));
        }
        let mut bytes = 0;
        for contents in [&pack.encoder, &pack.generator].into_iter().flat_map(Model::contents) {
            contents.hash(&mut hasher);
            bytes += contents.len();
        }
        Self { contents: hasher.finish(), bytes, options: options.clone() }
    }
}

/// Where models are, or are being put.
type Place = Arc<Mutex<Weak<Models>>>;

/// All that is loaded in this process, or being loaded.
static PLACES: Mutex<Vec<(Key, Place)>> = Mutex::new(Vec::new());

fn place_for(key: Key) -> Place {
    let mut places = lock(&PLACES);
    places.retain(|(_, place)| {
        Arc::strong_count(place) > 1 || place.try_lock().is_ok_and(|models| models.strong_count() > 0)
    });
    if let Some((_, place)) = places.iter().find(|(other, _)| *other == key) {
        return Arc::clone(place);
    }
    let place = Place::default();
    places.push((key, Arc::clone(&place)));
    place
}

/// Nothing that is locked here is left half done by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(threads: usize) -> Options {
        Options { threads, providers: vec![Provider::Cpu], ..Options::default() }
    }

    #[test]
    fn whoever_wants_the_same_models_shares_them_and_the_last_one_frees_them() {
        let runtime = Runtime::load().unwrap();
        let pack = Pack::load("starter").unwrap();
        let one = std::thread::scope(|scope| {
            let load = || Models::shared(&runtime, &pack, &options(1)).unwrap();
            let loads: Vec<_> = (0..3).map(|_| scope.spawn(load)).collect();
            let models: Vec<_> = loads.into_iter().map(|load| load.join().unwrap()).collect();
            assert!(models.iter().all(|other| Arc::ptr_eq(other, &models[0])));
            Arc::clone(&models[0])
        });
        assert_eq!(Arc::strong_count(&one), 1);
        let again = Pack::load("starter").unwrap();
        assert!(Arc::ptr_eq(&one, &Models::shared(&runtime, &again, &options(1)).unwrap()));
        assert!(!Arc::ptr_eq(&one, &Models::shared(&runtime, &pack, &options(2)).unwrap()));
        let mut other = pack.clone();
        other.manifest.generator.latent_scale *= 0.5;
        assert!(!Arc::ptr_eq(&one, &Models::shared(&runtime, &other, &options(1)).unwrap()));

        one.encode(&vec![0.1; one.window_samples()]).unwrap();
        let status = one.status();
        assert_eq!((status.encoder.timings.runs, status.encoder.provider), (1, Provider::Cpu));
        assert_eq!(one.provider_line(), "encoder and generator on CPU");
        let gone = Arc::downgrade(&one);
        drop(one);
        assert!(gone.upgrade().is_none());
        assert_eq!(Models::shared(&runtime, &pack, &options(1)).unwrap().status().encoder.timings.runs, 0);
    }
}
