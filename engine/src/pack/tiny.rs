//! Tiny models for tests, written byte by byte.

use super::wire::Writer;

/// A float32 input or output.
pub fn port(name: &str, dims: &[i64]) -> Vec<u8> {
    typed_port(name, 1, dims)
}

/// An input or output of any element type; a negative length is open.
pub fn typed_port(name: &str, element: u64, dims: &[i64]) -> Vec<u8> {
    let shape = dims.iter().fold(Writer::default(), |shape, &dim| {
        let dim = match u64::try_from(dim) {
            Ok(length) => Writer::default().number(1, length),
            Err(_) => Writer::default().bytes(2, "open"),
        };
        shape.bytes(1, dim.finish())
    });
    let dense = Writer::default().number(1, element).bytes(2, shape.finish()).finish();
    Writer::default().bytes(1, name).bytes(2, Writer::default().bytes(1, dense).finish()).finish()
}

/// A stored float32 tensor.
pub fn tensor(name: &str, dims: &[i64], values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let start = dims.iter().fold(Writer::default(), |tensor, &dim| tensor.number(1, dim as u64));
    start.number(2, 1).bytes(8, name).bytes(9, raw).finish()
}

/// A stored int64 tensor.
pub fn whole_tensor(name: &str, values: &[i64]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Writer::default().number(1, values.len() as u64).number(2, 7).bytes(8, name).bytes(9, raw).finish()
}

/// A node of the standard operators without attributes.
pub fn node(operator: &str, inputs: &[&str], outputs: &[&str]) -> Vec<u8> {
    let start = inputs.iter().fold(Writer::default(), |node, input| node.bytes(1, input));
    let node = outputs.iter().fold(start, |node, output| node.bytes(2, output));
    node.bytes(4, operator).finish()
}

/// The same with attributes.
pub fn node_with(operator: &str, inputs: &[&str], outputs: &[&str], attributes: &[Vec<u8>]) -> Vec<u8> {
    let attributes = attributes.iter().fold(Writer::default(), |node, attribute| node.bytes(5, attribute));
    [node(operator, inputs, outputs), attributes.finish()].concat()
}

/// An attribute that is a whole number.
pub fn int(name: &str, value: i64) -> Vec<u8> {
    Writer::default().bytes(1, name).number(3, value as u64).number(20, 2).finish()
}

/// An attribute that is several whole numbers.
pub fn ints(name: &str, values: &[i64]) -> Vec<u8> {
    let start = Writer::default().bytes(1, name);
    values.iter().fold(start, |attribute, value| attribute.number(8, *value as u64)).number(20, 7).finish()
}

/// An attribute that is a text.
pub fn text(name: &str, value: &str) -> Vec<u8> {
    Writer::default().bytes(1, name).bytes(4, value).number(20, 3).finish()
}

/// An attribute that is a graph.
pub fn graph(name: &str, graph: &Tiny) -> Vec<u8> {
    Writer::default().bytes(1, name).bytes(6, graph.graph()).number(20, 5).finish()
}

/// A function of domain "own".
pub fn function(name: &str, inputs: &[&str], outputs: &[&str], nodes: &[Vec<u8>]) -> Vec<u8> {
    let start = Writer::default().bytes(1, name);
    let function = inputs.iter().fold(start, |function, input| function.bytes(4, input));
    let function = outputs.iter().fold(function, |function, output| function.bytes(5, output));
    let function = nodes.iter().fold(function, |function, node| function.bytes(7, node));
    function.bytes(9, Writer::default().bytes(1, "").number(2, 17).finish()).bytes(10, "own").finish()
}

/// A call of a function of domain "own".
pub fn call(name: &str, inputs: &[&str], outputs: &[&str]) -> Vec<u8> {
    [node(name, inputs, outputs), Writer::default().bytes(7, "own").finish()].concat()
}

/// A model of opset 17 (IR version 8).
#[derive(Clone, Debug, Default)]
pub struct Tiny {
    pub nodes: Vec<Vec<u8>>,
    pub tensors: Vec<Vec<u8>>,
    pub inputs: Vec<Vec<u8>>,
    pub outputs: Vec<Vec<u8>>,
    pub functions: Vec<Vec<u8>>,
}

