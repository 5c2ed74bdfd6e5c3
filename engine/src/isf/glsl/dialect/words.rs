//! Words: what they are called in the one dialect.

use std::collections::HashSet;

use super::{Kind, PREFIX, Text, Token};

/// Words that are names in old GLSL and kept by the new one.
const RESERVED: [&str; 40] = [
    "sample",
    "buffer",
    "shared",
    "precise",
    "patch",
    "subroutine",
    "coherent",
    "volatile",
    "restrict",
    "readonly",
    "writeonly",
    "resource",
    "atomic_uint",
    "common",
    "partition",
    "active",
    "filter",
    "input",
    "output",
    "noinline",
    "inline",
    "half",
    "fixed",
    "unsigned",
    "superp",
    "texture1D",
    "texture3D",
    "textureCube",
    "sampler",
    "samplerShadow",
    "image2D",
    "namespace",
    "using",
    "this",
    "template",
    "public",
    "static",
    "extern",
    "external",
    "interface",
];

/// Words that say something about an input or output of a stage, and that a file may have chosen for one of its inputs all the same.
const SAYING: [&str; 4] = ["flat", "smooth", "noperspective", "centroid"];

/// What a name that the head gives is called in the one dialect.
pub(in crate::isf::glsl) fn given(name: &str) -> String {
    let kept = RESERVED.contains(&name) || SAYING.contains(&name);
    if kept { format!("{PREFIX}{name}") } else { name.to_owned() }
}

/// Words that mean the same as another one.
fn synonym(word: &str, text: Text) -> Option<&'static str> {
    Some(match word {
        "gl_FragColor" => "kb_FragColor",
        "gl_FragData" => "kb_FragData",
        "gl_FragDepth" | "gl_FragDepthEXT" => "kb_FragDepth",
        "gl_FragCoord" | "isf_FragCoord" | "vv_FragCoord" => "kb_FragCoord",
        "vv_FragNormCoord" => "isf_FragNormCoord",
        "vv_vertShaderInit" => "isf_vertShaderInit",
        "IMG_NORM_THIS_PIXEL" => "IMG_THIS_NORM_PIXEL",
        "dFdy" => "kb_dFdy",
        "sampler2D" | "sampler2DRect" => "texture2D",
        "gl_Position" if text == Text::Vertex => "kb_Position",
        "gl_PointSize" if text == Text::Vertex => "kb_PointSize",
        "gl_Vertex" if text == Text::Vertex => "kb_Vertex",
        "gl_MultiTexCoord0" if text == Text::Vertex => "kb_MultiTexCoord0",
        "gl_VertexID" if text == Text::Vertex => "kb_VertexID",
        "ftransform" if text == Text::Vertex => "kb_ftransform",
        "gl_ModelViewProjectionMatrix" => "mat4(1.0)",
        _ => return None,
    })
}

/// Functions that read pictures. Before a parenthesis they get another name, under which the prelude has them for textures
/// without a sampler of their own; a function of the file's own that is called so becomes one more of that name.
const READERS: [&str; 14] = [
    "texture",
    "texture2D",
    "texture2DRect",
    "textureLod",
    "texture2DLod",
    "texture2DLodEXT",
    "textureGrad",
    "texture2DProj",
    "textureProj",
    "texelFetch",
    "textureSize",
    "texture2DGradEXT",
    "textureOffset",
    "textureGather",
];

/// `tokens` with every word in its place changed, and the words for precision taken out. `bound` are names that the head gives, as
/// they are called here.
pub(super) fn words(tokens: &[Token], text: Text, bound: &HashSet<String>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut skips = false;
    for at in 0..tokens.len() {
        let Some(token) = tokens.get(at) else { break };
        if skips {
            skips = !token.is(";");
            continue;
        }
        if token.kind != Kind::Word {
            out.push(token.clone());
            continue;
        }
        let member = at > 0 && tokens.get(at - 1).is_some_and(|before| before.is("."));
        let called = tokens.get(at + 1).is_some_and(|next| next.is("("));
        let changed = match &*token.text {
            "precision" if !member => {
                skips = true;
                continue;
            }
            "highp" | "mediump" | "lowp" => continue,
            word if RESERVED.contains(&word) => format!("{PREFIX}{word}"),
            word if SAYING.contains(&word) && bound.contains(&given(word)) => given(word),
            _ if member => token.text.to_string(),
            word if called && (READERS.contains(&word) || word == "main") => format!("{PREFIX}{word}"),
            word => synonym(word, text).map_or_else(|| word.to_owned(), str::to_owned),
        };
        out.push(Token { text: changed.into(), ..token.clone() });
    }
    out
}
