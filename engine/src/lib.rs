//! Sound in, picture out. Read the modules in this order: it is the way a sample travels.
//!
//! 1. [`tap`]: the lock-free ring that carries samples off the audio thread, with the host's transport.
//!    [`song`] feeds the same samples from a file.
//! 2. [`hearing`]: what a listener notices, every 5 ms: loudness, bands, drum hits, beat, chroma, timbre.
//! 3. [`pack`]: the models, as folders that anyone can make, checked before they are trusted;
//!    [`inference`] runs them.
//! 4. [`words`]: what a user says, as places in the encoder's space. [`motion`]: the path through latent space; [`dreamer`] puts encoder, motion and generator together
//!    and dreams pictures.
//! 5. [`stage`]: draws every display frame from the newest two pictures and the newest hearing.
//! 6. [`recorder`]: frames and sound into files. [`flash`] says of frames whether their light can cause seizures.
//!
//! A [`performance`] puts them together, frame by frame. [`live`] runs it on the live clock; [`render`] on the audio's own, for
//! a song or, through [`bounce`], for a host that renders offline. [`knobs`] is the table of what a user can turn meanwhile,
//! [`controls`] what it is turned to. [`score`] measures what came out, [`evaluation`] how well music is heard.

pub mod bounce;
pub mod controls;
pub mod director;
pub mod dreamer;
pub mod evaluation;
pub mod flash;
pub mod hearing;
pub mod inference;
pub mod isf;
pub mod knobs;
mod latest;
pub mod live;
pub mod look;
pub mod motion;
pub mod pack;
pub mod performance;
pub mod picture;
pub mod recorder;
pub mod rehearsal;
pub mod render;
pub mod resample;
pub mod scene;
pub mod score;
mod scramble;
pub mod song;
pub mod stage;
pub mod tap;
pub mod text;
pub mod threads;
pub mod words;

/// README's examples, which are compiled with the others.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
