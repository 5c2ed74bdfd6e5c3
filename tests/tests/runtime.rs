//! Parts of ONNX Runtime that are fetched on demand. Installations that go well are tested beside the code, with small parts.

use klangbild_tests::http::{Answer, Server};
use klangbild_tests::program::{Program, Scratch};
use serde_json::Value;

use crate::klangbild;

fn runtime(folder: &Scratch, line: &str) -> Program {
    klangbild().arg("runtime").args(line).env("KLANGBILD_RUNTIME_FOLDER", folder.path("runtime"))
}

#[test]
fn parts_are_listed_with_their_sizes_and_licences() {
    let folder = Scratch::new();
    let listed = runtime(&folder, "list --json").run().succeeds().stdout;
    let parts: Vec<Value> = serde_json::from_str(&listed).unwrap();
    for part in &parts {
        assert_eq!(part["state"], "missing");
        assert!(part["download_bytes"].as_u64().is_some_and(|bytes| bytes > 1_000_000), "{part}");
        assert!(part["licence"].as_str().is_some_and(|licence| !licence.is_empty()), "{part}");
    }
    let text = runtime(&folder, "list").run().succeeds().stdout;
    for name in ["nvidia", "openvino", "tensorrt-rtx", "directml"] {
        assert!(text.contains(name), "no {name} in:\n{text}");
    }
    assert_eq!(folder.names(), Vec::<String>::new(), "to list them left something behind");
}

#[test]
fn what_is_not_there_is_an_error() {
    let folder = Scratch::new();
    runtime(&folder, "install nothing").run().fails(1, &["nothing", "klangbild runtime list"]);
    runtime(&folder, "remove nothing").run().fails(1, &["nothing", "klangbild runtime list"]);
}

#[test]
#[cfg(all(any(target_os = "linux", target_os = "windows"), target_arch = "x86_64"))]
fn a_server_that_refuses_is_told_of_after_size_and_licence() {
    let folder = Scratch::new();
    runtime(&folder, "remove openvino").run().fails(1, &["openvino is not installed"]);
    let server = Server::start(|_, _| Answer::Status(503));
    let run = runtime(&folder, "install openvino").env("KLANGBILD_RUNTIME_MIRROR", server.url() + "/").run();
    assert!(run.stderr.contains("to fetch") && run.stderr.contains("licence: MIT"), "{}", run.stderr);
    run.fails(1, &["503", &server.url(), "again later"]);
    let (request, _) = &server.seen()[0];
    assert!(request.path.starts_with("/packages/") && request.path.ends_with(".whl"), "{request:?}");
    let listed = runtime(&folder, "list").run().succeeds().stdout;
    assert!(listed.contains("not installed"), "{listed}");
}
