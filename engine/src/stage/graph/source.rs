//! What is compiled for a scene: our declarations and tools, then the scene's own files, as one text that knows its places.

use std::borrow::Cow;
use std::fmt::Write;

use super::super::{StageError, moment};
use super::words;
use crate::scene::head::{Format, Head, PassKind};
use crate::scene::{Part, SceneFile};

/// Textures that every scene can read, by their names in WGSL. Their bindings are their places.
pub const GIVEN: [&str; 17] = [
    "picture",
    "field",
    "previous",
    "newest",
    "ambience",
    "spectrum",
    "waveform",
    "history",
    "noise",
    "before",
    "bloom",
    "leaving",
    "arriving",
    "previous_light",
    "newest_light",
    "motion",
    "isf_drawn",
];

const PRELUDE: &str = include_str!("../../../../shaders/prelude.wgsl");
const SCENE: &str = include_str!("../../../../shaders/scene.wgsl");
const POST: &str = include_str!("../../../../shaders/post.wgsl");

/// Libraries that a head can ask for.
const LIBRARIES: [(&str, &str); 2] = [
    ("noise", include_str!("../../../../shaders/lib/noise.wgsl")),
    ("relief", include_str!("../../../../shaders/lib/relief.wgsl")),
];

/// What the part is called that is made from the head.
const HEAD: &str = "what the head declares";

/// One text, made of parts.
pub struct Source {
    parts: Vec<Part>,
    pub text: String,
    /// From here on, what the scene itself says.
    pub own_from: usize,
}

impl Source {
    /// The text for a scene.
    ///
    /// # Errors
    /// The head asks for a library that there is not.
    pub fn of(file: &SceneFile) -> Result<Self, StageError> {
        let part = |name: &str, text: Cow<'static, str>| Part { file: name.to_owned(), text };
        // The names of an ISF's controls are words of GLSL, which need be none of WGSL.
        let declared = match &file.isf {
            Some(_) => declarations(&Head { controls: Vec::new(), ..file.head.clone() }),
            None => declarations(&file.head),
        };
        let mut parts = vec![
            part("what the tables declare", moment::declarations().into()),
            part(HEAD, declared.into()),
            part("prelude.wgsl", PRELUDE.into()),
            part("scene.wgsl", SCENE.into()),
            part("post.wgsl", POST.into()),
        ];
        for wanted in &file.head.uses {
            let Some((_, text)) = LIBRARIES.iter().find(|(name, _)| name == wanted) else {
                let there = LIBRARIES.map(|(name, _)| name).join(", ");
                let message = format!("use: there is no library {wanted:?}; there are: {there}");
                return Err(StageError::Scene { scene: file.scene.name().to_owned(), message });
            };
            parts.push(part(&format!("lib/{wanted}.wgsl"), Cow::Borrowed(text)));
        }
        let ours = parts.len();
        parts.extend(file.parts.iter().cloned());
        let joined =
            |parts: &[Part]| -> String { parts.iter().flat_map(|part| [part.text.as_ref(), "\n"]).collect() };
        let (text, own_from) = (joined(&parts), joined(&parts[..ours]).len());
        Ok(Self { parts, text, own_from })
    }

    /// An error at a byte of the text, as people see it in their files.
    pub fn error(&self, at: Option<usize>, message: &str) -> StageError {
        let message = words::plain(&super::super::gpu::one_line(message), &self.text);
        // What is missing at the end is missed behind the last letter.
        let at = at.unwrap_or(self.own_from).min(self.text.trim_end().len().saturating_sub(1));
        let own = self.parts.last().map(|part| part.file.clone()).unwrap_or_default();
        let mut begin = 0;
        for part in &self.parts {
            let end = begin + part.text.len() + 1;
            if at < end && part.file == HEAD {
                let message = format!("what the head names does not fit the shader: {message}");
                return StageError::Shader { file: own, line: 1, column: 1, message };
            }
            if at < end {
                let ahead = part.text.get(..at - begin).unwrap_or(&part.text);
                let line = ahead.matches('\n').count() as u32 + 1;
                let column = ahead.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
                return StageError::Shader { file: part.file.clone(), line, column, message };
            }
            begin = end;
        }
        StageError::Shader { file: own, line: 1, column: 1, message }
    }

    /// Where the scene's own text defines a function.
    pub fn function(&self, name: &str) -> Option<usize> {
        let own = self.text.get(self.own_from..)?;
        let found = own.find(&format!("fn {name}(")).or_else(|| own.find(&format!("fn {name} (")))?;
        Some(self.own_from + found)
    }
}

