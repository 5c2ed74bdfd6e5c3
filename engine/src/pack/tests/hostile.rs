//! Models that show one thing to whoever checks them and another to ONNX Runtime, or that are small and fill the memory.

use super::memory::peak_of;
use super::*;
use crate::pack::tiny::{call, function, node, port, tensor};

/// The tiny pack with another generator.
fn load_generator(model: Vec<u8>) -> Result<Pack, PackError> {
    let mut files = tiny_pack();
    set(&mut files, "generator.onnx", model);
    load(&files)
}

/// The message of the tiny generator's model that is its graph.
fn with_graph(change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let set = Writer::default().bytes(1, "").number(2, 17).finish();
    let graph = change(tiny::generator(4, 16).graph());
    Writer::default().number(1, 8).bytes(7, graph).bytes(8, set).finish()
}

#[test]
fn what_two_readers_could_read_in_two_ways_is_refused() {
    let generator = || tiny::generator(4, 16);
    let plain = generator().model();
    // A second graph: we would see the last, ONNX Runtime both, merged.
    let foreign = Writer::default().bytes(4, "Evil").bytes(7, "com.example").finish();
    let second = Writer::default().bytes(7, Writer::default().bytes(1, &foreign).finish()).finish();
    assert_error(load_generator([plain.clone(), second].concat()), &["generator.onnx", "graph", "twice"]);
    // An operator of two names.
    let mut twice = generator();
    twice.nodes[3] =
        [node("Evil", &["lit"], &["image"]), Writer::default().bytes(4, "Tanh").finish()].concat();
    assert_error(load_generator(twice.model()), &["op_type", "twice"]);
    // Data that is here and elsewhere.
    let entry = |key: &str, value: &str| Writer::default().bytes(1, key).bytes(2, value).finish();
    let mut outside = generator();
    let stored = Writer::default().number(1, 1).number(2, 1).bytes(8, "w").bytes(9, [0; 4]);
    let stored = stored.bytes(13, entry("location", "/etc/passwd")).number(14, 1).number(14, 0);
    outside.tensors.push(stored.finish());
    assert_error(load_generator(outside.model()), &["data_location", "twice"]);
    let mut outside = generator();
    let stored = Writer::default().number(1, 1).number(2, 1).bytes(8, "w");
    let stored = stored.bytes(13, entry("location", "w.bin")).bytes(13, entry("location", "/etc/passwd"));
    outside.tensors.push(stored.number(14, 1).finish());
    assert_error(load_generator(outside.model()), &["\"w\"", "location", "/etc/passwd"]);
    // A value that is of two types, a number too large for its field, and fields that nobody knows.
    let mut both = generator();
    both.nodes[3] = tiny::node_with(
        "Tanh",
        &["lit"],
        &["image"],
        &[Writer::default().bytes(1, "a").number(3, 1).bytes(4, "b").number(20, 2).finish()],
    );
    assert_error(load_generator(both.model()), &["\"a\"", "another type"]);
    let large =
        Writer::default().number(1, 4).number(2, (1 << 32) + 1).bytes(8, "large").bytes(9, [0; 16]).finish();
    let mut wide = generator();
    wide.tensors.push(large);
    assert_error(load_generator(wide.model()), &["data_type", "wrong kind"]);
    assert_error(load_generator(Writer::default().number(99, 1).finish()), &["field 99", "unknown"]);
    // A number with idle bytes.
    let idle = [&plain[..], &[0x28, 0x81, 0x00]].concat();
    assert_error(load_generator(idle), &["generator.onnx", "cannot be read"]);
    // The same name twice.
    let mut stored = generator();
    stored.tensors.push(tensor("ramp", &[1], &[1.0]));
    assert_error(load_generator(stored.model()), &["\"ramp\"", "twice"]);
    let mut made = generator();
    made.nodes.push(node("Tanh", &["lit"], &["image"]));
    assert_error(load_generator(made.model()), &["\"image\""]);
}

#[test]
fn onnx_runtime_is_given_no_format_and_no_address_of_its_own() {
    let mut model = with_graph(|graph| graph);
    model.splice(4..8, *b"ORTM");
    assert_error(load_generator(model), &["generator.onnx", "ONNX Runtime's own format"]);
    let entry = |key: &str, value: &str| Writer::default().bytes(1, key).bytes(2, value).finish();
    let mut address = tiny::generator(4, 16);
    let stored = Writer::default().number(1, 1).number(2, 1).bytes(8, "w");
    let stored = stored.bytes(13, entry("location", "*/_ORT_MEM_ADDR_/*")).bytes(13, entry("offset", "4096"));
    address.tensors.push(stored.number(14, 1).finish());
    assert_error(load_generator(address.model()), &["_ORT_MEM_ADDR_", "may not leave the pack"]);
}

