//! Writes functions: under names of their own, and with a value at their end.

use std::collections::HashSet;

use super::{Kind, PREFIX, Token, Translator, builtin};

impl Translator<'_> {
    /// Gives functions of the file's own that are called as GLSL's are another name, and their calls.
    pub(super) fn rename_own(&mut self, own: &[(String, Vec<String>)]) {
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
    pub(super) fn rename_calls(&mut self, name: &str, renamed: &str) {
        let tokens = &mut self.out.tokens;
        for at in 0..tokens.len() {
            let called = tokens.get(at + 1).is_some_and(|next| next.is("("));
            let member = at > 0 && tokens.get(at - 1).is_some_and(|before| before.is("."));
            if let Some(token) = tokens.get_mut(at).filter(|token| called && !member && token.is(name)) {
                token.text = renamed.into();
            }
        }
    }

    /// Writes a function. One that gives a value gives zeros where its author has let it end without: what drivers do as well,
    /// while naga's reader does not know what to do.
    pub(super) fn function(&mut self, start: &[Token], end: &Token) {
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
