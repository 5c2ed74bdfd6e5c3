//! Real runs on ONNX Runtime. They need the library: `cargo xtask setup` puts it where `cargo test` finds it.

mod parity;

use std::sync::Arc;

use super::*;
use crate::pack::files::PackFiles;
use crate::pack::graph::Graph;
use crate::pack::tiny::{self, MANIFEST, Tiny, node, port, tensor};
use crate::pack::wire::Writer;
use crate::pack::{Model, Pack};
use crate::picture::Picture;

fn options() -> Options {
    Options { threads: 1, providers: vec![Provider::Cpu], ..Options::default() }
}

fn model(tiny: &Tiny) -> Model {
    let bytes = tiny.model();
    let graph = Graph::read("tiny.onnx", &bytes).unwrap();
    Model {
        file: "tiny.onnx".to_owned(),
        bytes: bytes.into(),
        external: Vec::new(),
        graph,
        on_processor: None,
        half: None,
        is_foreign: false,
    }
}

/// A pack of the tiny encoder and the given generator.
fn pack(manifest: &str, generator: &Tiny, more: &[(&str, Vec<u8>)]) -> Pack {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("pack.toml", manifest.as_bytes());
    write("encoder.onnx", &tiny::encoder(100, 8).model());
    write("generator.onnx", &generator.model());
    more.iter().for_each(|(name, bytes)| write(name, bytes));
    Pack::from_files(&PackFiles::open(folder.path()).unwrap()).unwrap()
}

#[test]
fn the_encoder_normalises_its_embedding() {
    let runtime = Runtime::load().unwrap();
    assert!(runtime.version().starts_with("1."), "{}", runtime.version());
    let mut encoder =
        Encoder::new(&runtime, &pack(MANIFEST, &tiny::generator(4, 16), &[]), &options()).unwrap();
    assert_eq!((encoder.window_samples(), encoder.sample_rate_hz(), encoder.embedding_dim()), (100, 8000, 8));
    let mut window = vec![0.0; 100];
    window[1] = 1.0;
    let embedding = encoder.encode(&window).unwrap();
    let norm = embedding.vector.iter().map(|entry| entry * entry).sum::<f32>();
    assert!((norm - 1.0).abs() < 1e-5);
    assert!((embedding.vector[1] / embedding.vector[0] - 5.0).abs() < 1e-4, "{:?}", embedding.vector);
    assert_eq!(encoder.timings().runs, 1);
    let error = encoder.encode(&window[1..]).unwrap_err().to_string();
    assert!(error.contains("window has 99 entries, expected 100"), "{error}");
}

