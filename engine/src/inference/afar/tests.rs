//! What a process does that ours does not: stand-ins at the other end of the socket. Real ones are tested with the program.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::client::receive_model;
use super::message::{Answer, Ask, PROTOCOL, State, receive, send};
use super::socket::{Line, Listener, bind};
use super::{Home, Seat, Terms};
use crate::inference::network::{Fallback, Network, Ports};
use crate::inference::wish::apart::Apart;
use crate::inference::{InferenceError, Options, Precision, Provider, Runtime};
use crate::pack::graph::Graph;
use crate::pack::tiny;
use crate::pack::{Half, Model};

fn options(folder: &Path, restarts: u32) -> Options {
    // Nothing is ever started: somebody is there already.
    let program = Some("/nowhere/klangbild".into());
    let home = Home { program, folder: Some(folder.to_owned()), guarded_mib: 512 };
    let apart = Terms { when: Apart::Always, restarts, home };
    let time_budget = Duration::from_millis(50);
    Options {
        threads: 1,
        providers: vec![Provider::Cpu],
        quickest: false,
        device: String::new(),
        time_budget,
        apart,
    }
}

/// The generator of the tiny pack. `name` tells the graphs of these tests apart, whose deaths are counted.
fn model(name: &str, is_foreign: bool) -> (Model, Ports) {
    let bytes = tiny::generator(4, 16).model();
    let graph = Graph::read(name, &bytes).unwrap();
    let ports = Ports {
        inputs: vec![("z".to_owned(), vec![1, 4])],
        constants: Vec::new(),
        outputs: vec![("image".to_owned(), vec![1, 3, 16, 16])],
        samples: vec![name.bytes().map(f32::from).collect()],
    };
    let (file, bytes, external) = (name.to_owned(), bytes.into(), Vec::new());
    (Model { file, bytes, external, graph, on_processor: None, half: None, is_foreign }, ports)
}

fn network(model: &(Model, Ports), options: &Options) -> Result<Network, InferenceError> {
    Network::new(&Runtime::load().unwrap(), &model.0, &model.1, options)
}

fn run(network: &mut Network) -> Result<f32, InferenceError> {
    network.run(|_, z| z.fill(0.5), |outputs| Ok(outputs[0][0]))
}

/// Somebody who waits at the seat of the built-in packs; `then` is done with each client that has said hello.
fn stand_in(folder: &Path, protocol: u32, process: u32, then: impl Fn(Line) + Send + Sync + 'static) {
    let seat = options(folder, 0).apart.home.seat(false).unwrap();
    attend(bind(&seat).unwrap(), protocol, process, Arc::new(then));
}

fn attend(listener: Listener, protocol: u32, process: u32, then: Arc<dyn Fn(Line) + Send + Sync>) {
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let (mut line, then) = (Line::new(stream), Arc::clone(&then));
            let version = "9.8.7".to_owned();
            send(&mut line, &Answer::Hello { protocol, version, process }, &[]).unwrap();
            thread::spawn(move || then(line));
        }
    });
}

/// Opens whatever graph is asked for, and reads the next question.
fn open(line: &mut Line) -> Ask {
    asked_to_open(line);
    send(line, &Answer::Ready(ready(Precision::Single)), &[]).unwrap();
    let (ask, bytes) = receive(line).unwrap();
    skip(line, bytes);
    ask
}

fn asked_to_open(line: &mut Line) {
    let (Ask::Open(_), bytes) = receive(line).unwrap() else { panic!("another question") };
    skip(line, bytes);
}

fn skip(line: &mut Line, bytes: u64) {
    line.read_exact(&mut vec![0; bytes as usize]).unwrap();
}

fn ready(precision: Precision) -> State {
    let (file, provider, device) = ("a.onnx".to_owned(), Provider::WebGpu, String::new());
    State { file, provider, device, precision, nodes_by_provider: Vec::new(), fallbacks: Vec::new() }
}

#[test]
fn a_model_arrives_with_its_twins_and_each_file_of_weights_once() {
    let folder = tempfile::tempdir().unwrap();
    let (mut whole, ports) = model("twins", false);
    whole.external.push(("w.bin".to_owned(), vec![7; 1000].into()));
    let twin = |file: &str| Arc::new(Model { file: file.to_owned(), ..whole.clone() });
    let (eight_bits, halves) = (twin("8bit.onnx"), twin("half.onnx"));
    whole.on_processor = Some(eight_bits);
    whole.half = Some(Half { model: halves, range: [0.0, 1.0] });
    let (arrives, arrived) = channel();
    stand_in(folder.path(), PROTOCOL, 1, move |mut line| {
        asked_to_open(&mut line);
        send(&mut line, &Answer::ModelWanted, &[]).unwrap();
        arrives.send(receive_model(&mut line, "a.onnx".to_owned(), None).unwrap()).unwrap();
        send(&mut line, &Answer::Ready(ready(Precision::Half)), &[]).unwrap();
    });
    let network = network(&(whole, ports), &options(folder.path(), 0)).unwrap();
    assert_eq!((network.provider(), network.precision()), (Provider::WebGpu, Precision::Half));
    let model = arrived.recv().unwrap();
    let (eight_bits, half) = (model.on_processor.unwrap(), model.half.unwrap());
    assert_eq!((eight_bits.file.as_str(), half.model.file.as_str()), ("8bit.onnx", "half.onnx"));
    assert_eq!(half.range, [0.0, 1.0]);
    let (name, weights) = &model.external[0];
    assert_eq!((name.as_str(), &**weights), ("w.bin", &[7; 1000][..]));
    for twin in [&eight_bits, &half.model] {
        assert!(twin.bytes == model.bytes && Arc::ptr_eq(&twin.external[0].1, weights));
    }
}

