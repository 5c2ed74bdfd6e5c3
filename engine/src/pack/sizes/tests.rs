//! What small graphs ask for, and what they are told.

use super::*;
use crate::pack::tiny::{
    Tiny, call, function, graph, int, ints, node, node_with, port, tensor, text, whole_tensor,
};
use crate::pack::wire::Writer;

/// Checks a graph of these nodes, that takes "x", float32 [1, 4].
fn check_nodes(nodes: Vec<Vec<u8>>, tensors: Vec<Vec<u8>>) -> Result<Sizes, PackError> {
    let last = Tiny {
        nodes,
        tensors,
        inputs: vec![port("x", &[1, 4])],
        outputs: vec![port("x", &[1, 4])],
        ..Tiny::default()
    };
    check_tiny(&last)
}

fn check_tiny(tiny: &Tiny) -> Result<Sizes, PackError> {
    let input = Given { name: "x", element: Element::FLOAT32, shape: &[1, 4], values: None };
    check("tiny.onnx", &tiny.model(), &[input])
}

/// The graph is refused with one line that says all of `parts`.
#[track_caller]
fn refuse(nodes: Vec<Vec<u8>>, tensors: Vec<Vec<u8>>, parts: &[&str]) {
    let error = check_nodes(nodes, tensors).expect_err("the graph should be refused").to_string();
    assert!(!error.contains('\n') && error.starts_with("tiny.onnx"), "{error}");
    for part in parts {
        assert!(error.contains(part), "no {part:?} in: {error}");
    }
}

fn scalar(name: &str, value: i64) -> Vec<u8> {
    Writer::default().number(2, 7).bytes(8, name).bytes(9, value.to_le_bytes()).finish()
}

/// Bytes that a value of that shape, made by these nodes, is said to take: the last node's only output.
#[track_caller]
fn bytes_of(nodes: Vec<Vec<u8>>, tensors: Vec<Vec<u8>>) -> u64 {
    let sizes = check_nodes(nodes, tensors).unwrap();
    // The input is always there.
    sizes.working_bytes - 16
}

#[test]
fn a_small_graph_that_makes_a_large_value_is_refused_however_it_does_it() {
    let big = || whole_tensor("big", &[1_100_000_000]);
    let cases = [
        (
            vec![node("ConstantOfShape", &["big"], &["y"])],
            vec![big()],
            ["ConstantOfShape", "constants alone", "4.4 GB"],
        ),
        (
            vec![node("Constant", &[], &["one"]), node("Expand", &["x", "shape"], &["y"])],
            vec![whole_tensor("shape", &[100_000, 4])],
            ["Constant", "no value", ""],
        ),
        (
            vec![node("Expand", &["x", "shape"], &["y"])],
            vec![whole_tensor("shape", &[100_000_000, 4])],
            ["Expand", "1.6 GB", "\"y\""],
        ),
        (
            vec![node("Tile", &["x", "n"], &["y"])],
            vec![whole_tensor("n", &[1, 100_000_000])],
            ["Tile", "1.6 GB", ""],
        ),
        (
            vec![node("Range", &["from", "to", "step"], &["y"])],
            vec![scalar("from", 0), scalar("to", 1 << 40), scalar("step", 1)],
            ["Range", "over the limit", ""],
        ),
        (
            vec![node_with("Pad", &["x"], &["y"], &[ints("pads", &[0, 0, 0, 1 << 62])])],
            vec![],
            ["Pad", "more than any memory", ""],
        ),
        (
            vec![node("Resize", &["x", "", "scales"], &["y"])],
            vec![tensor("scales", &[2], &[1e9, 1.0])],
            ["Resize", "over the limit", ""],
        ),
        (
            vec![node("OneHot", &["places", "depth", "values"], &["y"])],
            vec![
                whole_tensor("places", &[0, 1]),
                scalar("depth", 1 << 33),
                tensor("values", &[2], &[0.0, 1.0]),
            ],
            ["OneHot", "over the limit", ""],
        ),
        // Broadcast to a square.
        (
            vec![node("Add", &["row", "column"], &["y"])],
            vec![tensor("row", &[1, 20_000], &[0.0; 20_000]), tensor("column", &[20_000, 1], &[0.0; 20_000])],
            ["Add", "1.6 GB", ""],
        ),
        // A product of vectors.
        (
            vec![node("MatMul", &["column", "row"], &["y"])],
            vec![tensor("row", &[1, 20_000], &[0.0; 20_000]), tensor("column", &[20_000, 1], &[0.0; 20_000])],
            ["MatMul", "1.6 GB", ""],
        ),
        // The same entry over and over.
        (
            vec![node("ConstantOfShape", &["many"], &["zeros"]), node("Gather", &["row", "zeros"], &["y"])],
            vec![whole_tensor("many", &[1 << 20]), tensor("row", &[1, 1000], &[0.0; 1000])],
            ["Gather", "over the limit", ""],
        ),
    ];
    for (nodes, tensors, parts) in cases {
        refuse(nodes, tensors, &parts);
    }
}

