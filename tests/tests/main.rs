//! End to end: every test starts the program the way a user does, and looks at what comes out.
//!
//! They need what `cargo xtask setup` installs: ffmpeg, a GPU adapter (software Vulkan will do) and ONNX Runtime.
//! A missing one is a failure, never a skip.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "to panic is how a test fails")]

mod again;
mod apart;
mod bad_input;
mod bad_machine;
mod bad_packs;
mod demo_song;
mod determinism;
mod flashes;
mod formats;
mod golden;
mod hearing;
#[cfg(target_os = "linux")]
mod live;
mod reaction;
mod runtime;
mod scenes;
#[cfg(unix)]
mod watch;
mod words;

use std::path::{Path, PathBuf};

use klangbild_tests::program::Program;

/// Path of the program: the one that cargo built for these tests, or that `KLANGBILD_PROGRAM` names, so that a build
/// that is to be shipped can be tested too.
fn program_path() -> PathBuf {
    std::env::var_os("KLANGBILD_PROGRAM")
        .map_or_else(|| env!("CARGO_BIN_EXE_klangbild").into(), PathBuf::from)
}

/// A run of the program.
fn klangbild() -> Program {
    Program::at(program_path())
}

/// A run that renders `song` to `out`, small and with few frames unless `options` say otherwise.
fn render(song: &Path, out: &Path, options: &str) -> Program {
    klangbild().arg("render").arg(song).arg("-o").arg(out).args(options)
}

/// The demo song and what is known about it.
fn demo_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo-song")
}
