//! What runs a pack's graphs, and how fast: for `klangbild doctor` and `klangbild bench`.

use std::io::{self, Write};
use std::time::Instant;

use anyhow::Result;
use klangbild_engine::inference::{
    Encoder, Fallback, Generator, InferenceError, Network, Options, Precision, Provider, Runtime,
};
use klangbild_engine::pack::Pack;
use klangbild_engine::picture::Picture;
use serde::Serialize;

/// How many runs are timed. The median counts.
const TIMED_RUNS: usize = 5;

/// What runs one graph of a pack.
#[derive(Clone, Debug, Serialize)]
pub struct Graph {
    /// `encoder` or `generator`.
    pub what: &'static str,
    /// The file that really runs.
    pub file: String,
    /// What runs it.
    pub provider: Provider,
    /// What that drives; empty where nobody knows it.
    pub device: String,
    /// In which precision.
    pub precision: Precision,
    /// A run, in milliseconds: the median of a few.
    pub ms: f64,
    /// By ONNX Runtime's names.
    pub nodes_by_provider: Vec<(String, usize)>,
    /// The process that runs it, where that is one of its own.
    pub process: Option<u32>,
    /// The providers that do not run it, also those that nobody could expect to.
    pub others: Vec<Fallback>,
}

impl Graph {
    /// Loads the pack's encoder and times it.
    ///
    /// # Errors
    /// No provider runs it.
    pub fn of_encoder(runtime: &Runtime, pack: &Pack, options: &Options) -> Result<Self, InferenceError> {
        let mut encoder = Encoder::new(runtime, pack, options)?;
        let window = vec![0.1; encoder.window_samples()];
        let ms = median_ms(|| encoder.encode(&window).map(drop))?;
        Ok(Self::of("encoder", encoder.network(), ms))
    }

    /// The same of its generator.
    ///
    /// # Errors
    /// The same.
    pub fn of_generator(runtime: &Runtime, pack: &Pack, options: &Options) -> Result<Self, InferenceError> {
        let mut generator = Generator::new(runtime, pack, options)?;
        let (latent, embedding) = (vec![0.5; generator.latent_dim()], vec![0.1; generator.embedding_dim()]);
        let mut picture = Picture::default();
        let ms = median_ms(|| generator.generate(&latent, &embedding, 0.0, &mut picture))?;
        Ok(Self::of("generator", generator.network(), ms))
    }

    fn of(what: &'static str, network: &Network, ms: f64) -> Self {
        Self {
            what,
            file: network.file().to_owned(),
            provider: network.provider(),
            device: network.device().to_owned(),
            precision: network.precision(),
            ms,
            nodes_by_provider: network.nodes_by_provider().to_vec(),
            process: network.process(),
            others: network.fallbacks().to_vec(),
        }
    }

    /// "41 nodes on WebGpuExecutionProvider, 2 nodes on CPUExecutionProvider".
    pub fn nodes(&self) -> String {
        let nodes = self.nodes_by_provider.iter().map(|(name, count)| format!("{count} nodes on {name}"));
        nodes.collect::<Vec<_>>().join(", ")
    }

    /// The graph's lines in a doctor's answer.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Self { what, file, provider, device, precision, ms, process, others, .. } = self;
        let process = process.map(|process| format!(" in process {process}")).unwrap_or_default();
        let device = if device.is_empty() { String::new() } else { format!(" ({device})") };
        let nodes = self.nodes();
        writeln!(
            out,
            "    the default pack's {what} runs on {provider}{}{process}{device}: {ms:.1} ms ({file}: {nodes})",
            precision.note()
        )?;
        for other in others.iter().filter(|other| other.is_there) {
            writeln!(out, "        not on {}: {}", other.name(), other.reason)?;
        }
        Ok(())
    }
}

fn median_ms(mut run: impl FnMut() -> Result<(), InferenceError>) -> Result<f64, InferenceError> {
    let mut taken_ms = [0.0; TIMED_RUNS];
    for taken_ms in &mut taken_ms {
        let start = Instant::now();
        run()?;
        *taken_ms = start.elapsed().as_secs_f64() * 1e3;
    }
    taken_ms.sort_by(f64::total_cmp);
    Ok(taken_ms[TIMED_RUNS / 2])
}
