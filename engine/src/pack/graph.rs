//! What an ONNX file says about itself, read by us before ONNX Runtime sees it.
//!
//! `strict` refuses what two readers could read in two ways; [`tree`] takes what is left apart; this file holds it
//! against what a pack may have. How much memory the graph takes when it runs is for [`sizes`](super::sizes) to say.

mod element;
mod read;
mod schema;
mod strict;
pub mod tensor;
pub mod tree;
pub mod value_info;

use std::fmt;

use super::error::PackError;
pub use element::Element;
pub use tensor::External;

/// The signature of a graph and what it needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Version of the standard operator set.
    pub opset: u64,
    /// What wrote the file.
    pub producer: String,
    /// Inputs that a caller must give, in order (stored tensors are not among them).
    pub inputs: Vec<Port>,
    /// Outputs, in order.
    pub outputs: Vec<Port>,
    /// For each output the operator that makes it; empty where it is an input or a stored tensor.
    pub output_operators: Vec<String>,
    /// Nodes, with those of subgraphs and functions.
    pub nodes: usize,
    /// Numbers stored in the file and its external data: the weights.
    pub parameters: u64,
    /// Data outside the file.
    pub external: Vec<External>,
}

/// One input or output.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// Element type; `None` where it is not a dense tensor.
    pub element: Option<Element>,
    /// Its dimensions; `None` where the file leaves even their number open.
    pub shape: Option<Vec<Dim>>,
}

/// One dimension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dim {
    /// Always this long.
    Fixed(u64),
    /// Any length; the exporter's name for it may be empty.
    Open(String),
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(length) => write!(f, "{length}"),
            Self::Open(name) if name.is_empty() => f.write_str("?"),
            Self::Open(name) => f.write_str(name),
        }
    }
}

/// Element type and shape, such as `float32 [1, 512]`.
impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.element {
            Some(element) => write!(f, "{element}")?,
            None => f.write_str("no tensor")?,
        }
        match &self.shape {
            Some(dims) => {
                write!(f, " [{}]", dims.iter().map(Dim::to_string).collect::<Vec<_>>().join(", "))
            }
            None => f.write_str(" of any shape"),
        }
    }
}

impl Graph {
    /// Reads the graph in `bytes`; `file` is how messages name it.
    ///
    /// # Errors
    /// Bytes that are no ONNX model or that two readers could read in two ways, stored tensors whose declared size is not
    /// the size of their data, operators that need foreign code, and anything over a bound of [`limits`](super::limits).
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, PackError> {
        let model = Self::tree(file, bytes)?;
        read::graph(file, &model)
    }

    /// The whole file, taken apart.
    ///
    /// # Errors
    /// Bytes that are no ONNX model or that two readers could read in two ways.
    pub fn tree<'a>(file: &str, bytes: &'a [u8]) -> Result<tree::Model<'a>, PackError> {
        // ONNX Runtime has a second format of its own, and knows it by these four bytes.
        if bytes.get(4..8) == Some(b"ORTM") {
            return Err(PackError::Refused {
                file: file.to_owned(),
                found: "a model in ONNX Runtime's own format".to_owned(),
                cure: "use the ONNX file that it was made from".to_owned(),
            });
        }
        strict::check(bytes).map_err(|fault| match fault {
            strict::Fault::TooLarge(what, found, limit) => read::too_large(file, what, found, limit),
            fault => read::corrupt(file, &fault),
        })?;
        tree::Model::read(bytes).map_err(|nonsense| read::nonsense(file, nonsense))
    }

    /// The input of that name.
    pub fn input(&self, name: &str) -> Option<&Port> {
        self.inputs.iter().find(|port| port.name == name)
    }

    /// The output of that name.
    pub fn output(&self, name: &str) -> Option<&Port> {
        self.outputs.iter().find(|port| port.name == name)
    }
}
