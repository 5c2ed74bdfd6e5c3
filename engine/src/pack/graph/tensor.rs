//! Stored tensors: their declared size against the data that is there.

use std::fmt;

use super::{PackError, Reader, Value};
use crate::pack::limits;
use crate::pack::wire::{Fields, count_varints};

/// ONNX's number for an element type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element(pub u64);

impl Element {
    /// 32-bit float, what inputs and outputs must be.
    pub const FLOAT32: Self = Self(1);
    /// 32-bit whole number.
    pub const INT32: Self = Self(6);
    /// 64-bit whole number.
    pub const INT64: Self = Self(7);
    /// Truth value.
    pub const BOOL: Self = Self(9);
    const STRING: Self = Self(8);

    fn bits(self) -> Option<u64> {
        Some(match self.0 {
            2 | 3 | 9 | 17..=20 | 24 => 8,
            4 | 5 | 10 | 16 => 16,
            1 | 6 | 12 => 32,
            7 | 11 | 13 | 14 => 64,
            15 => 128,
            21..=23 => 4,
            25 | 26 => 2,
            _ => return None,
        })
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const NAMES: [&str; 17] = [
            "undefined",
            "float32",
            "uint8",
            "int8",
            "uint16",
            "int16",
            "int32",
            "int64",
            "string",
            "bool",
            "float16",
            "float64",
            "uint32",
            "uint64",
            "complex64",
            "complex128",
            "bfloat16",
        ];
        match usize::try_from(self.0).ok().and_then(|code| NAMES.get(code)) {
            Some(name) => f.write_str(name),
            None => write!(f, "element type {}", self.0),
        }
    }
}

/// Data of one tensor in another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// Name of that file, as the model gives it: not yet checked.
    pub location: String,
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

#[derive(Default)]
struct Stored<'a> {
    name: &'a str,
    dims: Vec<u64>,
    element: u64,
    raw_bytes: Option<u64>,
    values: u64,
    external: bool,
    location: &'a str,
    offset: u64,
    length: Option<u64>,
}

