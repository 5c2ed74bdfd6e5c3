//! The tree of a file against what a pack's graph may have.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use super::tree::{AttributeValue, Body, Function, Model, Node, Nonsense};
use super::{Dim, Graph, Port};
use crate::pack::error::PackError;
use crate::pack::limits;

/// Operator domains that ONNX Runtime itself implements; any other needs a library of code, which no pack may bring.
const DOMAINS: [&str; 3] = ["", "ai.onnx.ml", "com.microsoft"];

/// What the names of the domains begin with that ONNX Runtime has operators of, some for itself alone: a function there might be
/// taken for one, or an operator for a function.
const TAKEN: [&str; 4] = ["ai.onnx", "com.microsoft", "com.ms", "org.pytorch"];

/// What functions are called by: domain, name and overload.
type Key<'a> = (&'a str, &'a str, &'a str);

pub(super) fn corrupt(file: &str, message: impl Display) -> PackError {
    PackError::Corrupt { file: file.to_owned(), kind: "ONNX model", message: message.to_string() }
}

pub(super) fn too_large(file: &str, what: &str, found: u64, limit: u64) -> PackError {
    let found = if found == u64::MAX { "more than any memory".to_owned() } else { found.to_string() };
    let limit = if limit == limits::FILE_BYTES { "2 GiB".to_owned() } else { limit.to_string() };
    PackError::TooLarge { file: file.to_owned(), what: what.to_owned(), found, limit }
}

pub(super) fn nonsense(file: &str, nonsense: Nonsense) -> PackError {
    match nonsense {
        Nonsense::TooLarge(what, found, limit) => too_large(file, &what, found, limit),
        nonsense => corrupt(file, nonsense),
    }
}

/// Checks the whole file and gathers what it says about itself.
pub(super) fn graph(file: &str, model: &Model<'_>) -> Result<Graph, PackError> {
    let mut reader = Reader {
        file,
        graph: Graph { producer: model.producer.to_owned(), ..Graph::default() },
        functions: HashMap::new(),
        main: true,
    };
    reader.versions(model)?;
    reader.functions(model)?;
    for function in &model.functions {
        function.nodes.iter().try_for_each(|node| reader.node(node))?;
    }
    reader.body(&model.graph)?;
    reader.expanded(model)?;
    reader.signature(&model.graph)?;
    Ok(reader.graph)
}

struct Reader<'a> {
    file: &'a str,
    graph: Graph,
    functions: HashMap<Key<'a>, &'a Function<'a>>,
    /// Not yet inside a subgraph.
    main: bool,
}

impl<'a> Reader<'a> {
    fn corrupt(&self, message: impl Display) -> PackError {
        corrupt(self.file, message)
    }

    fn refused(&self, found: String, cure: &str) -> PackError {
        PackError::Refused { file: self.file.to_owned(), found, cure: cure.to_owned() }
    }

    fn versions(&mut self, model: &Model<'_>) -> Result<(), PackError> {
        let (ir, known) = (model.ir, limits::IR_VERSIONS);
        if !known.contains(&ir) {
            return Err(self.version("its format (IR)", ir, &known, "ir_version"));
        }
        self.sets(&model.sets)?;
        let standard = model.sets.iter().find(|(domain, _)| domain.is_empty());
        let (_, opset) = standard.ok_or_else(|| self.corrupt("it names no version of the operator set"))?;
        self.graph.opset = *opset;
        model.functions.iter().try_for_each(|function| self.sets(&function.sets))
    }

    fn sets(&self, sets: &[(&str, u64)]) -> Result<(), PackError> {
        let known = limits::OPSETS;
        for (place, (domain, version)) in sets.iter().enumerate() {
            if sets[..place].iter().any(|(other, _)| other == domain) {
                return Err(self.corrupt(format!("it names operator set {domain:?} twice")));
            }
            if place > limits::PORTS {
                let found = sets.len() as u64;
                return Err(too_large(self.file, "the number of operator sets", found, limits::PORTS as u64));
            }
            if domain.is_empty() && !known.contains(version) {
                return Err(self.version("its operator set", *version, &known, "opset_version"));
            }
        }
        Ok(())
    }

