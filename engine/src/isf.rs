//! Interactive Shader Format: GLSL with a JSON head (`.fs` files), as many programs for visuals play it.
//!
//! An [`Isf`] is read from a file's text: what it is, what can be set, which pictures it reads, how often it is drawn for one
//! frame and how large. [`Isf::translate`] makes of its GLSL what the GPU can run: a [`Program`] of two naga modules, for the
//! vertex and the fragment stage, with the places of everything that is to be set. Whoever draws follows these rules:
//!
//! - **Pictures have row 0 on top**, as everywhere in the engine: the frame, every target, every input. The format counts
//!   from the bottom; the translation turns every access round, so `isf_FragNormCoord.y`, `gl_FragCoord.y` and the points that
//!   `IMG_PIXEL` takes grow upwards, and a pass that copies a picture never turns it over.
//! - **Colours** are sRGB as it is stored, 0 to 1, alpha not multiplied in. A target is 8 bits a channel unless its pass says
//!   `FLOAT`.
//! - A pass is one `draw(0..VERTICES, 0..1)` of a triangle list, without vertex buffers, culling, depth or blending.
//! - Group 0 holds everything: the uniform block at [`UNIFORM_BINDING`], one sampler (linear, clamped to the edge) at
//!   [`SAMPLER_BINDING`], and the textures that the shader really reads. Both stages see all of it.
//! - In the uniform block `RENDERSIZE` is the size of the target that is drawn into, not the frame's.
//!
//! Method: the text's macros are expanded here within bounds (`isf/glsl`), its dialects (GLSL 1.10 to 4.6, ES, and the format's
//! own words) are brought to GLSL 4.5 for Vulkan, glslang (Khronos' reference compiler) makes SPIR-V of it, naga a module.
//!
//! Format: ISF 2.0, <https://docs.isf.video>.

mod error;
mod expression;
mod glsl;
mod input;
mod json;
pub mod limits;
mod pass;
mod program;
#[cfg(test)]
mod tests;
mod value;

pub use error::{IsfError, Text};
pub use expression::Expression;
pub use input::{Input, InputKind};
pub use pass::{Imported, Pass};
pub use program::{
    Program, SAMPLER_BINDING, TextureSlot, TextureSource, UNIFORM_BINDING, Uniform, UniformKind, VERTICES,
};
use serde_json::{Map, Value};

/// What a file is for, as its inputs tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Makes pictures of nothing.
    Generator,
    /// Changes the picture `inputImage`.
    Filter,
    /// Leads from `startImage` to `endImage` while `progress` goes from 0 to 1.
    Transition,
}

/// A file, read but not yet translated.
#[derive(Clone, Debug)]
pub struct Isf {
    /// What it is for.
    pub kind: Kind,
    /// The format's version that it is written for: 1 or 2.
    pub version: u32,
    /// One sentence, or nothing.
    pub description: String,
    /// Who made it, or nothing.
    pub credit: String,
    /// Tags.
    pub categories: Vec<String>,
    /// What can be set, in the file's order.
    pub inputs: Vec<Input>,
    /// What is drawn for a frame, in order; at least one.
    pub passes: Vec<Pass>,
    /// Pictures that come with it.
    pub imported: Vec<Imported>,
    /// The whole text of the `.fs` file.
    fragment: String,
}

impl Isf {
    /// Reads the text of a `.fs` file. The shader in it is looked at by [`translate`](Self::translate) only.
    ///
    /// # Errors
    /// There is no head, it is no JSON, or it asks for what cannot be; with the line or the key.
    pub fn read(text: &str) -> Result<Self, IsfError> {
        check_size(Text::Fragment, text)?;
        let head = head(text)?;
        let inputs = input::read(&head)?;
        let is_numeric =
            |name: &str| inputs.iter().any(|input| input.name == name && !input.kind.is_texture());
        let passes = pass::read(&head, &is_numeric)?;
        let imported = pass::imported(&head)?;
        let version =
            head.get("ISFVSN").and_then(value::number).map_or(1, |version| version.clamp(1.0, 99.0) as u32);
        let categories = value::list(&head, "CATEGORIES").iter().filter_map(value::words).collect();
        Ok(Self {
            kind: kind(&inputs),
            version,
            description: value::text(&head, "DESCRIPTION").unwrap_or_default(),
            credit: value::text(&head, "CREDIT").unwrap_or_default(),
            categories,
            inputs,
            passes,
            imported,
            fragment: text.to_owned(),
        })
    }

    /// The text of the `.fs` file.
    pub fn text(&self) -> &str {
        &self.fragment
    }

    /// Makes modules of the shader that wgpu takes, with `vertex` as the text of the `.vs` file beside it, if there is one.
    /// Takes some hundredths of a second, on a thread of its own.
    ///
    /// # Errors
    /// The shader is wrong, with the line in its own file, or does what cannot be translated.
    pub fn translate(&self, vertex: Option<&str>) -> Result<Program, IsfError> {
        if let Some(vertex) = vertex {
            check_size(Text::Vertex, vertex)?;
        }
        glsl::translate(self, &self.fragment, vertex)
    }
}

fn check_size(text: Text, content: &str) -> Result<(), IsfError> {
    if content.len() > limits::FILE_BYTES {
        let what = format!("the {text} file's size in bytes");
        return Err(IsfError::TooLarge { what, found: content.len(), limit: limits::FILE_BYTES });
    }
    Ok(())
}

/// The JSON in the first comment that begins with a brace. Some files have their licence in a comment before it.
fn head(text: &str) -> Result<Map<String, Value>, IsfError> {
    let mut from = 0;
    while let Some(begin) = text.get(from..).and_then(|rest| rest.find("/*")).map(|at| from + at + 2) {
        let rest = text.get(begin..).unwrap_or_default();
        let length = rest.find("*/").ok_or(IsfError::NoHead)?;
        let comment = rest.get(..length).unwrap_or_default();
        if comment
            .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '*')
            .starts_with('{')
        {
            let skipped = comment.find('{').unwrap_or(0);
            let line = 1 + text.get(..begin + skipped).unwrap_or_default().matches('\n').count();
            return match json::parse(comment.get(skipped..).unwrap_or_default(), line)? {
                Value::Object(head) => Ok(head),
                _ => Err(IsfError::NoHead),
            };
        }
        from = begin + length + 2;
    }
    Err(IsfError::NoHead)
}

fn kind(inputs: &[Input]) -> Kind {
    let has = |name: &str, texture: bool| {
        inputs.iter().any(|input| input.name == name && (input.kind == InputKind::Image) == texture)
    };
    if has("startImage", true) && has("endImage", true) && has("progress", false) {
        Kind::Transition
    } else if has("inputImage", true) {
        Kind::Filter
    } else {
        Kind::Generator
    }
}
