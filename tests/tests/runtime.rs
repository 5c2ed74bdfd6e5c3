//! Parts of ONNX Runtime that are fetched on demand. Installations that go well are tested beside the code, with small parts.

use std::fs;
use std::path::Path;

use klangbild_engine::inference::{find_library, library_folders};
use klangbild_tests::http::{Answer, Server};
use klangbild_tests::program::{Outcome, Program, Scratch};
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

/// What `doctor` says of the models, where this lies in the folder of an installed ONNX Runtime. The program has its own beside it.
fn with_installed(library: impl FnOnce(&Path)) -> Outcome {
    let folder = Scratch::new();
    let part = folder.path("runtime").join("nvidia");
    fs::create_dir_all(&part).unwrap();
    library(&part);
    fs::write(part.join("installed.json"), "{}").unwrap();
    let doctor = klangbild().arg("doctor").env("KLANGBILD_ONNXRUNTIME_DIR", "");
    doctor.env("KLANGBILD_RUNTIME_FOLDER", folder.path("runtime")).run().succeeds()
}

#[test]
fn an_installed_runtime_runs_the_models_and_a_broken_one_is_left_out() {
    let own = find_library(&library_folders()).unwrap();
    let name = own.file_name().unwrap();
    let installed = with_installed(|part| {
        fs::copy(&own, part.join(name)).unwrap();
    });
    let line = installed.stdout.lines().find(|line| line.contains(" at ")).unwrap();
    assert!(line.contains("nvidia"), "{line}");
    assert!(installed.stdout.contains("generator runs on CPU"), "{}", installed.stdout);

    let broken = with_installed(|part| fs::write(part.join(name), "no library").unwrap());
    assert!(broken.stderr.contains("is left out") && broken.stderr.contains("nvidia"), "{}", broken.stderr);
    assert!(broken.stdout.contains("generator runs on CPU"), "{}", broken.stdout);
}

#[test]
fn a_choice_by_hand_is_kept_and_auto_forgets_it() {
    let home = Scratch::new();
    let run = |line: &str| klangbild().args(line).env("XDG_CONFIG_HOME", home.path("config")).run();
    run("runtime use gpu,cpu").fails(1, &["\"gpu\"", "WebGPU"]);
    assert_eq!(home.names(), Vec::<String>::new());
    assert!(run("runtime use coreml,cpu").succeeds().stdout.contains("CoreML, or else CPU"));
    let doctor = run("doctor").succeeds().stdout;
    let named = if cfg!(target_os = "macos") { "runs on CoreML" } else { "not on CoreML: ONNX Runtime" };
    assert!(doctor.contains(named), "{doctor}");
    run("runtime use auto").succeeds();
    assert!(!run("doctor").succeeds().stdout.contains("not on CoreML"));
}
