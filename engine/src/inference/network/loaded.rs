//! A session of ONNX Runtime, with the tensors that every run uses again.

use std::sync::Arc;
use std::time::Duration;

use ort::session::{IoBinding, RunOptions, Session};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::session::{Inputs, bind, builder};
use super::{Limits, Ports, Runs};
use crate::inference::devices::Target;
use crate::inference::runtime::one_line;
use crate::inference::watchdog::Watchdog;
use crate::inference::{InferenceError, Options, Provider, Runtime, assignment};
use crate::pack::Model;
use crate::pack::draw::even;

pub struct Loaded {
    file: String,
    session: Session,
    binding: IoBinding,
    inputs: Inputs,
    outputs: Vec<String>,
    run_options: Arc<RunOptions>,
    watchdog: Watchdog,
    time_budget: Duration,
    provider: Provider,
    device: String,
    nodes_by_provider: Vec<(String, usize)>,
}

impl Loaded {
    /// Loads the graph on one provider and runs it once with inputs of zeros.
    ///
    /// # Errors
    /// The provider is not there or cannot, or loading took too long.
    pub fn new(
        runtime: &Runtime,
        model: &Model,
        ports: &Ports,
        options: &Options,
        provider: Provider,
        limits: Limits,
    ) -> Result<Self, InferenceError> {
        let load = |message: String| InferenceError::Load { file: model.file.clone(), message };
        provider.is_there(runtime).map_err(load)?;
        let target = Target::of(provider, &options.device).map_err(load)?;
        let file = || model.file.clone();
        let failed = |error: ort::Error| load(one_line(&error));
        let mut builder = builder(runtime, model, options, &target).map_err(failed)?;
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
        let mut loaded = Self {
            file: file(),
            session,
            binding,
            inputs,
            outputs: ports.outputs.iter().map(|(name, _)| name.clone()).collect(),
            run_options,
            watchdog,
            time_budget: limits.first_run,
            provider: really,
            device: target.name(really, really.device(runtime, &target).as_ref()),
            nodes_by_provider,
        };
        loaded.warm_up().map_err(|error| match error {
            InferenceError::Run { message, .. } => load(message),
            error => error,
        })?;
        loaded.time_budget = options.time_budget;
        Ok(loaded)
    }

    /// Runs the graph on zeros, and where it makes no numbers of them on noise: many a model divides by the length of what it
    /// is given.
    fn warm_up(&mut self) -> Result<(), InferenceError> {
        if self.first_odd_output(&mut |_, input| input.fill(0.0))?.is_none() {
            return Ok(());
        }
        let mut random = Pcg64Mcg::seed_from_u64(0);
        match self
            .first_odd_output(&mut |_, input| input.iter_mut().for_each(|entry| *entry = even(&mut random)))?
        {
            Some(output) => Err(InferenceError::NotFinite { file: self.file.clone(), output }),
            None => Ok(()),
        }
    }

    /// Runs it, and names the first output that holds what is no finite number.
    fn first_odd_output(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
    ) -> Result<Option<String>, InferenceError> {
        let names = self.outputs.clone();
        let mut odd = None;
        self.run(fill, &mut |outputs| {
            let is_odd = |values: &&[f32]| values.iter().any(|entry| !entry.is_finite());
            odd = outputs.iter().position(is_odd).and_then(|place| names.get(place).cloned());
        })?;
        Ok(odd)
    }
}

impl Runs for Loaded {
    fn run(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
        take: &mut dyn FnMut(&[&[f32]]),
    ) -> Result<(), InferenceError> {
        let failed = |file: &str, error: &ort::Error| InferenceError::Run {
            file: file.to_owned(),
            message: one_line(error),
        };
        for (place, (name, tensor)) in self.inputs.iter_mut().enumerate() {
            fill(place, tensor.extract_tensor_mut().1);
            // A provider on a device copies the input when it is bound.
            self.binding.bind_input(name.as_str(), tensor).map_err(|error| failed(&self.file, &error))?;
        }
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
        let mut values = Vec::with_capacity(self.outputs.len());
        for name in &self.outputs {
            let value = outputs.get(name).ok_or_else(|| InferenceError::Run {
                file: self.file.clone(),
                message: format!("it gave no output {name:?}"),
            })?;
            let (_, value) = value.try_extract_tensor::<f32>().map_err(|error| failed(&self.file, &error))?;
            values.push(value);
        }
        take(&values);
        Ok(())
    }

    fn file(&self) -> &str {
        &self.file
    }

    fn provider(&self) -> Provider {
        self.provider
    }

    fn device(&self) -> &str {
        &self.device
    }

    fn nodes_by_provider(&self) -> &[(String, usize)] {
        &self.nodes_by_provider
    }
}
