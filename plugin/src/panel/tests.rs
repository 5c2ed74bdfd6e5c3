//! The panel in a window without a host: what it looks like, and what it wishes for.

mod clicks;
mod gestures;
mod hand;
mod models;
mod pictures;
mod presets;
mod sample;
mod words;
