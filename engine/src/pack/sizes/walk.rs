//! The nodes of a graph in order, with what is alive at each.

use std::collections::HashMap;

use super::Sizes;
use super::operators::{self, Attributes, Call, Made, Trouble};
use super::tensor::{FOLLOWED, Length, Tensor};
use super::{values, work};
use crate::pack::graph::tensor::Stored;
use crate::pack::graph::tree::{AttributeValue, Body, Function, Model, Node};
use crate::pack::limits;

/// Values by name, and where to look for those of the graph around a subgraph.
pub struct Scope<'s, 't> {
    values: HashMap<&'t str, Tensor>,
    around: Option<&'s Scope<'s, 't>>,
    /// The attributes of the call that a function's nodes may refer to.
    attributes: Option<&'s Attributes<'t>>,
}

impl<'t> Scope<'_, 't> {
    fn find(&self, name: &str) -> Option<&Tensor> {
        self.values.get(name).or_else(|| self.around?.find(name))
    }
}

/// Goes through a graph and adds up.
pub struct Walk<'t> {
    functions: HashMap<(&'t str, &'t str, &'t str), &'t Function<'t>>,
    /// Bytes of what is alive now, and at most so far. Weights are not among them.
    live: u64,
    peak: u64,
    folded: u64,
    stored: u64,
    work: u64,
    steps: usize,
    depth: usize,
}

impl<'t> Walk<'t> {
    /// Knows the functions of `model`.
    pub fn new(model: &'t Model<'t>) -> Self {
        let functions = model.functions.iter().map(|function| (function.key, function)).collect();
        Self { functions, live: 0, peak: 0, folded: 0, stored: 0, work: 0, steps: 0, depth: 0 }
    }

    /// What was found.
    pub fn sizes(&self) -> Sizes {
        Sizes { working_bytes: self.peak, folded_bytes: self.folded, work: self.work }
    }

    /// The main graph, with its inputs; its outputs, in order.
    pub fn graph(
        &mut self,
        body: &'t Body<'t>,
        given: HashMap<&'t str, Tensor>,
    ) -> Result<Vec<Tensor>, Trouble> {
        for (name, tensor) in &given {
            self.grow(tensor.bytes(), || format!("input {name:?}"))?;
        }
        self.nodes(&body.nodes, &body.stored, &outputs(body), given, None, None)
    }

    /// A subgraph, with its inputs in order; the graph around it lends its values.
    pub fn subgraph(
        &mut self,
        body: &'t Body<'t>,
        inputs: Vec<Tensor>,
        around: &Scope<'_, 't>,
    ) -> Result<Vec<Tensor>, Trouble> {
        let names = body.inputs.iter().map(|port| port.name);
        let given = names.zip(inputs).collect();
        let attributes = around.attributes;
        self.nodes(&body.nodes, &body.stored, &outputs(body), given, Some(around), attributes)
    }

    fn function(
        &mut self,
        function: &'t Function<'t>,
        node: &'t Node<'t>,
        scope: &Scope<'_, 't>,
    ) -> Result<Vec<Tensor>, Trouble> {
        let mut attributes: Attributes<'t> =
            function.defaults.iter().map(|default| (default.name, &default.value)).collect();
        for attribute in &node.attributes {
            let value = match &attribute.value {
                AttributeValue::Outer(name) => scope.attributes.and_then(|outer| outer.get(name)).copied(),
                value => Some(value),
            };
            attributes.extend(value.map(|value| (attribute.name, value)));
        }
        let mut given = HashMap::new();
        for (name, input) in function.inputs.iter().zip(&node.inputs) {
            if !input.is_empty() {
                given.insert(*name, self.find(scope, node, input)?.clone());
            }
        }
        self.nodes(&function.nodes, &[], &function.outputs, given, None, Some(&attributes))
    }

    fn find<'s>(&self, scope: &'s Scope<'_, 't>, node: &Node<'_>, name: &str) -> Result<&'s Tensor, Trouble> {
        scope.find(name).ok_or_else(|| {
            Trouble::Nonsense(format!("{:?} reads {name:?}, which nothing before it makes", node.operator))
        })
    }

