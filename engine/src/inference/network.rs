//! One graph that runs again and again: its fixed inputs and outputs, and the provider that really runs it.
//!
//! The processor's session runs where it is called. Every other provider has a [thread of its own](apart): what a driver
//! swallows there is given up, and the processor goes on. [Which provider](choice) it is, a trial decides. All of that may be in
//! [another process](super::afar): then a runner stands here for a network that is there.

mod apart;
mod choice;
mod half;
mod likeness;
mod loaded;
mod memory;
mod opener;
mod session;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(super) use opener::longest_trial;
use serde::{Deserialize, Serialize};

use super::{InferenceError, Options, Precision, Provider, Runtime, Timings};
use crate::pack::Model;
use crate::pack::contract::ConstantInput;
use crate::pack::limits;

/// After so many runs in a row without numbers the graph is given up. The latent wanders, and may stay in a bad place for many
/// pictures: this is half a minute of them, or a minute.
pub const ODD_IN_A_ROW: u32 = 1000;

/// A provider that was asked for and does not run the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// The provider.
    pub provider: Provider,
    /// In which precision, where it was tried in several.
    pub precision: Option<Precision>,
    /// Why not.
    pub reason: String,
    /// Whether somebody could expect it: it was asked for by name, or it has a device here.
    pub is_there: bool,
    /// Whether it works, and is only slower than what runs the graph.
    pub is_slower: bool,
}

impl Fallback {
    /// Whether a user should hear of it unasked.
    ///
    /// Half precision is tried only where single precision works, and so nobody misses it.
    pub fn is_missed(&self) -> bool {
        self.is_there && !self.is_slower && self.precision != Some(Precision::Half)
    }