#[test]
fn many_values_that_are_each_small_enough_are_added_up() {
    // Each is 200 MB, and depends on nothing: ONNX Runtime keeps them all.
    let shape = || vec![whole_tensor("shape", &[50_000_000])];
    let zeros = |count: usize| {
        (0..count).map(|place| node("ConstantOfShape", &["shape"], &[&format!("y{place}")])).collect()
    };
    check_nodes(zeros(1), shape()).unwrap();
    refuse(zeros(2), shape(), &["constants alone", "400.0 MB"]);
    // A shape that is known is no input either.
    let nodes = (0..2).flat_map(|place| {
        let (shape, all, zeros) = (format!("s{place}"), format!("a{place}"), format!("z{place}"));
        [
            node("Shape", &["x"], &[&shape]),
            node("Mul", &[&shape, "many"], &[&all]),
            node("ConstantOfShape", &[&all], &[&zeros]),
        ]
    });
    refuse(nodes.collect(), vec![whole_tensor("many", &[10_000, 1250])], &["constants alone", "400.0 MB"]);
    // Each is 400 MB, and made of the input: they count as long as they are needed.
    let tensors = || vec![whole_tensor("n", &[1, 25_000_000])];
    let tile = |place: usize| node("Tile", &["x", "n"], &[&format!("y{place}")]);
    let mut nodes: Vec<_> = (0..6).map(tile).collect();
    assert_eq!(check_nodes(nodes.clone(), tensors()).unwrap().working_bytes, 400_000_016);
    nodes.push(node("Sum", &["y0", "y1", "y2", "y3", "y4", "y5"], &["sum"]));
    refuse(nodes, tensors(), &["take together", "2.4 GB", "limit of 2.1 GB"]);
}

#[test]
fn a_size_that_depends_on_what_is_heard_is_refused_where_it_has_no_bound() {
    let seen = || node("NonZero", &["x"], &["places"]);
    // No larger than what they look at.
    check_nodes(vec![seen(), node("Transpose", &["places"], &["turned"])], vec![]).unwrap();
    let cast = |to: i64| node_with("Cast", &["x"], &["whole"], &[int("to", to)]);
    let flat = node("Reshape", &["whole", "four"], &["list"]);
    let four = || vec![whole_tensor("four", &[4])];
    refuse(
        vec![cast(7), flat.clone(), node("ConstantOfShape", &["list"], &["y"])],
        four(),
        &["ConstantOfShape", "any size"],
    );
    refuse(vec![cast(7), flat, node("Expand", &["x", "list"], &["y"])], four(), &["Expand", "fixed shapes"]);
    refuse(vec![node("Mystery", &["x"], &["y"])], vec![], &["\"Mystery\"", "standard operators"]);
    refuse(vec![node("StringConcat", &["x", "x"], &["y"])], vec![], &["\"StringConcat\""]);
    refuse(vec![node_with("Cast", &["x"], &["y"], &[int("to", 8)])], vec![], &["Cast", "numbers"]);
    refuse(vec![node("Tanh", &["nothing"], &["y"])], vec![], &["Tanh", "\"nothing\"", "nothing before it"]);
    // Names are a stranger's.
    refuse(vec![node("\noop", &["nothing"], &["y"])], vec![], &["\\noop", "nothing before it"]);
}

