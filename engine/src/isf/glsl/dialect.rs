//! From the GLSL that people write to the one dialect that is compiled: GLSL 4.5 for Vulkan.
//!
//! Old and new words for the same thing become one; what is an input or output of a stage in its text (`varying`, `in`, `out`,
//! `attribute`, `gl_FragColor`) becomes a plain variable, which the [`prelude`](super::prelude) fills and reads; names that
//! later versions keep for themselves are changed.

use std::collections::HashSet;

use super::{
    Fault, builtin,
    token::{Kind, Token},
};
use crate::isf::Text;

/// What stands before names that are changed or made here.
pub(super) const PREFIX: &str = "kb_";

/// Something that the vertex stage hands to the fragment stage.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Varying {
    pub name: String,
    /// `vec2` and so on.
    pub kind: String,
    /// How many there are; none: no array.
    pub length: Option<u32>,
}

/// A shader in the one dialect, without what is put before it.
#[derive(Debug, Default)]
pub(super) struct Translated {
    pub tokens: Vec<Token>,
    /// What it hands over to the fragment stage, or takes from the vertex stage.
    pub varyings: Vec<Varying>,
    /// The variable that a fragment shader writes its colour to.
    pub output: Option<String>,
    /// Functions that have to stand before it.
    pub forwards: String,
}

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

/// Words that say something about a declaration.
const QUALIFIERS: [&str; 10] = [
    "in",
    "out",
    "varying",
    "attribute",
    "uniform",
    "flat",
    "smooth",
    "noperspective",
    "centroid",
    "invariant",
];

/// Brings `tokens` to the one dialect. `bound` are the names that the format itself declares: uniforms and pictures.
pub(super) fn translate(tokens: &[Token], text: Text, bound: &HashSet<String>) -> Result<Translated, Fault> {
    let words = words(tokens, text);
    let mut translator =
        Translator { rest: &words, text, bound, moving: bound.clone(), out: Translated::default() };
    for name in ["isf_FragNormCoord", "kb_FragCoord"] {
        translator.moving.insert(name.to_owned());
    }
    let own = own_functions(&words);
    let mut has_main = false;
    while let Some(token) = translator.rest.first() {
        has_main |= translator.statement(token.line)?;
    }
    translator.rename_own(&own);
    if !own.iter().any(|(name, _)| name == "pow") {
        translator.rename_calls("pow", &format!("{PREFIX}power"));
    }
    if has_main { Ok(translator.out) } else { Err(Fault::new(1, "there is no function main()")) }
}

/// `tokens` with every word in its place changed, and the words for precision taken out.
fn words(tokens: &[Token], text: Text) -> Vec<Token> {
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
            _ if member => token.text.to_string(),
            word if called && (READERS.contains(&word) || word == "main") => format!("{PREFIX}{word}"),
            word => synonym(word, text).map_or_else(|| word.to_owned(), str::to_owned),
        };
        out.push(Token { text: changed.into(), ..token.clone() });
    }
    out
}

struct Translator<'a> {
    rest: &'a [Token],
    text: Text,
    bound: &'a HashSet<String>,
    /// Names whose value is not known before the shader runs.
    moving: HashSet<String>,
    out: Translated,
}

/// One variable of a declaration: the name, what stands in brackets after it, what stands after `=`.
struct Declared<'a> {
    name: &'a Token,
    size: &'a [Token],
    value: &'a [Token],
}

