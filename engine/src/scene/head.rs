//! The head of a scene: everything about it that is not WGSL, in TOML.

mod check;
mod cost;

pub use cost::Cost;
use serde::Deserialize;

use super::control::Control;
use super::{SceneError, limits};

/// What `scene.toml` says, or the first comment of a `NAME.wgsl`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// What people see.
    pub name: String,
    /// Who made it.
    #[serde(default)]
    pub author: String,
    /// Under which licence.
    #[serde(default)]
    pub licence: String,
    /// One sentence that says what is to be seen.
    #[serde(default)]
    pub about: String,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How much energy of the music it suits, 0 calm to 1 fierce: what the director goes by.
    #[serde(default = "half")]
    pub energy: f32,
    /// Place in the parameter of hosts, for scenes that are built in: never changes.
    pub slot: Option<u8>,
    /// Shader libraries of ours that it uses.
    #[serde(default, rename = "use")]
    pub uses: Vec<String>,
    /// What people can turn.
    #[serde(default, rename = "control")]
    pub controls: Vec<Control>,
    /// Pictures of its own.
    #[serde(default, rename = "texture")]
    pub textures: Vec<Texture>,
    /// Storage buffers.
    #[serde(default, rename = "buffer")]
    pub buffers: Vec<Buffer>,
    /// What is drawn or computed, in order; the last one paints the frame. Without any, `paint` does.
    #[serde(default, rename = "pass")]
    pub passes: Vec<Pass>,
    /// Cheaper ways of painting it, the best first, for machines that are too slow for the whole.
    #[serde(default, rename = "tier")]
    pub tiers: Vec<Tier>,
    /// How much of the whole is painted where the processor draws.
    #[serde(default)]
    pub processor: Processor,
    /// What suits it of what comes after it.
    #[serde(default)]
    pub post: Post,
}

/// A picture of the scene's own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texture {
    /// Its name in WGSL.
    pub name: String,
    /// The PNG, in the scene's folder.
    pub file: String,
    /// Whether its numbers are data rather than colours in sRGB.
    #[serde(default)]
    pub data: bool,
}

/// A storage buffer: `NAME` to read, `NAME_rw` to read and write.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Buffer {
    /// Its name in WGSL.
    pub name: String,
    /// What it is an array of: a WGSL type, or a struct of the scene's own.
    #[serde(rename = "type")]
    pub of: String,
    /// How many of them.
    pub count: u32,
}

/// What a pass does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PassKind {
    /// Shades every pixel of what it writes.
    #[default]
    Fragment,
    /// Computes: on a buffer, or on storage textures `NAME_out`.
    Compute,
    /// Draws soft round points: `fn ENTRY(index: u32) -> Point`.
    Points,
    /// Draws triangles from a vertex and a fragment function.
    Triangles,
}

/// One step of a frame.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pass {
    /// The function that does it.
    #[serde(default = "paint")]
    pub entry: String,
    /// The vertex function, for triangles.
    pub vertex: Option<String>,
    /// What it does.
    #[serde(default)]
    pub kind: PassKind,
    /// Targets that it writes; none for the last pass, which paints the frame.
    #[serde(default)]
    pub writes: Writes,
    /// How large these are.
    pub size: Option<Size>,
    /// In which format.
    #[serde(default)]
    pub format: Format,
    /// Whether they have smaller copies of themselves, down to a texel.
    #[serde(default)]
    pub mips: bool,
    /// Whether they keep what they hold from frame to frame: whoever reads one before it is written reads the frame before.
    #[serde(default)]
    pub persistent: bool,
    /// How often it is done in a frame.
    pub repeats: Option<u32>,
    /// How often it is done in a second, whatever the frame rate is.
    pub rate_hz: Option<f32>,
    /// With `rate_hz`: how often in the first frame, and after a jump in time.
    pub at_start: Option<u32>,
    /// Only in the first frame, and after a jump in time.
    #[serde(default)]
    pub once: bool,
    /// Points, or vertices of the triangles.
    pub count: Option<u32>,
    /// What is computed over: a buffer, or a target; that which is written if it is not said.
    pub over: Option<String>,
    /// How light is laid over what is there.
    #[serde(default)]
    pub blend: Blend,
}

/// How light is laid over what is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blend {
    /// Instead of it. Points and triangles begin with black.
    #[default]
    Replace,
    /// Added to it.
    Add,
    /// By alpha, which the colour has been multiplied with.
    Over,
}

/// Which targets a pass writes: one name or several, with formats where they differ.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Writes {
    /// One.
    One(String),
    /// Several: `@location(0)` and so on.
    Several(Vec<Write>),
}

impl Default for Writes {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

/// A target among several.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Write {
    /// In the pass's format.
    Name(String),
    /// In another one.
    Formatted {
        /// Its name in WGSL.
        name: String,
        /// Its format.
        format: Format,
    },
}

/// How large a target is.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Size {
    /// A share of the frame's width and height.
    Share(f32),
    /// Pixels.
    Pixels([u32; 2]),
    /// A square.
    Square {
        /// Its side as a share of the frame's height.
        square: f32,
        /// Its least side in pixels.
        #[serde(default = "texel")]
        least: u32,
        /// Its largest side in pixels.
        #[serde(default = "largest")]
        most: u32,
    },
}

