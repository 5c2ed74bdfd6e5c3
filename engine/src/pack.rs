//! The pack: how models come in.
//!
//! A pack is a folder, or a .zip of it, with `pack.toml` and two ONNX files: an encoder (raw mono audio in, embedding
//! out) and a generator (latent and/or embedding in, image out). It may come from strangers, so it is checked before
//! it is trusted: [`graph`] reads the ONNX files, [`contract`] holds the manifest against them, [`sizes`] finds out how much
//! memory they take, [`files`] keeps every path inside the pack, and [`limits`] bounds every size.
//!
//! ```
//! use klangbild_engine::pack::Pack;
//!
//! let pack = Pack::load("starter")?; // a built-in one; else a name, a folder, or a .zip
//! println!("{} paints pictures of {} pixels", pack.manifest.title, pack.generator_contract.width_px);
//! # Ok::<(), klangbild_engine::pack::PackError>(())
//! ```

pub mod bridge;
mod built_in;
pub mod check;
pub mod contract;
pub mod draft;
pub(crate) mod draw;
pub mod error;
pub mod files;
mod find;
mod fingerprint;
pub mod folders;
pub mod graph;
pub mod limits;
mod list;
mod load;
pub mod manifest;
pub mod size;
pub mod sizes;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod tiny;
pub mod wire;

use std::sync::Arc;

pub use built_in::{BUILT_IN, BuiltIn, DEFAULT};
pub use check::{Finding, Report, Severity, check};
pub use draft::{Draft, new};
pub use error::PackError;
pub use find::find;
pub use fingerprint::Fingerprint;
pub use folders::Folders;
pub use list::PackSummary;
pub use manifest::{Distribution, Manifest};

use bridge::Matrix;
use contract::{EncoderContract, GeneratorContract, PictureTowerContract};
use files::PackFiles;
use graph::Graph;

use crate::words::Table;

/// A pack whose every part was checked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pack {
    /// What it says about itself.
    pub manifest: Manifest,
    /// The encoder's graph.
    pub encoder: Model,
    /// The encoder's shapes.
    pub encoder_contract: EncoderContract,
    /// The generator's graph.
    pub generator: Model,
    /// The generator's shapes.
    pub generator_contract: GeneratorContract,
    /// How much the generator computes for a picture: see [`Painter::work`].
    pub generator_work: u64,
    /// The generator at other sizes, in the manifest's order: see [`size`].
    pub others: Arc<[Painter]>,
    /// From the encoder's embedding to the generator's.
    pub bridge: Option<Matrix>,
    /// What reads phrases, and sees pictures.
    pub words: Option<Words>,
    /// A PNG.
    pub thumbnail: Option<Arc<[u8]>>,
    /// What is odd but works.
    pub warnings: Vec<String>,
}

/// The generator at one size.
#[derive(Clone, Debug)]
pub struct Painter {
    /// Its graph.
    pub model: Model,
    /// The graph's shapes.
    pub contract: GeneratorContract,
    /// How much it computes for a picture, in multiplications: counted in the graph of every other provider than the processor.
    pub work: u64,
}

/// What a pack understands besides music. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Words {
    /// What reads phrases.
    pub table: Arc<Table>,
    /// The picture tower, where there is one.
    pub tower: Option<Arc<PictureTower>>,
}

/// The picture tower's graph and shapes.
#[derive(Clone, Debug)]
pub struct PictureTower {
    /// Its graph.
    pub model: Model,
    /// Its shapes.
    pub contract: PictureTowerContract,
    /// Names of input and output.
    pub spec: manifest::PictureTowerSpec,
}

/// One ONNX file, read and checked.
#[derive(Clone, Debug)]
pub struct Model {
    /// How messages name it.
    pub file: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The files that it keeps its weights in, by the name that it uses.
    pub external: Vec<(String, Arc<[u8]>)>,
    /// What it says about itself.
    pub graph: Graph,
    /// What computes the same on the processor, where that is another file.
    pub on_processor: Option<Arc<Self>>,
    /// What computes nearly the same in half precision, where there is such a file.
    pub half: Option<Half>,
    /// Whether it is of a pack that is not built in.
    pub is_foreign: bool,
}

/// A graph that paints in half precision what another paints in single.
#[derive(Clone, Debug)]
pub struct Half {
    /// It.
    pub model: Arc<Model>,
    /// The values of its first output, the picture, that mean black and full white: they say how far off it may be.
    pub range: [f32; 2],
}

impl Model {
    /// The bytes of all that runs by its name: graphs, and each file of weights once, however many of them share it.
    pub fn contents(&self) -> Vec<&[u8]> {
        let twins =
            self.on_processor.as_deref().into_iter().chain(self.half.as_ref().map(|half| &*half.model));
        let mut contents: Vec<&[u8]> = Vec::new();
        for model in [self].into_iter().chain(twins) {
            contents.push(&model.bytes);
            for (_, weights) in &model.external {
                if !contents.iter().any(|known| std::ptr::eq(*known, &raw const **weights)) {
                    contents.push(weights);
                }
            }
        }
        contents
    }
}

impl Pack {
    /// Loads and checks a pack: the name of a built-in or installed one, a folder, or a .zip.
    ///
    /// # Errors
    /// The first thing that is wrong; `klangbild pack check` lists them all.
    pub fn load(reference: &str) -> Result<Self, PackError> {
        Self::from_files(&find(reference)?)
    }

    /// Loads and checks the pack in `files`.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn from_files(files: &PackFiles) -> Result<Self, PackError> {
        let examination = load::examine(files);
        for warning in &examination.warnings {
            tracing::warn!("{warning}");
        }
        match (examination.pack, examination.errors.into_iter().next()) {
            (Some(pack), None) => Ok(pack),
            (_, Some(error)) => Err(error),
            // Not reached: without a pack there is an error.
            (None, None) => Err(PackError::Missing {
                file: files.display("pack.toml"),
                cure: "check the pack with `klangbild pack check`".to_owned(),
            }),
        }
    }
}