    /// The provider's name, with the precision where it was tried in several: `WebGPU in half precision`.
    pub fn name(&self) -> String {
        choice::Candidate { provider: self.provider, precision: self.precision }.to_string()
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
pub(super) trait Runs: Send {
    fn run(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
        take: &mut dyn FnMut(&[&[f32]]),
    ) -> Result<(), InferenceError>;

    /// The file of the graph that it runs.
    fn file(&self) -> &str;

    /// What really runs the graph, or most of it.
    fn provider(&self) -> Provider;

    /// What that provider drives: a card's or a processor's name; empty where nobody knows it.
    fn device(&self) -> &str {
        ""
    }

    /// In which precision, where another process has chosen it.
    fn precision(&self) -> Option<Precision> {
        None
    }

    /// How many nodes each provider runs, by ONNX Runtime's names.
    fn nodes_by_provider(&self) -> &[(String, usize)];

    /// The providers that do not run the graph, where another process has tried them.
    fn fallbacks(&self) -> Option<&[Fallback]> {
        None
    }

    /// Whether it runs in a process of its own.
    fn is_apart(&self) -> bool {
        false
    }

    /// The number of that process, while there is one.
    fn process(&self) -> Option<u32> {
        None
    }

    /// What has gone wrong with that process, for people.
    fn incident(&self) -> Option<&str> {
        None
    }
}

/// Opens the graph on a provider. It has been run once when it comes back.
type Opens = Arc<dyn Fn(Provider) -> Result<Box<dyn Runs>, InferenceError> + Send + Sync>;

/// Opens the graph in this process.
type OpensHere = Box<dyn Fn() -> Result<Network, InferenceError> + Send + Sync>;

/// A graph, loaded and run once.
pub struct Network {
    file: String,
    runs: Box<dyn Runs>,
    /// In which it runs, where it runs in this process.
    precision: Precision,
    /// What opens it on the processor when the provider that was chosen gives out.
    opens: Opens,
    /// What opens it here when a process of its own is given up; none where it may not run here.
    opens_here: Option<OpensHere>,
    /// What has gone wrong with a process of its own, since it runs here.
    incident: Option<String>,
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
        let opener = Arc::new(opener::Opener { runtime, model, ports: ports.clone(), options, limits });
        if opener.options.apart.want(&opener.model) { opener.open_apart() } else { opener.open_here() }
    }

    /// Runs the graph once. `fill` is called for each input, by its place; `read` gets the outputs in order.
    ///
    /// Where the provider gives out, the processor does this run and those that come.
    pub fn run<T>(
        &mut self,
        fill: impl FnMut(usize, &mut [f32]),
        read: impl FnOnce(&[&[f32]]) -> Result<T, InferenceError>,
    ) -> Result<T, InferenceError> {
        self.run_telling(fill, read, &mut || {})
    }

    /// The same. `falls_back` is called before the processor is made ready, which takes a while.
    pub fn run_telling<T>(
        &mut self,
        mut fill: impl FnMut(usize, &mut [f32]),
        read: impl FnOnce(&[&[f32]]) -> Result<T, InferenceError>,
        falls_back: &mut dyn FnMut(),
    ) -> Result<T, InferenceError> {
        let mut read = Some(read);
        let error = match self.run_once(&mut fill, &mut read) {
            Err(error) if !error.is_passing() && read.is_some() => error,
            outcome => return outcome,
        };
        if self.runs.is_apart() {
            self.come_home(error)?;
        } else if self.provider() != Provider::Cpu {
            falls_back();
            self.fall_back(&error)?;
        } else {
            return Err(error);
        }
        self.run_once(&mut fill, &mut read)
    }

    /// `read` is still there afterwards if it was not called.
    fn run_once<T, R: FnOnce(&[&[f32]]) -> Result<T, InferenceError>>(
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
        let ran = runs.run(fill, &mut take);
        // Where another process has looked.
        if let Err(InferenceError::NotFinite { .. } | InferenceError::NeverFinite { .. }) = ran {
            timings.add(start.elapsed());
            timings.not_finite += 1;
        }
        ran?;
        taken.unwrap_or_else(|| {
            Err(InferenceError::Run { file: self.file.clone(), message: "it gave no outputs".to_owned() })
        })
    }

    /// Goes on with the processor.
    fn fall_back(&mut self, error: &InferenceError) -> Result<(), InferenceError> {
        let provider = self.provider();
        tracing::warn!("{provider} gave out, the processor goes on: {error}");
        self.runs = (self.opens)(Provider::Cpu)?;
        let reason = reason(error);
        self.fallbacks.push(Fallback { provider, precision: None, reason, is_there: true, is_slower: false });
        self.precision = Precision::Single;
        (self.timings, self.odd) = (Timings::default(), 0);
        Ok(())
    }

    /// Goes on in this process, where the graph may run here and its own process was given up.
    fn come_home(&mut self, error: InferenceError) -> Result<(), InferenceError> {
        let is_given_up = matches!(error, InferenceError::GaveUp { .. } | InferenceError::NoProcess { .. });
        let Some(opens_here) = self.opens_here.take_if(|_| is_given_up) else { return Err(error) };
        let home = opens_here()?;
        *self = Self { incident: Some(opener::came_home(&error)), ..home };
        Ok(())
    }

    /// Warns of a run that is left out, each time that there are twice as many.
    pub fn tell(&self, error: &InferenceError) {
        let count = self.timings.not_finite;
        let is_odd = matches!(error, InferenceError::NotFinite { .. });
        if is_odd && count.is_power_of_two() {
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

    /// What that provider drives: a card's or a processor's name; empty where nobody knows it.
    pub fn device(&self) -> &str {
        self.runs.device()
    }

    /// In which precision it runs.
    pub fn precision(&self) -> Precision {
        self.runs.precision().unwrap_or(self.precision)
    }

    /// How many nodes each provider runs, by ONNX Runtime's names.
    pub fn nodes_by_provider(&self) -> &[(String, usize)] {
        self.runs.nodes_by_provider()
    }

    /// The providers that were asked for and do not run it.
    pub fn fallbacks(&self) -> &[Fallback] {
        self.runs.fallbacks().unwrap_or(&self.fallbacks)
    }

    /// Whether it runs in a process of its own.
    pub fn is_apart(&self) -> bool {
        self.runs.is_apart()
    }

    /// The number of that process, while there is one.
    pub fn process(&self) -> Option<u32> {
        self.runs.process()
    }

    /// What has gone wrong with that process, for people: it goes on from "The generator: ".
    pub fn incident(&self) -> Option<&str> {
        self.incident.as_deref().or(self.runs.incident())
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

/// How many numbers a tensor of this shape holds.
pub(super) fn entries(shape: &[i64]) -> usize {
    shape.iter().product::<i64>().max(0) as usize
}

#[cfg(test)]
mod tests;
