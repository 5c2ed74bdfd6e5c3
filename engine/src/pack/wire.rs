//! The protobuf wire format, read in place.
//!
//! A pack comes from strangers, so nothing here allocates: a decoder that builds a tree of messages can be made
//! to fill the memory by a small file full of empty ones. And what may be written in two ways is read in one: a number
//! with idle bytes, or a group, is no slip of an exporter but an attempt to be read differently by two readers. Source:
//! the public "Encoding" page of protobuf.

use thiserror::Error;

/// The bytes are not a protobuf message.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum WireError {
    /// A number, a field or its contents go on after the last byte.
    #[error("it ends in the middle of a field (cut off, or not an ONNX file)")]
    Truncated,
    /// A number is longer than it need be or than 64 bits, or a field has a kind that ONNX does not use.
    #[error("it has a field that cannot be read (damaged, or not an ONNX file)")]
    Malformed,
}

/// The value of one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A whole number, a truth value or an enum.
    Number(u64),
    /// Four bytes as they are: a float.
    Four([u8; 4]),
    /// Eight bytes as they are: a double.
    Eight([u8; 8]),
    /// A string, a message or packed numbers.
    Bytes(&'a [u8]),
}

/// The fields of one message, in file order.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Starts at the first field of `message`.
    pub fn new(message: &'a [u8]) -> Self {
        Self { rest: message }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(WireError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], WireError> {
        self.take(LENGTH)?.try_into().map_err(|_| WireError::Truncated)
    }

    fn field(&mut self) -> Result<(u32, Value<'a>), WireError> {
        let key = varint(&mut self.rest)?;
        let number = u32::try_from(key >> 3).map_err(|_| WireError::Malformed)?;
        let value = match key & 7 {
            0 => Value::Number(varint(&mut self.rest)?),
            1 => Value::Eight(self.array()?),
            2 => {
                let length = usize::try_from(varint(&mut self.rest)?).map_err(|_| WireError::Truncated)?;
                Value::Bytes(self.take(length)?)
            }
            5 => Value::Four(self.array()?),
            _ => return Err(WireError::Malformed),
        };
        if number == 0 { Err(WireError::Malformed) } else { Ok((number, value)) }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u32, Value<'a>), WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.rest = &[];
        }
        Some(field)
    }
}

/// Takes one variable-length number off the front of `bytes`.
pub fn varint(bytes: &mut &[u8]) -> Result<u64, WireError> {
    let mut value = 0u64;
    for shift in (0..70).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(WireError::Truncated)?;
        *bytes = rest;
        // Over 64 bits, or a last byte that adds nothing.
        if (shift == 63 && byte > 1) || (shift > 0 && byte == 0) {
            return Err(WireError::Malformed);
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(WireError::Malformed)
}

/// How many packed variable-length numbers `bytes` holds: one ends at each byte whose top bit is clear.
pub fn count_varints(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte & 0x80 == 0).count() as u64
}

/// Writes messages: for the tiny models that probe a provider, and for tests.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Appends a whole number.
    #[must_use]
    pub fn number(mut self, field: u32, value: u64) -> Self {
        self.varint(u64::from(field) << 3);
        self.varint(value);
        self
    }

    /// Appends a float.
    #[must_use]
    pub fn float(mut self, field: u32, value: f32) -> Self {
        self.varint(u64::from(field) << 3 | 5);
        self.bytes.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Appends a string, a message or packed numbers.
    #[must_use]
    pub fn bytes(mut self, field: u32, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        self.varint(u64::from(field) << 3 | 2);
        self.varint(value.len() as u64);
        self.bytes.extend_from_slice(value);
        self
    }

    /// The message's bytes.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let bytes = Writer::default().number(1, u64::MAX).bytes(16, "name").number(2, 0).finish();
        let fields: Vec<_> = Fields::new(&bytes).collect::<Result<_, _>>().unwrap();
        assert_eq!(
            fields,
            [(1, Value::Number(u64::MAX)), (16, Value::Bytes(b"name")), (2, Value::Number(0))]
        );
    }

    #[test]
    fn every_cut_is_an_error_or_a_field_boundary() {
        let bytes = Writer::default().bytes(1, "a long enough string").number(2, 300).finish();
        let whole = Fields::new(&bytes).count();
        for cut in 1..bytes.len() {
            let fields: Result<Vec<_>, _> = Fields::new(&bytes[..cut]).collect();
            assert!(fields.map_or(true, |fields| fields.len() < whole), "cut at {cut}");
        }
    }

    #[test]
    fn a_number_over_64_bits_or_with_idle_bytes_is_malformed() {
        assert_eq!(varint(&mut [0xff; 11].as_slice()), Err(WireError::Malformed));
        assert_eq!(varint(&mut [0x81, 0x00].as_slice()), Err(WireError::Malformed));
        assert_eq!(varint(&mut [0x00].as_slice()), Ok(0));
    }
}