/// Where the scene's own resources begin among the bindings of group 1.
pub const OWN: u32 = 24;

/// A resource of the scene's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// A target, to be sampled.
    Target(usize),
    /// The same, to be written by a compute pass.
    TargetOut(usize),
    /// A buffer, to be read.
    Buffer(usize),
    /// The same, to be read and written.
    BufferOut(usize),
    /// A texture.
    Texture(usize),
}

/// The scene's own resources, in the order of their bindings.
pub fn own(head: &Head) -> Vec<Own> {
    let mut all: Vec<_> =
        (0..head.targets().len()).flat_map(|at| [Own::Target(at), Own::TargetOut(at)]).collect();
    all.extend((0..head.buffers.len()).flat_map(|at| [Own::Buffer(at), Own::BufferOut(at)]));
    all.extend((0..head.textures.len()).map(Own::Texture));
    all
}

/// What WGSL calls a format in storage textures; `None` for those that cannot be written so everywhere.
pub fn storage(format: Format) -> Option<&'static str> {
    match format {
        Format::Rgba16f => Some("rgba16float"),
        Format::Rgba8 | Format::Root8 => Some("rgba8unorm"),
        Format::R32f => Some("r32float"),
        Format::Rgba32f => Some("rgba32float"),
        Format::Rg16f | Format::R16f | Format::R8 => None,
    }
}

/// Declares what the head names: controls, textures, buffers, and the corners of points.
fn declarations(head: &Head) -> String {
    let mut text = String::from("struct SceneControls {\n");
    let mut write = |line: std::fmt::Arguments<'_>| {
        // Writing into a string cannot fail.
        let _ = text.write_fmt(format_args!("{line}\n"));
    };
    // Colours first: they want multiples of 16 bytes.
    let colours_first = controls_in_order(head);
    for control in &colours_first {
        write(format_args!("    {}: {},", control.id, control.wgsl()));
    }
    if colours_first.is_empty() {
        write(format_args!("    none: f32,"));
    }
    write(format_args!("}}\n@group(2) @binding(1) var<uniform> scene: SceneControls;"));
    for (at, name) in GIVEN.iter().enumerate() {
        write(format_args!("@group(1) @binding({at}) var {name}: texture_2d<f32>;"));
    }
    let targets = head.targets();
    for (binding, own) in (OWN..).zip(own(head)) {
        match own {
            Own::Target(at) => write(format_args!(
                "@group(1) @binding({binding}) var {}: texture_2d<f32>;",
                targets[at].name
            )),
            Own::TargetOut(at) => {
                if let Some(format) = storage(targets[at].format) {
                    let name = targets[at].name;
                    write(format_args!(
                        "@group(1) @binding({binding}) var {name}_out: texture_storage_2d<{format}, write>;"
                    ));
                }
            }
            Own::Buffer(at) => {
                let buffer = &head.buffers[at];
                // What is counted in atomics is read as plain numbers.
                let of = buffer.of.replace("atomic<u32>", "u32").replace("atomic<i32>", "i32");
                let (name, count) = (&buffer.name, buffer.count);
                write(format_args!(
                    "@group(1) @binding({binding}) var<storage, read> {name}: array<{of}, {count}>;"
                ));
            }
            Own::BufferOut(at) => {
                let (name, of, count) =
                    (&head.buffers[at].name, &head.buffers[at].of, head.buffers[at].count);
                write(format_args!(
                    "@group(1) @binding({binding}) var<storage, read_write> {name}_rw: array<{of}, {count}>;"
                ));
            }
            Own::Texture(at) => {
                write(format_args!(
                    "@group(1) @binding({binding}) var {}: texture_2d<f32>;",
                    head.textures[at].name
                ));
            }
        }
    }
    for pass in head.passes.iter().filter(|pass| pass.kind == PassKind::Points) {
        let entry = &pass.entry;
        write(format_args!(
            "@vertex fn {entry}_corner(@builtin(vertex_index) corner: u32, @builtin(instance_index) index: u32) -> PointCorner \
             {{ return point_corner({entry}(index), corner); }}"
        ));
    }
    text
}

/// The controls as they lie in memory: colours first.
pub fn controls_in_order(head: &Head) -> Vec<&crate::scene::control::Control> {
    let is_colour = |control: &&crate::scene::control::Control| control.wgsl() == "vec4f";
    let colours = head.controls.iter().filter(is_colour);
    colours.chain(head.controls.iter().filter(|control| !is_colour(control))).collect()
}
