//! Words, numbers and marks of GLSL, with the line that they stand on.

use std::rc::Rc;

use super::Fault;
use crate::isf::limits;

/// One token.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub text: Rc<str>,
    /// Counted from 1; of a macro's body the line where it is used.
    pub line: u32,
    /// Whether it is the first of its line.
    pub first: bool,
    /// Whether a blank stands before it, which tells `#define F(x)` from `#define F (x)`.
    pub spaced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Mark,
}

impl Token {
    pub fn new(kind: Kind, text: &str, line: u32) -> Self {
        Self { kind, text: text.into(), line, first: false, spaced: true }
    }

    pub fn word(text: &str, line: u32) -> Self {
        Self::new(Kind::Word, text, line)
    }

    /// Whether it is the mark or word `text`.
    pub fn is(&self, text: &str) -> bool {
        *self.text == *text
    }
}

/// Marks of more than one character, longer ones first.
const LONG_MARKS: [&str; 23] = [
    "<<=", ">>=", "##", "++", "--", "<=", ">=", "==", "!=", "&&", "||", "^^", "+=", "-=", "*=", "/=", "%=",
    "<<", ">>", "&=", "|=", "^=", "::",
];

/// Takes a text apart. Comments count as blanks, and a backslash joins two lines.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Fault> {
    let mut out: Vec<Token> = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut line, mut first, mut spaced) = (0, 1, true, false);
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    while at < bytes.len() {
        let rest = text.get(at..).unwrap_or_default();
        let here = byte(at);
        if let Some(length) = joint(rest) {
            at += length;
            line += 1;
            spaced = true;
        } else if here == b'\n' || here == b'\r' {
            at += if rest.starts_with("\r\n") { 2 } else { 1 };
            line += 1;
            (first, spaced) = (true, true);
        } else if rest.starts_with("//") {
            while at < bytes.len() && !matches!(byte(at), b'\n' | b'\r') {
                // A comment goes on over a joint.
                match joint(text.get(at..).unwrap_or_default()) {
                    Some(length) => {
                        at += length;
                        line += 1;
                    }
                    None => at += rest_char(text, at),
                }
            }
        } else if rest.starts_with("/*") {
            let length = rest.find("*/").ok_or(Fault::new(line, "a comment without its end"))? + 2;
            let comment = rest.get(..length).unwrap_or_default();
            line += line_breaks(comment);
            at += length;
            spaced = true;
        } else if here.is_ascii_whitespace() || here.is_ascii_control() {
            at += 1;
            spaced = true;
        } else if here.is_ascii() {
            let (kind, length) = span(rest);
            let token =
                Token { kind, text: rest.get(..length).unwrap_or_default().into(), line, first, spaced };
            out.push(token);
            (first, spaced) = (false, false);
            at += length;
            if out.len() > limits::TOKENS {
                return Err(Fault::new(line, format!("more than {} words and marks", limits::TOKENS)));
            }
        } else {
            let other = rest.chars().next().unwrap_or(' ');
            // Blanks that come from web pages, and byte order marks.
            if !other.is_whitespace() && !matches!(other, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}') {
                return Err(Fault::new(line, format!("the character '{other}' outside of a comment")));
            }
            at += other.len_utf8();
            spaced = true;
        }
    }
    Ok(out)
}

/// The length of a backslash and the line break after it.
fn joint(rest: &str) -> Option<usize> {
    ["\\\r\n", "\\\n", "\\\r"].iter().find(|joint| rest.starts_with(**joint)).map(|joint| joint.len())
}

fn rest_char(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
}

fn line_breaks(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes.get(at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).filter(|&at| bytes.get(at) == Some(&b'\n') || lone(at)).count() as u32
}

/// The kind and length of the token that `rest` begins with.
fn span(rest: &str) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let length = |from: usize, holds: &dyn Fn(u8) -> bool| {
        bytes.iter().skip(from).position(|&byte| !holds(byte)).map_or(bytes.len(), |end| from + end)
    };
    let first = bytes.first().copied().unwrap_or(0);
    let second = bytes.get(1).copied().unwrap_or(0);
    if first.is_ascii_digit() || (first == b'.' && second.is_ascii_digit()) {
        let mut end = 1;
        // A sign belongs to a number only after its exponent's mark; hexadecimal digits know no exponent.
        let hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
        while let Some(&byte) = bytes.get(end) {
            let sign = matches!(byte, b'+' | b'-')
                && !hexadecimal
                && matches!(bytes.get(end - 1), Some(b'e' | b'E'));
            if !(is_word(byte) || byte == b'.' || sign) {
                break;
            }
            end += 1;
        }
        return (Kind::Number, end);
    }
    if is_word(first) {
        return (Kind::Word, length(1, &is_word));
    }
    let long = LONG_MARKS.iter().find(|mark| rest.starts_with(**mark));
    (Kind::Mark, long.map_or(1, |mark| mark.len()))
}
