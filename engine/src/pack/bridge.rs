//! A linear map between embeddings: read from a pack, or made up from a seed.

use std::sync::Arc;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::error::PackError;
use super::limits;
use super::manifest::BridgeSpec;

/// A matrix of float32, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    entries: Arc<[f32]>,
}

impl Matrix {
    /// Length of what comes out.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Length of what goes in.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All entries, row by row.
    pub(crate) fn entries(&self) -> &[f32] {
        &self.entries
    }

    /// Writes the matrix times `vector` into `out`; both must have the matrix's lengths.
    pub fn apply(&self, vector: &[f32], out: &mut [f32]) {
        for (row, out) in self.entries.chunks_exact(self.columns).zip(out) {
            *out = row.iter().zip(vector).map(|(a, b)| a * b).sum();
        }
    }

    /// Reads the matrix that `spec` describes from the bytes of its file.
    ///
    /// # Errors
    /// A length that is not the declared shape, a `.npy` of another type or shape, entries that are no numbers.
    pub fn read(manifest: &str, file: &str, spec: &BridgeSpec, bytes: &[u8]) -> Result<Self, PackError> {
        let (rows, columns) = (spec.to, spec.from);
        for (field, length) in [("bridge.from", columns), ("bridge.to", rows)] {
            if !(1..=limits::VECTOR_DIM).contains(&length) {
                return Err(PackError::Mismatch {
                    file: manifest.to_owned(),
                    field: field.to_owned(),
                    expected: format!("1 to {}", limits::VECTOR_DIM),
                    found: length.to_string(),
                    cure: "correct it".to_owned(),
                });
            }
        }
        let data = if spec.file.ends_with(".npy") { npy(file, bytes, rows, columns)? } else { bytes };
        if data.len() != rows * columns * 4 {
            return Err(PackError::Mismatch {
                file: file.to_owned(),
                field: "its size".to_owned(),
                expected: format!("{} bytes for {rows} x {columns} float32", rows * columns * 4),
                found: format!("{} bytes", data.len()),
                cure: "correct bridge.from and bridge.to in pack.toml, or write the file anew".to_owned(),
            });
        }
        let entries: Arc<[f32]> =
            data.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if entries.iter().any(|entry| !entry.is_finite()) {
            let message = "it holds entries that are not finite numbers".to_owned();
            return Err(PackError::Corrupt { file: file.to_owned(), kind: "matrix", message });
        }
        Ok(Self { rows, columns, entries })
    }

    /// A fixed map that keeps angles as well as the dimensions allow: rows (or columns, where those are fewer) are
    /// orthonormal, made from a seeded normal draw by Gram-Schmidt.
    pub fn orthonormal(rows: usize, columns: usize) -> Self {
        let (count, length) = (rows.min(columns), rows.max(columns));
        let mut random = Pcg64Mcg::seed_from_u64(0x6b6c_616e_6762_696c);
        let mut basis: Vec<Vec<f32>> = Vec::with_capacity(count);
        while basis.len() < count {
            let mut vector: Vec<f32> = (0..length).map(|_| normal(&mut random)).collect();
            // Twice is enough against rounding.
            for _ in 0..2 {
                for other in &basis {
                    let along: f32 = other.iter().zip(&vector).map(|(a, b)| a * b).sum();
                    vector.iter_mut().zip(other).for_each(|(entry, other)| *entry -= along * other);
                }
            }
            if normalise(&mut vector) > 1e-3 {
                basis.push(vector);
            }
        }
        let at = |row: usize, column: usize| {
            if rows <= columns { basis[row][column] } else { basis[column][row] }
        };
        let entries = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        Self { rows, columns, entries: entries.map(|(row, column)| at(row, column)).collect() }
    }
}

/// One normal draw: the sum of twelve even ones, which is the same on every machine.
fn normal(random: &mut impl Rng) -> f32 {
    (0..12).map(|_| (random.next_u32() >> 8) as f32 / 16_777_216.0).sum::<f32>() - 6.0
}

