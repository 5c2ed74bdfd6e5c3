//! A graph on a thread of its own, which can be left alone: a driver that hangs never comes back, and cannot be interrupted.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::Runs;
use crate::inference::{InferenceError, Provider, spawn_low_priority};
use crate::threads::join_within;

/// ONNX Runtime stops a run by itself, between two nodes, when its time is over. Only what does not even do that is left alone.
const GRACE: Duration = Duration::from_secs(2);

/// Whoever lets a graph go waits no longer for its thread, whose code may be unloaded next. One that hangs keeps it loaded.
const LONGEST_END: Duration = Duration::from_secs(4);

/// What is known before it is loaded.
pub struct About {
    pub file: String,
    pub provider: Provider,
    /// How many numbers each input takes.
    pub lengths: Vec<usize>,
    /// For loading and the first run together.
    pub load_limit: Duration,
    pub time_budget: Duration,
}

pub struct Apart {
    file: String,
    provider: Provider,
    device: String,
    nodes_by_provider: Vec<(String, usize)>,
    time_budget: Duration,
    /// None once it has ended.
    jobs: Option<SyncSender<Job>>,
    results: Receiver<Outcome>,
    /// None once it has ended.
    thread: Option<JoinHandle<()>>,
    hangs: bool,
    /// What goes to the thread and comes back with each run.
    job: Job,
}

/// The inputs of a run, and room for its outputs.
#[derive(Default)]
struct Job {
    inputs: Vec<Vec<f32>>,
    outputs: Vec<Vec<f32>>,
}

type Outcome = (Job, Result<(), InferenceError>);

/// What the thread says when it has loaded the graph.
type Ready = Result<(Provider, String, Vec<(String, usize)>), InferenceError>;

impl Apart {
    /// Starts a thread that opens the graph and waits for runs.
    ///
    /// # Errors
    /// Those of `open`, or it took too long; then the thread is left alone, and ends when the driver lets it.
    pub fn new<R: Runs>(
        about: About,
        open: impl FnOnce() -> Result<R, InferenceError> + Send + 'static,
    ) -> Result<Self, InferenceError> {
        let About { file, provider, lengths, load_limit, time_budget } = about;
        let (ready, is_ready) = sync_channel(1);
        let (jobs, wanted) = sync_channel(1);
        let (done, results) = sync_channel(1);
        let thread = spawn_low_priority("klangbild-device", move || serve(open, &ready, &wanted, &done))?;
        let (error, patience) = match is_ready.recv_timeout(load_limit + GRACE) {
            Ok(Ok((provider, device, nodes_by_provider))) => {
                let inputs = lengths.into_iter().map(|length| vec![0.0; length]).collect();
                return Ok(Self {
                    file,
                    provider,
                    device,
                    nodes_by_provider,
                    time_budget,
                    jobs: Some(jobs),
                    results,
                    thread: Some(thread),
                    hangs: false,
                    job: Job { inputs, outputs: Vec::new() },
                });
            }
            Ok(Err(error)) => (error, LONGEST_END),
            Err(RecvTimeoutError::Timeout) => {
                (InferenceError::LoadTimedOut { file, seconds: load_limit.as_secs() }, Duration::ZERO)
            }
            Err(RecvTimeoutError::Disconnected) => (broke_off(&file, provider), LONGEST_END),
        };
        join_within(thread, patience);
        Err(error)
    }
}

impl Runs for Apart {
    fn run(
        &mut self,
        fill: &mut dyn FnMut(usize, &mut [f32]),
        take: &mut dyn FnMut(&[&[f32]]),
    ) -> Result<(), InferenceError> {
        self.job.inputs.iter_mut().enumerate().for_each(|(place, input)| fill(place, input));
        let gone = || broke_off(&self.file, self.provider);
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(std::mem::take(&mut self.job)).map_err(|_| gone())?;
        let (job, outcome) = match self.results.recv_timeout(self.time_budget.saturating_add(GRACE)) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => {
                self.hangs = true;
                let seconds = self.time_budget.as_secs_f64();
                return Err(InferenceError::TimedOut { file: self.file.clone(), seconds });
            }
            Err(RecvTimeoutError::Disconnected) => return Err(gone()),
        };
        self.job = job;
        outcome?;
        let outputs: Vec<&[f32]> = self.job.outputs.iter().map(Vec::as_slice).collect();
        take(&outputs);
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

impl Drop for Apart {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            join_within(thread, if self.hangs { Duration::ZERO } else { LONGEST_END });
        }
    }
}

fn broke_off(file: &str, provider: Provider) -> InferenceError {
    InferenceError::Run { file: file.to_owned(), message: format!("the thread for {provider} broke off") }
}

/// Lives until nobody waits for it any more.
fn serve<R: Runs>(
    open: impl FnOnce() -> Result<R, InferenceError>,
    ready: &SyncSender<Ready>,
    wanted: &Receiver<Job>,
    done: &SyncSender<Outcome>,
) {
    let mut runs = match open() {
        Ok(runs) => runs,
        Err(error) => {
            // Whoever asked may have given up.
            let _ = ready.send(Err(error));
            return;
        }
    };
    let about = (runs.provider(), runs.device().to_owned(), runs.nodes_by_provider().to_vec());
    if ready.send(Ok(about)).is_err() {
        return;
    }
    while let Ok(Job { inputs, mut outputs }) = wanted.recv() {
        let outcome = runs.run(&mut |place, input| input.copy_from_slice(&inputs[place]), &mut |found| {
            outputs.resize_with(found.len(), Vec::new);
            for (output, found) in outputs.iter_mut().zip(found) {
                output.clear();
                output.extend_from_slice(found);
            }
        });
        if done.send((Job { inputs, outputs }, outcome)).is_err() {
            return;
        }
    }
}
