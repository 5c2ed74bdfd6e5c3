//! One loaded graph: its session, its fixed inputs and outputs, and the provider that really runs it.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ort::environment::ThreadManager;
use ort::memory::Allocator;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};
use ort::session::{IoBinding, RunOptions, Session};
use ort::value::{DynValue, Tensor};
use serde::Serialize;

use super::runtime::one_line;
use super::watchdog::Watchdog;
use super::{InferenceError, Options, Provider, Runtime, Timings, assignment, spawn_low_priority};
use crate::pack::Model;
use crate::pack::contract::ConstantInput;
use crate::pack::graph::Element;
use crate::pack::limits;

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
}

impl Network {
    /// Loads `model` on the first provider that can, and runs it once with inputs of zeros.
    ///
    /// # Errors
    /// No provider could, or loading took too long.
    pub fn new(
        runtime: &Runtime,
        model: &Model,
        ports: &Ports<'_>,
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
        ports: &Ports<'_>,
        options: &Options,
        limits: Limits,
    ) -> Result<Self, InferenceError> {
        let mut order = options.providers.clone();
        order.retain(|provider| *provider != Provider::Cpu);
        order.truncate(options.providers.iter().position(|p| *p == Provider::Cpu).unwrap_or(order.len()));
        order.push(Provider::Cpu);
        let mut fallbacks: Vec<Fallback> = Vec::new();
        let mut last_error = None;
        for provider in order {
            match Self::on(runtime, model, ports, options, provider, limits) {
                Ok(mut network) => {
                    if network.provider != provider {
                        let reason = format!("{provider} took none of the graph's nodes");
                        fallbacks.push(Fallback { provider, reason });
                    }
                    for fallback in &fallbacks {
                        tracing::info!(
                            "{}: {} does not run it: {}",
                            model.file,
                            fallback.provider,
                            fallback.reason
                        );
                    }
                    network.fallbacks = fallbacks;
                    return Ok(network);
                }
                Err(error) => {
                    let reason = match &error {
                        InferenceError::Load { message, .. } => message.clone(),
                        error => error.to_string(),
                    };
                    fallbacks.push(Fallback { provider, reason });
                    last_error = Some(error);
                }
            }
        }
        let message = "there is no provider to try".to_owned();
        Err(last_error.unwrap_or(InferenceError::Load { file: model.file.clone(), message }))
    }

    fn on(
        runtime: &Runtime,
        model: &Model,
        ports: &Ports<'_>,
        options: &Options,
        provider: Provider,
        limits: Limits,
    ) -> Result<Self, InferenceError> {
        let file = || model.file.clone();
        let load = |message: String| InferenceError::Load { file: file(), message };
        let failed = |error: ort::Error| load(one_line(&error));
        if !provider.is_built_in().map_err(failed)? {
            let (path, version) = (runtime.path().display(), runtime.version());
            return Err(load(format!("ONNX Runtime {version} at {path} was built without {provider}")));
        }
        let mut builder = builder(runtime, model, options, provider).map_err(failed)?;
        let canceler = builder.canceler();
        let watchdog = Watchdog::new(move || {
            if let Err(error) = canceler.cancel() {
                tracing::warn!("a load that takes too long cannot be stopped: {error}");
            }
        })?;
        watchdog.arm(limits.load);
        let session = builder.commit_from_memory(&model.bytes);
        let late = watchdog.disarm();
        let session = session.map_err(|error| match late {
            true => InferenceError::LoadTimedOut { file: file(), seconds: limits.load.as_secs() },
            false => failed(error),
        })?;
        let nodes_by_provider = assignment::nodes_by_provider(&session).map_err(failed)?;
        let taken = |(name, nodes): &(String, usize)| name == provider.runtime_name() && *nodes > 0;
        let really = if nodes_by_provider.is_empty() || nodes_by_provider.iter().any(taken) {
            provider
        } else {
            Provider::Cpu
        };
        let (binding, inputs) = bind(&session, ports).map_err(failed)?;
        let run_options = Arc::new(RunOptions::new().map_err(failed)?);
        let stopped = Arc::clone(&run_options);
        let watchdog = Watchdog::new(move || {
            if let Err(error) = stopped.terminate() {
                tracing::warn!("a run that takes too long cannot be stopped: {error}");
            }
        })?;
        let mut network = Self {
            file: file(),
            session,
            binding,
            inputs,
            outputs: ports.outputs.iter().map(|(name, _)| name.clone()).collect(),
            run_options,
            watchdog,
            time_budget: limits.first_run,
            provider: really,
            nodes_by_provider,
            fallbacks: Vec::new(),
            timings: Timings::default(),
        };
        network.run(|_, _| (), |_| Ok(())).map_err(|error| match error {
            InferenceError::Run { message, .. } => load(message),
            error => error,
        })?;
        network.time_budget = options.time_budget;
        network.timings = Timings::default();
        Ok(network)
    }

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
                return Err(InferenceError::NotFinite { file: self.file.clone(), output: name.clone() });
            }
            values.push(value);
        }
        read(&values)
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

