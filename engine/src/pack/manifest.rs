//! `pack.toml`: what a pack says about itself. Everything else is read from the graphs.

mod read;

use serde::{Deserialize, Serialize};

/// The format of pack.toml that this version reads.
pub const FORMAT: i64 = 1;

/// The whole manifest. Unknown fields are errors, so that a typing mistake is never silent.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of this format: 1.
    pub format: u32,
    /// Short name: lower-case letters, digits and hyphens. Also what `--pack` takes.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// The pack's own version.
    pub version: String,
    /// Who made it.
    #[serde(default)]
    pub authors: Vec<String>,
    /// SPDX licence expression of the weights.
    pub licence: String,
    /// One or two sentences.
    #[serde(default)]
    pub description: String,
    /// A PNG of at most 1 MiB.
    #[serde(default)]
    pub thumbnail: Option<String>,
    /// Sound in, embedding out.
    pub encoder: EncoderSpec,
    /// Latent and/or embedding in, image out.
    pub generator: GeneratorSpec,
    /// What the generator's graph says about the look of its pictures, besides painting them.
    #[serde(default)]
    pub look: Option<LookSpec>,
    /// A linear map from the encoder's embedding to the one that the generator was trained on.
    #[serde(default)]
    pub bridge: Option<BridgeSpec>,
    /// What reads phrases into the encoder's space.
    #[serde(default)]
    pub words: Option<WordsSpec>,
    /// What sees pictures in the encoder's space.
    #[serde(default)]
    pub picture_tower: Option<PictureTowerSpec>,
}

/// `[encoder]`: a graph from raw mono audio to an embedding; its spectrogram is inside the graph.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EncoderSpec {
    /// The ONNX file.
    pub file: String,
    /// Sample rate that the graph expects, in Hz.
    pub sample_rate_hz: u32,
    /// Length of one window in seconds.
    pub window_s: f64,
    /// Name of the audio input: float32 `[1, samples]`, `[1, 1, samples]` or `[samples]`, -1 to 1.
    pub input: String,
    /// Name of the embedding output: float32 `[1, dim]` or `[dim]`. It is L2-normalised after the run.
    pub embedding: String,
    /// Length of the embedding, needed where the graph leaves it open.
    #[serde(default)]
    pub embedding_dim: Option<usize>,
    /// Name of an output of slow controls: float32 `[1, count]`, each 0 to 1.
    #[serde(default)]
    pub controls: Option<String>,
    /// What each control means, in the graph's order.
    #[serde(default)]
    pub control_names: Vec<String>,
}

/// `[generator]`: a graph that paints one picture.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GeneratorSpec {
    /// The ONNX file.
    pub file: String,
    /// Another ONNX file that paints the same with the same inputs and outputs, made for the processor: in 8 bits, say. Every other
    /// provider runs `file`.
    #[serde(default)]
    pub on_processor: Option<String>,
    /// Another ONNX file that paints nearly the same in half precision, with the same inputs and outputs in floats of 32 bits. A GPU
    /// runs it where that is quicker and the picture stays.
    #[serde(default)]
    pub half: Option<String>,
    /// Name of the embedding input. Without it (and without `joined`) the embedding moves the latent instead.
    #[serde(default)]
    pub embedding: Option<String>,
    /// Length of the embedding that the graph takes, needed where the graph leaves it open.
    #[serde(default)]
    pub embedding_dim: Option<usize>,
    /// The L2 norm that the generator's training gave its embeddings.
    #[serde(default = "one")]
    pub embedding_norm: f32,
    /// Name of the latent (noise) input.
    #[serde(default)]
    pub latent: Option<String>,
    /// Length of the latent, needed where the graph leaves it open, and for `joined`.
    #[serde(default)]
    pub latent_dim: Option<usize>,
    /// What the latent was drawn from in training.
    #[serde(default)]
    pub distribution: Distribution,
    /// Each latent is multiplied by this.
    #[serde(default = "one")]
    pub latent_scale: f32,
    /// One input that takes latent and embedding one after the other, in place of `latent` and `embedding`.
    #[serde(default)]
    pub joined: Option<JoinedSpec>,
    /// Further inputs that never change, such as a truncation.
    #[serde(default)]
    pub constants: Vec<ConstantSpec>,
    /// Name of the image output, float32.
    pub image: String,
    /// The values that mean black and full white, in sRGB.
    pub range: [f32; 2],
    /// Order of the image's dimensions.
    #[serde(default)]
    pub layout: Layout,
    /// Order of the colour channels.
    #[serde(default)]
    pub channels: Channels,
    /// Width of the image, needed where the graph leaves it open.
    #[serde(default)]
    pub width_px: Option<u32>,
    /// Height of the image, needed where the graph leaves it open.
    #[serde(default)]
    pub height_px: Option<u32>,
    /// The same generator at other sizes, for frames of other shapes and machines of other speeds.
    #[serde(default, rename = "size", skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<SizeSpec>,
}

