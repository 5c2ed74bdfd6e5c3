//! An ONNX file as a tree that borrows from its bytes.
//!
//! It is built after `strict` has passed every byte, so what can be wrong here is what a name or a number
//! says, not how it is written.

use super::Element;
use super::tensor::Stored;
use super::value_info::{Port, port};
use crate::pack::limits;
use crate::pack::wire::{Fields, Value, WireError, varint};

/// What is wrong with what the file says.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Nonsense {
    /// It cannot be read: not reached after the strict check.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Something is not what ONNX calls for.
    #[error("{0}")]
    Said(String),
    /// Something is over its limit: what, how much, the limit.
    #[error("{0} is {1}, over the limit of {2}")]
    TooLarge(String, u64, u64),
}

type Result<T> = std::result::Result<T, Nonsense>;

/// A whole file.
#[derive(Debug, Default)]
pub struct Model<'a> {
    /// Version of the file format.
    pub ir: u64,
    /// What wrote it.
    pub producer: &'a str,
    /// Operator sets: domain and version.
    pub sets: Vec<(&'a str, u64)>,
    /// The graph.
    pub graph: Body<'a>,
    /// Operators that the file defines itself.
    pub functions: Vec<Function<'a>>,
}

/// An operator that the file defines itself.
#[derive(Debug, Default)]
pub struct Function<'a> {
    /// Domain, name and overload: what nodes call it by.
    pub key: (&'a str, &'a str, &'a str),
    /// Names of what goes in.
    pub inputs: Vec<&'a str>,
    /// Names of what comes out.
    pub outputs: Vec<&'a str>,
    /// Attributes that have a value where a node gives none.
    pub defaults: Vec<Attribute<'a>>,
    /// Operator sets: domain and version.
    pub sets: Vec<(&'a str, u64)>,
    /// What it does.
    pub nodes: Vec<Node<'a>>,
}

/// A graph or subgraph.
#[derive(Debug, Default)]
pub struct Body<'a> {
    /// What it does, in order.
    pub nodes: Vec<Node<'a>>,
    /// Its weights.
    pub stored: Vec<Stored<'a>>,
    /// What goes in.
    pub inputs: Vec<Port<'a>>,
    /// What comes out.
    pub outputs: Vec<Port<'a>>,
}

/// One step of a graph.
#[derive(Debug, Default)]
pub struct Node<'a> {
    /// What it does.
    pub operator: &'a str,
    /// Whose operator that is; empty for the standard ones.
    pub domain: &'a str,
    /// Which of several functions of one name.
    pub overload: &'a str,
    /// Names of what it takes; an empty one is left out.
    pub inputs: Vec<&'a str>,
    /// Names of what it makes.
    pub outputs: Vec<&'a str>,
    /// How it does it.
    pub attributes: Vec<Attribute<'a>>,
}

/// A named constant of a node.
#[derive(Debug)]
pub struct Attribute<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: AttributeValue<'a>,
}

/// What an attribute holds.
#[derive(Debug)]
pub enum AttributeValue<'a> {
    /// A whole number.
    Number(i64),
    /// A float.
    Float(f32),
    /// A text.
    Text(&'a [u8]),
    /// A tensor.
    Tensor(Stored<'a>),
    /// A subgraph.
    Graph(Body<'a>),
    /// Whole numbers.
    Numbers(Vec<i64>),
    /// Floats.
    Floats(Vec<f32>),
    /// Texts.
    Texts(Vec<&'a [u8]>),
    /// Inside a function: the attribute of that name of the node that calls it.
    Outer(&'a str),
    /// A type.
    Type,
}

impl<'a> Model<'a> {
    /// Reads a whole file.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut model = Self::default();
        let (mut reader, mut graph) = (Reader::default(), None);
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Number(version)) => model.ir = version,
                (2, Value::Bytes(producer)) => model.producer = text(producer)?,
                (7, Value::Bytes(body)) => graph = Some(body),
                (8, Value::Bytes(set)) => model.sets.push(operator_set(set)?),
                (25, Value::Bytes(function)) => model.functions.push(reader.function(function)?),
                _ => {}
            }
        }
        let graph = graph.ok_or_else(|| Nonsense::Said("it holds no graph".to_owned()))?;
        model.graph = reader.body(graph, 0)?;
        Ok(model)
    }
}

/// Counts on the way what has a limit of its own.
#[derive(Default)]
struct Reader {
    nodes: usize,
    tensors: usize,
}

