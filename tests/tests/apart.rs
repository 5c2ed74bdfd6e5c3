//! Models in a process of their own: the same pictures, and what goes wrong there costs one of them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use klangbild_engine::dreamer::Models;
use klangbild_engine::inference::afar::{Home, Process, Terms};
use klangbild_engine::inference::wish::apart::Apart;
use klangbild_engine::inference::{Options, Provider, Runtime};
use klangbild_engine::pack::Pack;
use klangbild_engine::pack::wire::Writer;
use klangbild_engine::picture::Picture;
use klangbild_tests::broken::copy_of_starter;
use klangbild_tests::frames;
use klangbild_tests::program::Scratch;
use klangbild_tests::sound::Sound;

use crate::{klangbild, program_path, render};

const PATIENCE: Duration = Duration::from_secs(60);

fn options(folder: &Path, when: Apart) -> Options {
    let home = Home { program: Some(program_path()), folder: Some(folder.to_owned()), guarded_mib: 600 };
    let apart = Terms { when, restarts: u32::MAX, home };
    Options { threads: 1, providers: vec![Provider::Cpu], quickest: false, apart, ..Options::default() }
}

fn load(pack: &str, options: &Options) -> Arc<Models> {
    Models::load(&Runtime::load().unwrap(), &Pack::load(pack).unwrap(), options).unwrap()
}

fn picture(models: &Models) -> Result<Picture, klangbild_engine::inference::InferenceError> {
    let (latent, embedding) = (vec![0.3; models.latent_dim()], vec![0.05; models.embedding_dim()]);
    let mut picture = Picture::default();
    models.generate(&latent, &embedding, 1.0, &mut picture).map(|()| picture)
}

/// The one process that runs.
#[track_caller]
fn process(options: &Options) -> Process {
    let processes = options.apart.home.processes();
    let [process] = processes.as_slice() else { panic!("{processes:?}") };
    process.clone()
}

