//! Any bytes as a model: a graph whose sizes are known, or one line.

#![no_main]

use klangbild_engine::pack::graph::{Dim, Element, Graph};
use klangbild_engine::pack::sizes::{self, Given};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let graph = match Graph::read("a.onnx", bytes) {
        Ok(graph) => graph,
        Err(error) => return assert!(!error.to_string().contains('\n'), "{error}"),
    };
    let shapes: Vec<Vec<i64>> = graph
        .inputs
        .iter()
        .map(|port| {
            let length = |dim: &Dim| match dim {
                Dim::Fixed(length) => (*length).min(4096) as i64,
                Dim::Open(_) => 7,
            };
            port.shape.iter().flatten().map(length).collect()
        })
        .collect();
    let values = [3.0];
    let inputs: Vec<Given<'_>> = graph
        .inputs
        .iter()
        .zip(&shapes)
        .map(|(port, shape)| Given {
            name: &port.name,
            element: port.element.unwrap_or(Element::FLOAT32),
            shape,
            values: shape.is_empty().then_some(&values[..]),
        })
        .collect();
    if let Err(error) = sizes::check("a.onnx", bytes, &inputs) {
        assert!(!error.to_string().contains('\n'), "{error}");
    }
});
