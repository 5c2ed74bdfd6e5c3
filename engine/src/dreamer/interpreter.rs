//! What is said, in the space of a pack.

use std::path::Path;
use std::sync::Arc;

use crate::inference::{Options, PictureEye, Runtime};
use crate::pack::{Pack, Words};
use crate::words::{Said, Wording, WordsError, picture};

/// Understands words for one pack.
pub(super) struct Interpreter {
    /// The pack's title, for whoever must hear that it understands none.
    pack: String,
    words: Option<Words>,
    runtime: Runtime,
    options: Options,
}

/// What became of a wording.
#[derive(Debug, Default)]
pub struct Understood {
    /// What draws the music's embedding; `None` where nothing was said or understood.
    pub said: Option<Arc<Said>>,
    /// What was not understood.
    pub troubles: Vec<WordsError>,
}

impl Interpreter {
    pub(super) fn new(runtime: &Runtime, pack: &Pack, options: &Options) -> Self {
        Self {
            pack: pack.manifest.title.clone(),
            words: pack.words.clone(),
            runtime: runtime.clone(),
            options: options.clone(),
        }
    }

    /// Phrases take microseconds; a picture takes as long as its tower needs to load, and it is not kept.
    pub(super) fn understand(&self, wording: &Wording) -> Understood {
        if wording.is_empty() {
            return Understood::default();
        }
        let Some(words) = &self.words else {
            let trouble = WordsError::NoWords { pack: self.pack.clone() };
            return Understood { said: None, troubles: vec![trouble] };
        };
        let phrases = wording.phrases.iter().map(|phrase| words.table.embed(phrase));
        let like = wording.paint_like.iter().map(|file| self.look_at(words, file));
        let (mut places, mut troubles) = (Vec::new(), Vec::new());
        for place in phrases.chain(like) {
            match place {
                Ok(place) => places.push(place),
                Err(trouble) => troubles.push(trouble),
            }
        }
        Understood { said: Said::of(places).map(Arc::new), troubles }
    }

    fn look_at(&self, words: &Words, file: &Path) -> Result<Vec<f32>, WordsError> {
        let Some(tower) = &words.tower else {
            return Err(WordsError::NoTower { pack: self.pack.clone() });
        };
        let pixels = picture::read(file, tower.contract.side_px)?;
        let failed = |source| WordsError::Tower { file: file.to_path_buf(), source };
        let mut eye = PictureEye::new(&self.runtime, tower, &self.options).map_err(failed)?;
        let seen = eye.see(&pixels).map_err(failed)?;
        words.table.place_picture(&seen).ok_or_else(|| WordsError::Picture {
            file: file.to_path_buf(),
            reason: "nothing is to be seen in it".to_owned(),
        })
    }
}