/// Scales `vector` to length 1 and returns the length that it had; a vector of zeros stays.
pub fn normalise(vector: &mut [f32]) -> f32 {
    let norm = vector.iter().map(|entry| f64::from(*entry).powi(2)).sum::<f64>().sqrt() as f32;
    if norm > 1e-12 {
        vector.iter_mut().for_each(|entry| *entry /= norm);
    }
    norm
}

/// Checks the header of a `.npy` file (NumPy's own format, versions 1 to 3) and returns its data.
fn npy<'a>(file: &str, bytes: &'a [u8], rows: usize, columns: usize) -> Result<&'a [u8], PackError> {
    let corrupt = |message: String| PackError::Corrupt { file: file.to_owned(), kind: ".npy", message };
    let cut = || corrupt("it ends within its header".to_owned());
    let body =
        bytes.strip_prefix(b"\x93NUMPY").ok_or_else(|| corrupt("it does not start as one".to_owned()))?;
    let (start, length) = match body {
        [1, _, low, high, ..] => (4, usize::from(u16::from_le_bytes([*low, *high]))),
        [2 | 3, _, a, b, c, d, ..] => (6, u32::from_le_bytes([*a, *b, *c, *d]) as usize),
        _ => return Err(cut()),
    };
    let (header, data) = body[start..].split_at_checked(length).ok_or_else(cut)?;
    let header: String = String::from_utf8_lossy(header).split_whitespace().collect();
    let shape = format!("'shape':({rows},{columns})");
    for (part, meaning) in [
        ("'descr':'<f4'", "float32, little-endian"),
        ("'fortran_order':False", "row-major"),
        (&shape, "that shape"),
    ] {
        if !header.contains(part) {
            return Err(corrupt(format!("its header must have {part} ({meaning}) and is {header}")));
        }
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_orthonormal_map_keeps_lengths_and_angles() {
        for (rows, columns) in [(64, 16), (16, 16)] {
            let map = Matrix::orthonormal(rows, columns);
            for one in 0..columns {
                for other in 0..columns {
                    let image = |place: usize| {
                        let mut unit = vec![0.0; columns];
                        unit[place] = 1.0;
                        let mut out = vec![0.0; rows];
                        map.apply(&unit, &mut out);
                        out
                    };
                    let product: f32 = image(one).iter().zip(image(other)).map(|(a, b)| a * b).sum();
                    assert!((product - f32::from(u8::from(one == other))).abs() < 1e-5);
                }
            }
        }
    }

    #[test]
    fn a_raw_matrix_and_its_npy_are_the_same() {
        let raw: Vec<u8> = (0..6u8).flat_map(|entry| f32::from(entry).to_le_bytes()).collect();
        let header = format!("{:<53}\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
        let mut npy = b"\x93NUMPY\x01\x00".to_vec();
        npy.extend((header.len() as u16).to_le_bytes());
        npy.extend(header.as_bytes());
        npy.extend(&raw);
        let spec = |file: &str| BridgeSpec { file: file.to_owned(), from: 3, to: 2 };
        let one = Matrix::read("pack.toml", "b", &spec("b.f32"), &raw).unwrap();
        assert_eq!(one, Matrix::read("pack.toml", "b", &spec("b.npy"), &npy).unwrap());
        let mut out = [0.0; 2];
        one.apply(&[1.0, 1.0, 1.0], &mut out);
        assert_eq!(out, [3.0, 12.0]);
        let turned = BridgeSpec { file: "b.npy".to_owned(), from: 2, to: 3 };
        let error = Matrix::read("pack.toml", "b.npy", &turned, &npy).unwrap_err().to_string();
        assert!(error.contains("'shape':(3,2)"), "{error}");
        let error = Matrix::read("pack.toml", "b.f32", &spec("b.f32"), &raw[1..]).unwrap_err().to_string();
        assert!(error.contains("expected 24 bytes") && error.contains("found 23 bytes"), "{error}");
    }
}
