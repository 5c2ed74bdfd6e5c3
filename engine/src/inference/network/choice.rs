//! Which provider runs a graph: one that works, computes what the processor computes, and is the quickest, or the first that was
//! named.

use std::fmt;
use std::time::{Duration, Instant};

use super::half::HalfWay;
use super::likeness::{TOLERANCE, deviation_of_all};
use super::memory::Memory;
use super::{Fallback, Network, Opens, Ports, Runs, reason};
use crate::inference::{InferenceError, Options, Precision, Provider, Timings};

/// How many runs are timed at most. The median counts.
const TIMED_RUNS: usize = 5;
/// Somebody waits for the first picture: after so long there are no more.
const TIMED_FOR: Duration = Duration::from_secs(1);

/// The ways in which a graph can be opened.
pub struct Ways {
    /// On any provider; on the processor it may be another graph that is nearly the same.
    pub usual: Opens,
    /// The graph itself, where the processor runs another: whether others are right is told by that.
    pub exactly: Option<Opens>,
    /// In half precision, where the pack has it so.
    pub half: Option<HalfWay>,
}

/// A graph on a provider, after its trial.
pub struct Tried {
    pub runs: Box<dyn Runs>,
    pub outputs: Vec<Vec<f32>>,
    pub ms: f64,
    /// None where only one was tried.
    pub precision: Option<Precision>,
}

/// A provider, and the precision where it was tried in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub provider: Provider,
    pub precision: Option<Precision>,
}

/// `WebGPU`, or `WebGPU in half precision`.
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.provider.fmt(f)?;
        self.precision.map_or(Ok(()), |precision| write!(f, " in {precision}"))
    }
}

impl Network {
    /// Tries the providers and takes one of them. Where nothing but the processor works, it is not even timed.
    pub(super) fn choose(
        file: String,
        ports: &Ports,
        options: &Options,
        memory: &Memory,
        ways: Ways,
    ) -> Result<Self, InferenceError> {
        let Ways { usual: opens, exactly, half } = ways;
        let mut fallbacks = Vec::new();
        let mut candidates = Vec::new();
        for provider in options.providers.iter().copied().take_while(|provider| *provider != Provider::Cpu) {
            match opens(provider).and_then(|runs| Tried::new(runs, ports)) {
                Ok(tried) if tried.runs.provider() == provider => candidates.push(tried),
                Ok(_) => fallbacks.push(fallback(provider, no_nodes(provider))),
                Err(error) => fallbacks.push(fallback(provider, reason(&error))),
            }
        }
        let (runs, precision) = if candidates.is_empty() {
            (opens(Provider::Cpu)?, None)
        } else {
            let processor = opens(Provider::Cpu).and_then(|runs| Tried::new(runs, ports));
            let exact =
                exactly.map(|exactly| exactly(Provider::Cpu).and_then(|runs| Tried::new(runs, ports)));
            let expected = exact.as_ref().unwrap_or(&processor).as_ref().ok();
            let mut right = leave_out_wrong(candidates, expected, &mut fallbacks);
            if let (Some(half), Some(expected)) = (&half, expected) {
                right = half.join(right, expected, ports, &mut fallbacks);
            }
            right.extend(processor.inspect_err(|error| {
                tracing::info!(
                    "{file}: the processor cannot say whether others are right: {}",
                    reason(error)
                );
            }));
            let taken = take(right, options, memory, &mut fallbacks).ok_or_else(|| no_provider(&file))?;
            (taken.runs, taken.precision)
        };
        tell(&file, &fallbacks);
        Ok(Self {
            file,
            runs,
            precision: precision.unwrap_or_default(),
            opens,
            opens_here: None,
            incident: None,
            fallbacks,
            timings: Timings::default(),
            odd: 0,
            outputs: ports.outputs.iter().map(|(name, _)| name.clone()).collect(),
        })
    }
}

/// Says in the log who does not run the graph.
pub(super) fn tell(file: &str, fallbacks: &[Fallback]) {
    for fallback in fallbacks {
        tracing::info!("{file}: {} does not run it: {}", fallback.name(), fallback.reason);
    }
}

