//! From the text of a shader to modules: directives and macros ([`preprocess`]), bounds ([`bounds`]), one dialect
//! ([`dialect`]), what the format gives ([`prelude`]), glslang and naga ([`compile`]).

mod bounds;
mod builtin;
mod compile;
mod condition;
mod dialect;
mod macros;
mod prelude;
mod preprocess;
mod token;

use std::collections::HashSet;

use wgpu::naga;

use super::{Isf, IsfError, Program, Text, program, program::TextureSlot};
use dialect::Translated;
use token::Token;

/// What is wrong with a shader, before it is said in which file.
#[derive(Clone, Debug, PartialEq)]
struct Fault {
    /// Counted from 1; 0 where no line is to blame.
    line: u32,
    reason: String,
}

impl Fault {
    fn new(line: u32, reason: impl Into<String>) -> Self {
        Self { line, reason: reason.into() }
    }

    fn of(self, text: Text) -> IsfError {
        // Names that are our own are none that the author knows.
        let reason = self.reason.replace(dialect::PREFIX, "");
        match self.line {
            0 => IsfError::Untranslatable { text, reason },
            line => IsfError::Shader { text, line, reason },
        }
    }
}

/// The vertex shader of a file that has none.
const PLAIN_VERTEX: &str = "void main() { isf_vertShaderInit(); }";

/// Translates both stages of `isf`.
pub(super) fn translate(isf: &Isf, fragment: &str, vertex: Option<&str>) -> Result<Program, IsfError> {
    let (uniforms, uniform_bytes) = program::uniforms(&isf.inputs);
    let all = program::textures(isf);
    // Tokens are shared within one thread; only texts and modules leave it.
    let work = || -> Result<(naga::Module, naga::Module), IsfError> {
        let [fragment, vertex] = sources(&uniforms, &all, fragment, vertex)?;
        let vertex = compile::compile(&vertex, Text::Vertex).map_err(|fault| fault.of(Text::Vertex))?;
        let fragment =
            compile::compile(&fragment, Text::Fragment).map_err(|fault| fault.of(Text::Fragment))?;
        Ok((vertex, fragment))
    };
    let broken = |reason| IsfError::Untranslatable { text: Text::Fragment, reason };
    let (vertex, fragment) = compile::on_large_stack(work).map_err(broken)??;
    let reads = |binding: u32| {
        let modules = [&vertex, &fragment];
        modules.iter().any(|module| {
            let mut globals = module.global_variables.iter();
            globals.any(|(_, global)| global.binding.is_some_and(|place| place.binding == binding))
        })
    };
    let textures = all.iter().filter(|slot| reads(slot.binding)).cloned().collect();
    let samples = reads(program::SAMPLER_BINDING);
    Ok(Program { vertex, fragment, uniforms, uniform_bytes, textures, samples })
}

/// The whole texts of fragment and vertex shader that are compiled.
fn sources(
    uniforms: &[program::Uniform],
    textures: &[TextureSlot],
    fragment: &str,
    vertex: Option<&str>,
) -> Result<[String; 2], IsfError> {
    let predefined = rectangles(textures);
    let (mut uniforms, mut textures) = (uniforms.to_vec(), textures.to_vec());
    uniforms.iter_mut().for_each(|uniform| uniform.name = dialect::given(&uniform.name));
    textures.iter_mut().for_each(|slot| slot.name = dialect::given(&slot.name));
    let names = uniforms.iter().map(|uniform| &uniform.name).chain(textures.iter().map(|slot| &slot.name));
    let bound: HashSet<String> = names.cloned().collect();
    let read = |source: &str, text: Text| -> Result<Translated, IsfError> {
        let tokens = preprocess::preprocess(source, &predefined)
            .and_then(|tokens| bounds::check(&tokens).map(|()| tokens))
            .and_then(|tokens| dialect::translate(&tokens, text, &bound));
        tokens.map_err(|fault| fault.of(text))
    };
    let vertex = read(vertex.unwrap_or(PLAIN_VERTEX), Text::Vertex)?;
    let fragment = read(fragment, Text::Fragment)?;
    let routes = prelude::routes(&vertex.varyings).map_err(|fault| fault.of(Text::Vertex))?;
    let writes = |name: &str| fragment.tokens.iter().any(|token| token.is(name));
    let output = if writes("kb_FragColor") {
        "kb_FragColor"
    } else if writes("kb_FragData") {
        "kb_FragData[0]"
    } else {
        fragment.output.as_deref().unwrap_or("kb_FragColor")
    };
    let text = prelude::fragment(&uniforms, &textures, &routes, &fragment.varyings, output, &body(&fragment));
    Ok([text, prelude::vertex(&uniforms, &textures, &routes, &body(&vertex))])
}

/// Names that hosts of ISF 1 gave beside each picture.
fn rectangles(textures: &[TextureSlot]) -> Vec<(String, String)> {
    let each = textures.iter().flat_map(|TextureSlot { name, .. }| {
        [
            (format!("_{name}_imgSize"), format!("IMG_SIZE({name})")),
            (format!("_{name}_imgRect"), "vec4(0.0, 0.0, 1.0, 1.0)".to_owned()),
            (format!("_{name}_flip"), "false".to_owned()),
        ]
    });
    each.collect()
}

/// A shader's own text, with what has to stand before it.
fn body(shader: &Translated) -> String {
    format!("{}#line 1\n{}", shader.forwards, written(&shader.tokens))
}

/// Tokens as text, each on the line that it came from.
fn written(tokens: &[Token]) -> String {
    let mut out = String::new();
    let mut line = 1;
    for token in tokens {
        while line < token.line {
            out.push('\n');
            line += 1;
        }
        out.push_str(&token.text);
        out.push(' ');
    }
    out
}
