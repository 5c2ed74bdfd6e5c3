//! Takes statements apart.

use super::{Fault, Kind, Token};

/// One variable of a declaration: the name, what stands in brackets after it, what stands after `=`.
pub(super) struct Declared<'a> {
    pub name: &'a Token,
    pub size: &'a [Token],
    pub value: &'a [Token],
}

/// The name and the arguments' types of the function that `declaration` begins with.
pub(super) fn function(declaration: &[Token]) -> Option<(String, Vec<String>)> {
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
pub(super) fn own_functions(mut tokens: &[Token]) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    while !tokens.is_empty() {
        let (statement, rest) = tokens.split_at(statement_end(tokens).max(1));
        found.extend(function(statement).filter(|_| !statement.iter().any(|token| token.is("uniform"))));
        tokens = rest;
    }
    found
}

/// Where the statement ends that `tokens` begin with: after its semicolon, or after a function's body.
pub(super) fn statement_end(tokens: &[Token]) -> usize {
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
pub(super) fn names(declaration: &[Token]) -> Vec<&Token> {
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
pub(super) fn declared(declaration: &[Token]) -> Result<(&Token, Vec<Declared<'_>>), Fault> {
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
