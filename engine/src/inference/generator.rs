//! Latent and embedding in, picture out.

use super::colour::Paint;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::network::{Fallback, Network, Ports};
use super::{InferenceError, Options, Provider, Runtime, Timings};
use crate::look::Look;
use crate::pack::bridge::{Matrix, normalise};
use crate::pack::manifest::{Channels, Distribution, Layout, Part};
use crate::pack::{Model, Pack};
use crate::picture::Picture;

/// The generator of a pack, loaded and warm.
pub struct Generator {
    network: Network,
    vectors: Vec<Vec<Part>>,
    bridge: Option<Matrix>,
    /// From the embedding to a latent, for a generator that takes no embedding.
    projection: Option<Matrix>,
    distribution: Distribution,
    latent_scale: f32,
    embedding_norm: f32,
    paint: Paint,
    /// What the numbers of the look are, where the graph gives them out.
    look: Option<Vec<String>>,
    size_px: (u32, u32),
    latent_dim: usize,
    given_dim: usize,
    bridged: Vec<f32>,
    embedding: Vec<f32>,
    latent: Vec<f32>,
}

impl Generator {
    /// Loads the generator and runs it once on zeros.
    ///
    /// # Errors
    /// ONNX Runtime refuses the graph on every provider, or the first run fails or gives no finite numbers.
    pub fn new(runtime: &Runtime, pack: &Pack, options: &Options) -> Result<Self, InferenceError> {
        let (spec, contract) = (&pack.manifest.generator, &pack.generator_contract);
        let model: &Model = &pack.generator;
        let mut outputs = vec![(spec.image.clone(), contract.image_shape.clone())];
        let look = pack.manifest.look.as_ref().zip(contract.look_shape.as_ref());
        outputs.extend(look.map(|(look, shape)| (look.output.clone(), shape.clone())));
        let ports = Ports {
            inputs: contract.vectors.iter().map(|input| (input.name.clone(), input.shape.clone())).collect(),
            constants: contract.constants.clone(),
            outputs,
            samples: contract.vectors.iter().map(|input| sample(&input.parts, pack)).collect(),
        };
        let network = Network::new(runtime, model, &ports, options)?;
        let given_dim = pack.encoder_contract.embedding_dim;
        let bridged_dim = pack.bridge.as_ref().map_or(given_dim, Matrix::rows);
        let projection =
            (contract.embedding_dim == 0).then(|| Matrix::orthonormal(contract.latent_dim, bridged_dim));
        let size_px = (contract.width_px, contract.height_px);
        let (planes, reversed) = (spec.layout == Layout::Nchw, spec.channels == Channels::Bgr);
        Ok(Self {
            network,
            vectors: contract.vectors.iter().map(|input| input.parts.clone()).collect(),
            bridge: pack.bridge.clone(),
            projection,
            distribution: spec.distribution,
            latent_scale: spec.latent_scale,
            embedding_norm: spec.embedding_norm,
            paint: Paint::new(size_px, contract.colours, planes, reversed, spec.range),
            look: look.map(|(look, _)| look.names.clone()),
            size_px,
            latent_dim: contract.latent_dim,
            given_dim,
            bridged: vec![0.0; bridged_dim],
            embedding: vec![0.0; bridged_dim],
            latent: vec![0.0; contract.latent_dim],
        })
    }

    /// Paints one picture for the audio time `time_s` into `out`, whose buffer is used again.
    ///
    /// `latent` is a point of [`latent_distribution`](Self::latent_distribution); `embedding` is the encoder's, of
    /// length 1. A generator that takes no embedding is moved by it all the same: half of the latent's energy then
    /// comes from the embedding, through a fixed orthonormal map.
    ///
    /// # Errors
    /// Inputs of another length, a run that fails or takes too long, an image that is no finite numbers: then `out` stays as it
    /// was, and the next picture may be right ([`InferenceError::is_passing`]).
    pub fn generate(
        &mut self,
        latent: &[f32],
        embedding: &[f32],
        time_s: f64,
        out: &mut Picture,
    ) -> Result<(), InferenceError> {
        self.prepare(latent, embedding)?;
        let Self { network, vectors, latent, embedding, paint, look, .. } = self;
        let painted = network.run(
            |place, mut input| {
                for part in &vectors[place] {
                    let part: &[f32] = match part {
                        Part::Latent => latent,
                        Part::Embedding => embedding,
                    };
                    let (head, tail) = input.split_at_mut(part.len());
                    head.copy_from_slice(part);
                    input = tail;
                }
            },
            |outputs| {
                if let [image, numbers @ ..] = outputs {
                    paint.paint(image, out);
                    out.time_s = time_s;
                    let named = look.as_ref().zip(numbers.first());
                    out.character.look = named.map(|(names, numbers)| Look::default().with(names, numbers));
                }
                Ok(())
            },
        );
        painted.inspect_err(|error| network.tell(error))
    }

