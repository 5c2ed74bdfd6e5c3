//! One client, seen from the process: a graph that it opens and runs until it goes.

use std::io::{Error, ErrorKind, Read, Result};
use std::sync::{Arc, MutexGuard, PoisonError, TryLockError};

use super::Terms;
use super::graphs::{Graphs, Shared};
use super::memory;
use super::message::{Answer, Ask, Failure, Graph, PROTOCOL, State, receive, send};
use super::socket::{Line, Stream};
use crate::inference::network::{Limits, Network, entries};
use crate::inference::{InferenceError, Options, Runtime};
use crate::pack::{Half, Model, limits};

/// Files of weights by their names.
type Weights = Vec<(String, Arc<[u8]>)>;

/// A client that has opened its graph.
pub struct Client {
    line: Line,
    network: Shared,
    /// What it was told last.
    told: State,
    /// Its inputs and outputs, one after the other.
    inputs: Vec<Vec<f32>>,
    outputs: Vec<Vec<f32>>,
    memory_mib: Option<u64>,
}

/// Does what one client wants, until it goes.
///
/// # Errors
/// It has gone in the middle of a word, or speaks in another way.
pub fn attend(stream: Stream, graphs: &Graphs, memory_mib: Option<u64>) -> Result<()> {
    let mut line = Line::new(stream);
    let (version, process) = (env!("CARGO_PKG_VERSION").to_owned(), std::process::id());
    send(&mut line, &Answer::Hello { protocol: PROTOCOL, version, process }, &[])?;
    match Client::open(line, graphs, memory_mib)? {
        Some(mut client) => {
            while client.run()? {}
            Ok(())
        }
        None => Ok(()),
    }
}

impl Client {
    /// None where the client has gone, or where its graph cannot be loaded and it knows why.
    fn open(mut line: Line, graphs: &Graphs, memory_mib: Option<u64>) -> Result<Option<Self>> {
        let Some((Ask::Open(graph), bytes)) = next(&mut line)? else { return Ok(None) };
        if graph.number_bytes().is_none_or(|expected| expected as u64 != bytes) {
            return Err(ErrorKind::InvalidData.into());
        }
        let numbers = read(&mut line, bytes)?;
        let loaded = graphs.get(&graph.fingerprint, || -> std::result::Result<_, Failed> {
            send(&mut line, &Answer::ModelWanted, &[])?;
            let model = receive_model(&mut line, graph.file.clone(), None)?;
            Ok(load(&graph, &numbers, &model)?)
        });
        let network = match loaded {
            Ok(network) => network,
            Err(Failed::Gone(error)) if error.kind() != ErrorKind::OutOfMemory => return Err(error),
            Err(failed) => {
                let failure = failed.into_failure(memory_mib);
                tracing::info!("{}: {failure:?}", graph.file);
                send(&mut line, &Answer::Failed { failure, state: None }, &[])?;
                return Ok(None);
            }
        };
        let told = state(&network.lock().unwrap_or_else(PoisonError::into_inner));
        send(&mut line, &Answer::Ready(told.clone()), &[])?;
        let zeros =
            |ports: &[(String, Vec<i64>)]| ports.iter().map(|(_, shape)| vec![0.0; entries(shape)]).collect();
        let (inputs, outputs) = (zeros(&graph.inputs), zeros(&graph.outputs));
        Ok(Some(Self { line, network, told, inputs, outputs, memory_mib }))
    }

    /// Runs the graph when it is asked to; false once the client has gone.
    fn run(&mut self) -> Result<bool> {
        let Some((Ask::Run, bytes)) = next(&mut self.line)? else { return Ok(false) };
        let expected: usize = self.inputs.iter().map(|input| size_of_val(input.as_slice())).sum();
        if bytes != expected as u64 {
            return Err(ErrorKind::InvalidData.into());
        }
        for input in &mut self.inputs {
            self.line.read_exact(bytemuck::cast_slice_mut(input))?;
        }
        let network = Arc::clone(&self.network);
        let mut network = self.wait_for(&network)?;
        let Self { line, inputs, outputs, .. } = self;
        let ran = network.run_telling(
            |place, input| input.copy_from_slice(&inputs[place]),
            |found| {
                for (output, found) in outputs.iter_mut().zip(found) {
                    output.clear();
                    output.extend_from_slice(found);
                }
                Ok(())
            },
            // Whoever does not hear of it gives up a moment too early, and that is all.
            &mut || drop(send(line, &Answer::FallsBack, &[])),
        );
        let now = state(&network);
        drop(network);
        let state = (now != self.told).then(|| now.clone());
        self.told = now;
        match ran {
            Ok(()) => {
                let parts: Vec<&[u8]> =
                    self.outputs.iter().map(|output| bytemuck::cast_slice(output)).collect();
                send(&mut self.line, &Answer::Ran { state }, &parts)?;
            }
            Err(error) => {
                let failure = Failed::Graph(error).into_failure(self.memory_mib);
                send(&mut self.line, &Answer::Failed { failure, state }, &[])?;
            }
        }
        Ok(true)
    }

