//! Opening a graph: here, or in a process of its own.

use std::sync::Arc;
use std::time::Duration;

use super::choice::Ways;
use super::half::HalfWay;
use super::{Limits, Network, Opens, OpensHere, Ports, Runs, apart, choice, entries, loaded, memory};
use crate::inference::afar::{NotOpened, Runner};
use crate::inference::{InferenceError, Options, Precision, Provider, Runtime, Timings};
use crate::pack::Model;

/// A device that takes longer to load a graph and run it once is left out, where nobody asked for it: the first picture waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a device may take to load a graph and run it once.
pub fn longest_trial(options: &Options, limits: Limits) -> Duration {
    let limit = limits.load + limits.first_run;
    if options.quickest { limit.min(PATIENCE) } else { limit }
}

/// All that opening a graph needs.
pub struct Opener {
    pub runtime: Runtime,
    pub model: Model,
    pub ports: Ports,
    pub options: Options,
    pub limits: Limits,
}

impl Opener {
    /// On the provider that the options want, in this process.
    pub fn open_here(self: &Arc<Self>) -> Result<Network, InferenceError> {
        let Self { runtime, model, ports, options, .. } = &**self;
        let memory = memory::Memory::of(runtime, model, options);
        let opener = Arc::clone(self);
        let usual: Opens = Arc::new(move |provider| opener.open(provider));
        let load = |model: Model| -> Opens {
            let opener = Arc::clone(self);
            Arc::new(move |provider| opener.load(&model, provider))
        };
        let exactly = model.on_processor.as_ref().map(|_| load(model.clone()));
        let half =
            model.half.as_ref().map(|half| HalfWay { opens: load((*half.model).clone()), range: half.range });
        let ways = Ways { usual, exactly, half };
        Network::choose(model.file.clone(), ports, options, &memory, ways)
    }

    /// In a process of its own, or here where there is none to be had.
    pub fn open_apart(self: &Arc<Self>) -> Result<Network, InferenceError> {
        let Self { model, ports, options, limits, .. } = &**self;
        let runner = match Runner::open(model, ports, options, *limits) {
            Ok(runner) => runner,
            Err(NotOpened::Failed(error)) => return Err(error),
            Err(NotOpened::GaveUp(error)) if model.is_foreign => return Err(error),
            Err(NotOpened::GaveUp(error)) => {
                return Ok(Network { incident: Some(came_home(&error)), ..self.open_here()? });
            }
            Err(NotOpened::NoProcess(message)) => {
                tracing::warn!(
                    "{}: it runs in this process, and not in one of its own: {message}",
                    model.file
                );
                return self.open_here();
            }
        };
        choice::tell(&model.file, runner.fallbacks().unwrap_or_default());
        let (here, there) = (Arc::clone(self), Arc::clone(self));
        Ok(Network {
            file: model.file.clone(),
            runs: Box::new(runner),
            precision: Precision::Single,
            opens: Arc::new(move |provider| there.open(provider)),
            opens_here: (!model.is_foreign).then(|| Box::new(move || here.open_here()) as OpensHere),
            incident: None,
            fallbacks: Vec::new(),
            timings: Timings::default(),
            odd: 0,
            outputs: ports.outputs.iter().map(|(name, _)| name.clone()).collect(),
        })
    }

    /// On this provider, in this process. On the processor what was made for it runs, or where that cannot, what all others run.
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
            load_limit: longest_trial(&options, limits),
            time_budget: options.time_budget,
        };
        let open = move || loaded::Loaded::new(&runtime, &model, &ports, &options, provider, limits);
        Ok(Box::new(apart::Apart::new(about, open)?))
    }
}

/// What a user is told where a process of its own was given up.
pub fn came_home(error: &InferenceError) -> String {
    tracing::warn!("{error}; it goes on in this process");
    let what = match error {
        InferenceError::GaveUp { .. } => "ended again and again",
        _ => "could not be started again",
    };
    format!("the process that ran it {what}, and it goes on without one")
}