#[test]
fn a_generator_without_an_embedding_is_moved_by_it() {
    let runtime = Runtime::load().unwrap();
    let pack = pack(MANIFEST, &tiny::generator(4, 16), &[]);
    let mut generator = Generator::new(&runtime, &pack, &options()).unwrap();
    assert_eq!((generator.latent_dim(), generator.embedding_dim(), generator.size_px()), (4, 8, (16, 16)));
    let mut paint = |embedding: [f32; 8]| {
        let mut out = Picture::default();
        generator.generate(&[0.5; 4], &embedding, 1.5, &mut out).unwrap();
        out
    };
    let one = paint([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!((one.width_px, one.height_px, one.pixels.len(), one.time_s), (16, 16, 256, 1.5));
    assert_ne!(one, paint([0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
    assert_eq!(one, paint([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
}

/// An image of four entries of "x" as red, and a constant as green and blue.
fn joined_generator() -> Tiny {
    Tiny {
        nodes: vec![
            node("Mul", &["x", "gain"], &["scaled"]),
            node("Reshape", &["scaled", "shape"], &["red"]),
            node("Concat", &["red", "zeros", "zeros"], &["image"]),
        ],
        tensors: vec![tiny::whole_tensor("shape", &[1, 1, 3, 4]), tensor("zeros", &[1, 1, 3, 4], &[0.0; 12])],
        inputs: vec![port("x", &[1, 12, 1, 1]), port("gain", &[1])],
        outputs: vec![port("image", &[1, 3, 3, 4])],
        ..Tiny::default()
    }
}

#[test]
fn a_joined_input_keeps_its_order_and_constants_their_values() {
    let runtime = Runtime::load().unwrap();
    let mut tiny = joined_generator();
    // Concat needs its axis: attribute "axis", an int, 1.
    let axis = Writer::default().bytes(1, "axis").number(3, 1).number(20, 2).finish();
    let concat = tiny.nodes.pop().unwrap();
    tiny.nodes.push([concat, Writer::default().bytes(5, axis).finish()].concat());
    let joined = "joined = { input = \"x\", order = [\"embedding\", \"latent\"] }
        constants = [{ input = \"gain\", values = [0.5] }]\nembedding_norm = 2.0";
    let manifest =
        MANIFEST.replace("latent = \"z\"", joined).replace("range = [-1.0, 1.0]", "range = [0.0, 1.0]");
    let pack = pack(&manifest, &tiny, &[]);
    let mut generator = Generator::new(&runtime, &pack, &options()).unwrap();
    assert_eq!(generator.latent_dim(), 4);
    let mut out = Picture::default();
    let embedding = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    generator.generate(&[0.0, 0.0, 0.0, 2.0], &embedding, 0.0, &mut out).unwrap();
    let red: Vec<f32> = out.pixels.iter().map(|pixel| pixel[0].to_f32()).collect();
    // First the embedding's 1.0 at norm 2.0 and gain 0.5, last the latent's 2.0 at gain 0.5.
    let expected: Vec<f32> = (0..12).map(|place| f32::from(u8::from(place == 0 || place == 11))).collect();
    assert_eq!(red, expected);
}

#[test]
fn values_that_are_no_numbers_are_an_error_that_names_the_output() {
    let runtime = Runtime::load().unwrap();
    let mut tiny = tiny::generator(4, 16);
    tiny.nodes.pop();
    tiny.nodes.push(node("Log", &["lit"], &["image"]));
    let error = Generator::new(&runtime, &pack(MANIFEST, &tiny, &[]), &options()).err().unwrap().to_string();
    assert!(
        error.contains("generator.onnx") && error.contains("\"image\"") && error.contains("finite"),
        "{error}"
    );
}

#[test]
fn a_picture_without_numbers_is_left_out_and_many_in_a_row_are_the_end() {
    let runtime = Runtime::load().unwrap();
    let manifest = MANIFEST.replace("latent = \"z\"", "latent = \"z\"\nembedding = \"e\"");
    let mut tiny = tiny::fragile_generator();
    tiny.inputs.push(port("e", &[1, 8]));
    let mut generator = Generator::new(&runtime, &pack(&manifest, &tiny, &[]), &options()).unwrap();
    let (embedding, mut out) = ([0.5; 8], Picture::default());
    generator.generate(&[0.5; 4], &embedding, 1.0, &mut out).unwrap();
    let good = out.clone();
    let odd = generator.generate(&[2.0; 4], &embedding, 2.0, &mut out).unwrap_err();
    assert!(odd.is_passing() && odd.to_string().contains("finite"), "{odd}");
    assert_eq!(out, good);
    generator.generate(&[0.5; 4], &embedding, 1.0, &mut out).unwrap();
    assert_eq!(out, good);
    assert_eq!((generator.timings().runs, generator.timings().not_finite), (3, 1));
    let mut odd = || generator.generate(&[2.0; 4], &embedding, 2.0, &mut out).unwrap_err();
    assert!((1..network::ODD_IN_A_ROW).all(|_| odd().is_passing()));
    let last = odd();
    assert!(!last.is_passing() && last.to_string().contains("1000 times in a row"), "{last}");
}

#[test]
fn a_model_that_makes_no_numbers_of_zeros_alone_is_loaded() {
    let runtime = Runtime::load().unwrap();
    let mut tiny = tiny::generator(4, 16);
    // z over its own length.
    tiny.nodes[0] = node("Slice", &["even", "start", "end", "axis"], &["one"]);
    tiny.nodes.insert(0, node("ReduceL2", &["z"], &["length"]));
    tiny.nodes.insert(1, node("Div", &["z", "length"], &["even"]));
    let mut generator = Generator::new(&runtime, &pack(MANIFEST, &tiny, &[]), &options()).unwrap();
    generator.generate(&[0.5; 4], &[0.1; 8], 0.0, &mut Picture::default()).unwrap();
}

#[test]
fn an_empty_constant_reaches_the_graph() {
    let runtime = Runtime::load().unwrap();
    let mut tiny = tiny::generator(4, 16);
    let axis = tiny::int("axis", 1);
    tiny.nodes[0] = node("Slice", &["all", "start", "end", "axis"], &["one"]);
    tiny.nodes.insert(0, tiny::node_with("Concat", &["z", "c"], &["all"], &[axis]));
    tiny.inputs.push(port("c", &[1, 0]));
    let manifest =
        MANIFEST.replace("latent = \"z\"", "latent = \"z\"\nconstants = [{ input = \"c\", values = [] }]");
    let mut generator = Generator::new(&runtime, &pack(&manifest, &tiny, &[]), &options()).unwrap();
    generator.generate(&[0.5; 4], &[0.1; 8], 0.0, &mut Picture::default()).unwrap();
}

#[test]
fn a_graph_that_onnx_runtime_refuses_is_an_error_on_one_line() {
    let runtime = Runtime::load().unwrap();
    let mut tiny = tiny::generator(4, 16);
    tiny.nodes[3] = node("Tanh", &["lit", "lit"], &["image"]);
    let error = Generator::new(&runtime, &pack(MANIFEST, &tiny, &[]), &options()).err().unwrap().to_string();
    assert!(error.contains("Tanh") && error.contains("pack check") && !error.contains('\n'), "{error}");
    assert!(!error.contains(".cc:") && !error.contains(".h:"), "{error}");
    // The shape that the file promises is not the one that it gives.
    let mut tiny = tiny::generator(4, 16);
    tiny.outputs = vec![port("image", &[1, 3, -1, -1])];
    let manifest = MANIFEST.replace("image = \"image\"", "image = \"image\"\nwidth_px = 8\nheight_px = 8");
    let error = Generator::new(&runtime, &pack(&manifest, &tiny, &[]), &options()).err().unwrap().to_string();
    assert!(error.contains("generator.onnx") && error.contains("Got: 8 Expected: 16"), "{error}");
}

#[test]
fn a_graph_that_never_ends_is_given_up() {
    let runtime = Runtime::load().unwrap();
    // image = z, after a loop without an end: Loop(most = "", condition = true) { keep on }.
    let flag = |name: &str| tiny::typed_port(name, 9, &[]);
    let body = Tiny {
        nodes: vec![node("Identity", &["go"], &["go_on"]), node("Add", &["state", "state"], &["next"])],
        tensors: Vec::new(),
        inputs: vec![tiny::typed_port("round", 7, &[]), flag("go"), port("state", &[1, 4])],
        outputs: vec![flag("go_on"), port("next", &[1, 4])],
        ..Tiny::default()
    };
    let repeat = tiny::node_with("Loop", &["", "yes", "z"], &["looped"], &[tiny::graph("body", &body)]);
    let mut tiny = tiny::generator(4, 16);
    let yes = Writer::default().number(2, 9).bytes(8, "yes").bytes(9, [1u8]).finish();
    tiny.tensors.push(yes);
    tiny.nodes[0] = node("Slice", &["looped", "start", "end", "axis"], &["one"]);
    tiny.nodes.insert(0, repeat);
    let model = model(&tiny);
    let ports = || network::Ports {
        inputs: vec![("z".to_owned(), vec![1, 4])],
        constants: Vec::new(),
        outputs: vec![("image".to_owned(), vec![1, 3, 16, 16])],
        samples: Vec::new(),
    };
    let limits = network::Limits { first_run: Duration::from_millis(200), ..network::Limits::default() };
    let error = network::Network::with_limits(&runtime, &model, &ports(), &options(), limits).err().unwrap();
    assert!(matches!(error, InferenceError::TimedOut { .. }), "{error}");
}

#[test]
fn asking_for_a_provider_that_is_not_there_runs_on_the_cpu_and_says_so() {
    let runtime = Runtime::load().unwrap();
    let absent = if cfg!(target_os = "macos") { Provider::DirectMl } else { Provider::CoreMl };
    let options = Options { providers: vec![absent], ..options() };
    let pack = pack(MANIFEST, &tiny::generator(4, 16), &[]);
    let generator = Generator::new(&runtime, &pack, &options).unwrap();
    assert_eq!(generator.provider(), Provider::Cpu);
    let [fallback] = generator.fallbacks() else { panic!("{:?}", generator.fallbacks()) };
    assert_eq!(fallback.provider, absent);
    assert!(fallback.reason.contains("built without"), "{}", fallback.reason);
    assert!(generator.network().nodes_by_provider().iter().all(|(name, _)| name == "CPUExecutionProvider"));
    assert!(!generator.network().nodes_by_provider().is_empty());
}

#[test]
fn the_probe_finds_the_cpu_working() {
    let probes = probe(&Runtime::load().unwrap());
    let cpu = probes.iter().find(|probe| probe.provider == Provider::Cpu).unwrap();
    assert_eq!(cpu.problem, None);
}

#[test]
fn weights_beside_the_model_reach_the_graph() {
    let runtime = Runtime::load().unwrap();
    let entry = |key: &str, value: &str| Writer::default().bytes(1, key).bytes(2, value).finish();
    let mut tiny = Tiny {
        nodes: vec![node("Add", &["x", "beside"], &["y"])],
        tensors: Vec::new(),
        inputs: vec![port("x", &[1, 64])],
        outputs: vec![port("y", &[1, 64])],
        ..Tiny::default()
    };
    let stored = Writer::default().number(1, 1).number(1, 64).number(2, 1).bytes(8, "beside");
    let stored = stored.bytes(13, entry("location", "w.bin")).bytes(13, entry("length", "256"));
    tiny.tensors.push(stored.number(14, 1).finish());
    let mut model = model(&tiny);
    let weights: Vec<u8> = (0..64u8).flat_map(|place| f32::from(place).to_le_bytes()).collect();
    model.external.push(("w.bin".to_owned(), Arc::from(weights)));
    let ports = network::Ports {
        inputs: vec![("x".to_owned(), vec![1, 64])],
        constants: Vec::new(),
        outputs: vec![("y".to_owned(), vec![1, 64])],
        samples: Vec::new(),
    };
    let mut network = network::Network::new(&runtime, &model, &ports, &options()).unwrap();
    let sum = network.run(|_, x| x.fill(1.0), |outputs| Ok(outputs[0].iter().sum::<f32>())).unwrap();
    assert_eq!(sum, 64.0 + (0..64).sum::<i32>() as f32);
}
