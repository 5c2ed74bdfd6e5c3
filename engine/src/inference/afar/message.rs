//! What the two sides say to each other: a head in JSON, and whatever bytes belong to it.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::inference::network::{Fallback, Limits, Ports};
use crate::inference::{InferenceError, Options, Precision, Provider};
use crate::pack::contract::ConstantInput;
use crate::pack::graph::Element;

/// Counts up whenever anything of this file changes.
pub const PROTOCOL: u32 = 3;

/// Longest head. Only names make it long.
const HEAD_BYTES: u32 = 16 << 20;

/// What a client asks for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Ask {
    /// Let me run this graph. Its samples and constants follow.
    Open(Box<Graph>),
    /// The model, since it was [wanted](Answer::ModelWanted): the graph's bytes, then those of each file of its weights.
    Model {
        /// How many bytes the graph has.
        graph: u64,
        /// What the files of its weights are called, and how many bytes each has; none where it is the file of this name that came with
        /// the first model.
        external: Vec<(String, Option<u64>)>,
        /// What runs on the processor, where that is another file; it is sent next.
        on_processor: Option<String>,
        /// What runs in half precision, and the picture's black and white; it is sent after that.
        half: Option<(String, [f32; 2])>,
    },
    /// Run it. The inputs follow, in order.
    Run,
}

/// What the process answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Answer {
    /// The first word to everyone.
    Hello {
        /// Its [`PROTOCOL`].
        protocol: u32,
        /// Its version.
        version: String,
        /// Its number.
        process: u32,
    },
    /// Nobody has this graph loaded: send it.
    ModelWanted,
    /// It is loaded.
    Ready(State),
    /// Somebody else's run comes first.
    Waits,
    /// Now it is your turn.
    Begins,
    /// The provider has given out, and the processor is being made ready to do this run.
    FallsBack,
    /// The run is done. The outputs follow, in order.
    Ran {
        /// What runs it, where that has changed.
        state: Option<State>,
    },
    /// It could not be loaded or run.
    Failed {
        /// Why.
        failure: Failure,
        /// What runs it, where that has changed.
        state: Option<State>,
    },
}

/// What runs a graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// The file of the graph that runs.
    pub file: String,
    pub provider: Provider,
    /// What the provider drives.
    pub device: String,
    pub precision: Precision,
    pub nodes_by_provider: Vec<(String, usize)>,
    pub fallbacks: Vec<Fallback>,
}

/// A graph and how it is to be run, but for its model.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Graph {
    /// Who has the same shares the graph that is loaded.
    pub fingerprint: String,
    pub file: String,
    pub inputs: Vec<(String, Vec<i64>)>,
    pub outputs: Vec<(String, Vec<i64>)>,
    pub constants: Vec<Constant>,
    /// How many numbers each sample has.
    pub samples: Vec<usize>,
    pub threads: usize,
    pub providers: Vec<Provider>,
    pub quickest: bool,
    pub device: String,
    pub time_budget: Duration,
    pub load: Duration,
    pub first_run: Duration,
}

/// An input that never changes, without its values.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Constant {
    pub name: String,
    pub element: u64,
    pub shape: Vec<i64>,
    /// How many values it has.
    pub entries: usize,
}

impl Graph {
    /// All of it but the fingerprint; the samples and constants go as [`numbers`].
    pub fn new(file: &str, ports: &Ports, options: &Options, limits: Limits) -> Self {
        let constant = |constant: &ConstantInput| Constant {
            name: constant.name.clone(),
            element: constant.element.0,
            shape: constant.shape.clone(),
            entries: constant.values.len(),
        };
        Self {
            fingerprint: String::new(),
            file: file.to_owned(),
            inputs: ports.inputs.clone(),
            outputs: ports.outputs.clone(),
            constants: ports.constants.iter().map(constant).collect(),
            samples: ports.samples.iter().map(Vec::len).collect(),
            threads: options.threads,
            providers: options.providers.clone(),
            quickest: options.quickest,
            device: options.device.clone(),
            time_budget: options.time_budget,
            load: limits.load,
            first_run: limits.first_run,
        }
    }

    /// How many bytes its [`numbers`] have; none where they are beyond all bounds.
    pub fn number_bytes(&self) -> Option<usize> {
        let samples = self.samples.iter().map(|entries| entries.checked_mul(size_of::<f32>()));
        let constants = self.constants.iter().map(|constant| constant.entries.checked_mul(size_of::<f64>()));
        samples.chain(constants).try_fold(0usize, |sum, bytes| sum.checked_add(bytes?))
    }

    /// The ports again, from what was sent. `numbers` has as many bytes as [`number_bytes`](Self::number_bytes) says.
    pub fn ports(&self, numbers: &[u8]) -> Ports {
        let mut left = numbers;
        let mut take = |bytes: usize| {
            let (head, tail) = left.split_at(bytes.min(left.len()));
            left = tail;
            head
        };
        let samples = self.samples.iter().map(|length| floats(take(length * size_of::<f32>()))).collect();
        let constant = |constant: &Constant| ConstantInput {
            name: constant.name.clone(),
            element: Element(constant.element),
            shape: constant.shape.clone(),
            values: bytemuck::pod_collect_to_vec(take(constant.entries * size_of::<f64>())),
        };
        let constants = self.constants.iter().map(constant).collect();
        Ports { inputs: self.inputs.clone(), constants, outputs: self.outputs.clone(), samples }
    }
}

