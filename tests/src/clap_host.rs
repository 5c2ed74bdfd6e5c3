//! A host for CLAP plugins: what a DAW does with the plugin, one step at a time, as a test asks for it.
//!
//! - [`Library`] is the file that a DAW finds, [`Plugin`] one instance of what is in it.
//! - [`Sound`] is the audio thread's end of an active instance, [`Player`] an audio thread that plays music through it in real
//!   time.
//! - [`Param`] is what the host knows of a parameter, [`state`] looks into saved projects.
//! - On Linux, a plugin's window opens in one of the test's [`screen`](crate::screen).
//!
//! The plugin asks for neither timers nor file descriptors, so this host offers none: nice-plug's windows run on threads of
//! their own, and everything else comes through `on_main_thread`, which [`Plugin::pump`] calls.

mod browser;
mod handlers;
mod library;
mod param;
mod player;
mod plugin;
mod sound;
pub mod state;
#[cfg(target_os = "linux")]
mod window;

pub use browser::Listed;
pub use clack_extensions::params::ParamInfoFlags;
pub use clack_host::utils::ClapId;
pub use library::Library;
pub use param::Param;
pub use player::Player;
pub use plugin::Plugin;
pub use sound::{Sound, Transport, With};
#[cfg(target_os = "linux")]
pub use window::Window;
