//! The plugin as a DAW has it: every test loads the built library, each in a process of its own.
//!
//! They need what `cargo xtask setup` installs and, on Linux, Xvfb to open windows on. A missing one is a failure, never a skip.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "to panic is how a test fails")]

mod bounce;
#[cfg(target_os = "linux")]
mod c_host;
mod params;
mod presets;
mod scene;
mod sound;
mod state;
mod transition;

// What these look at is X11 and /proc.
#[cfg(target_os = "linux")]
mod hostile;
#[cfg(target_os = "linux")]
mod idle;
#[cfg(target_os = "linux")]
mod many;
#[cfg(target_os = "linux")]
mod missing;
#[cfg(target_os = "linux")]
mod null;
#[cfg(target_os = "linux")]
mod record;
#[cfg(target_os = "linux")]
mod vst3;
#[cfg(target_os = "linux")]
mod window;

use std::path::{Path, PathBuf};

use klangbild_tests::clap_host::{self, Library, Plugin};
use serde_json::json;

/// Path of the plugin: the one that cargo built for these tests, or that `KLANGBILD_PLUGIN` names, so that a bundle that is to
/// be shipped can be tested too.
fn library_path() -> PathBuf {
    if let Some(path) = std::env::var_os("KLANGBILD_PLUGIN") {
        return path.into();
    }
    // Cargo puts a library that it builds for tests only with what else is built on the way, not beside the program.
    let beside = Path::new(env!("CARGO_BIN_EXE_klangbild")).with_file_name("deps");
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    beside.join(format!("{prefix}klangbild{suffix}"))
}

fn library() -> Library {
    Library::load(&library_path())
}

/// One instance.
fn plugin() -> Plugin {
    Plugin::new(&library())
}

/// One instance that writes small pictures and videos into a folder.
fn plugin_that_writes_to(folder: &Path) -> Plugin {
    let mut plugin = plugin();
    let small = json!({
        "folder": folder, "still_px": [320, 180], "video_px": [160, 90], "video_fps": 10, "video_kind": "png",
    });
    let changed = clap_host::state::with_settings(&plugin.save(), &small);
    assert!(plugin.load(&changed));
    plugin
}
