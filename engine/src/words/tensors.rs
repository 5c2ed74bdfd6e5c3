//! Named tensors in a file: the safetensors format, as far as a table of words needs it.
//!
//! Eight bytes say how long the head is, the head is JSON (name, type, shape, where it begins and ends), the rest is numbers,
//! little-endian. It may come from a stranger: nothing is allocated on its word, and every place is held against the file.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Longest head.
const HEAD_BYTES: usize = 64 << 10;
/// Most tensors.
const TENSORS: usize = 64;

/// The tensors of a file that was read.
pub struct Tensors<'b> {
    entries: BTreeMap<String, Entry>,
    data: &'b [u8],
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

impl<'b> Tensors<'b> {
    /// Reads the head and holds it against the file.
    ///
    /// # Errors
    /// In words: what is wrong with it.
    pub fn read(bytes: &'b [u8]) -> Result<Self, String> {
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or("it ends before its head")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > HEAD_BYTES {
            return Err(format!("its head is {length} bytes long, over the limit of {HEAD_BYTES}"));
        }
        let (head, data) = rest.split_at_checked(length).ok_or("it ends within its head")?;
        let parts: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(head).map_err(|error| format!("its head is no JSON: {error}"))?;
        if parts.len() > TENSORS {
            return Err(format!("it has {} tensors, over the limit of {TENSORS}", parts.len()));
        }
        let mut entries = BTreeMap::new();
        for (name, part) in parts.into_iter().filter(|(name, _)| name != "__metadata__") {
            let entry: Entry =
                serde_json::from_value(part).map_err(|error| format!("the tensor {name:?}: {error}"))?;
            entries.insert(name, entry);
        }
        Ok(Self { entries, data })
    }

    /// Whether there is a tensor of that name.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Shape and bytes of a tensor.
    ///
    /// # Errors
    /// It is missing, of another type, or its shape and place do not fit each other or the file.
    pub fn bytes(&self, name: &str, dtype: &str) -> Result<(&[usize], &'b [u8]), String> {
        let entry = self.entries.get(name).ok_or_else(|| format!("there is no tensor {name:?}"))?;
        if entry.dtype != dtype {
            return Err(format!("the tensor {name:?} is {}, expected {dtype}", entry.dtype));
        }
        let size = match dtype {
            "F32" => 4,
            _ => 1,
        };
        let [from, to] = entry.data_offsets;
        let wanted = entry.shape.iter().try_fold(size, |size: usize, side| size.checked_mul(*side));
        match self.data.get(from..to) {
            Some(bytes) if Some(bytes.len()) == wanted => Ok((&entry.shape, bytes)),
            _ => Err(format!("the tensor {name:?} of shape {:?} is not where its head says", entry.shape)),
        }
    }

    /// Shape and values of a tensor of floats, which must all be finite.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes); a value that is no number.
    pub fn floats(&self, name: &str) -> Result<(&[usize], Vec<f32>), String> {
        let (shape, bytes) = self.bytes(name, "F32")?;
        let values: Vec<f32> = bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        if values.iter().all(|value| value.is_finite()) {
            return Ok((shape, values));
        }
        Err(format!("the tensor {name:?} has values that are not finite numbers"))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A file of these tensors: name, type, shape and bytes.
    pub(crate) fn file(tensors: &[(&str, &str, Vec<usize>, Vec<u8>)]) -> Vec<u8> {
        let (mut head, mut data) = (serde_json::Map::new(), Vec::new());
        for (name, dtype, shape, bytes) in tensors {
            let from = data.len();
            data.extend_from_slice(bytes);
            let entry =
                serde_json::json!({ "dtype": dtype, "shape": shape, "data_offsets": [from, data.len()] });
            head.insert((*name).to_owned(), entry);
        }
        let head = serde_json::Value::Object(head).to_string();
        [&(head.len() as u64).to_le_bytes()[..], head.as_bytes(), &data].concat()
    }

    pub(crate) fn float_bytes(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    #[test]
    fn what_was_written_is_read_and_what_a_stranger_bends_is_refused_in_words() {
        let bytes = file(&[("a", "F32", vec![1, 2], float_bytes(&[1.0, -2.5]))]);
        let tensors = Tensors::read(&bytes).unwrap();
        assert_eq!(tensors.floats("a").unwrap(), (&[1, 2][..], vec![1.0, -2.5]));
        assert!(tensors.floats("b").unwrap_err().contains("no tensor \"b\""));
        assert!(tensors.bytes("a", "I8").unwrap_err().contains("F32, expected I8"));

        let huge = file(&[("a", "F32", vec![usize::MAX, 2], float_bytes(&[1.0, -2.5]))]);
        assert!(Tensors::read(&huge).unwrap().floats("a").unwrap_err().contains("not where"));
        let odd = file(&[("a", "F32", vec![2], float_bytes(&[1.0, f32::NAN]))]);
        assert!(Tensors::read(&odd).unwrap().floats("a").unwrap_err().contains("finite"));
        for cut in 0..bytes.len() {
            let read = Tensors::read(&bytes[..cut]);
            assert!(read.is_err() || read.is_ok_and(|tensors| tensors.floats("a").is_err()), "{cut}");
        }
        let mut long = bytes;
        long[..8].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(Tensors::read(&long).is_err_and(|error| error.contains("over the limit")));
    }
}