fn wait_until(what: &str, mut ready: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !ready() {
        assert!(begun.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
fn signal(signal: &str, process: u32) {
    let sent = Command::new("kill").arg(signal).arg(process.to_string()).status().unwrap();
    assert!(sent.success());
}

#[test]
fn a_render_has_the_same_frames_wherever_the_models_run() {
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.5).write(&scratch.path("song.wav"), 2);
    let pack = scratch.path("pack");
    copy_of_starter(&pack);
    let frames_of = |name: &str, when: &str| {
        let (out, sockets) = (scratch.path(name), scratch.path(&format!("{name}-sockets")));
        let run = render(&song, &out, "--size 160x90 --fps 10 --pack").arg(&pack);
        run.env("KLANGBILD_APART", when).env("KLANGBILD_APART_FOLDER", &sockets).run().succeeds();
        // What a process leaves behind shows whether there was one.
        (frames::bytes(&out), sockets.is_dir())
    };
    let (here, there) = (frames_of("here", "never"), frames_of("there", "always"));
    assert_eq!((here.1, there.1), (false, true));
    assert_eq!(here.0.len(), 15);
    assert!(here.0 == there.0, "the frames differ");
}

#[test]
fn two_share_a_process_and_a_graph_and_it_ends_after_the_last_of_them() {
    let scratch = Scratch::new();
    let options = options(scratch.folder(), Apart::Always);
    let one = load("starter", &options);
    let status = one.status();
    assert!(status.encoder.is_apart && status.generator.is_apart && status.generator.incident.is_none());
    assert_eq!(one.provider_line(), "encoder and generator on CPU, apart");
    let only = process(&options);
    assert!(!only.is_guarded);
    let threads = || fs::read_dir(format!("/proc/{}/task", only.id)).map_or(0, Iterator::count);
    let (before, two) = (threads(), load("starter", &options));
    assert_eq!(process(&options), only);
    // Two graphs more would have two threads each, to watch them; there are but the two new clients'.
    assert_eq!(threads(), before + if cfg!(target_os = "linux") { 2 } else { 0 });
    thread::scope(|scope| {
        let here = scope.spawn(|| (0..20).map(|_| picture(&one).unwrap()).collect::<Vec<_>>());
        let there: Vec<_> = (0..20).map(|_| picture(&two).unwrap()).collect();
        assert!(here.join().unwrap() == there);
    });
    drop(one);
    picture(&two).unwrap();
    drop(two);
    wait_until("end of the process", || options.apart.home.processes().is_empty());
}

#[test]
fn only_packs_from_outside_are_apart_unless_somebody_wishes_otherwise() {
    let scratch = Scratch::new();
    let pack = scratch.path("pack");
    copy_of_starter(&pack);
    let options = options(&scratch.path("sockets"), Apart::Automatic);
    let ours = load("starter", &options);
    assert!(!ours.status().generator.is_apart && options.apart.home.processes().is_empty());
    let foreign = load(pack.to_str().unwrap(), &options);
    assert!(foreign.status().generator.is_apart && process(&options).is_guarded);
    assert!(picture(&ours).unwrap() == picture(&foreign).unwrap());
    let options = Options { apart: Terms { when: Apart::Never, ..options.apart.clone() }, ..options };
    assert!(!load(pack.to_str().unwrap(), &options).status().generator.is_apart);
}

/// Ours would have to be waited for, and a host waits for nobody; one with a terminal would hear of Ctrl-C.
#[test]
#[cfg(target_os = "linux")]
fn the_process_is_nobodys_child_has_no_terminal_and_gives_way() {
    let scratch = Scratch::new();
    let options = options(scratch.folder(), Apart::Always);
    let _models = load("starter", &options);
    let fields = |process: u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let (_, behind_name) = stat.rsplit_once(") ").unwrap();
        behind_name.split(' ').map(str::to_owned).collect::<Vec<_>>()
    };
    let (theirs, ours) = (fields(process(&options).id), fields(std::process::id()));
    // State, parent, group, session, terminal, ..., nice: see proc(5).
    assert_ne!(theirs[1], std::process::id().to_string());
    assert_ne!(theirs[3], ours[3]);
    assert_eq!(theirs[4], "0");
    assert!(theirs[16].parse::<i32>().unwrap() >= 10, "{}", theirs[16]);
    // Other tests start some at this moment, which are waited for at once.
    let unburied = || {
        let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
        let children = tasks.flat_map(|task| fs::read_to_string(task.path().join("children")));
        let children: Vec<_> =
            children.flat_map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
        let stats = children.iter().flat_map(|child| fs::read_to_string(format!("/proc/{child}/stat")));
        stats.filter(|stat| stat.contains("(klangbild) Z")).count()
    };
    wait_until("end of whoever started it", || unburied() == 0);
}

/// The process is stopped before a run and killed during it, a hundred times.
#[test]
#[cfg(unix)]
fn a_process_that_is_killed_a_hundred_times_costs_a_picture_each() {
    let scratch = Scratch::new();
    let options = options(scratch.folder(), Apart::Always);
    let models = load("starter", &options);
    let expected = picture(&models).unwrap();
    let window = vec![0.1; models.window_samples()];
    for count in 1..=100 {
        let victim = process(&options).id;
        signal("-STOP", victim);
        let error = thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(10));
                signal("-KILL", victim);
            });
            picture(&models).unwrap_err()
        });
        assert!(error.is_passing(), "{count}: {error}");
        assert!(picture(&models).unwrap() == expected, "{count}: another picture");
        // Whoever did not run at that moment loses nothing.
        models.encode(&window).unwrap();
        assert_ne!(process(&options).id, victim);
    }
    let status = models.status();
    assert!(status.generator.incident.unwrap().contains("(100 times by now)"));
    assert_eq!(status.encoder.incident, None);
}