impl<'a> Translator<'a> {
    /// Takes what stands next outside of all functions; whether that is the function main.
    fn statement(&mut self, line: u32) -> Result<bool, Fault> {
        let end = statement_end(self.rest);
        let (statement, rest) = self.rest.split_at(end);
        self.rest = rest;
        if statement.len() == 1 && statement.iter().all(|token| token.is(";")) {
            return Ok(false);
        }
        let (qualifiers, declaration) = self.qualifiers(statement);
        let has = |word: &str| qualifiers.iter().any(|token| token.is(word));
        if declaration.first().is_none_or(|first| first.is(";")) {
            return Ok(false);
        }
        let is_block = declaration.get(1).is_some_and(|next| next.is("{"))
            && !declaration.iter().any(|t| t.is("struct"));
        if is_block && !qualifiers.is_empty() {
            return Err(Fault::new(line, "blocks of uniforms, inputs or outputs are not part of the format"));
        }
        if has("uniform") {
            self.uniforms(declaration)?;
        } else if has("in") || has("out") || has("varying") || has("attribute") {
            self.stage_variables(declaration, has("in") || has("attribute"), has("out"))?;
        } else if has("invariant") && declaration.len() <= 2 {
            // `invariant gl_Position;` says nothing here.
        } else {
            return Ok(self.other(declaration));
        }
        Ok(false)
    }

    /// What stands before the type: `layout(...) flat in`.
    fn qualifiers(&self, statement: &'a [Token]) -> (&'a [Token], &'a [Token]) {
        let mut at = 0;
        while let Some(token) = statement.get(at) {
            if QUALIFIERS.contains(&&*token.text) {
                at += 1;
            } else if token.is("layout") {
                let close = statement.iter().skip(at).position(|token| token.is(")"));
                at += close.map_or(1, |close| close + 1);
            } else {
                break;
            }
        }
        statement.split_at(at.min(statement.len()))
    }

    /// Uniforms that the format declares itself are left out; others are zero, as they are where nobody sets them.
    fn uniforms(&mut self, declaration: &[Token]) -> Result<(), Fault> {
        let (kind, declared) = declared(declaration)?;
        for one in declared {
            if self.bound.contains(&*one.name.text) {
                continue;
            }
            if kind.is("texture2D") || kind.text.starts_with("sampler") {
                let reason = format!("no input, pass or imported image is called {}", one.name.text);
                return Err(Fault::new(one.name.line, reason));
            }
            self.moving.insert(one.name.text.to_string());
            self.declare(kind, &one, one.value.to_vec());
        }
        Ok(())
    }

    fn stage_variables(&mut self, declaration: &[Token], takes: bool, gives: bool) -> Result<(), Fault> {
        let (kind, declared) = declared(declaration)?;
        for one in declared {
            let name = &*one.name.text;
            if matches!(name, "isf_FragNormCoord" | "kb_FragCoord" | "kb_FragColor")
                || self.bound.contains(name)
            {
                continue;
            }
            self.moving.insert(name.to_owned());
            let line = one.name.line;
            if self.text == Text::Fragment && gives {
                self.out.output.get_or_insert_with(|| name.to_owned());
                self.declare(kind, &one, Vec::new());
            } else if self.text == Text::Vertex && takes {
                let corner = Token::word(&format!("{PREFIX}attribute_{}", kind.text), line);
                self.declare(kind, &one, vec![corner]);
            } else {
                let length = match one.size {
                    [] => None,
                    [size] => Some(size.text.parse().map_err(|_| {
                        Fault::new(line, format!("the length of the varying {name} must be a plain number"))
                    })?),
                    _ => {
                        return Err(Fault::new(
                            line,
                            format!("the length of the varying {name} must be a plain number"),
                        ));
                    }
                };
                self.out.varyings.push(Varying {
                    name: name.to_owned(),
                    kind: kind.text.to_string(),
                    length,
                });
                // The vertex stage begins with nothing in it, the fragment stage with what the vertex stage has made.
                let given = self.text == Text::Fragment;
                let value = given.then(|| Token::word(&format!("{PREFIX}varying_{name}"), line));
                self.declare(kind, &one, value.into_iter().collect());
            }
        }
        Ok(())
    }

    /// Writes `kind name[size] = value;`.
    fn declare(&mut self, kind: &Token, one: &Declared<'_>, value: Vec<Token>) {
        let line = one.name.line;
        let out = &mut self.out.tokens;
        let mark = |text: &str| Token::new(Kind::Mark, text, line);
        out.extend([Token { line, ..kind.clone() }, one.name.clone()]);
        if !one.size.is_empty() {
            out.push(mark("["));
            out.extend_from_slice(one.size);
            out.push(mark("]"));
        }
        if !value.is_empty() {
            out.push(mark("="));
            out.extend(value);
        }
        out.push(mark(";"));
    }

