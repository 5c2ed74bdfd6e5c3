//! How deep and how long a shader may be built. Compilers and drivers walk expressions and blocks with the stack; what nests
//! without bound would bring their thread, and so the process, down.

use super::{Fault, token::Token};
use crate::isf::limits;

/// What is open at one depth.
#[derive(Default)]
struct Level<'a> {
    /// The bracket that has opened it.
    opened: Option<&'a Token>,
    /// Operators since the last comma or semicolon.
    operators: usize,
    /// Statements that begin others, since the last semicolon: `if (a) for (;;) if (b) ...`.
    headers: usize,
    /// Branches of the chain `if ... else if ... else if ...`.
    branches: usize,
}

/// Checks `tokens`.
pub(super) fn check(tokens: &[Token]) -> Result<(), Fault> {
    let mut levels = vec![Level::default()];
    let mut before = "";
    for token in tokens {
        let text = &*token.text;
        match text {
            "(" | "[" | "{" => {
                if levels.len() > limits::NESTING {
                    return Err(Fault::new(
                        token.line,
                        format!("brackets nest deeper than {}", limits::NESTING),
                    ));
                }
                if text == "[" {
                    operator(&mut levels, token)?;
                }
                levels.push(Level { opened: Some(token), ..Level::default() });
            }
            ")" | "]" | "}" => {
                let opened = levels.pop().and_then(|level| level.opened);
                if !opened.is_some_and(|opened| {
                    matches!((&*opened.text, text), ("(", ")") | ("[", "]") | ("{", "}"))
                }) {
                    return Err(Fault::new(token.line, format!("a \"{text}\" that closes nothing")));
                }
                if let Some(level) = levels.last_mut().filter(|_| text == "}") {
                    level.operators = 0;
                    level.headers = 0;
                }
            }
            "," => reset(&mut levels, |level| level.operators = 0),
            ";" => reset(&mut levels, |level| (level.operators, level.headers) = (0, 0)),
            "if" | "for" | "while" | "do" | "switch" => {
                let level = levels.last_mut();
                let chained = before == "else";
                if let Some(level) = level {
                    level.headers += 1;
                    level.branches =
                        if chained { level.branches + 1 } else { level.branches.min(level.headers - 1) };
                    if level.headers > limits::NESTING || level.branches > limits::CHAIN {
                        return Err(Fault::new(token.line, "too many statements inside of each other"));
                    }
                }
            }
            _ if text.starts_with(|first: char| first.is_ascii_punctuation() && first != '_') => {
                operator(&mut levels, token)?;
            }
            _ => {}
        }
        before = text;
    }
    match levels.last().and_then(|level| level.opened) {
        Some(open) => Err(Fault::new(open.line, format!("a \"{}\" that is never closed", open.text))),
        None => Ok(()),
    }
}

fn reset(levels: &mut [Level<'_>], change: impl FnOnce(&mut Level<'_>)) {
    if let Some(level) = levels.last_mut() {
        change(level);
    }
}

fn operator(levels: &mut [Level<'_>], token: &Token) -> Result<(), Fault> {
    let Some(level) = levels.last_mut() else { return Ok(()) };
    level.operators += 1;
    if level.operators > limits::CHAIN {
        return Err(Fault::new(
            token.line,
            format!("more than {} operators in one expression", limits::CHAIN),
        ));
    }
    Ok(())
}
