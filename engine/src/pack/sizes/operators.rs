//! What each operator makes of what it is given.

mod control;
mod convolution;
mod elementwise;
mod layout;
mod making;
mod matrix;
mod reducing;
mod selecting;
mod sequence;
mod spectral;

use std::collections::HashMap;

pub use layout::shape_range as layout_range;
pub use making::only_number;
pub use selecting::cuts as slice_cuts;

use super::tensor::{Length, Tensor};
use super::walk::{Scope, Walk};
use crate::pack::graph::Element;
use crate::pack::graph::tensor::Stored;
use crate::pack::graph::tree::{AttributeValue, Body, Node};

/// Attributes by name.
pub type Attributes<'t> = HashMap<&'t str, &'t AttributeValue<'t>>;

/// Why a graph is refused.
#[derive(Debug, PartialEq)]
pub enum Trouble {
    /// Something is over its limit.
    TooLarge {
        /// What.
        what: String,
        /// How large it is.
        bytes: u64,
        /// How large it may be.
        limit: u64,
    },
    /// Its loops go round too often to be followed.
    TooLong,
    /// The result of this node has no bound.
    Unbounded(String),
    /// Nothing is known of this operator.
    Unknown(String),
    /// It cannot run.
    Nonsense(String),
}

/// What a node makes.
#[derive(Debug)]
pub struct Made {
    /// Its outputs, in order; there may be more than the node asks for.
    pub outputs: Vec<Tensor>,
    /// Bytes that it takes while it works.
    pub scratch: u64,
}

impl From<Tensor> for Made {
    fn from(output: Tensor) -> Self {
        Self { outputs: vec![output], scratch: 0 }
    }
}

impl From<Vec<Tensor>> for Made {
    fn from(outputs: Vec<Tensor>) -> Self {
        Self { outputs, scratch: 0 }
    }
}

/// A node with what it is given.
pub struct Call<'c, 't> {
    /// The node.
    pub node: &'t Node<'t>,
    /// What it takes; `None` where an input is left out.
    pub inputs: Vec<Option<&'c Tensor>>,
    /// Inside a function, the attributes of its call.
    pub outer: Option<&'c Attributes<'t>>,
}