    /// Gives functions of the file's own that are called as GLSL's are another name, and their calls.
    fn rename_own(&mut self, own: &[(String, Vec<String>)]) {
        let mut done = HashSet::new();
        for (name, _) in own.iter().filter(|(name, _)| builtin::is_one(name)) {
            if !done.insert(name) {
                continue;
            }
            let renamed = format!("{PREFIX}{name}");
            let signatures: Vec<_> =
                own.iter().filter(|(other, _)| other == name).map(|(_, kinds)| kinds.clone()).collect();
            self.out.forwards.push_str(&builtin::forwards(name, &renamed, &signatures));
            self.rename_calls(name, &renamed);
        }
    }

    /// Gives every function called `name` the name `renamed`.
    fn rename_calls(&mut self, name: &str, renamed: &str) {
        let tokens = &mut self.out.tokens;
        for at in 0..tokens.len() {
            let called = tokens.get(at + 1).is_some_and(|next| next.is("("));
            let member = at > 0 && tokens.get(at - 1).is_some_and(|before| before.is("."));
            if let Some(token) = tokens.get_mut(at).filter(|token| called && !member && token.is(name)) {
                token.text = renamed.into();
            }
        }
    }

    /// Functions, structures and variables of the file's own; whether it is the function main.
    fn other(&mut self, declaration: &[Token]) -> bool {
        let names: Vec<&Token> = names(declaration);
        let is_constant = declaration.first().is_some_and(|first| first.is("const"));
        let value = declaration.iter().position(|token| token.is("="));
        // A constant that is made of what moves is none; drivers of desktops let it pass.
        let moves = value.is_some_and(|at| {
            declaration
                .iter()
                .skip(at)
                .any(|token| token.kind == Kind::Word && self.moving.contains(&*token.text))
        });
        if !is_constant || moves {
            self.moving.extend(names.iter().map(|name| name.text.to_string()));
        }
        let skipped = usize::from(is_constant && moves);
        let declaration = declaration.get(skipped..).unwrap_or_default();
        match declaration.split_last().filter(|(end, _)| end.is("}") && function(declaration).is_some()) {
            None => self.out.tokens.extend_from_slice(declaration),
            Some((end, start)) => self.function(start, end),
        }
        names.iter().any(|name| name.is("kb_main")) && declaration.last().is_some_and(|end| end.is("}"))
    }

    /// Writes a function. One that gives a value gives zeros where its author has let it end without: what drivers do as well,
    /// while naga's reader does not know what to do.
    fn function(&mut self, start: &[Token], end: &Token) {
        let line = start.first().map_or(end.line, |first| first.line);
        // Where the last statement of the body begins.
        let ends_one = |token: &Token| matches!(&*token.text, ";" | "{" | "}");
        let before = start.len().saturating_sub(1);
        let last =
            start.get(..before).and_then(|rest| rest.iter().rposition(ends_one)).map_or(0, |at| at + 1);
        let returns = start.get(last).is_some_and(|token| token.is("return"));
        let kind = start.first().filter(|kind| !kind.is("void"));
        let ends = start.last().is_some_and(|token| token.is(";"));
        let Some(kind) = kind.filter(|_| !(returns && ends)) else {
            self.out.tokens.extend_from_slice(start);
            self.out.tokens.push(end.clone());
            return;
        };
        let zero = Token::word(&format!("{PREFIX}zero_{}", self.out.tokens.len()), line);
        let mark = |text: &str, line| Token::new(Kind::Mark, text, line);
        self.out.tokens.extend([Token { line, ..kind.clone() }, zero.clone(), mark(";", line)]);
        self.out.tokens.extend_from_slice(start);
        self.out.tokens.push(Token::word("return", end.line));
        self.out.tokens.push(Token { line: end.line, ..zero });
        self.out.tokens.extend([mark(";", end.line), end.clone()]);
    }
}

