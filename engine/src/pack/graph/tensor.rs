//! Stored tensors: their declared size against the data that is there.

use super::Element;
use super::tree::{Nonsense, is_usable, text};
use crate::pack::limits;
use crate::pack::wire::{Fields, Value, count_varints, varint};

/// Data of one tensor in another file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct External {
    /// Name of that file, as the model gives it: not yet checked.
    pub location: String,
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
}

/// A tensor in the file: a weight, or the value of an attribute.
#[derive(Debug, Default)]
pub struct Stored<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its shape.
    pub dims: Vec<u64>,
    /// Its element type.
    pub element: Element,
    /// Where its data is, if that is outside of the file.
    pub external: Option<External>,
    /// How many numbers it holds.
    pub entries: u64,
    /// How many fields it is written in.
    pub fields: usize,
    message: &'a [u8],
}

/// One stored number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number or a truth value.
    Whole(i64),
    /// A float.
    Float(f64),
}

/// What was found of a tensor's data.
#[derive(Default)]
struct Data<'a> {
    /// The lists of numbers that are there: a bit for each field.
    lists: u32,
    values: u64,
    raw: Option<&'a [u8]>,
    outside: bool,
    location: Option<&'a str>,
    offset: Option<u64>,
    length: Option<u64>,
}

impl<'a> Stored<'a> {
    /// Reads a tensor and holds its shape against its data.
    pub(super) fn read(message: &'a [u8]) -> Result<Self, Nonsense> {
        let mut stored = Self { message, ..Self::default() };
        let mut data = Data::default();
        for field in Fields::new(message) {
            stored.fields += 1;
            match field? {
                (1, value) => stored.add_dims(value)?,
                (2, Value::Number(code)) => stored.element = Element(code),
                (3, _) => return Err(stored.said("is one segment of several")),
                (place @ (4..=7 | 10 | 11), value) => {
                    data.lists |= 1 << place;
                    data.values += match (place, value) {
                        (4, Value::Bytes(floats)) => floats.len() as u64 / 4,
                        (10, Value::Bytes(doubles)) => doubles.len() as u64 / 8,
                        (5 | 7 | 11, Value::Bytes(numbers)) => count_varints(numbers),
                        _ => 1,
                    };
                }
                (8, Value::Bytes(name)) => stored.name = text(name)?,
                (9, Value::Bytes(raw)) => data.raw = Some(raw),
                (13, Value::Bytes(entry)) => stored.external_entry(entry, &mut data)?,
                (14, Value::Number(place @ 0..=1)) => data.outside = place == 1,
                (14, _) => return Err(stored.said("has its data nobody knows where")),
                _ => {}
            }
        }
        stored.measure(&data)?;
        Ok(stored)
    }

    /// Bytes of its data.
    pub fn bytes(&self) -> u64 {
        self.entries.saturating_mul(self.element.bits().unwrap_or(64)).div_ceil(8)
    }

    /// Its numbers, if there are at most `most` of them and they are in the file.
    pub fn numbers(&self, most: u64) -> Option<Vec<Number>> {
        if self.entries > most || self.external.is_some() {
            return None;
        }
        let mut numbers = Vec::new();
        for field in Fields::new(self.message) {
            match field.ok()? {
                (9, Value::Bytes(raw)) => return from_raw(self.element, raw),
                (4, Value::Bytes(floats)) => {
                    let floats = floats.as_chunks::<4>().0.iter();
                    numbers.extend(floats.map(|four| Number::Float(f32::from_le_bytes(*four).into())));
                }
                (4, Value::Four(float)) => numbers.push(Number::Float(f32::from_le_bytes(float).into())),
                (10, Value::Bytes(doubles)) => {
                    let doubles = doubles.as_chunks::<8>().0.iter();
                    numbers.extend(doubles.map(|eight| Number::Float(f64::from_le_bytes(*eight))));
                }
                (10, Value::Eight(double)) => numbers.push(Number::Float(f64::from_le_bytes(double))),
                (5 | 7 | 11, _) if matches!(self.element.0, 10 | 16..) => return None,
                (5 | 7 | 11, Value::Bytes(mut packed)) => {
                    while !packed.is_empty() {
                        numbers.push(Number::Whole(varint(&mut packed).ok()? as i64));
                    }
                }
                (5 | 7 | 11, Value::Number(number)) => numbers.push(Number::Whole(number as i64)),
                _ => {}
            }
        }
        Some(numbers)
    }

    fn said(&self, what: &str) -> Nonsense {
        Nonsense::Said(format!("tensor {:?} {what}", self.name))
    }

    fn add_dims(&mut self, value: Value<'a>) -> Result<(), Nonsense> {
        match value {
            Value::Bytes(mut packed) => {
                while !packed.is_empty() && self.dims.len() <= limits::RANK {
                    self.dims.push(varint(&mut packed)?);
                }
            }
            Value::Number(number) => self.dims.push(number),
            _ => {}
        }
        match self.dims.len() {
            found if found > limits::RANK => {
                let what = "a number of dimensions".to_owned();
                Err(Nonsense::TooLarge(what, found as u64, limits::RANK as u64))
            }
            _ => Ok(()),
        }
    }