#[test]
fn names_that_another_system_takes_for_something_else_are_refused() {
    for name in ["a/./w.onnx", "a//w.onnx", "w.onnx.", "w.onnx ", "nul.onnx", "COM1", "a:b.onnx", "w*.onnx"] {
        assert_error(load(&with_manifest("encoder.onnx", name)), &["refused", "every system"]);
    }
}

#[test]
fn versions_that_onnx_runtime_does_not_know_are_named_with_those_that_it_does() {
    let model = |ir, opset| load_generator(tiny::generator(4, 16).model_of(ir, opset));
    model(9, 17).unwrap();
    assert_error(model(9, 30), &["operator set", "7 to 26", "found 30", "opset_version = 17"]);
    assert_error(model(9, 6), &["operator set", "found 6"]);
    assert_error(model(14, 17), &["format (IR)", "1 to 13", "found 14"]);
}

#[test]
fn a_file_of_empty_messages_takes_no_memory() {
    // Two bytes each: an input, a node, a tensor, a metadata entry of the graph.
    for field in [11, 12, 1, 5, 16] {
        let empty = [field << 3 | 2, 0];
        let empty =
            if field == 16 { [0x82, 0x01].iter().chain(&[0]).copied().collect() } else { empty.to_vec() };
        let model = with_graph(|graph| [graph, empty.repeat(4_000_000)].concat());
        let (read, peak) = peak_of(|| Graph::read("empty.onnx", &model));
        let error = read.unwrap_err().to_string();
        assert!(error.contains("over the limit"), "{error}");
        assert!(peak < 1 << 20, "field {field}: {peak} bytes");
    }
    // Packed numbers of a byte each, which take eight.
    let packed =
        Writer::default().number(1, 100_000_000).number(2, 7).bytes(7, vec![0; 100_000_000]).finish();
    let model = with_graph(|graph| [graph, Writer::default().bytes(5, packed).finish()].concat());
    let (read, peak) = peak_of(|| Graph::read("packed.onnx", &model));
    let error = read.unwrap_err().to_string();
    assert!(error.contains("unpack to"), "{error}");
    assert!(peak < 1 << 20, "{peak} bytes");
}

#[test]
fn functions_are_counted_as_they_expand() {
    let mut generator = tiny::generator(4, 16);
    generator.functions.push(function("f0", &["x"], &["y"], &[node("Tanh", &["x"], &["y"])]));
    for level in 1..=20 {
        let inner = format!("f{}", level - 1);
        let twice = [call(&inner, &["x"], &["half"]), call(&inner, &["half"], &["y"])];
        generator.functions.push(function(&format!("f{level}"), &["x"], &["y"], &twice));
    }
    generator.nodes[3] = call("f3", &["lit"], &["image"]);
    load_generator(generator.model()).unwrap();
    generator.nodes[3] = call("f20", &["lit"], &["image"]);
    assert_error(load_generator(generator.model()), &["functions in place", "limit of 100000"]);
    generator.functions.push(function("again", &["x"], &["y"], &[call("again", &["x"], &["y"])]));
    generator.nodes[3] = call("again", &["lit"], &["image"]);
    assert_error(load_generator(generator.model()), &["\"again\"", "calls itself"]);
    let mut disguised = tiny::generator(4, 16);
    let tanh = [
        Writer::default().bytes(1, "Tanh").bytes(4, "x").bytes(5, "y").bytes(10, "").finish(),
        Writer::default().bytes(7, node("Evil", &["x"], &["y"])).finish(),
    ];
    disguised.functions.push(tanh.concat());
    assert_error(load_generator(disguised.model()), &["\"Tanh\"", "refused"]);
}

#[test]
fn many_functions_and_many_calls_are_no_more_work_than_either() {
    let mut generator = tiny::generator(4, 16);
    let last = 20_000;
    for place in 0..=last {
        generator.functions.push(function(
            &format!("f{place}"),
            &["x"],
            &["y"],
            &[node("Tanh", &["x"], &["y"])],
        ));
    }
    generator.nodes[3] = call(&format!("f{last}"), &["lit"], &["t0"]);
    for place in 1..20_000 {
        let (from, to) = (format!("t{}", place - 1), format!("t{place}"));
        generator.nodes.push(call(&format!("f{last}"), &[&from], &[&to]));
    }
    generator.nodes.push(node("Identity", &["t19999"], &["image"]));
    load_generator(generator.model()).unwrap();
}

#[test]
fn old_files_that_list_their_weights_among_the_inputs_are_read() {
    let mut generator = tiny::generator(4, 16);
    for (name, dims) in [("start", vec![1]), ("ramp", vec![1, 3, 16, 16])] {
        generator.inputs.push(port(name, &dims));
    }
    assert_eq!(load_generator(generator.model()).unwrap().generator.graph.inputs.len(), 1);
}
