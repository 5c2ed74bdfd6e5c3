//! Helpers of the end-to-end tests in `tests/tests/`, which drive the program as its users do: by its command line.
//!
//! - [`program`] starts it and waits, or interrupts it;
//! - [`display`] gives a program with a window a screen of its own;
//! - [`sound`] makes the songs, [`broken`] the packs, files and tools that are broken on purpose;
//! - [`frames`] looks at pictures, [`video`] into video files;
//! - [`score`] compares what was heard with the truth.
//!
//! Everything here panics when it cannot do its work: that fails the test that asked.

pub mod broken;
pub mod display;
pub mod frames;
pub mod program;
pub mod score;
pub mod sound;
pub mod video;