/// The samples and constants of a graph, as bytes.
pub fn numbers(ports: &Ports) -> Vec<u8> {
    let samples = ports.samples.iter().flat_map(|sample| bytemuck::cast_slice::<_, u8>(sample));
    let constants =
        ports.constants.iter().flat_map(|constant| bytemuck::cast_slice::<_, u8>(&constant.values));
    samples.chain(constants).copied().collect()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytemuck::pod_collect_to_vec(bytes)
}

/// An [`InferenceError`] on its way. Whoever gets it knows the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Failure {
    Load(String),
    LoadTimedOut { seconds: u64 },
    Run(String),
    TimedOut { seconds: f64 },
    NotFinite { output: String },
    NeverFinite { output: String, runs: u32 },
    Memory { mib: u64 },
}

impl Failure {
    pub fn of(error: InferenceError) -> Self {
        match error {
            InferenceError::Load { message, .. } => Self::Load(message),
            InferenceError::LoadTimedOut { seconds, .. } => Self::LoadTimedOut { seconds },
            InferenceError::Run { message, .. } => Self::Run(message),
            InferenceError::TimedOut { seconds, .. } => Self::TimedOut { seconds },
            InferenceError::NotFinite { output, .. } => Self::NotFinite { output },
            InferenceError::NeverFinite { output, runs, .. } => Self::NeverFinite { output, runs },
            InferenceError::Memory { mib, .. } => Self::Memory { mib },
            // The other side has seen to the lengths, and what is left happens on that side alone.
            error => Self::Run(error.to_string()),
        }
    }

    pub fn into_error(self, file: &str) -> InferenceError {
        let file = file.to_owned();
        match self {
            Self::Load(message) => InferenceError::Load { file, message },
            Self::LoadTimedOut { seconds } => InferenceError::LoadTimedOut { file, seconds },
            Self::Run(message) => InferenceError::Run { file, message },
            Self::TimedOut { seconds } => InferenceError::TimedOut { file, seconds },
            Self::NotFinite { output } => InferenceError::NotFinite { file, output },
            Self::NeverFinite { output, runs } => InferenceError::NeverFinite { file, output, runs },
            Self::Memory { mib } => InferenceError::Memory { file, mib },
        }
    }
}

/// Sends a head, and the bytes that belong to it.
///
/// # Errors
/// The other side has gone, or takes nothing any more.
pub fn send(out: &mut impl Write, head: &impl Serialize, parts: &[&[u8]]) -> Result<()> {
    let json = serde_json::to_vec(head).map_err(Error::from)?;
    let length = u32::try_from(json.len()).ok().filter(|length| *length <= HEAD_BYTES);
    let length = length.ok_or_else(|| Error::other("its names are too long"))?;
    let bytes: u64 = parts.iter().map(|part| part.len() as u64).sum();
    let start = [&length.to_le_bytes()[..], &bytes.to_le_bytes(), &json].concat();
    out.write_all(&start)?;
    parts.iter().try_for_each(|part| out.write_all(part))
}

/// Receives a head. So many bytes follow as the second number says, and are to be read next.
///
/// # Errors
/// The other side has gone, is silent for too long, or speaks in another way.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> Result<(T, u64)> {
    let mut start = [0; 12];
    from.read_exact(&mut start)?;
    let [a, b, c, d, bytes @ ..] = start;
    let length = u32::from_le_bytes([a, b, c, d]);
    if length > HEAD_BYTES {
        return Err(Error::new(ErrorKind::InvalidData, "it speaks in another way"));
    }
    let mut json = vec![0; length as usize];
    from.read_exact(&mut json)?;
    Ok((serde_json::from_slice(&json)?, u64::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_arrive_as_they_were_sent() {
        let ports = Ports {
            inputs: vec![("x".to_owned(), vec![1, 3])],
            constants: vec![ConstantInput {
                name: "c".to_owned(),
                element: Element::INT64,
                shape: vec![2],
                values: vec![f64::NAN, 1e300],
            }],
            outputs: vec![("y".to_owned(), vec![1, -1])],
            samples: vec![vec![0.1, f32::INFINITY, f32::MIN_POSITIVE]],
        };
        let graph = Graph::new("a.onnx", &ports, &Options::default(), Limits::default());
        let numbers = numbers(&ports);
        assert_eq!(graph.number_bytes(), Some(numbers.len()));
        let mut wire = Vec::new();
        send(&mut wire, &Ask::Open(Box::new(graph)), &[&numbers[..5], &numbers[5..]]).unwrap();
        let mut wire = wire.as_slice();
        let (Ask::Open(graph), bytes) = receive(&mut wire).unwrap() else { panic!("another message") };
        assert_eq!((bytes, wire), (numbers.len() as u64, numbers.as_slice()));
        let arrived = graph.ports(wire);
        assert_eq!((&arrived.inputs, &arrived.samples), (&ports.inputs, &ports.samples));
        assert_eq!((&arrived.outputs, arrived.constants[0].element), (&ports.outputs, Element::INT64));
        assert!(arrived.constants[0].values[0].is_nan() && arrived.constants[0].values[1] == 1e300);
    }

    #[test]
    fn what_is_no_message_of_ours_is_refused_before_memory_is_taken() {
        let error = receive::<Ask>(&mut &[0xff; 64][..]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let huge = Graph { samples: vec![usize::MAX, 2], ..graph() };
        assert_eq!(huge.number_bytes(), None);
    }

    fn graph() -> Graph {
        let ports =
            Ports { inputs: Vec::new(), constants: Vec::new(), outputs: Vec::new(), samples: Vec::new() };
        Graph::new("a.onnx", &ports, &Options::default(), Limits::default())
    }
}