#[test]
#[cfg(target_os = "linux")]
fn a_pack_from_outside_that_takes_too_much_memory_is_told_the_limit() {
    let scratch = Scratch::new();
    let pack = scratch.path("pack");
    copy_of_starter(&pack);
    fs::write(pack.join("generator.onnx"), greedy()).unwrap();
    let options = options(&scratch.path("sockets"), Apart::Automatic);
    let pack = Pack::load(pack.to_str().unwrap()).unwrap();
    let error = Models::load(&Runtime::load().unwrap(), &pack, &options).err().unwrap().to_string();
    assert!(error.contains("generator.onnx") && error.contains("600 MiB"), "{error}");
    // The process lives, and serves others.
    assert!(process(&options).is_guarded);
}

/// A generator of 64 numbers and 256 x 256 pixels that makes 800 MiB on its way.
fn greedy() -> Vec<u8> {
    let port = |name: &str, dims: &[u64]| {
        let dim = |length: &u64| Writer::default().number(1, *length).finish();
        let shape = dims.iter().fold(Writer::default(), |shape, length| shape.bytes(1, dim(length))).finish();
        let dense = Writer::default().number(1, 1).bytes(2, shape).finish();
        Writer::default().bytes(1, name).bytes(2, Writer::default().bytes(1, dense).finish()).finish()
    };
    let whole = |name: &str, values: &[i64]| {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let tensor = Writer::default().number(1, values.len() as u64).number(2, 7);
        tensor.bytes(8, name).bytes(9, raw).finish()
    };
    let node = |operator: &str, inputs: &[&str], output: &str| {
        let node = inputs.iter().fold(Writer::default(), |node, input| node.bytes(1, input));
        node.bytes(2, output).bytes(4, operator).finish()
    };
    let graph = Writer::default()
        .bytes(1, node("Slice", &["z", "zero", "one", "second"], "first"))
        .bytes(1, node("Reshape", &["first", "point"], "dot"))
        .bytes(1, node("Expand", &["dot", "huge"], "wide"))
        .bytes(1, node("Tanh", &["wide"], "lit"))
        .bytes(1, node("Slice", &["lit", "zeros", "side", "axes"], "image"))
        .bytes(2, "greedy")
        .bytes(5, whole("zero", &[0]))
        .bytes(5, whole("one", &[1]))
        .bytes(5, whole("second", &[1]))
        .bytes(5, whole("point", &[1, 1, 1, 1]))
        .bytes(5, whole("huge", &[1, 3, 8300, 8300]))
        .bytes(5, whole("zeros", &[0, 0]))
        .bytes(5, whole("side", &[256, 256]))
        .bytes(5, whole("axes", &[2, 3]))
        .bytes(11, port("z", &[1, 64]))
        .bytes(11, port("embedding", &[1, 512]))
        .bytes(12, port("image", &[1, 3, 256, 256]))
        .finish();
    let opset = Writer::default().bytes(1, "").number(2, 17).finish();
    Writer::default().number(1, 8).bytes(7, graph).bytes(8, opset).finish()
}

#[test]
fn the_choice_is_kept_and_doctor_tells_it() {
    let home = Scratch::new();
    let run = |line: &str| {
        let run = klangbild().args(line).env("XDG_CONFIG_HOME", home.path("config"));
        run.env("KLANGBILD_APART_FOLDER", home.path("sockets")).run()
    };
    run("runtime apart sometimes").fails(2, &["sometimes", "automatic, always, never"]);
    assert!(run("doctor").succeeds().stdout.contains("automatic: packs from outside"));
    run("runtime apart always").succeeds();
    let doctor = run("doctor").succeeds().stdout;
    assert!(doctor.contains("always: all packs") && doctor.contains("runs, for built-in packs"), "{doctor}");
    assert!(doctor.contains("generator runs on CPU in process "), "{doctor}");
    run("runtime apart automatic").succeeds();
    assert!(run("doctor").succeeds().stdout.contains("automatic: packs from outside"));
}
