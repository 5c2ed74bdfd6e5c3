//! Every byte of the file against the schema, before anything is built from it.
//!
//! Protobuf is generous: a field that stands twice is merged by one reader and replaced by another, unknown fields and
//! numbers that are too large for their type are dropped. So a file could show us one graph and ONNX Runtime another. Here
//! such a file is refused; what is left means the same to every reader.

use super::schema::{Field, Kind, MODEL, Message};
use crate::pack::limits;
use crate::pack::wire::{Fields, Value, WireError, count_varints, varint};

/// Why a file is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It cannot be read at all.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// Readers would not agree on what it says.
    #[error("{0}; exporters do not write such files")]
    Ambiguous(String),
    /// It would fill the memory when it is unpacked: what, how much, and the limit.
    #[error("{0} is {1}, over the limit of {2}")]
    TooLarge(&'static str, u64, u64),
}

/// How deep messages may lie in each other: protobuf's own limit.
const DEPTH: usize = 100;

/// Reads `bytes` as a whole ONNX file, takes no memory, and keeps nothing.
pub fn check(bytes: &[u8]) -> Result<(), Fault> {
    let mut check = Check { parts: 0, unpacked: 0 };
    check.message(bytes, &MODEL, 0)?;
    let most = limits::UNPACKED_BYTES.saturating_add(2 * bytes.len() as u64);
    if check.unpacked > most {
        return Err(Fault::TooLarge("what its numbers unpack to, in bytes,", check.unpacked, most));
    }
    Ok(())
}

struct Check {
    /// Messages, texts and single numbers in lists: each takes many times its own bytes when it is unpacked.
    parts: u64,
    /// Bytes of packed numbers once they are unpacked.
    unpacked: u64,
}

impl Check {
    fn message(&mut self, bytes: &[u8], message: &Message, depth: usize) -> Result<(), Fault> {
        if depth > DEPTH {
            return Err(Fault::TooLarge("the depth of its messages", depth as u64, DEPTH as u64));
        }
        let (mut seen, mut chosen) = (0u32, None);
        for found in Fields::new(bytes) {
            let (number, value) = found?;
            let known = message.fields.iter().enumerate().find(|(_, field)| field.number == number);
            let Some((place, field)) = known else {
                let what = format!("field {number} of a {} is unknown", message.name);
                return Err(Fault::Ambiguous(what));
            };
            if !field.repeated && seen & (1 << place) != 0 {
                let what = format!("{} of a {} stands twice", field.name, message.name);
                return Err(Fault::Ambiguous(what));
            }
            seen |= 1 << place;
            if field.one_of && chosen.replace(field.name).is_some() {
                let what = format!("a {} is several things at once", message.name);
                return Err(Fault::Ambiguous(what));
            }
            if field.repeated {
                self.count(1)?;
            }
            self.value(value, message, field, depth)?;
        }
        Ok(())
    }

    fn count(&mut self, parts: u64) -> Result<(), Fault> {
        self.parts += parts;
        match self.parts > limits::PARTS {
            true => Err(Fault::TooLarge("the number of its parts", self.parts, limits::PARTS)),
            false => Ok(()),
        }
    }

    fn value(
        &mut self,
        value: Value<'_>,
        message: &Message,
        field: &Field,
        depth: usize,
    ) -> Result<(), Fault> {
        let wrong = || {
            let what = format!("{} of a {} is of the wrong kind", field.name, message.name);
            Err(Fault::Ambiguous(what))
        };
        match (&field.kind, value) {
            (Kind::Message(inner), Value::Bytes(bytes)) => self.message(bytes, inner, depth + 1),
            (Kind::Bytes, Value::Bytes(_))
            | (Kind::Float, Value::Four(_))
            | (Kind::Double, Value::Eight(_))
            | (Kind::Number, Value::Number(_)) => Ok(()),
            (Kind::Short, Value::Number(number)) if is_short(number) => Ok(()),
            (Kind::Number | Kind::Short, Value::Bytes(mut packed)) if field.repeated => {
                let each = if matches!(field.kind, Kind::Short) { 4 } else { 8 };
                self.unpacked = self.unpacked.saturating_add(each * count_varints(packed));
                while !packed.is_empty() {
                    let number = varint(&mut packed)?;
                    if each == 4 && !is_short(number) {
                        return wrong();
                    }
                }
                Ok(())
            }
            (Kind::Float, Value::Bytes(packed)) if field.repeated && packed.len() % 4 == 0 => Ok(()),
            (Kind::Double, Value::Bytes(packed)) if field.repeated && packed.len() % 8 == 0 => Ok(()),
            _ => wrong(),
        }
    }
}

/// Whether all of a number survives in 32 bits. Negative ones are written with all 64.
fn is_short(number: u64) -> bool {
    i32::try_from(number as i64).is_ok()
}
