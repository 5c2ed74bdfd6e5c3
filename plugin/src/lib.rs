//! Klangbild as a plugin and as a program: everything around the engine that people see and hosts talk to.
//!
//! - [`effect`]: what a host loads; sound passes through and is tapped. [`intake`] is
//!   the audio thread's part, [`midi_clock`] what the program adds to it, and [`instance`] what all the rest shares.
//! - [`params`] and [`settings`]: what a project remembers; a [`preset`] is a look of it with a name.
//! - [`heads`]: what is known of scenes; [`playbill`]: which one plays, and what its knobs are called; [`scene_control`]: these in
//!   words; [`understudy`]: who plays where one is broken.
//! - [`editor`]: the plugin's window in a host; [`window`]: the stage thread that draws in any window; [`panel`]: the controls
//!   over the picture; [`notice`]: what it tells.
//! - [`outlet`]: where pictures go. [`capture`], [`recording`], [`bouncing`]: stills, and videos while it plays or while the
//!   host renders offline.
//! - [`runtime_parts`]: further parts of ONNX Runtime, fetched when the user says so; [`errand`]: for the window, in the background.

mod attendant;
mod birth;
pub mod bouncing;
pub mod capture;
pub mod clap;
pub mod clipboard;
pub mod device;
pub mod editor;
pub mod effect;
pub mod errand;
mod file_name;
mod hardware;
pub mod heads;
mod history;
pub mod host;
pub mod instance;
pub mod intake;
mod logging;
pub mod midi_clock;
pub mod notice;
pub mod outlet;
mod output_folder;
pub mod panel;
mod panics;
pub mod params;
pub mod playbill;
pub mod preset;
pub mod recording;
pub mod runtime_parts;
pub mod scene_control;
pub mod settings;
mod tags;
pub mod understudy;
pub mod vst3;
pub mod window;
#[cfg(target_os = "linux")]
pub mod x11;
