//! One graph that runs again and again: its fixed inputs and outputs, and the provider that really runs it.
//!
//! The processor's session runs where it is called. Every other provider has a [thread of its own](apart): what a driver
//! swallows there is given up, and the processor goes on. [Which provider](choice) it is, a trial decides.

mod apart;
mod choice;
mod likeness;
mod loaded;
mod memory;
mod session;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::{InferenceError, Options, Provider, Runtime, Timings};
use crate::pack::Model;
use crate::pack::contract::ConstantInput;
use crate::pack::limits;

/// After so many runs in a row without numbers the graph is given up. The latent wanders, and may stay in a bad place for many
/// pictures: this is half a minute of them, or a minute.
pub const ODD_IN_A_ROW: u32 = 1000;

/// A device that takes longer to load a graph and run it once is left out, where nobody asked for it: the first picture waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// A provider that was asked for and does not run the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fallback {
    /// The provider.
    pub provider: Provider,
    /// Why not.
    pub reason: String,
    /// Whether somebody could expect it: it was asked for by name, or it has a device here.
    pub is_there: bool,
    /// Whether it works, and is only slower than what runs the graph.
    pub is_slower: bool,
}

impl Fallback {
    /// Whether a user should hear of it unasked.
    pub fn is_missed(&self) -> bool {
        self.is_there && !self.is_slower
    }
}

/// Inputs and outputs with all their dimensions.
#[derive(Clone, Debug)]
pub struct Ports {
    /// The float inputs that change with each run.
    pub inputs: Vec<(String, Vec<i64>)>,
    /// The inputs that do not.
    pub constants: Vec<ConstantInput>,
    /// The float outputs that are wanted.
    pub outputs: Vec<(String, Vec<i64>)>,
    /// What the inputs hold when providers are tried and compared, one for each: values such as every run brings.
    pub samples: Vec<Vec<f32>>,
}

/// How long loading and the first run may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Building the session, and with it the folding of constants.
    pub load: Duration,
    /// The first run plans memory and, on a GPU, compiles kernels.
    pub first_run: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { load: limits::LOAD_TIME, first_run: limits::LOAD_TIME }
    }
}

/// What runs a graph.
///
/// `fill` is called for each input, by its place, and `take` once, with the outputs in order.
trait Runs: Send {
    fn run(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
        take: &mut dyn FnMut(&[&[f32]]),
    ) -> Result<(), InferenceError>;

    /// The file of the graph that it runs.
    fn file(&self) -> &str;

    /// What really runs the graph, or most of it.
    fn provider(&self) -> Provider;

    /// How many nodes each provider runs, by ONNX Runtime's names.
    fn nodes_by_provider(&self) -> &[(String, usize)];
}

/// Opens the graph on a provider. It has been run once when it comes back.
type Opens = Arc<dyn Fn(Provider) -> Result<Box<dyn Runs>, InferenceError> + Send + Sync>;

/// A graph, loaded and run once.
pub struct Network {
    file: String,
    runs: Box<dyn Runs>,
    /// What opens it on the processor when the provider that was chosen gives out.
    opens: Opens,
    fallbacks: Vec<Fallback>,
    timings: Timings,
    /// The latest runs, as long as they gave no numbers.
    odd: u32,
    outputs: Vec<String>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("file", &self.file).field("provider", &self.provider()).finish()
    }
}

