//! Helpers of the end-to-end tests: those in `tests/tests/` drive the program as its users do, by its command line, and those in
//! `tests/plugin/` the plugin as a DAW does.
//!
//! - [`program`] starts the program and waits, or interrupts it; [`alone`] runs a test in a process of its own;
//! - [`clap_host`] is the DAW, and `vst3_host` one for VST3, [`screen`] where it opens windows, [`process`] what it sees of itself;
//! - [`sound`] makes the songs, [`broken`] the packs, files and tools that are broken on purpose;
//! - [`http`] is a server that sends files, or fails to;
//! - [`frames`] looks at pictures, [`video`] into video files;
//! - [`score`] compares what was heard with the truth.
//!
//! Everything here panics when it cannot do its work: that fails the test that asked.

pub mod alone;
pub mod broken;
pub mod clap_host;
pub mod frames;
pub mod http;
#[cfg(target_os = "linux")]
pub mod process;
pub mod program;
pub mod score;
#[cfg(target_os = "linux")]
pub mod screen;
pub mod sound;
pub mod video;
#[cfg(target_os = "linux")]
pub mod vst3_host;
