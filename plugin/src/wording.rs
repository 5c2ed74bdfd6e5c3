//! What the pictures are to follow, as flags.

use std::path::PathBuf;

use clap::Args;
use klangbild_engine::knobs::{KnobId, Value};
use klangbild_engine::words::{USUAL_AMOUNT, Wording, WordsError};

use crate::flags::KnobArgs;

#[derive(Args)]
pub struct WordArgs {
    /// What the pictures follow: up to four phrases, "a stormy sea; cathedral windows", or again for more. How far, --words-amount says
    /// [default with words: 0.7]
    #[arg(long, value_name = "PHRASES")]
    words: Vec<String>,
    /// Paint like this picture of your own, a PNG or a JPEG; it follows the last phrase.
    #[arg(long, value_name = "FILE")]
    paint_like: Option<PathBuf>,
}

impl WordArgs {
    /// What was asked for; `None` where nothing was, so that a preset's words stay.
    ///
    /// # Errors
    /// Too many phrases.
    pub fn wording(&self) -> Result<Option<Wording>, WordsError> {
        let wording = Wording::of(self.words.iter().flat_map(|text| text.split([';', '\n'])))?;
        let wording = Wording { paint_like: self.paint_like.clone(), ..wording };
        Ok((!wording.is_empty()).then_some(wording))
    }

    /// The amount that words come with, where the knobs do not name one.
    pub fn amount(&self, knobs: &KnobArgs) -> Option<(KnobId, Value)> {
        let said = !self.words.is_empty() || self.paint_like.is_some();
        let named = knobs.turned().any(|(id, _)| id == KnobId::WordsAmount);
        (said && !named).then_some((KnobId::WordsAmount, Value::Number(USUAL_AMOUNT)))
    }
}