impl Network {
    /// Loads `model` on the provider that [`Options`] want, and runs it with inputs of zeros.
    ///
    /// # Errors
    /// No provider could, or loading took too long.
    pub fn new(
        runtime: &Runtime,
        model: &Model,
        ports: &Ports,
        options: &Options,
    ) -> Result<Self, InferenceError> {
        Self::with_limits(runtime, model, ports, options, Limits::default())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// The same.
    pub fn with_limits(
        runtime: &Runtime,
        model: &Model,
        ports: &Ports,
        options: &Options,
        limits: Limits,
    ) -> Result<Self, InferenceError> {
        let (runtime, model, options) = (runtime.clone(), model.clone(), options.clone());
        let file = model.file.clone();
        let memory = memory::Memory::of(&runtime, &model, options.threads);
        let has_twin = model.on_processor.is_some();
        let opener = Opener { runtime, model, ports: ports.clone(), options: options.clone(), limits };
        let opener = Arc::new(opener);
        let exactly = has_twin.then(|| -> Opens {
            let opener = Arc::clone(&opener);
            Arc::new(move |provider| opener.load(&opener.model, provider))
        });
        let opens: Opens = Arc::new(move |provider| opener.open(provider));
        Self::choose(file, ports, &options, &memory, opens, exactly.as_ref())
    }

    /// Runs the graph once. `fill` is called for each input, by its place; `read` gets the outputs in order.
    ///
    /// Where the provider gives out, the processor does this run and those that come.
    pub fn run<T>(
        &mut self,
        mut fill: impl FnMut(usize, &mut [f32]),
        read: impl FnOnce(&[&[f32]]) -> Result<T, InferenceError>,
    ) -> Result<T, InferenceError> {
        let mut read = Some(read);
        let outcome = self.run_here(&mut fill, &mut read);
        match outcome {
            Err(error) if self.provider() != Provider::Cpu && !error.is_passing() && read.is_some() => {
                self.fall_back(&error)?;
                self.run_here(&mut fill, &mut read)
            }
            outcome => outcome,
        }
    }

    /// `read` is still there afterwards if it was not called.
    fn run_here<T, R: FnOnce(&[&[f32]]) -> Result<T, InferenceError>>(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
        read: &mut Option<R>,
    ) -> Result<T, InferenceError> {
        let Self { runs, timings, odd, outputs: names, file, .. } = self;
        let start = Instant::now();
        let mut taken = None;
        let mut take = |outputs: &[&[f32]]| {
            timings.add(start.elapsed());
            let is_odd = |values: &&[f32]| values.iter().fold(false, |odd, entry| odd | !entry.is_finite());
            taken = match outputs.iter().position(is_odd) {
                Some(place) => {
                    *odd += 1;
                    timings.not_finite += 1;
                    let (file, output) = (file.clone(), names.get(place).cloned().unwrap_or_default());
                    Some(Err(match *odd {
                        runs @ ODD_IN_A_ROW.. => InferenceError::NeverFinite { file, output, runs },
                        _ => InferenceError::NotFinite { file, output },
                    }))
                }
                None => {
                    *odd = 0;
                    read.take().map(|read| read(outputs))
                }
            };
        };
        runs.run(fill, &mut take)?;
        taken.unwrap_or_else(|| {
            Err(InferenceError::Run { file: self.file.clone(), message: "it gave no outputs".to_owned() })
        })
    }

    /// Goes on with the processor.
    fn fall_back(&mut self, error: &InferenceError) -> Result<(), InferenceError> {
        let provider = self.provider();
        tracing::warn!("{provider} gave out, the processor goes on: {error}");
        self.runs = (self.opens)(Provider::Cpu)?;
        self.fallbacks.push(Fallback { provider, reason: reason(error), is_there: true, is_slower: false });
        (self.timings, self.odd) = (Timings::default(), 0);
        Ok(())
    }

    /// Warns of a run that is left out, each time that there are twice as many.
    pub fn tell(&self, error: &InferenceError) {
        let count = self.timings.not_finite;
        if error.is_passing() && count.is_power_of_two() {
            tracing::warn!("{error}; what it made is left out ({count} of {} runs)", self.timings.runs);
        }
    }

    /// How messages name the graph that really runs: on the processor that may be another file than everywhere else.
    pub fn file(&self) -> &str {
        self.runs.file()
    }

    /// What really runs the graph, or most of it.
    pub fn provider(&self) -> Provider {
        self.runs.provider()
    }

    /// How many nodes each provider runs, by ONNX Runtime's names.
    pub fn nodes_by_provider(&self) -> &[(String, usize)] {
        self.runs.nodes_by_provider()
    }

    /// The providers that were asked for and do not run it.
    pub fn fallbacks(&self) -> &[Fallback] {
        &self.fallbacks
    }

    /// How long the runs took.
    pub fn timings(&self) -> Timings {
        self.timings
    }
}

/// The message without what stands around it for a user who has no other provider.
fn reason(error: &InferenceError) -> String {
    match error {
        InferenceError::Load { message, .. } | InferenceError::Run { message, .. } => message.clone(),
        error => error.to_string(),
    }
}

/// All that opening a graph needs.
struct Opener {
    runtime: Runtime,
    model: Model,
    ports: Ports,
    options: Options,
    limits: Limits,
}

impl Opener {
    /// On the processor what was made for it runs, or where that cannot, what all others run.
    fn open(&self, provider: Provider) -> Result<Box<dyn Runs>, InferenceError> {
        let twin = self.model.on_processor.as_ref().filter(|_| provider == Provider::Cpu);
        twin.map(|twin| self.load(twin, provider))
            .and_then(|opened| {
                opened.inspect_err(|error| tracing::warn!("{error}; {} runs instead", self.model.file)).ok()
            })
            .map_or_else(|| self.load(&self.model, provider), Ok)
    }

    fn load(&self, model: &Model, provider: Provider) -> Result<Box<dyn Runs>, InferenceError> {
        let Self { runtime, ports, options, limits, .. } = self;
        if provider == Provider::Cpu {
            let loaded = loaded::Loaded::new(runtime, model, ports, options, provider, *limits)?;
            return Ok(Box::new(loaded));
        }
        let (runtime, model, ports) = (runtime.clone(), model.clone(), ports.clone());
        let (options, limits) = (options.clone(), *limits);
        let about = apart::About {
            file: model.file.clone(),
            provider,
            lengths: ports.inputs.iter().map(|(_, shape)| entries(shape)).collect(),
            load_limit: match options.quickest {
                true => (limits.load + limits.first_run).min(PATIENCE),
                false => limits.load + limits.first_run,
            },
            time_budget: options.time_budget,
        };
        let open = move || loaded::Loaded::new(&runtime, &model, &ports, &options, provider, limits);
        Ok(Box::new(apart::Apart::new(about, open)?))
    }
}

/// How many numbers a tensor of this shape holds.
fn entries(shape: &[i64]) -> usize {
    shape.iter().product::<i64>().max(0) as usize
}

#[cfg(test)]
mod tests;