    fn measure(&mut self, data: &Data<'a>) -> Result<(), Nonsense> {
        let (element, dims) = (self.element, &self.dims);
        if element == Element::STRING {
            return Err(self.said("holds text; a pack's graphs work on numbers"));
        }
        if !is_usable(element) {
            return Err(self.said("has an unknown element type"));
        }
        let entries = dims.iter().try_fold(1u64, |entries, &dim| entries.checked_mul(dim));
        let bytes = |entries: u64| entries.checked_mul(element.bits()?).map(|bits| bits.div_ceil(8));
        let what = || format!("the declared size of tensor {:?} {:?}, in bytes,", self.name, dims);
        let limit = limits::FILE_BYTES;
        let Some((entries, declared)) = entries.and_then(|entries| Some((entries, bytes(entries)?))) else {
            return Err(Nonsense::TooLarge(what(), u64::MAX, limit));
        };
        if declared > limit {
            return Err(Nonsense::TooLarge(what(), declared, limit));
        }
        self.entries = entries;
        let places =
            usize::from(data.outside) + usize::from(data.raw.is_some()) + data.lists.count_ones() as usize;
        if places > 1 {
            return Err(self.said("has its data in several places"));
        }
        if data.outside {
            let location =
                data.location.ok_or_else(|| self.said("lies in a file without a name"))?.to_owned();
            let (offset, length) = (data.offset.unwrap_or(0), data.length.unwrap_or(declared));
            self.external = Some(External { location, offset, length });
        } else if data.location.is_some() {
            return Err(self.said("has its data in several places"));
        }
        let (field, expected) = self.list();
        let found = match (&self.external, data.raw) {
            (Some(external), _) => Ok(external.length),
            (None, Some(raw)) => Ok(raw.len() as u64),
            _ if data.lists & !(1 << field) == 0 && data.values == expected => Ok(declared),
            _ => Err(data.values),
        };
        match found {
            Ok(found) if found == declared => Ok(()),
            _ => Err(self.said(&format!(
                "says it is {element} {dims:?}, {declared} bytes, but {} are there",
                match found {
                    Ok(bytes) => format!("{bytes} bytes"),
                    Err(values) => format!("{values} values"),
                }
            ))),
        }
    }

    /// The list that holds numbers of this type, and how many it must hold: small types are stored one to a number,
    /// complex ones as two, and four-bit ones two to a number.
    fn list(&self) -> (u32, u64) {
        match self.element.0 {
            1 => (4, self.entries),
            14 => (4, self.entries.saturating_mul(2)),
            7 => (7, self.entries),
            11 => (10, self.entries),
            15 => (10, self.entries.saturating_mul(2)),
            12 | 13 => (11, self.entries),
            21..=23 => (5, self.entries.div_ceil(2)),
            25 | 26 => (5, self.entries.div_ceil(4)),
            _ => (5, self.entries),
        }
    }

    fn external_entry(&self, bytes: &'a [u8], data: &mut Data<'a>) -> Result<(), Nonsense> {
        let (mut key, mut value) = ("", "");
        for field in Fields::new(bytes) {
            match field? {
                (1, Value::Bytes(bytes)) => key = text(bytes)?,
                (2, Value::Bytes(bytes)) => value = text(bytes)?,
                _ => {}
            }
        }
        let wrong = || self.said(&format!("has external data with {key} {value:?}"));
        let number = || {
            // As ONNX Runtime writes it: no sign, no space.
            let plain = value.bytes().all(|digit| digit.is_ascii_digit());
            value.parse().ok().filter(|_| plain).ok_or_else(wrong)
        };
        let twice = match key {
            "location" => data.location.replace(value).is_some(),
            "offset" => data.offset.replace(number()?).is_some(),
            "length" => data.length.replace(number()?).is_some(),
            "checksum" => false,
            _ => return Err(wrong()),
        };
        if twice { Err(wrong()) } else { Ok(()) }
    }
}

/// Numbers from their bytes, little-endian; `None` for types that say nothing about a size.
fn from_raw(element: Element, raw: &[u8]) -> Option<Vec<Number>> {
    let whole = |number: i64| Number::Whole(number);
    Some(match element.0 {
        1 => raw.as_chunks().0.iter().map(|b| Number::Float(f32::from_le_bytes(*b).into())).collect(),
        2 => raw.iter().map(|b| whole((*b).into())).collect(),
        3 => raw.iter().map(|b| whole((*b as i8).into())).collect(),
        4 => raw.as_chunks().0.iter().map(|b| whole(u16::from_le_bytes(*b).into())).collect(),
        5 => raw.as_chunks().0.iter().map(|b| whole(i16::from_le_bytes(*b).into())).collect(),
        6 => raw.as_chunks().0.iter().map(|b| whole(i32::from_le_bytes(*b).into())).collect(),
        7 => raw.as_chunks().0.iter().map(|b| whole(i64::from_le_bytes(*b))).collect(),
        9 => raw.iter().map(|b| whole((*b != 0).into())).collect(),
        11 => raw.as_chunks().0.iter().map(|b| Number::Float(f64::from_le_bytes(*b))).collect(),
        12 => raw.as_chunks().0.iter().map(|b| whole(u32::from_le_bytes(*b).into())).collect(),
        _ => return None,
    })
}
