//! A picture in, its place in the encoder's space out.

use super::network::{Network, Ports};
use super::{InferenceError, Options, Provider, Runtime};
use crate::pack::PictureTower;
use crate::pack::bridge::normalise;

/// The picture tower of a pack, loaded for a look or two: on the processor, where it takes some milliseconds.
pub struct PictureEye {
    network: Network,
}

impl PictureEye {
    /// Loads the tower and runs it once.
    ///
    /// # Errors
    /// ONNX Runtime refuses the graph, or the first run fails or gives no finite numbers.
    pub fn new(runtime: &Runtime, tower: &PictureTower, options: &Options) -> Result<Self, InferenceError> {
        let shape = tower.contract.input_shape().to_vec();
        let grey = vec![0.0; shape.iter().product::<i64>() as usize];
        let ports = Ports {
            inputs: vec![(tower.spec.input.clone(), shape)],
            constants: Vec::new(),
            outputs: vec![(tower.spec.embedding.clone(), tower.contract.embedding_shape.clone())],
            samples: vec![grey],
        };
        let options = Options { providers: vec![Provider::Cpu], ..options.clone() };
        Ok(Self { network: Network::new(runtime, &tower.model, &ports, &options)? })
    }

    /// Looks at a picture `[3, side, side]`, -1 to 1, and gives its embedding of length one.
    ///
    /// # Errors
    /// A picture of another size, a run that fails or takes too long, outputs that are no finite numbers.
    pub fn see(&mut self, pixels: &[f32]) -> Result<Vec<f32>, InferenceError> {
        let seen = self.network.run(
            |_, input| {
                if input.len() == pixels.len() {
                    input.copy_from_slice(pixels);
                }
            },
            |outputs| Ok(outputs.first().map(|embedding| embedding.to_vec()).unwrap_or_default()),
        );
        let mut seen = seen.inspect_err(|error| self.network.tell(error))?;
        normalise(&mut seen);
        Ok(seen)
    }
}