fn builder(
    runtime: &Runtime,
    model: &Model,
    options: &Options,
    provider: Provider,
) -> ort::Result<SessionBuilder> {
    // Spinning threads would halve what is left for the audio and the stage: measured, 50 % of the CPU against 23 %.
    let mut builder = Session::builder(runtime.environment())?
        .with_optimization_level(GraphOptimizationLevel::All)?
        .with_intra_threads(options.threads.max(1))?
        .with_inter_threads(1)?
        .with_parallel_execution(false)?
        .with_intra_op_spinning(false)?
        .with_inter_op_spinning(false)?
        .with_deterministic_compute(true)?
        .with_flush_to_zero()?
        .with_thread_manager(LowPriority)?
        .with_config_entry(assignment::OPTION, "1")?;
    for (location, bytes) in &model.external {
        builder = builder.with_external_initializer_file_in_memory(location, Arc::clone(bytes))?;
    }
    if provider == Provider::DirectMl {
        // DirectML's own rule.
        builder = builder.with_memory_pattern(false)?;
    }
    if let Some(dispatch) = provider.dispatch() {
        builder = builder.with_execution_providers([dispatch])?;
    }
    Ok(builder)
}

/// Makes the tensors that every run uses again.
fn bind(session: &Session, ports: &Ports<'_>) -> ort::Result<(IoBinding, Inputs)> {
    let mut binding = session.create_binding()?;
    let mut inputs = Vec::with_capacity(ports.inputs.len());
    for (name, shape) in &ports.inputs {
        let entries = shape.iter().product::<i64>() as usize;
        inputs.push((name.clone(), Tensor::from_array((shape.clone(), vec![0f32; entries]))?));
    }
    for constant in ports.constants {
        binding.bind_input(constant.name.as_str(), &constant_tensor(constant)?)?;
    }
    for (name, shape) in &ports.outputs {
        let tensor = Tensor::<f32>::new(&Allocator::default(), shape.clone())?;
        binding.bind_output(name.as_str(), tensor)?;
    }
    Ok((binding, inputs))
}

fn constant_tensor(constant: &ConstantInput) -> ort::Result<DynValue> {
    let (shape, values) = (constant.shape.clone(), constant.values.iter());
    Ok(match constant.element {
        Element::INT32 => {
            Tensor::from_array((shape, values.map(|value| *value as i32).collect::<Vec<_>>()))?.into_dyn()
        }
        Element::INT64 => {
            Tensor::from_array((shape, values.map(|value| *value as i64).collect::<Vec<_>>()))?.into_dyn()
        }
        Element::BOOL => {
            Tensor::from_array((shape, values.map(|value| *value != 0.0).collect::<Vec<_>>()))?.into_dyn()
        }
        _ => Tensor::from_array((shape, values.map(|value| *value as f32).collect::<Vec<_>>()))?.into_dyn(),
    })
}

/// Starts ONNX Runtime's own threads at low priority.
struct LowPriority;

impl ThreadManager for LowPriority {
    type Thread = JoinHandle<()>;

    fn create(&self, work: impl FnOnce() + Send + 'static) -> ort::Result<Self::Thread> {
        spawn_low_priority("klangbild-infer", work).map_err(ort::Error::wrap)
    }

    fn join(thread: Self::Thread) -> ort::Result<()> {
        thread.join().map_err(|_| ort::Error::new("a thread of ONNX Runtime ended with a panic"))
    }
}
