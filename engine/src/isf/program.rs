//! What a file becomes: modules for the GPU, and where everything is that has to be set.

use wgpu::naga;

use super::{Input, InputKind, Isf};

/// The binding of the uniform block in group 0.
pub const UNIFORM_BINDING: u32 = 0;
/// The binding of the sampler in group 0.
pub const SAMPLER_BINDING: u32 = 1;
/// Where textures begin in group 0.
pub(super) const FIRST_TEXTURE_BINDING: u32 = 2;
/// How many vertices a pass draws: two triangles.
pub const VERTICES: u32 = 6;

/// A translated file: give both modules to [`wgpu::ShaderSource::Naga`].
#[derive(Clone, Debug)]
pub struct Program {
    /// The vertex stage; its entry point is called [`Program::ENTRY`].
    pub vertex: naga::Module,
    /// The fragment stage, which writes one colour; its entry point is called [`Program::ENTRY`].
    pub fragment: naga::Module,
    /// Everything in the uniform block: the format's own first, then the inputs, in order.
    pub uniforms: Vec<Uniform>,
    /// The size of the uniform block.
    pub uniform_bytes: u32,
    /// The textures that either stage reads, and no others.
    pub textures: Vec<TextureSlot>,
    /// Whether either stage samples at all. Without it the sampler's binding is not in the layout that wgpu works out.
    pub samples: bool,
}

impl Program {
    /// The name of both entry points.
    pub const ENTRY: &str = "main";

    /// The place of the uniform called `name`.
    pub fn uniform(&self, name: &str) -> Option<&Uniform> {
        self.uniforms.iter().find(|uniform| uniform.name == name)
    }
}

/// One number, or some that belong together, in the uniform block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uniform {
    /// `TIME` and so on, or an input's name.
    pub name: String,
    /// How it is written.
    pub kind: UniformKind,
    /// From the block's beginning.
    pub offset_bytes: u32,
}

/// How a uniform is written into its block, in the machine's byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniformKind {
    /// A `u32` of 0 or 1: `bool`, `event`.
    Bool,
    /// An `i32`: `long`, `FRAMEINDEX`, `PASSINDEX`.
    Int,
    /// An `f32`.
    Float,
    /// Two `f32`: `point2D`, `RENDERSIZE`.
    Vec2,
    /// Four `f32`: `color`, and `DATE` (year, month, day, seconds since midnight).
    Vec4,
}

impl UniformKind {
    /// How many bytes it takes; in std140 (OpenGL 4.6, 7.6.2.2) its place is a multiple of the same.
    pub fn bytes(self) -> u32 {
        match self {
            Self::Bool | Self::Int | Self::Float => 4,
            Self::Vec2 => 8,
            Self::Vec4 => 16,
        }
    }

    pub(super) fn glsl(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Vec2 => "vec2",
            Self::Vec4 => "vec4",
        }
    }
}

/// A texture that the shader reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextureSlot {
    /// The name in the shader.
    pub name: String,
    /// In group 0: a filterable 2D float texture.
    pub binding: u32,
    /// What to bind.
    pub source: TextureSource,
}

/// Where a texture comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextureSource {
    /// The picture of an `image` input.
    Image,
    /// The newest samples, of an `audio` input.
    Audio,
    /// The spectrum, of an `audioFFT` input.
    AudioFft,
    /// What passes have drawn into the target of this name.
    Target,
    /// A picture that comes with the file.
    Imported,
}

/// The format's own uniforms.
const BUILT_IN: [(&str, UniformKind); 6] = [
    ("DATE", UniformKind::Vec4),
    ("RENDERSIZE", UniformKind::Vec2),
    ("TIME", UniformKind::Float),
    ("TIMEDELTA", UniformKind::Float),
    ("FRAMEINDEX", UniformKind::Int),
    ("PASSINDEX", UniformKind::Int),
];

/// The uniform block of a file and its size in bytes.
pub(super) fn uniforms(inputs: &[Input]) -> (Vec<Uniform>, u32) {
    let built_in = BUILT_IN.iter().map(|&(name, kind)| (name, kind));
    let own = inputs.iter().filter_map(|input| {
        let kind = match input.kind {
            InputKind::Event | InputKind::Bool { .. } => UniformKind::Bool,
            InputKind::Long { .. } => UniformKind::Int,
            InputKind::Float { .. } => UniformKind::Float,
            InputKind::Point2D { .. } => UniformKind::Vec2,
            InputKind::Color { .. } => UniformKind::Vec4,
            InputKind::Image | InputKind::Audio { .. } | InputKind::AudioFft { .. } => return None,
        };
        // What the format has itself is not the file's to set.
        BUILT_IN.iter().all(|(name, _)| *name != input.name).then_some((input.name.as_str(), kind))
    });
    let mut end = 0_u32;
    let uniforms = built_in.chain(own).map(|(name, kind)| {
        let offset_bytes = end.next_multiple_of(kind.bytes());
        end = offset_bytes + kind.bytes();
        Uniform { name: name.to_owned(), kind, offset_bytes }
    });
    let uniforms = uniforms.collect();
    (uniforms, end.next_multiple_of(16))
}

/// Every texture that a file has, used or not: inputs, targets, imported pictures. The first of a name counts.
pub(super) fn textures(isf: &Isf) -> Vec<TextureSlot> {
    let inputs = isf.inputs.iter().filter_map(|input| match input.kind {
        InputKind::Image => Some((&input.name, TextureSource::Image)),
        InputKind::Audio { .. } => Some((&input.name, TextureSource::Audio)),
        InputKind::AudioFft { .. } => Some((&input.name, TextureSource::AudioFft)),
        _ => None,
    });
    let targets = isf.passes.iter().filter_map(|pass| Some((pass.target.as_ref()?, TextureSource::Target)));
    let imported = isf.imported.iter().map(|imported| (&imported.name, TextureSource::Imported));
    let mut slots: Vec<TextureSlot> = Vec::new();
    for (name, source) in targets.chain(inputs).chain(imported) {
        if slots.iter().all(|slot| slot.name != *name) {
            let binding = FIRST_TEXTURE_BINDING + slots.len() as u32;
            slots.push(TextureSlot { name: name.clone(), binding, source });
        }
    }
    slots
}
