//! A graph that runs in a process of its own, seen from here.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{Error, ErrorKind};
use std::path::PathBuf;
use std::time::Duration;

use super::home::Seat;
use super::link::{Link, Patience, Reply};
use super::message::{Graph, State, numbers};
use super::{Terms, deaths};
use crate::inference::network::{Fallback, Limits, Ports, Runs, entries, longest_trial};
use crate::inference::{InferenceError, Options, Precision, Provider};
use crate::pack::Model;

/// A device that does not answer in time is left alone a little later.
const TRIAL_ENDS: Duration = Duration::from_secs(5);

/// A graph that runs in another process.
pub struct Runner {
    file: String,
    graph: Graph,
    /// Its samples and constants.
    numbers: Vec<u8>,
    model: Model,
    seat: Seat,
    program: PathBuf,
    patience: Patience,
    restarts: u32,
    /// None where the process has died, until the next run.
    link: Option<Link>,
    state: State,
    inputs: Vec<Vec<f32>>,
    outputs: Vec<Vec<f32>>,
    /// How often the process has died in the middle of a run.
    died: u32,
    incident: Option<String>,
}

/// Why a graph does not run in a process of its own.
#[derive(Debug)]
pub enum NotOpened {
    /// There is no such process to be had: in words.
    NoProcess(String),
    /// The graph cost it the life each time.
    GaveUp(InferenceError),
    /// The process could not load the graph, and no other would.
    Failed(InferenceError),
}

impl Runner {
    /// Opens the graph in the process that the options name, which is started if need be.
    ///
    /// # Errors
    /// The process cannot be had, or not load the graph.
    pub fn open(model: &Model, ports: &Ports, options: &Options, limits: Limits) -> Result<Self, NotOpened> {
        let Terms { home, restarts, .. } = &options.apart;
        let missing = || "there is no program `klangbild` beside it".to_owned();
        let program = home.program.clone().ok_or_else(missing).map_err(NotOpened::NoProcess)?;
        let homeless = || NotOpened::NoProcess("this user has no folder for it".to_owned());
        let seat = options.apart.seat(model).ok_or_else(homeless)?;
        let numbers = numbers(ports);
        let mut graph = Graph::new(&model.file, ports, options, limits);
        graph.fingerprint = fingerprint(&graph, &numbers, model);
        let zeros =
            |ports: &[(String, Vec<i64>)]| ports.iter().map(|(_, shape)| vec![0.0; entries(shape)]).collect();
        // The process tries one provider after the other, in each precision that there is, and the processor last.
        let precisions = if model.half.is_some() { 2 } else { 1 };
        let trials =
            (longest_trial(options, limits) + TRIAL_ENDS) * precisions * options.providers.len() as u32;
        let mut runner = Self {
            file: model.file.clone(),
            graph,
            numbers,
            model: model.clone(),
            seat,
            program,
            patience: Patience { load: trials + limits.load + limits.first_run, run: options.time_budget },
            restarts: *restarts,
            link: None,
            state: State {
                file: model.file.clone(),
                provider: Provider::Cpu,
                device: String::new(),
                precision: Precision::Single,
                nodes_by_provider: Vec::new(),
                fallbacks: Vec::new(),
            },
            inputs: zeros(&ports.inputs),
            outputs: zeros(&ports.outputs),
            died: 0,
            incident: None,
        };
        loop {
            match runner.connect() {
                Ok(()) => return Ok(runner),
                Err(InferenceError::NoProcess { message, .. }) => return Err(NotOpened::NoProcess(message)),
                Err(InferenceError::Died { .. }) => {}
                Err(error @ InferenceError::GaveUp { .. }) => return Err(NotOpened::GaveUp(error)),
                Err(error) => return Err(NotOpened::Failed(error)),
            }
        }
    }