fn sleeper() -> Child {
    Command::new("sleep").arg("600").spawn().unwrap()
}

#[test]
#[cfg(unix)]
fn a_process_that_hangs_is_ended_and_a_line_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = sleeper();
    stand_in(folder.path(), PROTOCOL, process.id(), |mut line| {
        open(&mut line);
        thread::sleep(Duration::from_secs(600));
    });
    let mut network = network(&model("hangs", false), &options(folder.path(), 1)).unwrap();
    assert_eq!((network.provider(), network.is_apart()), (Provider::WebGpu, true));
    let error = run(&mut network).unwrap_err();
    assert!(error.is_passing() && error.to_string().contains("did not answer in time"), "{error}");
    let incident = network.incident().unwrap();
    assert!(incident.contains("started again") && !incident.contains('\n'), "{incident}");
    let begun = Instant::now();
    while process.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(30), "it was not ended");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_process_that_falls_back_to_its_processor_is_waited_for_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    stand_in(folder.path(), PROTOCOL, 0, |mut line| {
        open(&mut line);
        send(&mut line, &Answer::FallsBack, &[]).unwrap();
        // Longer than any run may take.
        thread::sleep(Duration::from_millis(3500));
        let lost = Fallback {
            precision: None,
            provider: Provider::WebGpu,
            reason: "device lost".to_owned(),
            is_there: true,
            is_slower: false,
        };
        let (file, provider, nodes_by_provider) = ("a.onnx".to_owned(), Provider::Cpu, Vec::new());
        let state = Some(State {
            precision: Precision::Single,
            file,
            provider,
            device: "a card".to_owned(),
            nodes_by_provider,
            fallbacks: vec![lost],
        });
        let image = [7f32; 3 * 16 * 16];
        send(&mut line, &Answer::Ran { state }, &[bytemuck::cast_slice(&image)]).unwrap();
    });
    let mut network = network(&model("falls back", false), &options(folder.path(), 1)).unwrap();
    assert_eq!(run(&mut network).unwrap(), 7.0);
    assert_eq!((network.provider(), network.fallbacks()[0].reason.as_str()), (Provider::Cpu, "device lost"));
    assert_eq!(network.incident(), None);
}

/// A process that dies of every run.
fn dies_of_every_run(folder: &Path) {
    stand_in(folder, PROTOCOL, 0, |mut line| drop(open(&mut line)));
}

#[test]
fn what_dies_again_and_again_goes_on_here_if_it_is_ours() {
    let folder = tempfile::tempdir().unwrap();
    dies_of_every_run(folder.path());
    let mut network = network(&model("ours", false), &options(folder.path(), 2)).unwrap();
    for _ in 0..2 {
        let error = run(&mut network).unwrap_err();
        assert!(matches!(error, InferenceError::Died { .. }), "{error}");
    }
    // The third death is the last, and the run is done all the same.
    assert!(run(&mut network).unwrap().is_finite());
    assert!(!network.is_apart() && network.incident().unwrap().contains("again and again"));
    assert_eq!((network.provider(), network.timings().runs), (Provider::Cpu, 1));
}

#[test]
fn what_dies_again_and_again_does_not_run_here_if_it_is_a_strangers() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), 1);
    let seat = options.apart.home.seat(true).unwrap();
    attend(bind(&seat).unwrap(), PROTOCOL, 0, Arc::new(|mut line| drop(open(&mut line))));
    let mut network = network(&model("foreign", true), &options).unwrap();
    assert!(run(&mut network).unwrap_err().is_passing());
    let last = run(&mut network).unwrap_err();
    assert!(!last.is_passing() && network.is_apart(), "{last}");
    let words = last.to_string();
    assert!(words.contains("2 times within a minute") && words.contains("512 MiB"), "{words}");
    // Nor when it is loaded anew at once.
    let again = super::tests::network(&model("foreign", true), &options).err().unwrap();
    assert!(matches!(again, InferenceError::GaveUp { .. }), "{again}");
}

#[test]
fn another_protocol_is_refused_with_both_and_the_graph_runs_here() {
    let folder = tempfile::tempdir().unwrap();
    stand_in(folder.path(), PROTOCOL + 1, 0, |_| {});
    let options = options(folder.path(), 2);
    let seat = options.apart.home.seat(false).unwrap();
    let refused = super::link::Link::reach(&seat, Path::new("/nowhere")).err().unwrap();
    let both = format!("9.8.7 answers there, in protocol {} where {PROTOCOL} is spoken", PROTOCOL + 1);
    assert!(refused.contains(&both), "{refused}");
    let mut network = network(&model("another", false), &options).unwrap();
    assert!(!network.is_apart() && run(&mut network).is_ok());
}

#[test]
fn where_there_is_no_program_the_graph_runs_here() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path(), 2);
    for program in [options.apart.home.program.clone(), None] {
        options.apart.home.program = program;
        let mut network = network(&model("alone", true), &options).unwrap();
        assert!(!network.is_apart() && run(&mut network).is_ok());
    }
}

#[test]
#[cfg(unix)]
fn nobody_else_can_enter_the_folder_of_sockets() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("open");
    let seat = Seat { folder: folder.clone(), name: "0".to_owned(), memory_mib: None };
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    assert!(super::start::reach(&seat, Path::new("/nowhere")).is_err());
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}
