//! Inputs and outputs, as the file declares them.

use super::Element;
use super::tree::{Nonsense, text};
use super::{Dim, Port as Declared};
use crate::pack::limits;
use crate::pack::wire::{Fields, Value};

/// A declared input or output, not yet read but for its name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Port<'a> {
    /// Its name.
    pub name: &'a str,
    kind: &'a [u8],
}

/// Reads the name alone: there may be thousands, and few are of interest.
pub(super) fn port(bytes: &[u8]) -> Result<Port<'_>, Nonsense> {
    let mut port = Port::default();
    for field in Fields::new(bytes) {
        match field? {
            (1, Value::Bytes(name)) => port.name = text(name)?,
            (2, Value::Bytes(kind)) => port.kind = kind,
            _ => {}
        }
    }
    Ok(port)
}

impl Port<'_> {
    /// Reads the rest.
    pub(super) fn declared(&self) -> Result<Declared, Nonsense> {
        let mut declared = Declared { name: self.name.to_owned(), element: None, shape: None };
        for field in Fields::new(self.kind) {
            let (1, Value::Bytes(dense)) = field? else { continue };
            for field in Fields::new(dense) {
                match field? {
                    (1, Value::Number(code)) => declared.element = Some(Element(code)),
                    (2, Value::Bytes(bytes)) => declared.shape = Some(shape(bytes)?),
                    _ => {}
                }
            }
        }
        Ok(declared)
    }
}

fn shape(bytes: &[u8]) -> Result<Vec<Dim>, Nonsense> {
    let mut dims = Vec::new();
    for field in Fields::new(bytes) {
        if let (1, Value::Bytes(bytes)) = field? {
            dims.push(dim(bytes)?);
        }
        if dims.len() > limits::RANK {
            let (found, limit) = (dims.len() as u64, limits::RANK as u64);
            return Err(Nonsense::TooLarge("a number of dimensions".to_owned(), found, limit));
        }
    }
    Ok(dims)
}

fn dim(bytes: &[u8]) -> Result<Dim, Nonsense> {
    let mut dim = Dim::Open(String::new());
    for field in Fields::new(bytes) {
        match field? {
            // A negative length means "open" in some exporters.
            (1, Value::Number(length)) if i64::try_from(length).is_ok() => dim = Dim::Fixed(length),
            (2, Value::Bytes(name)) => dim = Dim::Open(text(name)?.to_owned()),
            _ => {}
        }
    }
    Ok(dim)
}