    /// Goes to the process, and opens the graph there.
    fn connect(&mut self) -> Result<(), InferenceError> {
        let lately = deaths::lately(&self.graph.fingerprint);
        if lately > self.restarts {
            return Err(self.gave_up(lately));
        }
        std::thread::sleep(deaths::pause(lately));
        let reached = Link::reach(&self.seat, &self.program);
        let mut link =
            reached.map_err(|message| InferenceError::NoProcess { file: self.file.clone(), message })?;
        let opened = link.open(&self.graph, &self.numbers, &self.model, self.patience);
        self.link = Some(link);
        match opened {
            Ok(Reply::Done(state)) => {
                self.state = state;
                Ok(())
            }
            Ok(Reply::Failed(failure, _)) => Err(failure.into_error(&self.file)),
            Err(error) => Err(self.lose(&error)),
        }
    }

    /// The process has died or hangs. What that means for this graph.
    fn lose(&mut self, error: &Error) -> InferenceError {
        let hung = error.kind() == ErrorKind::TimedOut;
        if let Some(link) = self.link.take()
            && hung
        {
            link.end();
        }
        self.died += 1;
        let lately = deaths::note(&self.graph.fingerprint);
        let how =
            if hung { "did not answer in time and was stopped" } else { "ended in the middle of its work" };
        let times = if self.died > 1 { format!(" ({} times by now)", self.died) } else { String::new() };
        let log = self.seat.log();
        if lately > self.restarts {
            return self.gave_up(lately);
        }
        let incident =
            format!("the process that runs it {how}{times} and is started again; see {}", log.display());
        tracing::warn!("{}: {incident}", self.file);
        self.incident = Some(incident);
        InferenceError::Died { file: self.file.clone(), how }
    }

    fn gave_up(&self, deaths: u32) -> InferenceError {
        let limit = self.seat.memory_mib.map(|mib| format!(" (it may take {mib} MiB of memory)"));
        InferenceError::GaveUp {
            file: self.file.clone(),
            deaths,
            limit: limit.unwrap_or_default(),
            log: self.seat.log(),
        }
    }
}

impl Runs for Runner {
    fn run(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
        take: &mut dyn FnMut(&[&[f32]]),
    ) -> Result<(), InferenceError> {
        // One that has died while nobody was looking, perhaps of somebody else's graph, costs nothing.
        if self.link.as_mut().is_none_or(|link| !link.is_there()) {
            self.link = None;
            self.connect()?;
        }
        self.inputs.iter_mut().enumerate().for_each(|(place, input)| fill(place, input));
        let gone = || Error::from(ErrorKind::NotConnected);
        let link = self.link.as_mut().ok_or_else(gone);
        let (state, failure) =
            match link.and_then(|link| link.run(&self.inputs, &mut self.outputs, self.patience)) {
                Ok(Reply::Done(state)) => (state, None),
                Ok(Reply::Failed(failure, state)) => (state, Some(failure)),
                Err(error) => return Err(self.lose(&error)),
            };
        if let Some(state) = state {
            self.state = state;
        }
        if let Some(failure) = failure {
            return Err(failure.into_error(&self.file));
        }
        let outputs: Vec<&[f32]> = self.outputs.iter().map(Vec::as_slice).collect();
        take(&outputs);
        Ok(())
    }

    fn file(&self) -> &str {
        &self.state.file
    }

    fn provider(&self) -> Provider {
        self.state.provider
    }

    fn device(&self) -> &str {
        &self.state.device
    }

    fn precision(&self) -> Option<Precision> {
        Some(self.state.precision)
    }

    fn nodes_by_provider(&self) -> &[(String, usize)] {
        &self.state.nodes_by_provider
    }

    fn fallbacks(&self) -> Option<&[Fallback]> {
        Some(&self.state.fallbacks)
    }

    fn process(&self) -> Option<u32> {
        self.link.as_ref().map(Link::process)
    }

    fn is_apart(&self) -> bool {
        true
    }

    fn incident(&self) -> Option<&str> {
        self.incident.as_deref()
    }
}

/// What two clients must have in common to share a graph that is loaded.
fn fingerprint(graph: &Graph, numbers: &[u8], model: &Model) -> String {
    // The same graph in another folder is the same.
    let graph = Graph { file: String::new(), ..graph.clone() };
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        (seed, format!("{graph:?}"), numbers, model.contents()).hash(&mut hasher);
        model.half.as_ref().map(|half| half.range.map(f32::to_bits)).hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(0), half(1))
}
