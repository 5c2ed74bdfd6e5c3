//! The table that reads a phrase: a vector for each token, their sum, and a small network into the pack's space.
//!
//! After model2vec (van Dongen and Tulkens 2024): what a large text model knows of each word, distilled, so that reading takes
//! microseconds and no graph. The length of a vector is how much its word counts. `models/training/words` makes such tables.

use super::WordsError;
use super::tensors::Tensors;
use super::word_piece::WordPiece;
use crate::pack::PackError;
use crate::pack::bridge::normalise;

/// Bounds of a table, checked before memory is taken.
const VOCABULARY: usize = 200_000;
const VECTOR: usize = 1024;
const HIDDEN: usize = 4096;
/// A longer phrase says no more: letters of it that are read.
pub const PHRASE_LETTERS: usize = 200;

/// Phrases to embeddings of length one, in the space of a pack's encoder.
#[derive(Clone, Debug)]
pub struct Table {
    tokens: WordPiece,
    /// `[V, D]`, each row to be multiplied by its scale.
    vectors: Vec<i8>,
    scales: Vec<f32>,
    vector_dim: usize,
    hidden: Layer,
    out: Layer,
    /// The mean embedding of music: from there directions count.
    music: Vec<f32>,
    /// The mean embedding of pictures as the picture tower sees them, where the pack has one.
    pictures: Option<Vec<f32>>,
    /// How far music usually is from its mean.
    reach: f32,
}

/// `weight [rows, columns]` and `bias [rows]`.
#[derive(Clone, Debug)]
struct Layer {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Layer {
    fn read(tensors: &Tensors<'_>, name: &str, columns: usize, rows: usize) -> Result<Self, String> {
        let (shape, weight) = tensors.floats(&format!("{name}.weight"))?;
        let (length, bias) = tensors.floats(&format!("{name}.bias"))?;
        if shape != [rows, columns] || length != [rows] {
            return Err(format!(
                "{name} is {shape:?} and {length:?}, expected [{rows}, {columns}] and [{rows}]"
            ));
        }
        Ok(Self { weight, bias })
    }

    fn apply(&self, x: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(x.len().max(1)).zip(&self.bias);
        rows.map(|(row, bias)| bias + row.iter().zip(x).map(|(a, b)| a * b).sum::<f32>()).collect()
    }
}

impl Table {
    /// Reads and checks a table for embeddings of length `embedding_dim`; `file` is how messages name it.
    ///
    /// # Errors
    /// It is no such file, over a bound, or of another space.
    pub fn read(file: &str, bytes: &[u8], embedding_dim: usize) -> Result<Self, PackError> {
        Self::parse(bytes, embedding_dim).map_err(|message| PackError::Corrupt {
            file: file.to_owned(),
            kind: "table of words",
            message,
        })
    }

    fn parse(bytes: &[u8], embedding_dim: usize) -> Result<Self, String> {
        let tensors = Tensors::read(bytes)?;
        let (shape, vectors) = tensors.bytes("vectors", "I8")?;
        let &[count, vector_dim] = shape else {
            return Err(format!("vectors are {shape:?}, expected [V, D]"));
        };
        if !(1..=VOCABULARY).contains(&count) || !(1..=VECTOR).contains(&vector_dim) {
            return Err(format!("vectors are {shape:?}, over the limit of [{VOCABULARY}, {VECTOR}]"));
        }
        let (length, scales) = tensors.floats("scales")?;
        if length != [count] {
            return Err(format!("scales are {length:?}, expected [{count}]"));
        }
        let vocabulary = std::str::from_utf8(tensors.bytes("vocabulary", "U8")?.1)
            .map_err(|_| "the vocabulary is not UTF-8 text")?;
        let tokens = WordPiece::of(vocabulary);
        if tokens.len() != count || vocabulary.lines().count() != count {
            return Err(format!("the vocabulary has {} pieces, expected {count} that differ", tokens.len()));
        }
        let hidden_dim = match tensors.bytes("hidden.bias", "F32")?.0 {
            [length] if (1..=HIDDEN).contains(length) => *length,
            shape => return Err(format!("hidden.bias is {shape:?}, expected at most [{HIDDEN}]")),
        };
        let place = |name: &str| {
            let (shape, values) = tensors.floats(name)?;
            if shape == [embedding_dim] {
                return Ok(values);
            }
            Err(format!("{name} is {shape:?}, expected [{embedding_dim}], the encoder's embedding"))
        };
        let reach = match tensors.floats("reach")?.1.as_slice() {
            [reach] if (1e-3..=1e3).contains(reach) => *reach,
            other => return Err(format!("reach is {other:?}, expected one number from 0.001 to 1000")),
        };
        Ok(Self {
            tokens,
            vectors: vectors.iter().map(|byte| byte.cast_signed()).collect(),
            scales,
            vector_dim,
            hidden: Layer::read(&tensors, "hidden", vector_dim, hidden_dim)?,
            out: Layer::read(&tensors, "out", hidden_dim, embedding_dim)?,
            music: place("music")?,
            pictures: if tensors.has("pictures") { Some(place("pictures")?) } else { None },
            reach,
        })
    }

    /// Tokens that it knows.
    pub fn count(&self) -> usize {
        self.scales.len()
    }

    /// Whether it says how pictures lie to music.
    pub fn knows_pictures(&self) -> bool {
        self.pictures.is_some()
    }

    /// Where a phrase lies in the encoder's space: an embedding of length one.
    ///
    /// # Errors
    /// There is no word in it that the table knows.
    pub fn embed(&self, phrase: &str) -> Result<Vec<f32>, WordsError> {
        let unknown = || WordsError::Unknown { phrase: phrase.to_owned() };
        let short: String = phrase.chars().take(PHRASE_LETTERS).collect();
        let mut sum = vec![0.0_f32; self.vector_dim];
        for number in self.tokens.numbers(&short) {
            let at = number as usize;
            let row = self.vectors.get(at * self.vector_dim..(at + 1) * self.vector_dim).unwrap_or_default();
            let scale = self.scales.get(at).copied().unwrap_or_default();
            sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += scale * f32::from(*value));
        }
        normalise(&mut sum);
        if sum.iter().all(|value| *value == 0.0) {
            return Err(unknown());
        }
        let mut hidden = self.hidden.apply(&sum);
        hidden.iter_mut().for_each(|x| *x /= 1.0 + (-*x).exp()); // SiLU
        let mut direction = self.out.apply(&hidden);
        normalise(&mut direction);
        self.place(&direction).ok_or_else(unknown)
    }

    /// Where a picture lies in the encoder's space, of its embedding by the picture tower; `None` for a table that knows no
    /// pictures, and for an embedding that is no direction.
    pub fn place_picture(&self, seen: &[f32]) -> Option<Vec<f32>> {
        let pictures = self.pictures.as_ref()?;
        let mut direction: Vec<f32> = seen.iter().zip(pictures).map(|(seen, mean)| seen - mean).collect();
        normalise(&mut direction);
        self.place(&direction)
    }

    /// Text, pictures and music lie in cones of their own (Liang et al. 2022): what is meant is set as far from the mean of
    /// music as music is, so that it weighs as much.
    fn place(&self, direction: &[f32]) -> Option<Vec<f32>> {
        let mut place: Vec<f32> =
            self.music.iter().zip(direction).map(|(mean, way)| mean + self.reach * way).collect();
        normalise(&mut place);
        place.iter().any(|value| *value != 0.0).then_some(place)
    }
}
