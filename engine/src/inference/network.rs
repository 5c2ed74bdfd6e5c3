//! One loaded graph, run again and again: its session, its fixed inputs and outputs, and the provider that really runs it.

mod load;
mod session;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ort::session::{IoBinding, RunOptions, Session};
use ort::value::Tensor;
use serde::Serialize;

use super::runtime::one_line;
use super::watchdog::Watchdog;
use super::{InferenceError, Provider, Timings};
use crate::pack::contract::ConstantInput;
use crate::pack::limits;

/// After so many runs in a row without numbers the graph is given up. The latent wanders, and may stay in a bad place for many
/// pictures: this is half a minute of them, or a minute.
pub const ODD_IN_A_ROW: u32 = 1000;

/// A provider that was asked for and does not run the graph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fallback {
    /// The provider.
    pub provider: Provider,
    /// Why not.
    pub reason: String,
}

/// Inputs and outputs with all their dimensions.
pub struct Ports<'a> {
    /// The float inputs that change with each run.
    pub inputs: Vec<(String, Vec<i64>)>,
    /// The inputs that do not.
    pub constants: &'a [ConstantInput],
    /// The float outputs that are wanted.
    pub outputs: Vec<(String, Vec<i64>)>,
}

/// The tensors that each run fills again, by name.
type Inputs = Vec<(String, Tensor<f32>)>;

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

/// A graph, loaded and run once.
pub struct Network {
    file: String,
    session: Session,
    binding: IoBinding,
    inputs: Inputs,
    outputs: Vec<String>,
    run_options: Arc<RunOptions>,
    watchdog: Watchdog,
    time_budget: Duration,
    provider: Provider,
    nodes_by_provider: Vec<(String, usize)>,
    fallbacks: Vec<Fallback>,
    timings: Timings,
    /// The latest runs, as long as they gave no numbers.
    odd: u32,
}

impl Network {
    /// Runs the graph once. `fill` is called for each input, by its place; `read` gets the outputs in order.
    pub fn run<T>(
        &mut self,
        mut fill: impl FnMut(usize, &mut [f32]),
        read: impl FnOnce(&[&[f32]]) -> Result<T, InferenceError>,
    ) -> Result<T, InferenceError> {
        let failed = |file: &str, error: &ort::Error| InferenceError::Run {
            file: file.to_owned(),
            message: one_line(error),
        };
        for (place, (name, tensor)) in self.inputs.iter_mut().enumerate() {
            fill(place, tensor.extract_tensor_mut().1);
            // A provider on a device copies the input when it is bound.
            self.binding.bind_input(name.as_str(), tensor).map_err(|error| failed(&self.file, &error))?;
        }
        let start = Instant::now();
        self.watchdog.arm(self.time_budget);
        let outputs = self.session.run_binding_with_options(&self.binding, &self.run_options);
        let late = self.watchdog.disarm();
        if late {
            self.run_options.unterminate().map_err(|error| failed(&self.file, &error))?;
        }
        let outputs = outputs.map_err(|error| match late {
            true => {
                let seconds = self.time_budget.as_secs_f64();
                InferenceError::TimedOut { file: self.file.clone(), seconds }
            }
            false => failed(&self.file, &error),
        })?;
        self.timings.add(start.elapsed());
        let mut values = Vec::with_capacity(self.outputs.len());
        for name in &self.outputs {
            let value = outputs.get(name).ok_or_else(|| InferenceError::Run {
                file: self.file.clone(),
                message: format!("it gave no output {name:?}"),
            })?;
            let (_, value) = value.try_extract_tensor::<f32>().map_err(|error| failed(&self.file, &error))?;
            if value.iter().fold(false, |odd, entry| odd | !entry.is_finite()) {
                let (file, output) = (self.file.clone(), name.clone());
                self.odd += 1;
                self.timings.not_finite += 1;
                return Err(match self.odd {
                    runs @ ODD_IN_A_ROW.. => InferenceError::NeverFinite { file, output, runs },
                    _ => InferenceError::NotFinite { file, output },
                });
            }
            values.push(value);
        }
        self.odd = 0;
        read(&values)
    }

    /// Warns of a run that is left out, each time that there are twice as many.
    pub fn tell(&self, error: &InferenceError) {
        let count = self.timings.not_finite;
        if error.is_passing() && count.is_power_of_two() {
            tracing::warn!("{error}; what it made is left out ({count} of {} runs)", self.timings.runs);
        }
    }

    /// How messages name the graph.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What really runs the graph, or most of it.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// How many nodes each provider runs, by ONNX Runtime's names.
    pub fn nodes_by_provider(&self) -> &[(String, usize)] {
        &self.nodes_by_provider
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