/// `[[generator.size]]`: graphs that paint at another size, with the inputs and outputs of `[generator]`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SizeSpec {
    /// Width of the image in pixels.
    pub width_px: u32,
    /// Height of the image in pixels.
    pub height_px: u32,
    /// The ONNX file.
    pub file: String,
    /// What the processor runs in its place: see [`GeneratorSpec::on_processor`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_processor: Option<String>,
    /// The same in half precision: see [`GeneratorSpec::half`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half: Option<String>,
}

impl GeneratorSpec {
    /// The generator as if it had no other size than this one.
    #[must_use]
    pub fn at(&self, size: &SizeSpec) -> Self {
        Self {
            file: size.file.clone(),
            on_processor: size.on_processor.clone(),
            half: size.half.clone(),
            width_px: Some(size.width_px),
            height_px: Some(size.height_px),
            sizes: Vec::new(),
            ..self.clone()
        }
    }

    /// Every ONNX file that it names.
    pub fn files(&self) -> impl Iterator<Item = &String> {
        let further = self
            .sizes
            .iter()
            .flat_map(|size| [Some(&size.file), size.on_processor.as_ref(), size.half.as_ref()]);
        let own = [Some(&self.file), self.on_processor.as_ref(), self.half.as_ref()];
        own.into_iter().chain(further).flatten()
    }
}

/// `[look]`: numbers that the generator's graph gives out beside the picture, for scenes that paint. See [`Look`](crate::look::Look).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LookSpec {
    /// Name of the output: float32 `[1, count]` or `[count]`.
    pub output: String,
    /// What each number is, in the graph's order; names of numbers that a look does not have are passed over.
    pub names: Vec<String>,
}

/// `joined`: one input for latent and embedding.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct JoinedSpec {
    /// Name of the input: float32 `[1, n]` or `[1, n, 1, 1]`, where n is both lengths together.
    pub input: String,
    /// Which comes first: `["latent", "embedding"]` or the other way round.
    pub order: [Part; 2],
}

/// One half of a joined input.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The latent.
    Latent,
    /// The embedding.
    Embedding,
}

/// One entry of `constants`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ConstantSpec {
    /// Name of the input: float32, int32, int64 or bool.
    pub input: String,
    /// Its values in row-major order; a single value fills the whole input.
    pub values: Vec<f64>,
}

/// `[bridge]`: a matrix, row-major float32 little-endian (raw or `.npy`): `to` rows of `from` columns.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BridgeSpec {
    /// The file: `.npy`, or anything else for raw numbers.
    pub file: String,
    /// Columns: length of the encoder's embedding.
    pub from: usize,
    /// Rows: length of the generator's embedding.
    pub to: usize,
}

/// `[words]`: a table that reads phrases. See [`Table`](crate::words::Table).
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WordsSpec {
    /// The file: named tensors in the safetensors format.
    pub file: String,
}

/// `[picture_tower]`: a graph from a picture to the place where the encoder hears music that goes with it. It needs `[words]`, whose
/// table says how pictures and music lie to each other.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PictureTowerSpec {
    /// The ONNX file.
    pub file: String,
    /// Name of the picture input: float32 `[1, 3, side, side]`, sRGB-coded, -1 to 1, top row first.
    pub input: String,
    /// Name of the embedding output: float32 `[1, dim]`, as long as the encoder's.
    pub embedding: String,
}

/// What a latent is drawn from.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Distribution {
    /// Each entry from a normal distribution of mean 0 and variance 1.
    #[default]
    Normal,
    /// Each entry evenly from -1 to 1.
    Uniform,
    /// Evenly on the sphere of radius sqrt(dim): a normal draw scaled to its typical length.
    Sphere,
}

/// Order of the image's dimensions.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// `[1, channels, height, width]`, as PyTorch writes.
    #[default]
    Nchw,
    /// `[1, height, width, channels]`, as TensorFlow writes.
    Nhwc,
}

/// Order of the colour channels.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channels {
    /// Red, green, blue; or one channel for grey.
    #[default]
    Rgb,
    /// Blue, green, red.
    Bgr,
}

fn one() -> f32 {
    1.0
}