    /// Waits for its turn, and tells the client so.
    fn wait_for<'n>(&mut self, network: &'n Shared) -> Result<MutexGuard<'n, Network>> {
        match network.try_lock() {
            Ok(network) => Ok(network),
            Err(TryLockError::Poisoned(network)) => Ok(network.into_inner()),
            Err(TryLockError::WouldBlock) => {
                send(&mut self.line, &Answer::Waits, &[])?;
                let network = network.lock().unwrap_or_else(PoisonError::into_inner);
                send(&mut self.line, &Answer::Begins, &[])?;
                Ok(network)
            }
        }
    }
}

/// Why a graph is not loaded or run.
enum Failed {
    Graph(InferenceError),
    Gone(Error),
}

impl From<InferenceError> for Failed {
    fn from(error: InferenceError) -> Self {
        Self::Graph(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Gone(error)
    }
}

impl Failed {
    fn into_failure(self, memory_mib: Option<u64>) -> Failure {
        let failure = match self {
            Self::Graph(error) => Failure::of(error),
            Self::Gone(error) => Failure::Load(error.to_string()),
        };
        match (&failure, memory_mib) {
            (Failure::Load(message) | Failure::Run(message), Some(mib)) if memory::is_the_reason(message) => {
                Failure::Memory { mib }
            }
            _ => failure,
        }
    }
}

/// The next question; none once the client has gone.
fn next(line: &mut Line) -> Result<Option<(Ask, u64)>> {
    match receive(line) {
        Err(error) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset) => {
            Ok(None)
        }
        asked => asked.map(Some),
    }
}

/// A model, and what runs in its stead on the processor or in half precision. Those have no others beside them again, and may have their
/// weights in the files of the `first`.
pub fn receive_model(line: &mut Line, file: String, first: Option<&Weights>) -> Result<Model> {
    let (Ask::Model { graph: length, external, on_processor, half }, bytes) = receive(line)? else {
        return Err(ErrorKind::InvalidData.into());
    };
    let lengths = external.iter().filter_map(|(_, length)| *length).chain([length]);
    let total = lengths.fold(0u64, u64::saturating_add);
    if total != bytes || total > limits::PACK_BYTES {
        return Err(ErrorKind::InvalidData.into());
    }
    let bytes = read(line, length)?.into();
    let weights = external.into_iter().map(|(name, length)| {
        let known = || first.into_iter().flatten().find(|(other, _)| *other == name);
        let bytes = match length {
            Some(length) => read(line, length)?.into(),
            None => Arc::clone(&known().ok_or(ErrorKind::InvalidData)?.1),
        };
        Ok((name, bytes))
    });
    let external = weights.collect::<Result<Weights>>()?;
    if first.is_some() && (on_processor.is_some() || half.is_some()) {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut twin = |file: String| receive_model(line, file, Some(&external)).map(Arc::new);
    let on_processor = on_processor.map(&mut twin).transpose()?;
    let half = half.map(|(file, range)| Ok::<_, Error>(Half { model: twin(file)?, range })).transpose()?;
    // It was checked where it was read.
    Ok(Model { file, bytes, external, graph: Default::default(), on_processor, half, is_foreign: false })
}

fn read(line: &mut Line, length: u64) -> Result<Vec<u8>> {
    let length = usize::try_from(length).map_err(|_| ErrorKind::OutOfMemory)?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| ErrorKind::OutOfMemory)?;
    bytes.resize(length, 0);
    line.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn load(graph: &Graph, numbers: &[u8], model: &Model) -> std::result::Result<Network, InferenceError> {
    let options = Options {
        threads: graph.threads,
        providers: graph.providers.clone(),
        quickest: graph.quickest,
        device: graph.device.clone(),
        time_budget: graph.time_budget,
        apart: Terms::never(),
    };
    let missing = |error: crate::inference::RuntimeError| InferenceError::Load {
        file: graph.file.clone(),
        message: error.to_string(),
    };
    let runtime = Runtime::load().map_err(missing)?;
    let limits = Limits { load: graph.load, first_run: graph.first_run };
    Network::with_limits(&runtime, model, &graph.ports(numbers), &options, limits)
}

fn state(network: &Network) -> State {
    State {
        file: network.file().to_owned(),
        provider: network.provider(),
        device: network.device().to_owned(),
        precision: network.precision(),
        nodes_by_provider: network.nodes_by_provider().to_vec(),
        fallbacks: network.fallbacks().to_vec(),
    }
}