/// In which format a target keeps its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Light: four half floats.
    #[default]
    Rgba16f,
    /// Four numbers from 0 to 1, a byte each.
    Rgba8,
    /// Light up to twice white, as its square roots in bytes, and one number: `rooted` makes them, and `unrooted` light again.
    /// As fine as eyes see, for half of what half floats cost a processor.
    Root8,
    /// Two half floats.
    Rg16f,
    /// One half float.
    R16f,
    /// One number from 0 to 1, a byte.
    R8,
    /// One float; it is read by `textureLoad` alone.
    R32f,
    /// Four floats; they are read by `textureLoad` alone.
    Rgba32f,
}

/// A cheaper way of painting a scene.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// What people see.
    pub name: String,
    /// What multiplies the size of targets that are a share of the frame, but for the last pass.
    #[serde(default = "one")]
    pub size: f32,
    /// What multiplies points, and how much of a buffer is computed.
    #[serde(default = "one")]
    pub count: f32,
    /// Passes that are left out; what they write stays black.
    #[serde(default)]
    pub skip: Vec<String>,
}

/// How much of a scene is painted where the processor draws and every pixel counts; tiers multiply it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Processor {
    /// As [`Tier::size`].
    pub size: f32,
    /// As [`Tier::count`].
    pub count: f32,
}

impl Default for Processor {
    fn default() -> Self {
        Self { size: 0.75, count: 0.12 }
    }
}

/// What suits a scene of what comes after it: factors for the knobs of that name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Post {
    /// The target whose light blooms; the frame itself if it is not said.
    pub bloom_from: Option<String>,
    /// Light around bright places.
    pub bloom: f32,
    /// Film grain.
    pub grain: f32,
    /// Dark corners.
    pub vignette: f32,
    /// A red glow around what is brightest.
    pub halation: f32,
    /// Colours that part towards the corners.
    pub aberration: f32,
    /// Contrast that is added, -1 to 1.
    pub contrast: f32,
    /// Saturation; 1 leaves it.
    pub saturation: f32,
    /// Whether the scene breathes with the music's loudness: dim in silence.
    pub breathes: bool,
    /// Whether its light goes through the tone curve; without it, what is painted is what is shown.
    pub tone: bool,
}

impl Default for Post {
    fn default() -> Self {
        Self {
            bloom_from: None,
            bloom: 1.0,
            grain: 1.0,
            vignette: 1.0,
            halation: 0.0,
            aberration: 0.0,
            contrast: 0.0,
            saturation: 1.0,
            breathes: true,
            tone: true,
        }
    }
}

fn paint() -> String {
    "paint".to_owned()
}

fn texel() -> u32 {
    1
}

fn largest() -> u32 {
    limits::TARGET_SIDE_PX
}

fn half() -> f32 {
    0.5
}

fn one() -> f32 {
    1.0
}

impl Pass {
    /// One that shades the frame.
    pub fn fragment(entry: &str) -> Self {
        Self {
            entry: entry.to_owned(),
            vertex: None,
            kind: PassKind::Fragment,
            writes: Writes::default(),
            size: None,
            format: Format::default(),
            mips: false,
            persistent: false,
            repeats: None,
            rate_hz: None,
            at_start: None,
            once: false,
            count: None,
            over: None,
            blend: Blend::default(),
        }
    }

    /// Targets that it writes, with their formats.
    pub fn targets(&self) -> Vec<(&str, Format)> {
        match &self.writes {
            Writes::One(name) => vec![(name, self.format)],
            Writes::Several(several) => several
                .iter()
                .map(|write| match write {
                    Write::Name(name) => (name.as_str(), self.format),
                    Write::Formatted { name, format } => (name.as_str(), *format),
                })
                .collect(),
        }
    }
}

/// A target, as the passes that write it ask for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target<'a> {
    /// Its name in WGSL.
    pub name: &'a str,
    /// In which format it keeps its numbers.
    pub format: Format,
    /// How large it is.
    pub size: Size,
    /// Whether it has smaller copies of itself.
    pub mips: bool,
    /// Whether it keeps what it holds from frame to frame.
    pub persistent: bool,
}

impl Head {
    /// All targets, each once: the first pass that writes one says how large it is and in which format.
    pub fn targets(&self) -> Vec<Target<'_>> {
        let mut targets: Vec<Target<'_>> = Vec::new();
        for pass in &self.passes {
            for (name, format) in pass.targets() {
                let (mips, persistent) = (pass.mips, pass.persistent);
                match targets.iter_mut().find(|target| target.name == name) {
                    Some(target) => {
                        target.mips |= mips;
                        target.persistent |= persistent;
                    }
                    None => {
                        let size = pass.size.unwrap_or(Size::Share(1.0));
                        targets.push(Target { name, format, size, mips, persistent });
                    }
                }
            }
        }
        targets
    }

    /// Reads a head; `file` is what it is called in messages, and `before` how many lines stand before it there.
    ///
    /// # Errors
    /// [`SceneError`] with line and column, or with what does not fit.
    pub fn read(file: &str, text: &str, before: u32) -> Result<Self, SceneError> {
        let mut head: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            let ahead = text.get(..at).unwrap_or_default();
            let line = ahead.matches('\n').count() as u32 + 1 + before;
            let column = ahead.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
            let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            SceneError::Place { file: file.to_owned(), line, column, message }
        })?;
        if head.passes.is_empty() {
            head.passes.push(Pass::fragment("paint"));
        }
        for control in &mut head.controls {
            if control.label.is_empty() {
                control.label = capitalised(&control.id);
            }
        }
        head.check(file)?;
        Ok(head)
    }
}

fn capitalised(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