/// Leaves out who computes something else than the processor.
fn leave_out_wrong(
    candidates: Vec<Tried>,
    expected: Option<&Tried>,
    fallbacks: &mut Vec<Fallback>,
) -> Vec<Tried> {
    let mut right = Vec::new();
    for tried in candidates {
        let deviation = expected.map_or(0.0, |expected| deviation_of_all(&expected.outputs, &tried.outputs));
        if deviation > TOLERANCE {
            fallbacks.push(fallback(tried.runs.provider(), wrong(deviation)));
        } else {
            right.push(tried);
        }
    }
    right
}

/// Takes the first provider, or the one that was found to be the quickest, or else the quickest; and the quicker precision.
fn take(
    mut right: Vec<Tried>,
    options: &Options,
    memory: &Memory,
    fallbacks: &mut Vec<Fallback>,
) -> Option<Tried> {
    if !options.quickest {
        let first = right.first()?.runs.provider();
        right.retain(|tried| tried.runs.provider() == first);
    }
    let among: Vec<Candidate> = right.iter().map(Tried::candidate).collect();
    let place = if among.len() > 1 {
        let quickest = || (0..right.len()).min_by(|a, b| right[*a].ms.total_cmp(&right[*b].ms));
        let known = memory.recall(&among).and_then(|known| among.iter().position(|other| *other == known));
        known.or_else(|| quickest().inspect(|place| memory.keep(&among, among[*place])))?
    } else {
        0
    };
    if place >= right.len() {
        return None;
    }
    let taken = right.remove(place);
    let others = right.iter().filter(|other| other.runs.provider() != Provider::Cpu);
    fallbacks.extend(others.map(|other| slower(other, &taken)));
    Some(taken)
}

fn no_provider(file: &str) -> InferenceError {
    InferenceError::Load { file: file.to_owned(), message: "no provider is right".to_owned() }
}

pub fn fallback(provider: Provider, reason: String) -> Fallback {
    Fallback { provider, precision: None, reason, is_there: provider.is_expected(), is_slower: false }
}

pub fn no_nodes(provider: Provider) -> String {
    format!("{provider} took none of the graph's nodes")
}

fn wrong(deviation: f64) -> String {
    let apart = if deviation.is_finite() {
        format!("{:.0} % of their spread away from the processor's", deviation * 100.0)
    } else {
        "no finite numbers".to_owned()
    };
    format!("its results are wrong: {apart}, at most {:.0} % are let pass", TOLERANCE * 100.0)
}

fn slower(other: &Tried, taken: &Tried) -> Fallback {
    let (Candidate { provider, precision }, than) = (other.candidate(), taken.candidate());
    let reason = format!("slower: {:.1} ms a run, {than} takes {:.1} ms", other.ms, taken.ms);
    Fallback { provider, precision, reason, is_there: true, is_slower: true }
}

impl Tried {
    fn candidate(&self) -> Candidate {
        Candidate { provider: self.runs.provider(), precision: self.precision }
    }

    /// Runs it a few times on the sample.
    pub fn new(mut runs: Box<dyn Runs>, ports: &Ports) -> Result<Self, InferenceError> {
        let mut fill = |place: usize, input: &mut [f32]| match ports.samples.get(place) {
            Some(sample) if sample.len() == input.len() => input.copy_from_slice(sample),
            _ => input.fill(0.0),
        };
        let mut outputs = Vec::new();
        let mut taken_ms = Vec::with_capacity(TIMED_RUNS);
        let beginning = Instant::now();
        while taken_ms.is_empty() || taken_ms.len() < TIMED_RUNS && beginning.elapsed() < TIMED_FOR {
            let start = Instant::now();
            runs.run(&mut fill, &mut |found| {
                outputs.clear();
                outputs.extend(found.iter().map(|values| values.to_vec()));
            })?;
            taken_ms.push(start.elapsed().as_secs_f64() * 1e3);
        }
        taken_ms.sort_by(f64::total_cmp);
        let ms = taken_ms[taken_ms.len() / 2];
        Ok(Self { runs, outputs, ms, precision: None })
    }
}
