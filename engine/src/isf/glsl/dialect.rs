//! From the GLSL that people write to the one dialect that is compiled: GLSL 4.5 for Vulkan.
//!
//! Old and new words for the same thing become one; what is an input or output of a stage in its text (`varying`, `in`, `out`,
//! `attribute`, `gl_FragColor`) becomes a plain variable, which the [`prelude`](super::prelude) fills and reads; names that
//! later versions keep for themselves are changed.

mod apart;
mod functions;
mod variables;
mod words;

use std::collections::HashSet;

use super::{
    Fault, builtin,
    token::{Kind, Token},
};
use crate::isf::Text;
use apart::{function, names, own_functions, statement_end};
pub(super) use words::given;
use words::words;

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
    let words = words(tokens, text, bound);
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

struct Translator<'a> {
    rest: &'a [Token],
    text: Text,
    bound: &'a HashSet<String>,
    /// Names whose value is not known before the shader runs.
    moving: HashSet<String>,
    out: Translated,
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
}