/// The name and the arguments' types of the function that `declaration` begins with.
fn function(declaration: &[Token]) -> Option<(String, Vec<String>)> {
    let name = declaration.get(1).filter(|name| name.kind == Kind::Word)?;
    declaration.get(2).filter(|open| open.is("("))?;
    let end = declaration.iter().position(|token| token.is(")"))?;
    let arguments = declaration.get(3..end)?;
    let kinds = arguments.split(|token| token.is(",")).filter_map(|argument| {
        let mut words =
            argument.iter().filter(|word| !matches!(&*word.text, "in" | "out" | "inout" | "const"));
        words.next().filter(|kind| !kind.is("void")).map(|kind| kind.text.to_string())
    });
    Some((name.text.to_string(), kinds.collect()))
}

/// Every function that stands in `tokens`, outside of all braces.
fn own_functions(mut tokens: &[Token]) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    while !tokens.is_empty() {
        let (statement, rest) = tokens.split_at(statement_end(tokens).max(1));
        found.extend(function(statement).filter(|_| !statement.iter().any(|token| token.is("uniform"))));
        tokens = rest;
    }
    found
}

/// Where the statement ends that `tokens` begin with: after its semicolon, or after a function's body.
fn statement_end(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    let mut value = false;
    let is_structure = tokens.first().is_some_and(|first| first.is("struct") || first.is("uniform"));
    for (at, token) in tokens.iter().enumerate() {
        match &*token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if token.is("}") && depth == 0 && !value && !is_structure {
                    return at + 1;
                }
            }
            "=" if depth == 0 => value = true,
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The names that a statement declares: before a value, brackets, arguments, a comma or the end.
fn names(declaration: &[Token]) -> Vec<&Token> {
    let mut depth = 0_usize;
    let mut found = Vec::new();
    for (at, token) in declaration.iter().enumerate() {
        match &*token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ if depth == 0 && token.kind == Kind::Word && at > 0 => {
                let next = declaration.get(at + 1).map_or("", |next| &*next.text);
                if matches!(next, "=" | ";" | "," | "[" | "(") {
                    found.push(token);
                }
            }
            _ => {}
        }
    }
    found
}

/// Takes `type name[size] = value, name, ...;` apart.
fn declared(declaration: &[Token]) -> Result<(&Token, Vec<Declared<'_>>), Fault> {
    let line = declaration.first().map_or(0, |first| first.line);
    let fault = || Fault::new(line, "a declaration that makes no sense");
    let (kind, mut rest) =
        declaration.split_first().filter(|(kind, _)| kind.kind == Kind::Word).ok_or_else(fault)?;
    let shared_size = bracketed(&mut rest);
    let mut found = Vec::new();
    loop {
        let (name, after) =
            rest.split_first().filter(|(name, _)| name.kind == Kind::Word).ok_or_else(fault)?;
        rest = after;
        let own_size = bracketed(&mut rest);
        let size = if own_size.is_empty() { shared_size } else { own_size };
        let mut value: &[Token] = &[];
        if let Some((_, after)) = rest.split_first().filter(|(next, _)| next.is("=")) {
            let mut depth = 0_usize;
            let end = after.iter().position(|token| {
                match &*token.text {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0 && (token.is(",") || token.is(";"))
            });
            (value, rest) = after.split_at(end.unwrap_or(after.len()));
        }
        found.push(Declared { name, size, value });
        match rest.split_first() {
            Some((comma, after)) if comma.is(",") => rest = after,
            Some((end, _)) if end.is(";") => return Ok((kind, found)),
            _ => return Err(fault()),
        }
    }
}

/// Takes `[...]` off the beginning and gives what is in it.
fn bracketed<'a>(rest: &mut &'a [Token]) -> &'a [Token] {
    let all = *rest;
    let Some((_, after)) = all.split_first().filter(|(open, _)| open.is("[")) else { return &[] };
    let end = after.iter().position(|token| token.is("]")).unwrap_or(after.len());
    *rest = after.get(end + 1..).unwrap_or_default();
    after.get(..end).unwrap_or_default()
}
