//! A connection to the process: what a client says there, and how long it waits for an answer.

use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::home::Seat;
use super::message::{Answer, Ask, Failure, Graph, PROTOCOL, State, receive, send};
use super::socket::Line;
use super::start;
use crate::pack::Model;

/// Who does not say hello within this time hangs.
const GREETING: Duration = Duration::from_secs(5);
/// A process that is just ending lets a client in no more; the next one does.
const TRIES: u32 = 3;
/// A run is stopped by the process itself when its time is over, and left alone when that does not help. Only a process that does
/// not even do that hangs.
const GRACE: Duration = Duration::from_secs(3);
/// Others, who come first, may take so many times as long.
const QUEUE: u32 = 4;

/// A connection on which a graph can be opened, and then run.
pub struct Link {
    line: Line,
    process: u32,
}

/// What came of a question.
pub enum Reply<T> {
    Done(T),
    /// It could not be done, and another try is no better.
    Failed(Failure, Option<State>),
}

/// How long something may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Loading, with all providers.
    pub load: Duration,
    /// One run.
    pub run: Duration,
}

impl Link {
    /// Goes to the process of this seat, which is started if there is none.
    ///
    /// # Errors
    /// It cannot be started or reached, or is another version's: in words.
    pub fn reach(seat: &Seat, program: &Path) -> std::result::Result<Self, String> {
        let mut last = String::new();
        for _ in 0..TRIES {
            let mut line = start::reach(seat, program)?;
            line.within(GREETING);
            match receive(&mut line) {
                Ok((Answer::Hello { protocol: PROTOCOL, process, .. }, 0)) => {
                    return Ok(Self { line, process });
                }
                Ok((Answer::Hello { protocol, version, .. }, _)) => {
                    return Err(format!(
                        "{}: Klangbild {version} answers there, in protocol {protocol} where {PROTOCOL} is spoken \
                         here; end it, or install the same version everywhere",
                        seat.socket().display()
                    ));
                }
                Ok(_) => return Err(format!("{}: something else answers there", seat.socket().display())),
                Err(error) => {
                    last = format!("{}: {error}", seat.socket().display());
                    // One that hangs would keep the next from starting.
                    if let (ErrorKind::TimedOut, Some(process)) = (error.kind(), seat.holder()) {
                        start::end(process);
                    }
                }
            }
        }
        Err(last)
    }

    /// The process's number.
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Whether it is still there.
    pub fn is_there(&mut self) -> bool {
        self.line.is_quiet()
    }

    /// Ends a process that hangs.
    pub fn end(self) {
        start::end(self.process);
    }

    /// Opens a graph; its model is sent if nobody has it loaded.
    ///
    /// # Errors
    /// The process has died, or hangs.
    pub fn open(
        &mut self,
        graph: &Graph,
        numbers: &[u8],
        model: &Model,
        patience: Patience,
    ) -> Result<Reply<State>> {
        self.line.within(patience.load);
        send(&mut self.line, &Ask::Open(Box::new(graph.clone())), &[numbers])?;
        loop {
            match receive(&mut self.line)? {
                (Answer::ModelWanted, 0) => {
                    self.send_model(model, &[])?;
                    let half = model.half.as_ref().map(|half| &*half.model);
                    for twin in model.on_processor.as_deref().into_iter().chain(half) {
                        self.send_model(twin, &model.external)?;
                    }
                }
                (Answer::Ready(state), 0) => return Ok(Reply::Done(state)),
                (Answer::Failed { failure, state }, 0) => return Ok(Reply::Failed(failure, state)),
                _ => return Err(strange()),
            }
        }
    }

    /// Sends a model, without the files of weights that are `known` there already.
    fn send_model(&mut self, model: &Model, known: &[(String, Arc<[u8]>)]) -> Result<()> {
        let is_known = |(name, bytes): &(String, Arc<[u8]>)| {
            known.iter().any(|(other, there)| name == other && Arc::ptr_eq(bytes, there))
        };
        let length =
            |file: &(String, Arc<[u8]>)| (file.0.clone(), (!is_known(file)).then_some(file.1.len() as u64));
        let ask = Ask::Model {
            graph: model.bytes.len() as u64,
            external: model.external.iter().map(length).collect(),
            on_processor: model.on_processor.as_ref().map(|twin| twin.file.clone()),
            half: model.half.as_ref().map(|half| (half.model.file.clone(), half.range)),
        };
        let weights = model.external.iter().filter(|file| !is_known(file)).map(|(_, bytes)| &**bytes);
        let parts: Vec<&[u8]> = [&*model.bytes].into_iter().chain(weights).collect();
        send(&mut self.line, &ask, &parts)
    }

    /// Runs the graph that was opened.
    ///
    /// # Errors
    /// The process has died, or hangs.
    pub fn run(
        &mut self,
        inputs: &[Vec<f32>],
        outputs: &mut [Vec<f32>],
        patience: Patience,
    ) -> Result<Reply<Option<State>>> {
        let run = patience.run.saturating_add(GRACE);
        self.line.within(run);
        let parts: Vec<&[u8]> = inputs.iter().map(|input| bytemuck::cast_slice(input)).collect();
        send(&mut self.line, &Ask::Run, &parts)?;
        loop {
            match receive(&mut self.line)? {
                (Answer::Waits, 0) => self.line.within(run * QUEUE),
                (Answer::Begins, 0) => self.line.within(run),
                (Answer::FallsBack, 0) => self.line.within(run.saturating_add(patience.load)),
                (Answer::Ran { state }, bytes) if bytes == bytes_of(outputs) => {
                    for output in outputs {
                        self.line.read_exact(bytemuck::cast_slice_mut(output))?;
                    }
                    return Ok(Reply::Done(state));
                }
                (Answer::Failed { failure, state }, 0) => return Ok(Reply::Failed(failure, state)),
                _ => return Err(strange()),
            }
        }
    }
}

fn bytes_of(values: &[Vec<f32>]) -> u64 {
    values.iter().map(|values| size_of_val(values.as_slice()) as u64).sum()
}

fn strange() -> Error {
    Error::new(ErrorKind::InvalidData, "it speaks in another way")
}