impl Tiny {
    pub fn graph(&self) -> Vec<u8> {
        let mut graph = Writer::default().bytes(2, "tiny");
        for (field, parts) in [(1, &self.nodes), (5, &self.tensors), (11, &self.inputs), (12, &self.outputs)]
        {
            graph = parts.iter().fold(graph, |graph, part| graph.bytes(field, part));
        }
        graph.finish()
    }

    pub fn model(&self) -> Vec<u8> {
        self.model_of(8, 17)
    }

    /// Of these versions of the file format and of the operator set.
    pub fn model_of(&self, ir: u64, opset: u64) -> Vec<u8> {
        let set = |domain: &str, version: u64| Writer::default().bytes(1, domain).number(2, version).finish();
        let model = Writer::default().number(1, ir).bytes(2, "tiny").bytes(7, self.graph());
        let model = model.bytes(8, set("", opset));
        match self.functions.as_slice() {
            [] => model.finish(),
            functions => functions
                .iter()
                .fold(model.bytes(8, set("own", 1)), |model, function| model.bytes(25, function))
                .finish(),
        }
    }
}

/// An encoder of `window` samples: the embedding is the first `dim` samples, times 2 plus 0.5.
pub fn encoder(window: i64, dim: i64) -> Tiny {
    Tiny {
        nodes: vec![
            node("Slice", &["audio", "start", "end", "axis"], &["first"]),
            node("Mul", &["first", "two"], &["twice"]),
            node("Add", &["twice", "half"], &["embedding"]),
        ],
        tensors: vec![
            whole_tensor("start", &[0]),
            whole_tensor("end", &[dim]),
            whole_tensor("axis", &[1]),
            tensor("two", &[], &[2.0]),
            tensor("half", &[], &[0.5]),
        ],
        inputs: vec![port("audio", &[1, window])],
        outputs: vec![port("embedding", &[1, dim])],
        ..Tiny::default()
    }
}

/// A generator that multiplies the first latent entry into a grey ramp in three channels and squashes it to -1 to 1.
pub fn generator(latent: i64, side: i64) -> Tiny {
    generator_at(latent, side, side)
}

/// The same, of another shape.
pub fn generator_at(latent: i64, width: i64, height: i64) -> Tiny {
    let count = (3 * width * height) as usize;
    let ramp: Vec<f32> = (0..count).map(|place| place as f32 / count as f32 * 2.0 - 1.0).collect();
    Tiny {
        nodes: vec![
            node("Slice", &["z", "start", "end", "axis"], &["one"]),
            node("Reshape", &["one", "shape"], &["four"]),
            node("Mul", &["four", "ramp"], &["lit"]),
            node("Tanh", &["lit"], &["image"]),
        ],
        tensors: vec![
            whole_tensor("start", &[0]),
            whole_tensor("end", &[1]),
            whole_tensor("axis", &[1]),
            whole_tensor("shape", &[1, 1, 1, 1]),
            tensor("ramp", &[1, 3, height, width], &ramp),
        ],
        inputs: vec![port("z", &[1, latent])],
        outputs: vec![port("image", &[1, 3, height, width])],
        ..Tiny::default()
    }
}

/// [`generator`] of 4 and 16 px, but without numbers where the latent's first entry is over 1: a root of what is left to 1.
pub fn fragile_generator() -> Tiny {
    let mut tiny = generator(4, 16);
    tiny.tensors.push(tensor("whole", &[], &[1.0]));
    tiny.nodes[1] = node("Reshape", &["root", "shape"], &["four"]);
    tiny.nodes.insert(1, node("Sub", &["whole", "one"], &["left"]));
    tiny.nodes.insert(2, node("Sqrt", &["left"], &["root"]));
    tiny
}

/// A manifest for [`encoder`] (100 samples at 8 kHz, 8 long) and [`generator`] (4 long, 16 px).
pub const MANIFEST: &str = r#"
format = 1
name = "tiny"
title = "Tiny"
version = "0.1.0"
authors = ["Tests"]
licence = "CC0-1.0"
description = "A grey ramp."

[encoder]
file = "encoder.onnx"
sample_rate_hz = 8000
window_s = 0.0125
input = "audio"
embedding = "embedding"

[generator]
file = "generator.onnx"
latent = "z"
image = "image"
range = [-1.0, 1.0]
"#;
