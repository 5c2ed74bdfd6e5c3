//! Directives: what is left when they are obeyed is GLSL alone.

use super::{
    Fault, condition,
    macros::Macros,
    token::{Kind, Token, tokens},
};
use crate::isf::limits;

/// The version that `__VERSION__` gives: that of desktops, where files are tried by their authors. What asks for it wants to
/// know whether `varying` or `in` is the word; both are.
const VERSION: &str = "330";

/// One `#if` that is not over.
struct Branch {
    /// Whether the text in it counts now.
    active: bool,
    /// Whether one of its branches has counted.
    taken: bool,
    /// Whether the text around it counts.
    outer: bool,
    line: u32,
}

/// `text` without directives, comments and macros, with `predefined` (name, body) defined before it.
pub(super) fn preprocess(text: &str, predefined: &[(String, String)]) -> Result<Vec<Token>, Fault> {
    let tokens = tokens(text)?;
    let mut macros = Macros::default();
    for (name, body) in
        [("__VERSION__", VERSION), ("GL_core_profile", "1")].into_iter().chain(borrowed(predefined))
    {
        macros.define(&self::tokens(&format!("{name} {body}"))?, 0)?;
    }
    let mut state = State { macros, branches: Vec::new(), out: Vec::new() };
    let mut rest = tokens.as_slice();
    while let Some(head) = rest.first() {
        if head.is("#") && head.first {
            let end = rest.iter().skip(1).position(|token| token.first).map_or(rest.len(), |at| at + 1);
            let (directive, after) = rest.split_at(end);
            state.directive(head.line, directive.get(1..).unwrap_or_default())?;
            rest = after;
        } else {
            let end = rest.iter().position(|token| token.first && token.is("#")).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            if state.active() {
                let expanded = state.macros.expand(run)?;
                state.out.extend(expanded);
            }
            rest = after;
        }
        if state.out.len() > limits::TOKENS {
            return Err(Fault::new(0, format!("more than {} words and marks", limits::TOKENS)));
        }
    }
    match state.branches.last() {
        Some(open) => Err(Fault::new(open.line, "an #if without its #endif")),
        None => Ok(state.out),
    }
}

fn borrowed(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, body)| (name.as_str(), body.as_str()))
}

struct State {
    macros: Macros,
    branches: Vec<Branch>,
    out: Vec<Token>,
}

impl State {
    fn active(&self) -> bool {
        self.branches.last().is_none_or(|branch| branch.active)
    }

    fn directive(&mut self, line: u32, directive: &[Token]) -> Result<(), Fault> {
        // A lone # does nothing.
        let Some((name, rest)) = directive.split_first() else { return Ok(()) };
        match &*name.text {
            "if" | "ifdef" | "ifndef" => {
                if self.branches.len() >= limits::NESTING {
                    return Err(Fault::new(line, "#if nests too deep"));
                }
                let outer = self.active();
                let holds = outer
                    && match &*name.text {
                        "if" => self.condition(rest, line)?,
                        "ifdef" => self.is_defined(rest, line)?,
                        _ => !self.is_defined(rest, line)?,
                    };
                self.branches.push(Branch { active: holds, taken: holds, outer, line });
            }
            "elif" | "else" => {
                let Some(branch) = self.branches.last() else {
                    return Err(Fault::new(line, format!("#{} without an #if", name.text)));
                };
                let open = branch.outer && !branch.taken;
                let holds = open && (name.is("else") || self.condition(rest, line)?);
                if let Some(branch) = self.branches.last_mut() {
                    branch.active = holds;
                    branch.taken |= holds;
                }
            }
            "endif" => {
                self.branches.pop().ok_or_else(|| Fault::new(line, "#endif without an #if"))?;
            }
            _ if !self.active() => {}
            "define" => self.macros.define(rest, line)?,
            "undef" => {
                if let Some(name) = rest.first() {
                    self.macros.undefine(&name.text);
                }
            }
            "error" => {
                let words: Vec<&str> = rest.iter().map(|token| &*token.text).collect();
                return Err(Fault::new(line, format!("#error {}", words.join(" "))));
            }
            "include" => return Err(Fault::new(line, "#include: a file cannot include others here")),
            // What they ask for is there, or cannot be had.
            "version" | "extension" | "pragma" | "line" => {}
            other => return Err(Fault::new(line, format!("there is no directive #{other}"))),
        }
        Ok(())
    }

    fn is_defined(&self, rest: &[Token], line: u32) -> Result<bool, Fault> {
        let name = rest.first().ok_or_else(|| Fault::new(line, "#ifdef without a name"))?;
        Ok(self.macros.is_defined(&name.text))
    }

    fn condition(&mut self, rest: &[Token], line: u32) -> Result<bool, Fault> {
        let mut asked = Vec::with_capacity(rest.len());
        let mut at = 0;
        while let Some(token) = rest.get(at) {
            at += 1;
            if !token.is("defined") {
                asked.push(token.clone());
                continue;
            }
            let bracketed = rest.get(at).is_some_and(|next| next.is("("));
            let name = rest
                .get(at + usize::from(bracketed))
                .ok_or_else(|| Fault::new(line, "defined without a name"))?;
            at += if bracketed { 3 } else { 1 };
            let value = if self.macros.is_defined(&name.text) { "1" } else { "0" };
            asked.push(Token::new(Kind::Number, value, line));
        }
        let expanded = self.macros.expand(&asked)?;
        condition::holds(&expanded, line)
    }
}
