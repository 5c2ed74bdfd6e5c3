//! How much memory a graph takes, found out before ONNX Runtime sees it.
//!
//! A graph of a few kilobytes can ask for any amount: it need only expand a number to a shape. So every value's size is
//! worked out first, from the shapes that the inputs are known to have, as ONNX's own shape inference does it; and because
//! shapes are often computed by the graph itself, small whole numbers are followed too. What cannot be known is bounded: a
//! slice is no longer than what it is cut from. Where there is no bound, and where an operator is unknown here, the graph is
//! refused: no pack that paints pictures in real time needs such a thing.
//!
//! Source: the operators' specifications at <https://onnx.ai/onnx/operators/>.

mod operators;
mod tensor;
#[cfg(test)]
mod tests;
mod values;
mod walk;
mod work;

use super::error::PackError;
use super::graph::{Element, Graph};
use super::limits;
use operators::Trouble;
use tensor::{FOLLOWED, Number, Tensor};
use walk::Walk;

/// An input as every run gives it.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its element type.
    pub element: Element,
    /// Its shape.
    pub shape: &'a [i64],
    /// Its values, if they never change.
    pub values: Option<&'a [f64]>,
}

/// What a graph takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// All values that are needed at one time, at most, in bytes.
    pub working_bytes: u64,
    /// What it makes of its own weights alone, in bytes.
    pub folded_bytes: u64,
    /// How much a run computes: products of convolutions and matrices, and one for each number that another operator makes.
    pub work: u64,
}

/// Finds out how much memory the graph in `bytes` takes; `file` is how messages name it.
///
/// # Errors
/// A value or all values together over a bound of [`limits`], a size that cannot be known, an operator that is not known, or
/// a graph that cannot run.
pub fn check(file: &str, bytes: &[u8], inputs: &[Given<'_>]) -> Result<Sizes, PackError> {
    let model = Graph::tree(file, bytes)?;
    let given = inputs.iter().map(|input| (input.name, tensor(input))).collect();
    let mut walk = Walk::new(&model);
    match walk.graph(&model.graph, given) {
        Ok(_) => Ok(walk.sizes()),
        Err(trouble) => Err(explain(file, trouble)),
    }
}

fn tensor(given: &Given<'_>) -> Tensor {
    let lengths = given.shape.iter().map(|length| u64::try_from(*length).unwrap_or(u64::MAX));
    let mut tensor = Tensor::exactly(given.element, lengths);
    if let Some(values) = given.values.filter(|_| tensor.most <= FOLLOWED) {
        let float = [Element::FLOAT32, Element::FLOAT64].contains(&given.element);
        let number = |value: &f64| {
            Some(if float { Number::Float((*value as f32).into()) } else { Number::Whole(*value as i64) })
        };
        tensor.values = Some(values.iter().map(number).collect());
    }
    tensor
}

fn explain(file: &str, trouble: Trouble) -> PackError {
    let file = file.to_owned();
    let refused =
        |found: String, cure: &str| PackError::Refused { file: file.clone(), found, cure: cure.to_owned() };
    match trouble {
        Trouble::TooLarge { what, bytes, limit } => PackError::TooLarge {
            file,
            what,
            found: if bytes == u64::MAX { "more than any memory".to_owned() } else { size(bytes) },
            limit: size(limit),
        },
        Trouble::TooLong => PackError::TooLarge {
            file,
            what: "the number of steps of its loops".to_owned(),
            found: "so large that its size cannot be known".to_owned(),
            limit: format!("{} steps", limits::SIZING_STEPS),
        },
        Trouble::Unbounded(node) => refused(
            format!("{node}, whose result may be of any size,"),
            "export the model with fixed shapes, so that its sizes are known before it runs",
        ),
        Trouble::Unknown(node) => {
            refused(node, "how much memory it takes is not known; export the model with standard operators")
        }
        Trouble::Nonsense(message) => PackError::Corrupt { file, kind: "ONNX model", message },
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{bytes} bytes"),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