    fn nodes(
        &mut self,
        nodes: &'t [Node<'t>],
        stored: &'t [Stored<'t>],
        outputs: &[&'t str],
        given: HashMap<&'t str, Tensor>,
        around: Option<&Scope<'_, 't>>,
        attributes: Option<&Attributes<'t>>,
    ) -> Result<Vec<Tensor>, Trouble> {
        self.depth += 1;
        if self.depth > limits::CALL_DEPTH {
            return Err(Trouble::Nonsense(
                "its functions and subgraphs lie too deep in each other".to_owned(),
            ));
        }
        let (last, looked_at) = last_uses(nodes, outputs);
        self.steps += looked_at;
        let mut scope = Scope { values: given, around, attributes };
        for stored in stored {
            self.steps += stored.fields;
            self.stored = self.stored.saturating_add(stored.bytes());
            scope.values.insert(stored.name, weight(stored));
        }
        let (before, mut alive) = (self.live, HashMap::new());
        for (place, node) in nodes.iter().enumerate() {
            self.steps += 1;
            if self.steps > limits::SIZING_STEPS {
                return Err(Trouble::TooLong);
            }
            let made = self.node(node, &scope)?;
            for (name, mut tensor) in node.outputs.iter().zip(made) {
                let read = last.get(name).is_some_and(|last| *last > place);
                if read && !tensor.fixed {
                    alive.insert(*name, tensor.bytes());
                } else {
                    self.live -= tensor.bytes();
                }
                if !read {
                    tensor.values = None;
                }
                if !name.is_empty() && scope.values.insert(name, tensor).is_some() {
                    return Err(Trouble::Nonsense(format!("two of its nodes make {name:?}")));
                }
            }
            for name in node.inputs.iter().filter(|name| last.get(*name) == Some(&place)) {
                self.live -= alive.remove(name).unwrap_or(0);
                if let Some(tensor) = scope.values.get_mut(name) {
                    tensor.values = None;
                }
            }
        }
        let found = outputs.iter().map(|name| {
            let missing = || Trouble::Nonsense(format!("its output {name:?} is made by nothing"));
            scope.find(name).cloned().ok_or_else(missing)
        });
        let found = found.collect();
        self.live = before;
        self.depth -= 1;
        found
    }

    /// What one node makes; it is alive when this returns.
    fn node(&mut self, node: &'t Node<'t>, scope: &Scope<'_, 't>) -> Result<Vec<Tensor>, Trouble> {
        let key = (node.domain, node.operator, node.overload);
        let Made { mut outputs, scratch } = match self.functions.get(&key).copied() {
            Some(function) => Made::from(self.function(function, node, scope)?),
            None => {
                let inputs = node.inputs.iter().map(|name| match name.is_empty() {
                    true => Ok(None),
                    false => self.find(scope, node, name).map(Some),
                });
                let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
                let call = Call { node, inputs, outer: scope.attributes };
                let mut made = operators::infer(&call, self, scope)?;
                let fixed = match node.operator {
                    "Shape" | "Size" if call.given(0).is_some_and(Tensor::is_exact) => true,
                    _ => call.inputs.iter().flatten().all(|input| input.fixed) && !call.has_subgraph(),
                };
                made.outputs.iter_mut().for_each(|output| output.fixed = fixed);
                values::follow(&call, &mut made.outputs);
                if fixed && node.operator != "Constant" {
                    let bytes =
                        made.outputs.iter().fold(0u64, |sum, output| sum.saturating_add(output.bytes()));
                    self.fold(node, bytes)?;
                }
                if !fixed {
                    self.work = self.work.saturating_add(work::of(&call, &made.outputs));
                }
                made
            }
        };
        outputs.truncate(node.outputs.len());
        if outputs.len() < node.outputs.len() {
            return Err(Trouble::Nonsense(format!("{:?} has too many outputs", node.operator)));
        }
        for (output, name) in outputs.iter().zip(&node.outputs) {
            if output.dims.as_ref().is_some_and(|dims| dims.len() > limits::RANK) {
                let most = limits::RANK;
                return Err(Trouble::Nonsense(format!("{name:?} has more than {most} dimensions")));
            }
            let bytes = output.bytes();
            let what = || format!("the size of {name:?}, made by {:?},", node.operator);
            if bytes > limits::VALUE_BYTES {
                return Err(Trouble::TooLarge { what: what(), bytes, limit: limits::VALUE_BYTES });
            }
            self.grow(bytes, what)?;
        }
        let what = || format!("what {:?} needs to work", node.operator);
        self.grow(scratch, what)?;
        self.live -= scratch;
        Ok(outputs)
    }

    fn grow(&mut self, bytes: u64, what: impl Fn() -> String) -> Result<(), Trouble> {
        self.live = self.live.saturating_add(bytes);
        self.peak = self.peak.max(self.live);
        match self.live > limits::WORKING_BYTES {
            true => {
                let what = format!("the memory that its values take together, with {}", what());
                Err(Trouble::TooLarge { what, bytes: self.live, limit: limits::WORKING_BYTES })
            }
            false => Ok(()),
        }
    }

    fn fold(&mut self, node: &Node<'_>, bytes: u64) -> Result<(), Trouble> {
        self.folded = self.folded.saturating_add(bytes);
        let limit = limits::FOLDED_BYTES.saturating_add(4 * self.stored.min(limits::PACK_BYTES));
        match self.folded > limit {
            true => {
                let what = format!("the size of what it makes of constants alone, with {:?},", node.operator);
                Err(Trouble::TooLarge { what, bytes: self.folded, limit })
            }
            false => Ok(()),
        }
    }
}

fn outputs<'t>(body: &Body<'t>) -> Vec<&'t str> {
    body.outputs.iter().map(|port| port.name).collect()
}

fn weight(stored: &Stored<'_>) -> Tensor {
    let mut tensor = Tensor::new(stored.element, stored.dims.iter().copied().map(Length::exactly).collect());
    tensor.values = stored.numbers(FOLLOWED).map(|numbers| numbers.into_iter().map(Some).collect());
    tensor.fixed = true;
    tensor
}

/// For each name the place of the node that reads it last; outputs are read after all. And how many names that are.
fn last_uses<'t>(nodes: &'t [Node<'t>], outputs: &[&'t str]) -> (HashMap<&'t str, usize>, usize) {
    fn note<'t>(nodes: &'t [Node<'t>], place: Option<usize>, last: &mut HashMap<&'t str, usize>) -> usize {
        let mut count = 0;
        for (own, node) in nodes.iter().enumerate() {
            let place = place.unwrap_or(own);
            last.extend(node.inputs.iter().map(|name| (*name, place)));
            count += 1 + node.inputs.len() + node.outputs.len();
            for attribute in &node.attributes {
                if let AttributeValue::Graph(body) = &attribute.value {
                    count += body.outputs.len() + note(&body.nodes, Some(place), last);
                    last.extend(body.outputs.iter().map(|port| (port.name, place)));
                }
            }
        }
        count
    }
    let mut last = HashMap::new();
    let count = note(nodes, None, &mut last);
    last.extend(outputs.iter().map(|name| (*name, usize::MAX)));
    (last, count + outputs.len())
}
