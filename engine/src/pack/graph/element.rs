//! The element types of tensors.

use std::fmt;

/// ONNX's number for an element type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Element(pub u64);

impl Element {
    /// 32-bit float, what inputs and outputs must be.
    pub const FLOAT32: Self = Self(1);
    /// 8-bit whole number without a sign.
    pub const UINT8: Self = Self(2);
    /// 32-bit whole number.
    pub const INT32: Self = Self(6);
    /// 64-bit whole number.
    pub const INT64: Self = Self(7);
    /// Text.
    pub const STRING: Self = Self(8);
    /// Truth value.
    pub const BOOL: Self = Self(9);
    /// 64-bit float.
    pub const FLOAT64: Self = Self(11);

    /// Its size; `None` for text and for what is unknown.
    pub fn bits(self) -> Option<u64> {
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