impl<'a> Reader<'a> {
    pub(super) fn tensor_name(&self, bytes: &'a [u8]) -> Result<&'a str, PackError> {
        let mut found = "";
        for field in Fields::new(bytes) {
            if let (8, Value::Bytes(name)) = self.wire(field)? {
                found = self.text(name)?;
            }
        }
        Ok(found)
    }

    pub(super) fn sparse(&mut self, bytes: &'a [u8]) -> Result<(), PackError> {
        let mut entries = Some(1u64);
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1 | 2, Value::Bytes(tensor)) => self.tensor(tensor)?,
                (3, value) => {
                    for dim in self.numbers(value)? {
                        entries = entries.and_then(|entries| entries.checked_mul(dim));
                    }
                }
                _ => {}
            }
        }
        // ONNX Runtime makes sparse tensors dense when it loads them.
        match entries {
            Some(entries) if entries <= limits::FILE_BYTES / 16 => Ok(()),
            _ => Err(self.too_large("a sparse tensor", "its dense form", "2 GiB")),
        }
    }

    pub(super) fn tensor(&mut self, bytes: &'a [u8]) -> Result<(), PackError> {
        self.tensors += 1;
        if self.tensors > limits::TENSORS {
            return Err(self.too_large("the number of stored tensors", self.tensors, limits::TENSORS));
        }
        let stored = self.stored(bytes)?;
        let entries = stored.dims.iter().try_fold(1u64, |entries, &dim| entries.checked_mul(dim));
        let bits = Element(stored.element).bits();
        let declared = match (entries, bits) {
            (Some(entries), Some(bits)) => entries.checked_mul(bits).map(|bits| bits.div_ceil(8)),
            (Some(entries), None) => Some(entries),
            (None, _) => None,
        };
        let what = format!("the declared size of tensor {:?} {:?}", stored.name, stored.dims);
        let (Some(entries), Some(declared)) = (entries, declared) else {
            return Err(self.too_large(&what, "more than any memory", "2 GiB"));
        };
        if declared > limits::FILE_BYTES {
            return Err(self.too_large(&what, format!("{declared} bytes"), "2 GiB"));
        }
        if bits.is_none() && Element(stored.element) != Element::STRING {
            return Err(self.corrupt(format!("tensor {:?} has an unknown element type", stored.name)));
        }
        self.graph.parameters = self.graph.parameters.saturating_add(entries);
        let found = if stored.external {
            let length = stored.length.unwrap_or(declared);
            let (location, offset) = (stored.location.to_owned(), stored.offset);
            self.graph.external.push(External { location, offset, length });
            (length, "bytes")
        } else if let Some(raw) = stored.raw_bytes {
            (raw, "bytes")
        } else {
            // Small types are stored one to a number, complex ones as two, and four-bit ones two to a number.
            let expected = match stored.element {
                14 | 15 => entries.saturating_mul(2),
                21..=23 => entries.div_ceil(2),
                25 | 26 => entries.div_ceil(4),
                _ => entries,
            };
            if stored.values == expected { (declared, "bytes") } else { (stored.values, "values") }
        };
        if found.0 != declared || found.1 == "values" {
            return Err(self.corrupt(format!(
                "tensor {:?} says it is {} {:?}, {declared} bytes, but {} {} are there",
                stored.name,
                Element(stored.element),
                stored.dims,
                found.0,
                found.1
            )));
        }
        Ok(())
    }

    fn stored(&self, bytes: &'a [u8]) -> Result<Stored<'a>, PackError> {
        let mut stored = Stored::default();
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1, value) => {
                    stored.dims.extend(self.numbers(value)?);
                    if stored.dims.len() > limits::RANK {
                        return Err(self.too_large(
                            "a number of dimensions",
                            stored.dims.len(),
                            limits::RANK,
                        ));
                    }
                }
                (2, Value::Number(code)) => stored.element = code,
                (4, Value::Bytes(floats)) => stored.values += floats.len() as u64 / 4,
                (10, Value::Bytes(doubles)) => stored.values += doubles.len() as u64 / 8,
                (5 | 7 | 11, Value::Bytes(numbers)) => stored.values += count_varints(numbers),
                (4 | 5 | 7 | 10 | 11, _) | (6, Value::Bytes(_)) => stored.values += 1,
                (8, Value::Bytes(name)) => stored.name = self.text(name)?,
                (9, Value::Bytes(raw)) => stored.raw_bytes = Some(raw.len() as u64),
                (13, Value::Bytes(entry)) => self.external_entry(entry, &mut stored)?,
                (14, Value::Number(place)) => stored.external = place == 1,
                _ => {}
            }
        }
        Ok(stored)
    }

    fn external_entry(&self, bytes: &'a [u8], stored: &mut Stored<'a>) -> Result<(), PackError> {
        let (mut key, mut value) = ("", "");
        for field in Fields::new(bytes) {
            match self.wire(field)? {
                (1, Value::Bytes(text)) => key = self.text(text)?,
                (2, Value::Bytes(text)) => value = self.text(text)?,
                _ => {}
            }
        }
        let number = || value.parse().map_err(|_| self.corrupt(format!("external data has {key} {value:?}")));
        match key {
            "location" => stored.location = value,
            "offset" => stored.offset = number()?,
            "length" => stored.length = Some(number()?),
            _ => {}
        }
        Ok(())
    }

    /// The numbers of a repeated field, packed or one by one; at most one more than [`limits::RANK`].
    fn numbers(&self, value: Value<'a>) -> Result<Vec<u64>, PackError> {
        match value {
            Value::Number(number) => Ok(vec![number]),
            Value::Fixed => Err(self.corrupt("a dimension is not a whole number")),
            Value::Bytes(mut packed) => {
                let mut numbers = Vec::new();
                while !packed.is_empty() && numbers.len() <= limits::RANK {
                    numbers.push(self.wire(crate::pack::wire::varint(&mut packed))?);
                }
                Ok(numbers)
            }
        }
    }
}
