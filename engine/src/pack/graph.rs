//! What an ONNX file says about itself, read by us before ONNX Runtime sees it.
//!
//! Field numbers are those of the public `onnx.proto`.

use std::fmt;

use super::error::PackError;
use super::limits;
use super::wire::{Fields, Value, WireError};

mod tensor;

pub use tensor::{Element, External};

/// Operator domains that ONNX Runtime itself implements; any other needs a library of code, which no pack may bring.
const DOMAINS: [&str; 4] = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft"];

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
    /// Bytes that are no ONNX model, stored tensors whose declared size is not the size of their data, operators of
    /// domains that need foreign code, and anything over a bound of [`limits`].
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, PackError> {
        let mut reader = Reader { file, graph: Self::default(), functions: Vec::new(), tensors: 0 };
        reader.model(bytes)?;
        Ok(reader.graph)
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

struct Reader<'a> {
    file: &'a str,
    graph: Graph,
    /// Domain and name of the functions that the model itself defines.
    functions: Vec<(&'a str, &'a str)>,
    tensors: usize,
}

impl<'a> Reader<'a> {
    fn corrupt(&self, message: impl fmt::Display) -> PackError {
        PackError::Corrupt { file: self.file.to_owned(), kind: "ONNX model", message: message.to_string() }
    }

    fn wire<T>(&self, result: Result<T, WireError>) -> Result<T, PackError> {
        result.map_err(|error| self.corrupt(error))
    }