    /// Fills `self.latent` and `self.embedding` with what the graph takes.
    fn prepare(&mut self, latent: &[f32], embedding: &[f32]) -> Result<(), InferenceError> {
        let lengths =
            [("latent", latent.len(), self.latent_dim), ("embedding", embedding.len(), self.given_dim)];
        for (input, found, expected) in lengths {
            if found != expected {
                let file = self.network.file().to_owned();
                return Err(InferenceError::Length { file, input, expected, found });
            }
        }
        match &self.bridge {
            Some(bridge) => {
                bridge.apply(embedding, &mut self.bridged);
                normalise(&mut self.bridged);
            }
            None => self.bridged.copy_from_slice(embedding),
        }
        let scaled = self.bridged.iter().map(|entry| entry * self.embedding_norm);
        self.embedding.iter_mut().zip(scaled).for_each(|(out, entry)| *out = entry);
        match &self.projection {
            Some(projection) => {
                projection.apply(&self.bridged, &mut self.latent);
                mix(&mut self.latent, latent, self.distribution);
            }
            None => self.latent.copy_from_slice(latent),
        }
        self.latent.iter_mut().for_each(|entry| *entry *= self.latent_scale);
        Ok(())
    }

    /// The values that the graph gives for one picture, as they are: the smallest and the largest.
    pub(crate) fn measure_range(
        &mut self,
        latent: &[f32],
        embedding: &[f32],
    ) -> Result<(f32, f32), InferenceError> {
        self.prepare(latent, embedding)?;
        let Self { network, vectors, latent, embedding, .. } = self;
        network.run(
            |place, input| {
                let parts = vectors[place].iter().flat_map(|part| match part {
                    Part::Latent => latent.iter(),
                    Part::Embedding => embedding.iter(),
                });
                input.iter_mut().zip(parts).for_each(|(input, part)| *input = *part);
            },
            |outputs| {
                let values = outputs.iter().take(1).copied().flatten();
                Ok(values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &value| {
                    (low.min(value), high.max(value))
                }))
            },
        )
    }

    /// Length of the latent; 0 for a generator that takes none.
    pub fn latent_dim(&self) -> usize {
        self.latent_dim
    }

    /// Length of the embedding that [`generate`](Self::generate) takes: the encoder's.
    pub fn embedding_dim(&self) -> usize {
        self.given_dim
    }

    /// What a latent must be drawn from.
    pub fn latent_distribution(&self) -> Distribution {
        self.distribution
    }

    /// Width and height of the picture.
    pub fn size_px(&self) -> (u32, u32) {
        self.size_px
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

/// A point such as the music leads to, from a fixed seed.
fn sample(parts: &[Part], pack: &Pack) -> Vec<f32> {
    let (spec, contract) = (&pack.manifest.generator, &pack.generator_contract);
    let mut random = Pcg64Mcg::seed_from_u64(0);
    let mut draw = |part: &Part| {
        let (scale, mut vector) = match part {
            Part::Latent => (spec.latent_scale, spec.distribution.draw(contract.latent_dim, &mut random)),
            Part::Embedding => {
                let mut vector = Distribution::Normal.draw(contract.embedding_dim, &mut random);
                normalise(&mut vector);
                (spec.embedding_norm, vector)
            }
        };
        vector.iter_mut().for_each(|entry| *entry *= scale);
        vector
    };
    parts.iter().flat_map(&mut draw).collect()
}

/// Mixes `drawn` into `projected` at equal power, so that the sum is as likely under `distribution` as `drawn` was.
fn mix(projected: &mut [f32], drawn: &[f32], distribution: Distribution) {
    let radius = (drawn.len() as f32).sqrt();
    if normalise(projected) <= 1e-12 {
        projected.copy_from_slice(drawn);
        return;
    }
    // A uniform entry from -1 to 1 has a third of a normal one's variance.
    let spread = if distribution == Distribution::Uniform { 1.0 / 3f32.sqrt() } else { 1.0 };
    for (entry, drawn) in projected.iter_mut().zip(drawn) {
        *entry = (*entry * radius * spread + drawn) * std::f32::consts::FRAC_1_SQRT_2;
    }
    match distribution {
        Distribution::Normal => {}
        Distribution::Uniform => projected.iter_mut().for_each(|entry| *entry = entry.clamp(-1.0, 1.0)),
        Distribution::Sphere => {
            normalise(projected);
            projected.iter_mut().for_each(|entry| *entry *= radius);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixed_latent_stays_where_the_distribution_is_and_follows_both() {
        for distribution in [Distribution::Normal, Distribution::Uniform, Distribution::Sphere] {
            let drawn: Vec<f32> = (0..256).map(|place| if place % 3 == 0 { 0.9 } else { -0.45 }).collect();
            let projected: Vec<f32> = (0..256).map(|place| ((place * 37) % 17) as f32 - 8.0).collect();
            let mixed = |sign: f32| {
                let mut mixed: Vec<f32> = projected.iter().map(|entry| entry * sign).collect();
                mix(&mut mixed, &drawn, distribution);
                mixed
            };
            let norm = mixed(1.0).iter().map(|entry| entry * entry).sum::<f32>().sqrt();
            assert!((4.0..=16.1).contains(&norm), "{distribution:?}: {norm}");
            assert_ne!(mixed(1.0), mixed(-1.0));
            if distribution == Distribution::Uniform {
                assert!(mixed(1.0).iter().all(|entry| entry.abs() <= 1.0));
            }
        }
    }
}
