//! What `#if` asks: whole numbers, as in C.

use super::{
    Fault,
    token::{Kind, Token},
};
use crate::isf::limits;

/// Whether `tokens`, whose macros are expanded, come to something else than 0. Words that are left count as 0.
pub(super) fn holds(tokens: &[Token], line: u32) -> Result<bool, Fault> {
    let mut parser = Parser { tokens, at: 0, depth: 0, line };
    let value = parser.binary(0)?;
    match parser.peek() {
        None => Ok(value != 0),
        Some(rest) => Err(parser.fault(&format!("cannot make sense of \"{rest}\" in #if"))),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    line: u32,
}

/// How tightly a binary operator binds; 0 is no operator.
fn rank(mark: &str) -> u8 {
    match mark {
        "||" => 1,
        "&&" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "==" | "!=" => 6,
        "<" | ">" | "<=" | ">=" => 7,
        "<<" | ">>" => 8,
        "+" | "-" => 9,
        "*" | "/" | "%" => 10,
        _ => 0,
    }
}

fn apply(mark: &str, a: i64, b: i64) -> Option<i64> {
    let shift = u32::try_from(b).ok().filter(|&shift| shift < 64);
    Some(match mark {
        "||" => i64::from(a != 0 || b != 0),
        "&&" => i64::from(a != 0 && b != 0),
        "|" => a | b,
        "^" => a ^ b,
        "&" => a & b,
        "==" => i64::from(a == b),
        "!=" => i64::from(a != b),
        "<" => i64::from(a < b),
        ">" => i64::from(a > b),
        "<=" => i64::from(a <= b),
        ">=" => i64::from(a >= b),
        "<<" => a.wrapping_shl(shift?),
        ">>" => a.wrapping_shr(shift?),
        "+" => a.wrapping_add(b),
        "-" => a.wrapping_sub(b),
        "*" => a.wrapping_mul(b),
        "/" => a.checked_div(b)?,
        "%" => a.checked_rem(b)?,
        _ => return None,
    })
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).map(|token| &*token.text)
    }

    fn fault(&self, reason: &str) -> Fault {
        Fault::new(self.line, reason)
    }

    /// Operators of at least `least`.
    fn binary(&mut self, least: u8) -> Result<i64, Fault> {
        let mut left = self.unary()?;
        while let Some(mark) = self.peek().filter(|mark| rank(mark) > least) {
            self.at += 1;
            let right = self.binary(rank(mark))?;
            left =
                apply(mark, left, right).ok_or_else(|| self.fault("#if divides by 0 or shifts too far"))?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<i64, Fault> {
        self.depth += 1;
        if self.depth > limits::NESTING {
            return Err(self.fault("#if nests too deep"));
        }
        let Some(token) = self.tokens.get(self.at) else { return Err(self.fault("#if ends too early")) };
        self.at += 1;
        let value = match (token.kind, &*token.text) {
            (Kind::Mark, "!") => i64::from(self.unary()? == 0),
            (Kind::Mark, "-") => self.unary()?.wrapping_neg(),
            (Kind::Mark, "+") => self.unary()?,
            (Kind::Mark, "~") => !self.unary()?,
            (Kind::Mark, "(") => {
                let inner = self.binary(0)?;
                if self.peek() != Some(")") {
                    return Err(self.fault("#if lacks a \")\""));
                }
                self.at += 1;
                inner
            }
            (Kind::Word, "true") => 1,
            (Kind::Word, _) => 0,
            (Kind::Number, text) => {
                number(text).ok_or_else(|| self.fault(&format!("\"{text}\" is no whole number")))?
            }
            (Kind::Mark, text) => return Err(self.fault(&format!("cannot make sense of \"{text}\" in #if"))),
        };
        self.depth -= 1;
        Ok(value)
    }
}

fn number(text: &str) -> Option<i64> {
    let text = text.trim_end_matches(['u', 'U', 'l', 'L']);
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok();
    }
    // Some compare floats; compilers of old let them.
    text.parse().ok().or_else(|| text.parse::<f64>().ok().map(|float| float as i64))
}
