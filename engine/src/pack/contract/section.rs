//! What the sections of a manifest have in common: finding a graph's ports, and saying what is wrong with them.

use crate::pack::error::PackError;
use crate::pack::graph::{Dim, Element, Port};
use crate::pack::limits;

/// Builds one section's errors: they all name the manifest or graph, the field, and the cure.
pub(in crate::pack) struct Section<'a> {
    /// The manifest, as the user can find it.
    pub manifest: &'a str,
    /// The graph that it is held against.
    pub graph: &'a str,
    /// The table of the manifest; empty for its top.
    pub name: &'static str,
}

#[allow(clippy::needless_pass_by_value, reason = "a message's parts are text or numbers, made on the spot")]
impl Section<'_> {
    pub fn field(
        &self,
        field: &str,
        expected: impl ToString,
        found: impl ToString,
        cure: impl ToString,
    ) -> PackError {
        let field = if self.name.is_empty() { field.to_owned() } else { format!("{}.{field}", self.name) };
        let file = self.manifest.to_owned();
        let (expected, found, cure) = (expected.to_string(), found.to_string(), cure.to_string());
        PackError::Mismatch { file, field, expected, found, cure }
    }

    pub fn port(&self, kind: &str, port: &Port, expected: impl ToString, cure: impl ToString) -> PackError {
        PackError::Mismatch {
            file: self.graph.to_owned(),
            field: format!("{kind} {:?}", port.name),
            expected: expected.to_string(),
            found: port.to_string(),
            cure: cure.to_string(),
        }
    }

    pub fn find<'g>(
        &self,
        field: &str,
        name: &str,
        kind: &str,
        ports: &'g [Port],
    ) -> Result<&'g Port, PackError> {
        ports.iter().find(|port| port.name == name).ok_or_else(|| {
            let names: Vec<_> = ports.iter().map(|port| format!("{:?} ({port})", port.name)).collect();
            let expected = format!("an {kind} of {}: {}", self.graph, names.join(" or "));
            self.field(field, expected, format!("{name:?}"), "correct the name")
        })
    }

    pub fn float<'g>(&self, kind: &str, port: &'g Port) -> Result<&'g Port, PackError> {
        if port.element == Some(Element::FLOAT32) {
            return Ok(port);
        }
        Err(self.port(kind, port, "float32", "export the model with float32 inputs and outputs"))
    }

    /// The shape of a port that must be one row of numbers, and its length.
    pub fn vector(
        &self,
        kind: &str,
        port: &Port,
        wanted: Option<usize>,
        dim_field: &str,
    ) -> Result<(Vec<i64>, usize), PackError> {
        let expected = match wanted {
            Some(length) => format!("float32 [1, {length}]"),
            None => "float32 [1, length]".to_owned(),
        };
        let open = vec![Dim::Open(String::new()); 2];
        let dims = port.shape.as_ref().unwrap_or(&open);
        let long = dims.iter().filter(|dim| !matches!(dim, Dim::Fixed(1) | Dim::Open(_))).count();
        if long > 1 {
            return Err(self.port(kind, port, expected, "it must be one row of numbers"));
        }
        let last_open = dims.iter().rposition(|dim| matches!(dim, Dim::Open(_)));
        let mut shape = vec![1i64; dims.len()];
        let mut length = 1u64;
        for (place, dim) in dims.iter().enumerate() {
            let this = match dim {
                Dim::Fixed(fixed) => *fixed,
                Dim::Open(_) if long == 0 && Some(place) == last_open => match wanted {
                    Some(wanted) => wanted as u64,
                    None => {
                        let cure =
                            format!("the graph leaves the length open: write {dim_field} in pack.toml");
                        return Err(self.port(kind, port, expected, cure));
                    }
                },
                Dim::Open(_) => 1,
            };
            shape[place] = i64::try_from(this).unwrap_or(i64::MAX);
            length = length.saturating_mul(this);
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length == 0 || wanted.is_some_and(|wanted| wanted != length) {
            let cure = format!("correct {dim_field} in pack.toml or export the model anew");
            return Err(self.port(kind, port, expected, cure));
        }
        Ok((shape, length))
    }

    pub fn bounded(&self, port: &Port, length: usize) -> Result<usize, PackError> {
        if length <= limits::VECTOR_DIM {
            return Ok(length);
        }
        Err(PackError::TooLarge {
            file: self.graph.to_owned(),
            what: format!("the length of {:?}", port.name),
            found: length.to_string(),
            limit: limits::VECTOR_DIM.to_string(),
        })
    }
}
