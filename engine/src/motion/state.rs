//! All that the motion remembers of the music so far.

use super::character::Character;
use super::home::Home;
use super::section::Sections;
use super::wander::Wander;
use crate::hearing::Heard;

/// What changes as music is heard. Cheap to clone: the large fixed parts are shared.
#[derive(Clone)]
pub(super) struct State {
    pub(super) wander: Wander,
    pub(super) character: Character,
    pub(super) home: Home,
    pub(super) sections: Sections,
    /// How far a step has to be for the generator; `None` until it was measured.
    pub(super) stride: Option<f32>,
    /// Embeddings taken.
    pub(super) embeddings: u64,
    /// Hits that are not counted: those that had been heard when the song went back to an earlier place, but not yet
    /// when it was there first. So the same loop gives the same kicks.
    not_counted: [u32; 3],
}

impl State {
    pub(super) fn new(latent_dim: usize, embedding_dim: usize, seed: u64) -> Self {
        Self {
            wander: Wander::new(latent_dim, seed),
            character: Character::default(),
            home: Home::new(latent_dim, embedding_dim, seed),
            sections: Sections::default(),
            stride: None,
            embeddings: 0,
            not_counted: [0; 3],
        }
    }

    /// Kicks, snares and other onsets up to `heard`.
    pub(super) fn hits(&self, heard: &Heard) -> [u32; 3] {
        let mut hits = [heard.kick.count, heard.snare.count, heard.onset.count];
        hits.iter_mut().zip(self.not_counted).for_each(|(hits, not)| *hits = hits.wrapping_sub(not));
        hits
    }

    /// The state that belonged to `then`, to go on with after `now`.
    pub(super) fn delayed(mut self, then: &Heard, now: &Heard) -> Self {
        let by_s = now.time_s - then.time_s;
        self.character.delay(by_s);
        self.sections.delay(by_s);
        let (were, are) = (self.hits(then), self.hits(now));
        for ((not, were), are) in self.not_counted.iter_mut().zip(were).zip(are) {
            *not = not.wrapping_add(are.wrapping_sub(were));
        }
        self
    }
}