    fn version(
        &self,
        what: &str,
        found: u64,
        known: &std::ops::RangeInclusive<u64>,
        option: &str,
    ) -> PackError {
        PackError::Mismatch {
            file: self.file.to_owned(),
            field: format!("the version of {what}"),
            expected: format!("{} to {}", known.start(), known.end()),
            found: found.to_string(),
            cure: format!("export the model with {option} = {}", 17.clamp(*known.start(), *known.end())),
        }
    }

    fn functions(&mut self, model: &'a Model<'a>) -> Result<(), PackError> {
        for function in &model.functions {
            let (domain, name, _) = function.key;
            if domain.is_empty() || TAKEN.iter().any(|taken| domain.starts_with(taken)) {
                let found =
                    format!("a function of its own in place of operator {name:?} of domain {domain:?}");
                return Err(self.refused(found, "export the model without it"));
            }
            if self.functions.insert(function.key, function).is_some() {
                return Err(self.corrupt(format!("it defines function {name:?} twice")));
            }
        }
        Ok(())
    }

    fn body(&mut self, body: &Body<'_>) -> Result<(), PackError> {
        let mut names = HashSet::with_capacity(body.stored.len());
        for stored in &body.stored {
            if !names.insert(stored.name) {
                return Err(self.corrupt(format!("it stores tensor {:?} twice", stored.name)));
            }
            self.graph.parameters = self.graph.parameters.saturating_add(stored.entries);
            match &stored.external {
                Some(external) if self.main => self.graph.external.push(external.clone()),
                Some(_) => return Err(self.misplaced(stored.name)),
                None => {}
            }
        }
        body.nodes.iter().try_for_each(|node| self.node(node))
    }

    fn misplaced(&self, name: &str) -> PackError {
        let found = format!("data outside of the file for tensor {name:?}");
        self.refused(found, "only weights of the main graph may have it; export the model anew")
    }