impl Reader {
    fn function<'a>(&mut self, bytes: &'a [u8]) -> Result<Function<'a>> {
        let mut function = Function::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(name)) => function.key.1 = text(name)?,
                (4, Value::Bytes(name)) => function.inputs.push(text(name)?),
                (5, Value::Bytes(name)) => function.outputs.push(text(name)?),
                (7, Value::Bytes(node)) => {
                    let node = self.node(node, 1)?;
                    function.nodes.push(node);
                }
                (9, Value::Bytes(set)) => function.sets.push(operator_set(set)?),
                (10, Value::Bytes(name)) => function.key.0 = domain(text(name)?),
                (11, Value::Bytes(attribute)) => {
                    let attribute = self.attribute(attribute, 1)?;
                    function.defaults.push(attribute);
                }
                (13, Value::Bytes(overload)) => function.key.2 = text(overload)?,
                _ => {}
            }
        }
        Ok(function)
    }

    fn body<'a>(&mut self, bytes: &'a [u8], depth: usize) -> Result<Body<'a>> {
        if depth > limits::DEPTH {
            return Err(too_large("the depth of subgraphs", depth, limits::DEPTH));
        }
        let mut body = Body::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(node)) => body.nodes.push(self.node(node, depth)?),
                (5, Value::Bytes(tensor)) => body.stored.push(self.tensor(tensor)?),
                (11, Value::Bytes(info)) => body.inputs.push(port(info)?),
                (12, Value::Bytes(info)) => body.outputs.push(port(info)?),
                (15, Value::Bytes(_)) => return Err(sparse()),
                _ => {}
            }
        }
        Ok(body)
    }

    fn node<'a>(&mut self, bytes: &'a [u8], depth: usize) -> Result<Node<'a>> {
        self.nodes += 1;
        if self.nodes > limits::NODES {
            return Err(too_large("the number of nodes", self.nodes, limits::NODES));
        }
        let mut node = Node::default();
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(name)) => node.inputs.push(text(name)?),
                (2, Value::Bytes(name)) => node.outputs.push(text(name)?),
                (4, Value::Bytes(name)) => node.operator = text(name)?,
                (5, Value::Bytes(attribute)) => node.attributes.push(self.attribute(attribute, depth)?),
                (7, Value::Bytes(name)) => node.domain = domain(text(name)?),
                (8, Value::Bytes(name)) => node.overload = text(name)?,
                _ => {}
            }
        }
        Ok(node)
    }

    fn tensor<'a>(&mut self, bytes: &'a [u8]) -> Result<Stored<'a>> {
        self.tensors += 1;
        if self.tensors > limits::TENSORS {
            return Err(too_large("the number of stored tensors", self.tensors, limits::TENSORS));
        }
        Stored::read(bytes)
    }

    fn attribute<'a>(&mut self, bytes: &'a [u8], depth: usize) -> Result<Attribute<'a>> {
        let (mut name, mut outer, mut kind) = ("", None, 0);
        // The value fields that are there, by number: only those of the attribute's own type may be.
        let mut used = 0u32;
        let (mut number, mut float, mut string) = (0i64, 0f32, [].as_slice());
        let (mut numbers, mut floats, mut strings) = (Vec::new(), Vec::new(), Vec::new());
        let (mut tensor, mut graph) = (None, None);
        for field in Fields::new(bytes) {
            let (place, value) = field?;
            if !matches!(place, 1 | 13 | 20 | 21) {
                used |= 1 << place;
            }
            match (place, value) {
                (1, Value::Bytes(bytes)) => name = text(bytes)?,
                (2, Value::Four(bytes)) => float = f32::from_le_bytes(bytes),
                (3, Value::Number(value)) => number = value as i64,
                (4, Value::Bytes(bytes)) => string = bytes,
                (5, Value::Bytes(bytes)) => tensor = Some(self.tensor(bytes)?),
                (6, Value::Bytes(bytes)) => graph = Some(self.body(bytes, depth + 1)?),
                (7, Value::Four(bytes)) => floats.push(f32::from_le_bytes(bytes)),
                (7, Value::Bytes(packed)) => {
                    floats.extend(packed.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)));
                }
                (8, Value::Number(value)) => numbers.push(value as i64),
                (8, Value::Bytes(mut packed)) => {
                    while !packed.is_empty() {
                        numbers.push(varint(&mut packed)? as i64);
                    }
                }
                (9, Value::Bytes(bytes)) => strings.push(bytes),
                (20, Value::Number(value)) => kind = value,
                (21, Value::Bytes(bytes)) if !bytes.is_empty() => outer = Some(text(bytes)?),
                _ => {}
            }
        }
        let said = |what: &str| Nonsense::Said(format!("attribute {name:?} {what}"));
        if let Some(outer) = outer {
            let value = AttributeValue::Outer(outer);
            return if used == 0 { Ok(Attribute { name, value }) } else { Err(said("has two values")) };
        }
        let (field, value) = match kind {
            1 => (2, AttributeValue::Float(float)),
            2 => (3, AttributeValue::Number(number)),
            3 => (4, AttributeValue::Text(string)),
            4 => (5, AttributeValue::Tensor(tensor.ok_or_else(|| said("has no value"))?)),
            5 => (6, AttributeValue::Graph(graph.ok_or_else(|| said("has no value"))?)),
            6 => (7, AttributeValue::Floats(floats)),
            7 => (8, AttributeValue::Numbers(numbers)),
            8 => (9, AttributeValue::Texts(strings)),
            13 => (14, AttributeValue::Type),
            14 => (15, AttributeValue::Type),
            11 | 12 => return Err(sparse()),
            _ => return Err(said("is of a type that no operator takes")),
        };
        if used & !(1 << field) != 0 {
            return Err(said("has a value of another type than it says"));
        }
        Ok(Attribute { name, value })
    }
}

fn operator_set(bytes: &[u8]) -> Result<(&str, u64)> {
    let mut set = ("", 0);
    for field in Fields::new(bytes) {
        match field? {
            (1, Value::Bytes(name)) => set.0 = domain(text(name)?),
            (2, Value::Number(version)) => set.1 = version,
            _ => {}
        }
    }
    Ok(set)
}

/// The standard domain has two names.
fn domain(name: &str) -> &str {
    if name == "ai.onnx" { "" } else { name }
}

/// Text, without bytes that would end it early in another reader.
pub(super) fn text(bytes: &[u8]) -> Result<&str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.ok_or_else(|| Nonsense::Said("a name in it is not text".to_owned()))
}

fn too_large(what: &str, found: usize, limit: usize) -> Nonsense {
    Nonsense::TooLarge(what.to_owned(), found as u64, limit as u64)
}

fn sparse() -> Nonsense {
    Nonsense::Said("it holds sparse tensors; export the model with dense ones".to_owned())
}

/// Whether a tensor of that type can be part of a pack's graph.
pub(super) fn is_usable(element: Element) -> bool {
    element.bits().is_some()
}
