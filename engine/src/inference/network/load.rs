//! Loading a graph: on the first provider that can.

use std::sync::Arc;

use ort::session::RunOptions;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::session::{bind, builder};
use super::{Fallback, Limits, Network, Ports};
use crate::inference::runtime::one_line;
use crate::inference::watchdog::Watchdog;
use crate::inference::{InferenceError, Options, Provider, Runtime, Timings, assignment};
use crate::pack::Model;

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
            odd: 0,
        };
        network.warm_up().map_err(|error| match error {
            InferenceError::Run { message, .. } => load(message),
            error => error,
        })?;
        network.time_budget = options.time_budget;
        (network.timings, network.odd) = (Timings::default(), 0);
        Ok(network)
    }

    /// Runs the graph on zeros, and where it makes no numbers of them on noise: many a model divides by the length of what it
    /// is given.
    fn warm_up(&mut self) -> Result<(), InferenceError> {
        match self.run(|_, input| input.fill(0.0), |_| Ok(())) {
            Err(error) if error.is_passing() => {
                let mut random = Pcg64Mcg::seed_from_u64(0);
                let mut even = || (random.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0;
                self.run(|_, input| input.iter_mut().for_each(|entry| *entry = even()), |_| Ok(()))
            }
            done => done,
        }
    }
}