#[test]
fn loops_are_followed_and_what_grows_in_them_is_bounded() {
    let flag = |name: &str| port(name, &[]);
    let body = |nodes: Vec<Vec<u8>>, outputs: &[&str]| Tiny {
        nodes: [vec![node("Identity", &["go"], &["on"])], nodes].concat(),
        inputs: vec![flag("round"), flag("go"), port("state", &[1, 4])],
        outputs: [&["on"], outputs].concat().iter().map(|name| flag(name)).collect(),
        ..Tiny::default()
    };
    let repeat = |body: &Tiny, most: &str, outputs: &[&str]| {
        vec![node_with("Loop", &[most, "yes", "x"], outputs, &[graph("body", body)])]
    };
    let tensors = |rounds: i64| {
        let yes = Writer::default().number(2, 9).bytes(8, "yes").bytes(9, [1u8]).finish();
        vec![scalar("rounds", rounds), yes]
    };
    // The same size each time: it may go on for ever.
    let steady = body(vec![node("Add", &["state", "state"], &["next"])], &["next"]);
    check_nodes(repeat(&steady, "", &["y"]), tensors(1)).unwrap();
    // Twice the size each time.
    let twice = node_with("Concat", &["state", "state"], &["next"], &[int("axis", 1)]);
    let growing = body(vec![twice], &["next"]);
    check_nodes(repeat(&growing, "rounds", &["y"]), tensors(10)).unwrap();
    refuse(repeat(&growing, "rounds", &["y"]), tensors(40), &["Concat", "over the limit"]);
    refuse(repeat(&growing, "", &["y"]), tensors(1), &["Loop", "any size"]);
    // A row more each time.
    let more = node_with("Concat", &["state", "x"], &["next"], &[int("axis", 0)]);
    let slow = body(vec![more], &["next"]);
    refuse(repeat(&slow, "rounds", &["y"]), tensors(i64::MAX), &["loops", "steps"]);
    // A list of what each round made.
    let listing = body(vec![node("Add", &["state", "state"], &["next"])], &["next", "next"]);
    check_nodes(repeat(&listing, "rounds", &["y", "all"]), tensors(1000)).unwrap();
    refuse(repeat(&listing, "rounds", &["y", "all"]), tensors(1 << 40), &["Loop", "over the limit"]);
    refuse(repeat(&listing, "", &["y", "all"]), tensors(1), &["Loop", "any size"]);
}

#[test]
fn branches_functions_and_scans_are_followed() {
    let branch = |shape: &str| Tiny {
        nodes: vec![node("Expand", &["x", shape], &["made"])],
        outputs: vec![port("made", &[])],
        ..Tiny::default()
    };
    let yes = Writer::default().number(2, 9).bytes(8, "yes").bytes(9, [1u8]).finish();
    let tensors = || vec![yes.clone(), whole_tensor("small", &[10, 4]), whole_tensor("large", &[1000, 4])];
    let either = |one: &str, other: &str| {
        let (one, other) = (graph("then_branch", &branch(one)), graph("else_branch", &branch(other)));
        vec![node_with("If", &["yes"], &["y"], &[one, other])]
    };
    // The branch that is taken, and the larger one where that is not known.
    assert_eq!(bytes_of(either("small", "large"), tensors()), 160);
    let unknown = |condition: Vec<u8>| {
        let mut nodes = either("small", "large");
        nodes.insert(0, condition);
        let sum = node_with("ReduceSum", &["x"], &["sum"], &[int("keepdims", 0)]);
        nodes.insert(0, sum);
        nodes
    };
    let condition = node_with("Cast", &["sum"], &["yes"], &[int("to", 9)]);
    assert!((16_000..16_010).contains(&bytes_of(unknown(condition), tensors()[1..].to_vec())));

    let mut own = Tiny {
        nodes: vec![call("wide", &["x", "large"], &["y"])],
        tensors: tensors(),
        inputs: vec![port("x", &[1, 4])],
        outputs: vec![port("y", &[1000, 4])],
        functions: vec![function("wide", &["a", "b"], &["c"], &[node("Expand", &["a", "b"], &["c"])])],
    };
    assert_eq!(check_tiny(&own).unwrap().working_bytes, 16_016);
    own.tensors[2] = whole_tensor("large", &[1 << 40, 4]);
    assert!(check_tiny(&own).unwrap_err().to_string().contains("Expand"));

    let scanned = Tiny {
        nodes: vec![node("Expand", &["slice", "small"], &["made"])],
        inputs: vec![port("slice", &[4])],
        outputs: vec![port("made", &[])],
        ..Tiny::default()
    };
    let scan = node_with("Scan", &["many"], &["y"], &[graph("body", &scanned), int("num_scan_inputs", 1)]);
    let nodes = vec![node("Expand", &["x", "large"], &["many"]), scan];
    assert_eq!(bytes_of(nodes, tensors()), 16_000 + 1000 * 160);
}

