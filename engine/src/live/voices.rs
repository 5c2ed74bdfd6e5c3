//! The voice that dreams, and the one before it, while the one becomes the other.

use std::sync::Arc;

use crate::dreamer::{DreamError, Models};
use crate::performance::{Cue, Dreamt, Stretch, Voice, What};
use crate::picture::Picture;
use crate::words::Wording;

/// How long a change of pack takes, in seconds.
const FADE_S: f64 = 1.5;

/// One voice, or two that cross-fade.
pub(super) struct Voices {
    voice: Voice,
    leaving: Option<Leaving>,
    /// The picture that shows.
    newest: Option<Arc<Picture>>,
}

struct Leaving {
    voice: Voice,
    newest: Option<Arc<Picture>>,
    /// When it began to leave, in frames; known with the first picture that is due.
    since: Option<u64>,
}

impl Voices {
    /// A voice of its own.
    pub(super) fn one(voice: Voice) -> Self {
        Self { voice, leaving: None, newest: None }
    }

    /// The same with `voice` coming in, and the one that dreamt going.
    pub(super) fn change_to(self, voice: Voice) -> Self {
        let leaving = Leaving { voice: self.voice, newest: self.newest, since: None };
        Self { voice, leaving: Some(leaving), newest: None }
    }

    /// The voice that stays.
    pub(super) fn voice(&self) -> &Voice {
        &self.voice
    }

    /// The voice that stays goes on with pictures of another size.
    pub(super) fn paint_with(&mut self, models: Arc<Models>) {
        self.voice.paint_with(models);
    }

    /// Lets both say what a wording says in their pack's space; gives what was not understood, in words. What leaves keeps what it
    /// says where it understands nothing.
    pub(super) fn say(&mut self, wording: &Wording) -> Vec<String> {
        if let Some(leaving) = &mut self.leaving {
            let understood = leaving.voice.dreamer().models().understand(wording);
            leaving.voice.set_words(understood.said);
        }
        let understood = self.voice.dreamer().models().understand(wording);
        self.voice.set_words(understood.said);
        understood.troubles.iter().map(ToString::to_string).collect()
    }

    /// Both in a performance that begins anew.
    ///
    /// # Errors
    /// The sample rate cannot be resampled to the encoder's.
    pub(super) fn afresh(&self, sample_rate_hz: u32) -> Result<Self, DreamError> {
        Ok(Self::one(self.voice.afresh(sample_rate_hz)?))
    }

    /// Dreams to a stretch: see [`Voice::play`].
    ///
    /// # Errors
    /// As there.
    pub(super) fn play(
        &mut self,
        stretch: &Stretch,
        mut wanted: impl FnMut(u64) -> bool,
        mut dreamt: impl FnMut(Dreamt),
    ) -> Result<(), DreamError> {
        let Some(leaving) = &mut self.leaving else {
            let newest = &mut self.newest;
            return self.voice.play(stretch, wanted, |picture| {
                *newest = picture.picture.clone().or(newest.take());
                dreamt(picture);
            });
        };
        // Asked once for both.
        let due = stretch.cues.iter().filter(|cue| matches!(cue.what, What::Paint));
        let paints: Vec<(u64, bool)> = due.map(|Cue { at, .. }| (*at, wanted(*at))).collect();
        let wanted = |at: u64| paints.iter().any(|(due, wanted)| *due == at && *wanted);
        let mut before = Vec::new();
        if leaving.voice.play(stretch, wanted, |picture| before.push(picture)).is_err() {
            before.clear(); // its last picture fades
        }
        let (mut over, newest) = (false, &mut self.newest);
        self.voice.play(stretch, wanted, |mut picture| {
            let old = before.iter().find(|old| old.at == picture.at).and_then(|old| old.picture.clone());
            leaving.newest = old.or(leaving.newest.take());
            *newest = picture.picture.clone().or(newest.take());
            let since = *leaving.since.get_or_insert(picture.at);
            let share =
                picture.at.saturating_sub(since) as f64 / (FADE_S * f64::from(stretch.sample_rate_hz));
            over = share >= 1.0;
            if let (false, false, Some(from), Some(to)) = (picture.is_missed, over, &leaving.newest, &newest)
            {
                let mixed = from.mixed_with(to, share as f32, stretch.time_s(picture.at));
                picture.picture = Some(Arc::new(mixed));
            }
            dreamt(picture);
        })?;
        if over {
            self.leaving = None;
        }
        Ok(())
    }
}
