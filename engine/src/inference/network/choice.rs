//! Which provider runs a graph: one that works, paints what the processor paints, and is the quickest or the first that was named.

use std::time::{Duration, Instant};

use super::likeness::{TOLERANCE, deviation_of_all};
use super::{Fallback, Network, Opens, Ports, Runs, reason};
use crate::inference::{InferenceError, Options, Provider, Timings};

/// How many runs are timed at most. The median counts.
const TIMED_RUNS: usize = 5;
/// Somebody waits for the first picture: after so long there are no more.
const TIMED_FOR: Duration = Duration::from_secs(1);

/// A graph on a provider, after its trial.
struct Tried {
    runs: Box<dyn Runs>,
    outputs: Vec<Vec<f32>>,
    ms: f64,
}

impl Network {
    /// Tries the providers and takes one of them. Where nothing but the processor works, it is not even timed.
    pub(super) fn choose(
        file: String,
        ports: &Ports,
        options: &Options,
        opens: Opens,
    ) -> Result<Self, InferenceError> {
        let mut fallbacks = Vec::new();
        let mut candidates = Vec::new();
        for provider in options.providers.iter().copied().take_while(|provider| *provider != Provider::Cpu) {
            match opens(provider).and_then(|runs| Tried::new(runs, ports)) {
                Ok(tried) if tried.runs.provider() == provider => candidates.push(tried),
                Ok(_) => {
                    fallbacks.push(fallback(provider, format!("{provider} took none of the graph's nodes")));
                }
                Err(error) => fallbacks.push(fallback(provider, reason(&error))),
            }
        }
        let runs = if candidates.is_empty() {
            opens(Provider::Cpu)?
        } else {
            compare(candidates, &opens, ports, options, &mut fallbacks)?
        };
        for Fallback { provider, reason, .. } in &fallbacks {
            tracing::info!("{file}: {provider} does not run it: {reason}");
        }
        let outputs = ports.outputs.iter().map(|(name, _)| name.clone()).collect();
        Ok(Self { file, runs, opens, fallbacks, timings: Timings::default(), odd: 0, outputs })
    }
}

/// Leaves out who paints something else than the processor, and takes the quickest of the others, or the first.
fn compare(
    candidates: Vec<Tried>,
    opens: &Opens,
    ports: &Ports,
    options: &Options,
    fallbacks: &mut Vec<Fallback>,
) -> Result<Box<dyn Runs>, InferenceError> {
    let processor = match opens(Provider::Cpu).and_then(|runs| Tried::new(runs, ports)) {
        Ok(processor) => processor,
        Err(error) => {
            tracing::info!("the processor cannot say whether another provider is right: {}", reason(&error));
            return candidates.into_iter().next().map(|first| first.runs).ok_or(error);
        }
    };
    let mut best: Option<Tried> = None;
    for tried in candidates {
        let provider = tried.runs.provider();
        let deviation = deviation_of_all(&processor.outputs, &tried.outputs);
        if deviation > TOLERANCE {
            fallbacks.push(fallback(provider, wrong(deviation)));
            continue;
        }
        tracing::info!(
            "{provider} takes {:.1} ms, the processor {:.1} ms; they are {:.5} of the spread apart",
            tried.ms,
            processor.ms,
            deviation
        );
        best = Some(match best {
            None => tried,
            Some(best) if options.quickest && tried.ms < best.ms => {
                fallbacks.push(slower(best.runs.provider(), best.ms, provider, tried.ms));
                tried
            }
            Some(best) => {
                if options.quickest {
                    fallbacks.push(slower(provider, tried.ms, best.runs.provider(), best.ms));
                }
                best
            }
        });
    }
    Ok(match best {
        None => processor.runs,
        Some(best) if options.quickest && processor.ms < best.ms => {
            fallbacks.push(slower(best.runs.provider(), best.ms, Provider::Cpu, processor.ms));
            processor.runs
        }
        Some(best) => best.runs,
    })
}

fn fallback(provider: Provider, reason: String) -> Fallback {
    Fallback { provider, reason, is_there: provider.is_expected(), is_slower: false }
}

fn wrong(deviation: f64) -> String {
    let apart = if deviation.is_finite() {
        format!("{:.0} % of their spread away from the processor's", deviation * 100.0)
    } else {
        "no finite numbers".to_owned()
    };
    format!("its results are wrong: {apart}, at most {:.0} % are let pass", TOLERANCE * 100.0)
}

fn slower(provider: Provider, ms: f64, than: Provider, than_ms: f64) -> Fallback {
    let reason = format!("slower: {ms:.0} ms a run, {than} takes {than_ms:.0} ms");
    Fallback { provider, reason, is_there: true, is_slower: true }
}

impl Tried {
    fn new(mut runs: Box<dyn Runs>, ports: &Ports) -> Result<Self, InferenceError> {
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
        Ok(Self { runs, outputs, ms })
    }
}