#[test]
fn shapes_that_a_graph_works_out_itself_are_followed() {
    // As exporters write "as many rows as x has columns, times 8".
    let nodes = vec![
        node("Shape", &["x"], &["shape"]),
        node("Gather", &["shape", "one"], &["columns"]),
        node("Mul", &["columns", "eight"], &["rows"]),
        node_with("Concat", &["rows", "four"], &["wanted"], &[int("axis", 0)]),
        node("Slice", &["wanted", "zero", "two", "zero", "one"], &["all"]),
        node("Equal", &["all", "all"], &["same"]),
        node("Where", &["same", "all", "zero"], &["chosen"]),
        node_with("Cast", &["chosen"], &["single"], &[int("to", 1)]),
        node("Floor", &["single"], &["floor"]),
        node_with("Cast", &["floor"], &["target"], &[int("to", 7)]),
        node("Expand", &["x", "target"], &["y"]),
    ];
    let tensors = vec![
        whole_tensor("zero", &[0]),
        whole_tensor("one", &[1]),
        whole_tensor("two", &[2]),
        whole_tensor("four", &[4]),
        whole_tensor("eight", &[8]),
    ];
    // And a few for the shape itself.
    assert!((512..600).contains(&bytes_of(nodes, tensors)));
}

#[test]
fn the_scratch_of_an_operator_counts() {
    // Every place of a transposed window is laid out.
    let weights = tensor("w", &[4, 1, 1, 1024], &[0.0; 4096]);
    let nodes = vec![
        node("Reshape", &["x", "shape"], &["one"]),
        node("Expand", &["one", "wide"], &["many"]),
        node_with("ConvTranspose", &["many", "w"], &["y"], &[ints("strides", &[1, 1])]),
    ];
    let tensors =
        vec![weights, whole_tensor("shape", &[1, 4, 1, 1]), whole_tensor("wide", &[1, 4, 1, 1_000_000])];
    refuse(nodes, tensors, &["ConvTranspose", "needs to work"]);
    // The sum over all would be one number; the product on the way is a cube.
    let sum = node_with("Einsum", &["v", "v", "v"], &["y"], &[text("equation", "i,j,k->i")]);
    check_nodes(vec![sum], vec![tensor("v", &[2000], &[0.0; 2000])]).unwrap();
    let cube = node_with("Einsum", &["v", "v", "v"], &["y"], &[text("equation", "i,j,k->kij")]);
    refuse(vec![cube], vec![tensor("v", &[2000], &[0.0; 2000])], &["Einsum", "over the limit"]);
}

#[test]
fn the_packs_that_ship_take_little() {
    for built_in in crate::pack::BUILT_IN {
        let pack = crate::pack::Pack::load(built_in.name).unwrap();
        let spec = &pack.manifest.encoder;
        let encoder = check("encoder", &pack.encoder.bytes, &pack.encoder_contract.given(spec)).unwrap();
        let generator = check("generator", &pack.generator.bytes, &pack.generator_contract.given()).unwrap();
        for sizes in [encoder, generator] {
            assert!((1 << 16..1 << 27).contains(&sizes.working_bytes), "{}: {sizes:?}", built_in.name);
            assert!(sizes.folded_bytes < 170 << 20, "{}: {sizes:?}", built_in.name);
        }
    }
}
