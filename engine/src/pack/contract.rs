//! The manifest against the graphs: every name, shape and range, settled before memory is taken or a graph runs.

mod encoder;
mod generator;
mod image;
mod picture_tower;
mod section;

pub use encoder::encoder;
pub use generator::generator;
pub use picture_tower::picture_tower;
pub(super) use section::Section;

use super::graph::Element;
use super::manifest::{EncoderSpec, Part};
use super::sizes::Given;

/// What the encoder takes and gives, with every dimension known.
#[derive(Clone, Debug, PartialEq)]
pub struct EncoderContract {
    /// Samples of one window.
    pub window_samples: usize,
    /// Shape of the audio input.
    pub input_shape: Vec<i64>,
    /// Length of the embedding.
    pub embedding_dim: usize,
    /// Shape of the embedding output.
    pub embedding_shape: Vec<i64>,
    /// Shape of the controls output, where there is one.
    pub controls_shape: Option<Vec<i64>>,
}

/// What the generator takes and gives, with every dimension known.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneratorContract {
    /// The inputs that change with each picture.
    pub vectors: Vec<VectorInput>,
    /// The inputs that never change.
    pub constants: Vec<ConstantInput>,
    /// Length of the latent; 0 for a generator that takes none.
    pub latent_dim: usize,
    /// Length of the embedding that the graph takes; 0 for a generator that takes none.
    pub embedding_dim: usize,
    /// Shape of the image output.
    pub image_shape: Vec<i64>,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// 3 for colour, 1 for grey.
    pub colours: usize,
    /// Shape of the look output, where there is one.
    pub look_shape: Option<Vec<i64>>,
}

/// What the picture tower takes and gives, with every dimension known.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureTowerContract {
    /// Width and height of the picture.
    pub side_px: u32,
    /// Shape of the embedding output.
    pub embedding_shape: Vec<i64>,
}

/// One input that changes with each picture.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorInput {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<i64>,
    /// What it is filled with, in order.
    pub parts: Vec<Part>,
}

/// One input that never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstantInput {
    /// Its name.
    pub name: String,
    /// Its element type.
    pub element: Element,
    /// Its shape.
    pub shape: Vec<i64>,
    /// Its values, row-major, one for each entry.
    pub values: Vec<f64>,
}

impl EncoderContract {
    /// What each run gives the graph.
    pub fn given<'c>(&'c self, spec: &'c EncoderSpec) -> Vec<Given<'c>> {
        vec![Given { name: &spec.input, element: Element::FLOAT32, shape: &self.input_shape, values: None }]
    }
}

impl PictureTowerContract {
    /// Shape of the picture input.
    pub fn input_shape(&self) -> [i64; 4] {
        [1, 3, i64::from(self.side_px), i64::from(self.side_px)]
    }
}

impl GeneratorContract {
    /// What each run gives the graph.
    pub fn given(&self) -> Vec<Given<'_>> {
        let vectors = self.vectors.iter().map(|input| Given {
            name: &input.name,
            element: Element::FLOAT32,
            shape: &input.shape,
            values: None,
        });
        let constants = self.constants.iter().map(|input| Given {
            name: &input.name,
            element: input.element,
            shape: &input.shape,
            values: Some(&input.values),
        });
        vectors.chain(constants).collect()
    }
}
