//! The passes of a scene: what its head names is made, bound and run.
//!
//! A [`Program`] is a scene compiled, which stages on one device share. A [`Graph`] is one stage's own memory of it: targets,
//! buffers, and what is newest in each.

mod binding;
mod flat;
mod isf;
mod loops;
mod module;
mod post;
mod program;
mod run;
mod source;
mod store;
mod trial;
mod veil;
mod vision;
mod words;

pub(super) use binding::Given;
pub(super) use post::PostBlock;
pub(super) use program::Program;
pub(super) use run::{Graph, Quality, Shown, Step};