    fn node(&mut self, node: &Node<'_>) -> Result<(), PackError> {
        self.graph.nodes += 1;
        let Node { operator, domain, .. } = *node;
        if !DOMAINS.contains(&domain) && !self.functions.contains_key(&(domain, operator, node.overload)) {
            let cure = "it would need a library of code, which a pack cannot bring; export the model with standard \
                        operators";
            return Err(self.refused(format!("operator {operator:?} of domain {domain:?}"), cure));
        }
        // A compiled model in disguise, which makes a provider open any file that it names.
        if operator == "EPContext" {
            let found = "a model compiled for one device (EPContext)".to_owned();
            return Err(self.refused(found, "use the model that it was compiled from"));
        }
        for (place, attribute) in node.attributes.iter().enumerate() {
            if place >= limits::ATTRIBUTES {
                let (found, limit) = (node.attributes.len() as u64, limits::ATTRIBUTES as u64);
                return Err(too_large(self.file, "the number of a node's attributes", found, limit));
            }
            if node.attributes[..place].iter().any(|other| other.name == attribute.name) {
                return Err(self.corrupt(format!("a node has attribute {:?} twice", attribute.name)));
            }
            match &attribute.value {
                AttributeValue::Tensor(stored) => {
                    if stored.external.is_some() {
                        return Err(self.misplaced(stored.name));
                    }
                    self.graph.parameters = self.graph.parameters.saturating_add(stored.entries);
                }
                AttributeValue::Graph(body) => {
                    let main = std::mem::replace(&mut self.main, false);
                    self.body(body)?;
                    self.main = main;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Bounds what the graph grows to when ONNX Runtime puts every function in its place: one that calls another twice,
    /// which calls a third twice, and so on, is small in the file and fills the memory.
    fn expanded(&self, model: &'a Model<'a>) -> Result<(), PackError> {
        let mut known = HashMap::new();
        let nodes = self.expanded_nodes(&model.graph.nodes, &mut known, 0)?;
        match nodes > limits::NODES {
            true => {
                let what = "the number of nodes with all functions in place";
                Err(too_large(self.file, what, nodes as u64, limits::NODES as u64))
            }
            false => Ok(()),
        }
    }

    fn expanded_nodes(
        &self,
        nodes: &[Node<'_>],
        known: &mut HashMap<*const Function<'a>, Option<usize>>,
        depth: usize,
    ) -> Result<usize, PackError> {
        if depth > limits::CALL_DEPTH {
            let (found, limit) = (depth as u64, limits::CALL_DEPTH as u64);
            return Err(too_large(self.file, "the depth of functions and subgraphs", found, limit));
        }
        let mut total = nodes.len();
        for node in nodes {
            if let Some(function) = self.functions.get(&(node.domain, node.operator, node.overload)) {
                let key = std::ptr::from_ref::<Function<'a>>(function);
                let inner = match known.get(&key) {
                    Some(Some(nodes)) => *nodes,
                    Some(None) => {
                        let message = format!("function {:?} calls itself", node.operator);
                        return Err(self.corrupt(message));
                    }
                    None => {
                        known.insert(key, None);
                        let nodes = self.expanded_nodes(&function.nodes, known, depth + 1)?;
                        known.insert(key, Some(nodes));
                        nodes
                    }
                };
                total = total.saturating_add(inner);
            }
            for attribute in &node.attributes {
                if let AttributeValue::Graph(body) = &attribute.value {
                    total = total.saturating_add(self.expanded_nodes(&body.nodes, known, depth + 1)?);
                }
            }
        }
        Ok(total)
    }

    /// Inputs, outputs, and which operator makes each output: from the main graph alone.
    fn signature(&mut self, graph: &Body<'_>) -> Result<(), PackError> {
        // Old files list their weights among the inputs.
        let stored: HashSet<_> = graph.stored.iter().map(|stored| stored.name).collect();
        let inputs = graph.inputs.iter().filter(|port| !stored.contains(port.name));
        self.graph.inputs = self.ports("the number of inputs", inputs)?;
        self.graph.outputs = self.ports("the number of outputs", graph.outputs.iter())?;
        if self.graph.outputs.is_empty() {
            return Err(self.corrupt("its graph has no output"));
        }
        let made: HashMap<_, _> = graph
            .nodes
            .iter()
            .flat_map(|node| node.outputs.iter().map(move |name| (*name, node.operator)))
            .collect();
        let operator = |port: &Port| made.get(port.name.as_str()).copied().unwrap_or_default().to_owned();
        self.graph.output_operators = self.graph.outputs.iter().map(operator).collect();
        Ok(())
    }

    fn ports<'p>(
        &self,
        what: &str,
        declared: impl Iterator<Item = &'p super::value_info::Port<'p>>,
    ) -> Result<Vec<Port>, PackError> {
        let mut ports: Vec<Port> = Vec::new();
        for port in declared {
            if ports.len() == limits::PORTS {
                return Err(too_large(self.file, what, 1 + limits::PORTS as u64, limits::PORTS as u64));
            }
            let port = port.declared().map_err(|error| nonsense(self.file, error))?;
            if ports.iter().any(|other| other.name == port.name) {
                return Err(self.corrupt(format!("two of its inputs or outputs are named {:?}", port.name)));
            }
            self.check_size(&port)?;
            ports.push(port);
        }
        Ok(ports)
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
            let (file, found) = (self.file.to_owned(), port.to_string());
            return Err(PackError::TooLarge { file, what, found, limit: "2 GiB".to_owned() });
        }
        Ok(())
    }
}
