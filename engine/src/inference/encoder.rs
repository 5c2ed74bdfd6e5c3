//! Sound in, embedding out.

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::network::{Fallback, Network, Ports};
use super::{InferenceError, Options, Provider, Runtime, Timings};
use crate::look::Mood;
use crate::pack::Pack;
use crate::pack::bridge::normalise;
use crate::pack::draw::even;

/// What the encoder heard in one window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Embedding {
    /// Of length 1 (L2); all zeros if the graph gave zeros.
    pub vector: Vec<f32>,
    /// Slow controls, each 0 to 1, in the order of the manifest's `control_names`; may be empty.
    pub controls: Vec<f32>,
    /// The mood, as far as the controls name it; nothing where there are none.
    pub mood: Option<Mood>,
}

/// The encoder of a pack, loaded and warm.
pub struct Encoder {
    network: Network,
    sample_rate_hz: u32,
    window_samples: usize,
    embedding_dim: usize,
    control_names: Vec<String>,
}

impl Encoder {
    /// Loads the encoder and runs it once on silence.
    ///
    /// # Errors
    /// ONNX Runtime refuses the graph on every provider, or the first run fails or gives no finite numbers.
    pub fn new(runtime: &Runtime, pack: &Pack, options: &Options) -> Result<Self, InferenceError> {
        let (spec, contract) = (&pack.manifest.encoder, &pack.encoder_contract);
        let mut outputs = vec![(spec.embedding.clone(), contract.embedding_shape.clone())];
        if let (Some(name), Some(shape)) = (&spec.controls, &contract.controls_shape) {
            outputs.push((name.clone(), shape.clone()));
        }
        let inputs = vec![(spec.input.clone(), contract.input_shape.clone())];
        // A window of noise: every kernel has something to do.
        let mut random = Pcg64Mcg::seed_from_u64(0);
        let noise = (0..contract.window_samples).map(|_| even(&mut random) * 0.3).collect();
        let ports = Ports { inputs, constants: Vec::new(), outputs, samples: vec![noise] };
        Ok(Self {
            network: Network::new(runtime, &pack.encoder, &ports, options)?,
            sample_rate_hz: spec.sample_rate_hz,
            window_samples: contract.window_samples,
            embedding_dim: contract.embedding_dim,
            control_names: spec.control_names.clone(),
        })
    }

    /// Listens to one window: [`window_samples`](Self::window_samples) mono samples at
    /// [`sample_rate_hz`](Self::sample_rate_hz), -1 to 1.
    ///
    /// # Errors
    /// A window of another length, a run that fails or takes too long, outputs that are no finite numbers; of the next window
    /// they may be ([`InferenceError::is_passing`]).
    pub fn encode(&mut self, mono: &[f32]) -> Result<Embedding, InferenceError> {
        if mono.len() != self.window_samples {
            return Err(InferenceError::Length {
                file: self.network.file().to_owned(),
                input: "window",
                expected: self.window_samples,
                found: mono.len(),
            });
        }
        let Self { network, control_names, .. } = self;
        let heard = network.run(
            |_, input| input.copy_from_slice(mono),
            |outputs| {
                let mut embedding = Embedding::default();
                if let [vector, controls @ ..] = outputs {
                    embedding.vector = vector.to_vec();
                    normalise(&mut embedding.vector);
                    embedding.controls.extend(controls.iter().copied().flatten().map(|c| c.clamp(0.0, 1.0)));
                    let named = !embedding.controls.is_empty();
                    embedding.mood = named.then(|| Mood::default().with(control_names, &embedding.controls));
                }
                Ok(embedding)
            },
        );
        heard.inspect_err(|error| self.network.tell(error))
    }

    /// Sample rate that it expects, in Hz.
    pub fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    /// Samples of one window.
    pub fn window_samples(&self) -> usize {
        self.window_samples
    }

    /// Length of the embedding.
    pub fn embedding_dim(&self) -> usize {
        self.embedding_dim
    }

    /// The file of the graph that runs: on the processor it may be another one.
    pub fn file(&self) -> &str {
        self.network.file()
    }

    /// What really runs it.
    pub fn provider(&self) -> Provider {
        self.network.provider()
    }

    /// The providers that were asked for and do not run it, with reasons.
    pub fn fallbacks(&self) -> &[Fallback] {
        self.network.fallbacks()
    }

    /// What runs it, with all that is known of that.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// How long its runs took.
    pub fn timings(&self) -> Timings {
        self.network.timings()
    }
}
