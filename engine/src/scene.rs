//! A scene is a file: what the stage paints, written in WGSL by us or by anybody.
//!
//! A scene is a folder with a [`scene.toml`](head::Head) and shaders, or one `NAME.wgsl` with the same head in its first comment.
//! Ours lie in `shaders/scenes/`, a user's in the [scenes folder](library::folder). The head names controls, textures, buffers
//! and passes; the stage's graph makes and binds what they ask for. `docs/scenes.md` is the guide for who writes one.
//!
//! ```
//! use klangbild_engine::scene::{Scene, SceneFile};
//!
//! let text = r#"/*
//! name = "Rings"
//! [[control]]
//! id = "width"
//! default = 0.3
//! */
//! @fragment fn paint(in: Corner) -> @location(0) vec4f {
//!     let far = length(centred(in.uv));
//!     return vec4f(vec3f(step(fract(far * 9.0 - heard.beat_phase), scene.width)), 1.0);
//! }
//! "#;
//! let rings = SceneFile::from_wgsl("rings.wgsl", text)?;
//! assert_eq!((rings.head.name.as_str(), rings.head.passes.len()), ("Rings", 1));
//! assert_eq!("flow".parse::<Scene>()?.name(), "flow");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod control;
mod error;
mod files;
pub mod head;
mod id;
pub(crate) mod image;
mod isf;
mod library;
pub(crate) mod limits;
pub mod slots;
#[cfg(test)]
mod tests;

pub use error::SceneError;
pub use files::{Part, SceneFile};
pub use id::{Scene, UnknownScene};
pub use isf::{IsfFile, TurnedBy};
pub use library::{
    Listed, Stamp, built_in, find, folder, is_there, list, stamp, transition, transition_stamp,
};
