//! Klangbild as a plugin and as a program: everything around the engine that people see and hosts talk to.
//!
//! - [`params`] and [`settings`]: what a project remembers; a [`preset`] is a look of it with a name.
//! - [`panel`]: the controls over the picture; [`notice`]: what it tells.

pub mod notice;
pub mod panel;
pub mod params;
pub mod preset;
pub mod settings;
