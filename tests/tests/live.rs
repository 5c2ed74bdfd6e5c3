//! `klangbild live`: a window of its own, on a display of its own.

use std::fs;

use klangbild_tests::program::{Program, Scratch};
use klangbild_tests::screen::Server;
use klangbild_tests::sound::Sound;

use crate::{klangbild, program_path};

/// On a machine with this display, and without a sound card or a sound server.
fn on(display: &Server, program: Program) -> Program {
    program
        .env("DISPLAY", display.display())
        .env("WAYLAND_DISPLAY", "")
        .env("PULSE_SERVER", "unix:/nonexistent")
        .env("ALSA_CONFIG_PATH", "/nonexistent")
}

fn live(display: &Server) -> Program {
    on(display, klangbild().arg("live"))
}

#[test]
fn a_song_plays_and_ends_by_itself() {
    let display = Server::start();
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 1.0).write(&scratch.path("song.wav"), 2);
    let mute = live(&display).arg(&song).args("--mute --for 3 --size 320x180").run().succeeds();
    assert!(mute.stderr.contains("without sound"), "{mute:?}");
    // A missing sound card is no error of the picture.
    let unheard = live(&display).arg(&song).args("--loop --for 3 --full-screen").run().succeeds();
    assert!(unheard.stderr.contains("without sound"), "{unheard:?}");
    live(&display).args("--for 1").run().succeeds().warns("klangbild live SONG");
    assert_eq!(scratch.names(), ["song.wav"]);
}

#[test]
fn ctrl_c_ends_it_well() {
    let display = Server::start();
    let scratch = Scratch::new();
    let song = Sound::music(48_000, 1.0).write(&scratch.path("song.wav"), 1);
    let mut running = live(&display).arg(&song).args("--mute --size 320x180").start();
    let threads = running.threads();
    running.wait_until("the window", || threads().iter().any(|name| name == "klangbild-stage"));
    running.interrupt();
    running.wait().succeeds();
}

#[test]
fn it_starts_without_onnx_runtime() {
    let display = Server::start();
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    // A copy of the program, so that no library lies beside it.
    let (folder, empty) = (scratch.path("elsewhere"), scratch.path("empty"));
    fs::create_dir(&folder).unwrap();
    fs::create_dir(&empty).unwrap();
    let program = folder.join("klangbild");
    fs::copy(program_path(), &program).unwrap();
    on(&display, Program::at(&program).arg("live"))
        .arg(&song)
        .args("--mute --for 2 --size 320x180")
        .env("KLANGBILD_ONNXRUNTIME_DIR", &empty)
        .run()
        .succeeds();
}

#[test]
fn a_midi_input_that_is_not_there_is_said_before_a_window_opens() {
    let failed = klangbild().args("live --midi-clock=no-such-port").run().fails(1, &["MIDI"]);
    assert!(failed.stderr.contains("no-such-port") || failed.stderr.contains("gives no MIDI"), "{failed:?}");
}

#[test]
fn devices_and_monitors_are_listed() {
    let display = Server::start();
    let listed = live(&display).args("--list-devices").run().succeeds().stdout;
    for part in ["Sound outputs", "Sound inputs", "MIDI inputs", "Monitors", "1280x800"] {
        assert!(listed.contains(part), "no {part} in:\n{listed}");
    }
    let nowhere =
        klangbild().arg("live").args("--list-devices").env("DISPLAY", "").env("WAYLAND_DISPLAY", "");
    assert!(nowhere.run().succeeds().stdout.contains("Monitors"));
}

#[test]
fn what_does_not_exist_is_said_with_what_does() {
    let display = Server::start();
    let scratch = Scratch::new();
    let song = Sound::music(44_100, 0.5).write(&scratch.path("song.wav"), 2);
    let run = |line: &str| live(&display).arg(&song).args(line).run();
    live(&display).arg(scratch.path("gone.wav")).run().fails(1, &["gone.wav"]);
    live(&display).args("--input nope").run().fails(1, &["sound input", "nope", "there are"]);
    run("--output nope").fails(1, &["sound output", "nope", "there are"]);
    run("--mute --monitor nope").fails(1, &["monitor", "nope", "1280x800"]);
    run("--mute --preset nope").fails(1, &["preset", "nope", "Gallery"]);
    run("--mute --pack nope").fails(1, &["pack", "nope", "default"]);
    let nowhere =
        klangbild().arg("live").arg(&song).args("--mute").env("DISPLAY", "").env("WAYLAND_DISPLAY", "");
    nowhere.run().fails(1, &["window", "X11"]);
}