impl<'t> Call<'_, 't> {
    /// An input that must be there.
    pub fn input(&self, place: usize) -> Result<&Tensor, Trouble> {
        self.given(place).ok_or_else(|| self.wrong(&format!("has no input {place}")))
    }

    /// An input that may be left out.
    pub fn given(&self, place: usize) -> Option<&Tensor> {
        self.inputs.get(place).copied().flatten()
    }

    /// The dimensions of an input whose rank must be known.
    pub fn dims(&self, place: usize) -> Result<&[Length], Trouble> {
        self.input(place)?.dims.as_deref().ok_or_else(|| self.unbounded())
    }

    /// The dimensions of an input that has at least `least` of them.
    pub fn dims_from(&self, place: usize, least: usize) -> Result<&[Length], Trouble> {
        let dims = self.dims(place)?;
        if dims.len() < least { Err(self.wrong("has an input of too few dimensions")) } else { Ok(dims) }
    }

    fn attribute(&self, name: &str) -> Option<&'t AttributeValue<'t>> {
        let attribute = self.node.attributes.iter().find(|attribute| attribute.name == name)?;
        match &attribute.value {
            AttributeValue::Outer(outer) => self.outer?.get(outer).copied(),
            value => Some(value),
        }
    }

    /// A whole number among the attributes.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.attribute(name)? {
            AttributeValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether a number among the attributes is set.
    pub fn flag(&self, name: &str) -> bool {
        self.number(name).is_some_and(|number| number != 0)
    }

    /// Whole numbers among the attributes.
    pub fn numbers(&self, name: &str) -> Option<&'t [i64]> {
        match self.attribute(name)? {
            AttributeValue::Numbers(numbers) => Some(numbers),
            _ => None,
        }
    }

    /// Floats among the attributes.
    pub fn floats(&self, name: &str) -> Option<&'t [f32]> {
        match self.attribute(name)? {
            AttributeValue::Floats(floats) => Some(floats),
            _ => None,
        }
    }

    /// A float among the attributes.
    pub fn float(&self, name: &str) -> Option<f32> {
        match self.attribute(name)? {
            AttributeValue::Float(float) => Some(*float),
            _ => None,
        }
    }

    /// A text among the attributes.
    pub fn text(&self, name: &str) -> Option<&'t [u8]> {
        match self.attribute(name)? {
            AttributeValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A tensor among the attributes.
    pub fn tensor(&self, name: &str) -> Option<&'t Stored<'t>> {
        match self.attribute(name)? {
            AttributeValue::Tensor(tensor) => Some(tensor),
            _ => None,
        }
    }

    /// A subgraph among the attributes.
    pub fn graph(&self, name: &str) -> Result<&'t Body<'t>, Trouble> {
        match self.attribute(name) {
            Some(AttributeValue::Graph(body)) => Ok(body),
            _ => Err(self.wrong("has no body")),
        }
    }

    /// Whether there is a subgraph among the attributes.
    pub fn has_subgraph(&self) -> bool {
        let mut attributes = self.node.attributes.iter();
        attributes.any(|attribute| matches!(attribute.value, AttributeValue::Graph(_)))
    }

    /// Whole numbers that old operators have as an attribute and new ones as an input: nothing if there are none, and the
    /// inner one nothing if they are not known.
    pub fn list(&self, attribute: &str, input: usize) -> Option<Option<Vec<i64>>> {
        match (self.numbers(attribute), self.given(input)) {
            (Some(numbers), _) => Some(Some(numbers.to_vec())),
            (None, Some(tensor)) => Some(tensor.numbers()),
            (None, None) => None,
        }
    }

    /// Element type that an attribute names.
    pub fn element(&self, name: &str) -> Option<Element> {
        self.number(name).map(|code| Element(code as u64))
    }

    /// Place of a dimension; from the end if negative.
    pub fn axis(&self, axis: i64, rank: usize) -> Result<usize, Trouble> {
        let from_start = if axis < 0 { axis.checked_add(rank as i64) } else { Some(axis) };
        let place = from_start.and_then(|axis| usize::try_from(axis).ok());
        place.filter(|place| *place < rank).ok_or_else(|| self.wrong(&format!("has no axis {axis}")))
    }

    /// Places of dimensions, each once.
    pub fn axes(&self, axes: &[i64], rank: usize) -> Result<Vec<usize>, Trouble> {
        if axes.len() > rank {
            return Err(self.wrong("names more axes than there are"));
        }
        axes.iter().map(|axis| self.axis(*axis, rank)).collect()
    }

    /// It cannot be: the model is broken.
    pub fn wrong(&self, what: &str) -> Trouble {
        let made = self.node.outputs.first().copied().unwrap_or_default();
        Trouble::Nonsense(format!("{:?} (which makes {made:?}) {what}", self.node.operator))
    }

    /// Its size cannot be known.
    pub fn unbounded(&self) -> Trouble {
        let made = self.node.outputs.first().copied().unwrap_or_default();
        Trouble::Unbounded(format!("operator {:?} (which makes {made:?})", self.node.operator))
    }
}

/// What the node makes.
pub fn infer<'t>(call: &Call<'_, 't>, walk: &mut Walk<'t>, scope: &Scope<'_, 't>) -> Result<Made, Trouble> {
    let Node { operator, domain, .. } = *call.node;
    let made = match domain {
        "" => standard(call, operator)?,
        "com.microsoft" => microsoft(call, operator)?,
        "ai.onnx.ml" => elementwise::machine_learning(call, operator)?,
        _ => None,
    };
    match (made, domain) {
        (Some(made), _) => Ok(made),
        (None, "") => match control::infer(call, operator, walk, scope)? {
            Some(made) => Ok(made),
            None => Err(Trouble::Unknown(format!("operator {operator:?}"))),
        },
        (None, domain) => Err(Trouble::Unknown(format!("operator {operator:?} of domain {domain:?}"))),
    }
}

type Answer = Result<Option<Made>, Trouble>;

fn standard(call: &Call<'_, '_>, operator: &str) -> Answer {
    for family in [
        elementwise::infer,
        layout::infer,
        selecting::infer,
        matrix::infer,
        convolution::infer,
        reducing::infer,
        making::infer,
        spectral::infer,
        sequence::infer,
    ] {
        if let Some(made) = family(call, operator)? {
            return Ok(Some(made));
        }
    }
    Ok(None)
}

/// What ONNX Runtime's own optimiser writes into the models that it saves.
fn microsoft(call: &Call<'_, '_>, operator: &str) -> Answer {
    match operator {
        "FusedConv" => convolution::infer(call, "Conv"),
        "FusedGemm" => matrix::infer(call, "Gemm"),
        "FusedMatMul" => matrix::infer(call, "FusedMatMul"),
        "MatMulIntegerToFloat" | "DynamicQuantizeMatMul" => {
            let made = matrix::infer(call, "MatMul")?;
            Ok(made.map(|made| Made::from(made.outputs[0].of(Element::FLOAT32))))
        }
        "GridSample" => convolution::infer(call, "GridSample"),
        "Trilu" => elementwise::infer(call, operator),
        _ => elementwise::microsoft(call, operator),
    }
}