    fn text(&self, bytes: &'a [u8]) -> Result<&'a str, PackError> {
        std::str::from_utf8(bytes).map_err(|_| self.corrupt("a name in it is not text"))
    }

    #[allow(
        clippy::needless_pass_by_value,
        reason = "a message's parts are text or numbers, made on the spot"
    )]
    fn too_large(&self, what: &str, found: impl ToString, limit: impl ToString) -> PackError {
        let (file, found, limit) = (self.file.to_owned(), found.to_string(), limit.to_string());
        PackError::TooLarge { file, what: what.to_owned(), found, limit }
    }

    fn model(&mut self, bytes: &'a [u8]) -> Result<(), PackError> {
        let mut graph = None;
        let mut functions = Vec::new();
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (2, Value::Bytes(producer)) => self.graph.producer = self.text(producer)?.to_owned(),
                (7, Value::Bytes(body)) => graph = Some(body),
                (8, Value::Bytes(set)) => self.opset(set)?,
                (25, Value::Bytes(body)) => functions.push(body),
                _ => {}
            }
        }
        let graph = graph.ok_or_else(|| self.corrupt("it holds no graph"))?;
        if self.graph.opset == 0 {
            return Err(self.corrupt("it names no version of the operator set"));
        }
        for function in &functions {
            self.function_name(function)?;
        }
        for function in functions {
            self.function_body(function)?;
        }
        self.body(graph, 0)?;
        self.signature(graph)
    }

    fn opset(&mut self, bytes: &'a [u8]) -> Result<(), PackError> {
        let (mut domain, mut version) = ("", 0);
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1, Value::Bytes(name)) => domain = self.text(name)?,
                (2, Value::Number(number)) => version = number,
                _ => {}
            }
        }
        if matches!(domain, "" | "ai.onnx") {
            self.graph.opset = version;
        }
        Ok(())
    }

    fn function_name(&mut self, bytes: &'a [u8]) -> Result<(), PackError> {
        let (mut domain, mut name) = ("", "");
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1, Value::Bytes(bytes)) => name = self.text(bytes)?,
                (10, Value::Bytes(bytes)) => domain = self.text(bytes)?,
                _ => {}
            }
        }
        if self.functions.len() >= limits::NODES {
            return Err(self.too_large("the number of functions", self.functions.len(), limits::NODES));
        }
        self.functions.push((domain, name));
        Ok(())
    }

    fn function_body(&mut self, bytes: &'a [u8]) -> Result<(), PackError> {
        for field in Fields::new(bytes) {
            if let (7, Value::Bytes(node)) = self.wire(field)? {
                self.node(node, 1)?;
            }
        }
        Ok(())
    }

    fn body(&mut self, bytes: &'a [u8], depth: usize) -> Result<(), PackError> {
        if depth > limits::DEPTH {
            return Err(self.too_large("the depth of subgraphs", depth, limits::DEPTH));
        }
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1, Value::Bytes(node)) => self.node(node, depth)?,
                (5, Value::Bytes(tensor)) => self.tensor(tensor)?,
                (13, Value::Bytes(info)) => {
                    let port = self.port(info)?;
                    self.check_size(&port)?;
                }
                (15, Value::Bytes(tensor)) => self.sparse(tensor)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn node(&mut self, bytes: &'a [u8], depth: usize) -> Result<(), PackError> {
        self.graph.nodes += 1;
        if self.graph.nodes > limits::NODES {
            return Err(self.too_large("the number of nodes", self.graph.nodes, limits::NODES));
        }
        let (mut operator, mut domain) = ("", "");
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (4, Value::Bytes(name)) => operator = self.text(name)?,
                (5, Value::Bytes(attribute)) => self.attribute(attribute, depth)?,
                (7, Value::Bytes(name)) => domain = self.text(name)?,
                _ => {}
            }
        }
        let own = || self.functions.contains(&(domain, operator));
        if !DOMAINS.contains(&domain) && !own() {
            return Err(PackError::Refused {
                file: self.file.to_owned(),
                found: format!("operator {operator:?} of domain {domain:?}"),
                cure: "it would need a library of code, which a pack cannot bring; export the model with standard \
                       operators"
                    .to_owned(),
            });
        }
        // A compiled model in disguise, which makes a provider open any file that it names.
        if operator == "EPContext" {
            return Err(PackError::Refused {
                file: self.file.to_owned(),
                found: "a model compiled for one device (EPContext)".to_owned(),
                cure: "use the model that it was compiled from".to_owned(),
            });
        }
        Ok(())
    }

    fn attribute(&mut self, bytes: &'a [u8], depth: usize) -> Result<(), PackError> {
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (5 | 10, Value::Bytes(tensor)) => self.tensor(tensor)?,
                (6 | 11, Value::Bytes(graph)) => self.body(graph, depth + 1)?,
                (22 | 23, Value::Bytes(tensor)) => self.sparse(tensor)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Inputs, outputs, and which operator makes each output: from the main graph alone.
    fn signature(&mut self, bytes: &'a [u8]) -> Result<(), PackError> {
        let (mut inputs, mut outputs, mut stored) = (Vec::new(), Vec::new(), Vec::new());
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (5, Value::Bytes(tensor)) => stored.push(self.tensor_name(tensor)?),
                (11, Value::Bytes(info)) => inputs.push(self.port(info)?),
                (12, Value::Bytes(info)) => outputs.push(self.port(info)?),
                _ => {}
            }
        }
        // Old files list their weights among the inputs.
        stored.sort_unstable();
        inputs.retain(|port| stored.binary_search(&port.name.as_str()).is_err());
        for (what, ports) in [("the number of inputs", &inputs), ("the number of outputs", &outputs)] {
            if ports.len() > limits::PORTS {
                return Err(self.too_large(what, ports.len(), limits::PORTS));
            }
            for port in ports {
                self.check_size(port)?;
            }
        }
        if outputs.is_empty() {
            return Err(self.corrupt("its graph has no output"));
        }
        let mut operators = vec![String::new(); outputs.len()];
        for field in Fields::new(bytes) {
            if let (1, Value::Bytes(node)) = self.wire(field)? {
                self.note_operator(node, &outputs, &mut operators)?;
            }
        }
        self.graph.inputs = inputs;
        self.graph.outputs = outputs;
        self.graph.output_operators = operators;
        Ok(())
    }

    fn note_operator(
        &self,
        node: &'a [u8],
        outputs: &[Port],
        operators: &mut [String],
    ) -> Result<(), PackError> {
        let mut operator = "";
        for field in Fields::new(node) {
            if let (4, Value::Bytes(name)) = self.wire(field)? {
                operator = self.text(name)?;
            }
        }
        for field in Fields::new(node) {
            if let (2, Value::Bytes(name)) = self.wire(field)?
                && let Some(place) = outputs.iter().position(|port| port.name.as_bytes() == name)
            {
                operators[place] = operator.to_owned();
            }
        }
        Ok(())
    }

    fn port(&self, bytes: &'a [u8]) -> Result<Port, PackError> {
        let mut port = Port { name: String::new(), element: None, shape: None };
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1, Value::Bytes(name)) => port.name = self.text(name)?.to_owned(),
                (2, Value::Bytes(kind)) => {
                    for field in Fields::new(kind) {
                        if let (1, Value::Bytes(dense)) = self.wire(field)? {
                            self.dense(dense, &mut port)?;
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(port)
    }

    fn dense(&self, bytes: &'a [u8], port: &mut Port) -> Result<(), PackError> {
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1, Value::Number(code)) => port.element = Some(Element(code)),
                (2, Value::Bytes(shape)) => {
                    let mut dims = Vec::new();
                    for field in Fields::new(shape) {
                        if let (1, Value::Bytes(dim)) = self.wire(field)? {
                            dims.push(self.dim(dim)?);
                        }
                        if dims.len() > limits::RANK {
                            return Err(self.too_large("a number of dimensions", dims.len(), limits::RANK));
                        }
                    }
                    port.shape = Some(dims);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn dim(&self, bytes: &'a [u8]) -> Result<Dim, PackError> {
        let mut dim = Dim::Open(String::new());
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                // A negative length means "open" in some exporters.
                (1, Value::Number(length)) if length <= i64::MAX as u64 => dim = Dim::Fixed(length),
                (2, Value::Bytes(name)) => dim = Dim::Open(self.text(name)?.to_owned()),
                _ => {}
            }
        }
        Ok(dim)
    }

    /// Refuses a value whose declared fixed dimensions alone would not fit into memory.
    fn check_size(&self, port: &Port) -> Result<(), PackError> {
        let fixed = port.shape.iter().flatten().map(|dim| match dim {
            Dim::Fixed(length) => *length,
            Dim::Open(_) => 1,
        });
        let bytes = fixed.clone().try_fold(4u64, u64::checked_mul);
        if fixed.clone().all(|length| length > 0) && bytes.is_none_or(|bytes| bytes > limits::FILE_BYTES) {
            let what = format!("the declared size of {:?}", port.name);
            return Err(self.too_large(&what, port, "2 GiB"));
        }
        Ok(())
    }
}
