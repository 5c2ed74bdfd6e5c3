//! Words say what, music says where: phrases, or a picture, as places in the space that the encoder hears into.
//!
//! A [`Wording`] is what a user says. A pack that has a [table](Table) (and a picture tower) makes [`Said`] of it: places that
//! the music's embedding is drawn towards, as far as the knob `words_amount` says. The music still moves it from there.
//!
//! ```
//! use klangbild_engine::pack::Pack;
//! use klangbild_engine::words::Wording;
//!
//! let wording = Wording::parse("a stormy sea at night; cathedral windows")?;
//! assert_eq!(wording.phrases.len(), 2);
//! let pack = Pack::load("default")?;
//! let table = &pack.words.as_ref().ok_or("a pack without words")?.table;
//! assert_eq!(table.embed("northern lights")?.len(), 512);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod picture;
mod said;
mod sets;
pub(crate) mod table;
pub(crate) mod tensors;
mod word_piece;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use said::Said;
pub use sets::{SETS, WordSet};
pub use table::Table;

use crate::inference::InferenceError;

/// How far words lead where nobody says: the picture is of what was said, and moves with the music.
pub const USUAL_AMOUNT: f32 = 0.7;

/// Most phrases at a time.
pub const PHRASES: usize = 4;

/// What a user says: up to four phrases, and a picture to paint like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Wording {
    /// In the order in which they follow one another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phrases: Vec<String>,
    /// A picture of the user's own: it follows the last phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paint_like: Option<PathBuf>,
}

/// Why words do not steer. Each message is one line.
#[derive(Debug, thiserror::Error)]
pub enum WordsError {
    /// Too much was said.
    #[error("there are {found} phrases, and {PHRASES} at most follow one another: leave some out")]
    TooMany {
        /// How many.
        found: usize,
    },
    /// No word of it is known.
    #[error("no word of the phrase {phrase:?} is known: say it in English, in other words")]
    Unknown {
        /// What was said.
        phrase: String,
    },
    /// The pack knows no words.
    #[error("the pack {pack:?} knows no words: play one whose pack.toml has a [words], such as default")]
    NoWords {
        /// The pack's title.
        pack: String,
    },
    /// The pack knows words and no pictures.
    #[error(
        "the pack {pack:?} cannot look at pictures: play one whose pack.toml has a [picture_tower], such as default"
    )]
    NoTower {
        /// The pack's title.
        pack: String,
    },
    /// The picture cannot be read.
    #[error("{}: it cannot be painted like: {reason}; give a PNG or a JPEG", file.display())]
    Picture {
        /// Which one.
        file: PathBuf,
        /// Why, in words.
        reason: String,
    },
    /// The picture tower fails.
    #[error("{}: it cannot be painted like: {source}", file.display())]
    Tower {
        /// The picture.
        file: PathBuf,
        /// What failed.
        source: InferenceError,
    },
}

impl Wording {
    /// Phrases out of one text, with a semicolon or a line's end between two.
    ///
    /// # Errors
    /// More than [`PHRASES`].
    pub fn parse(text: &str) -> Result<Self, WordsError> {
        Self::of(text.split([';', '\n']))
    }

    /// These phrases; empty ones do not count.
    ///
    /// # Errors
    /// More than [`PHRASES`].
    pub fn of<'t>(phrases: impl IntoIterator<Item = &'t str>) -> Result<Self, WordsError> {
        let said = phrases.into_iter().map(str::trim).filter(|phrase| !phrase.is_empty());
        let phrases: Vec<String> = said.map(str::to_owned).collect();
        match phrases.len() {
            ..=PHRASES => Ok(Self { phrases, paint_like: None }),
            found => Err(WordsError::TooMany { found }),
        }
    }

    /// The same with a picture to paint like.
    #[must_use]
    pub fn like(self, picture: &Path) -> Self {
        Self { paint_like: Some(picture.to_path_buf()), ..self }
    }

    /// The same with no more than can be said: a project file may hold anything.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        self.phrases.truncate(PHRASES);
        for phrase in &mut self.phrases {
            *phrase =
                phrase.chars().filter(|letter| !letter.is_control()).take(table::PHRASE_LETTERS).collect();
        }
        self.phrases.retain(|phrase| !phrase.trim().is_empty());
        self
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.phrases.is_empty() && self.paint_like.is_none()
    }

    /// The phrases as [`parse`](Self::parse) reads them.
    pub fn text(&self) -> String {
        self.phrases.join("; ")
    }
}

#[cfg(test)]
mod tests;
