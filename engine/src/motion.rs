//! The path through latent space: what turns hearing and embedding into the generator's input.
//!
//! A generator is a map from a latent point to a picture; music moves the point. Five forces add up:
//!
//! - **Wandering**: a smooth seeded path over the latent sphere, whose speed follows the music's energy and whose
//!   steps fall on the beat when there is one (`wander.rs`).
//! - **Home**: a place on that sphere that the embedding points at. Music that sounds alike lives near the same
//!   home, so a chorus that returns brings its pictures back (`home.rs`). Underneath lies what the song is like as a whole,
//!   so that its pictures belong together (`character.rs`).
//! - **Kicks**: each onset pushes the point aside in a direction of its own; it springs back with the pulse.
//! - **Words**: what was said draws the embedding towards it, as far as the user says; the music moves it from there
//!   ([`words`](crate::words)).
//! - **Sections**: a lasting jump of the embedding moves home at once: the picture changes with the song
//!   (`section.rs`).
//!
//! In silence every force is zero and the point rests. Everything is a function of the seed and of what was
//! heard, on the audio's clock; no other randomness or time comes in. Where a host plays the same bars again, the point
//! goes back to where it was then (`song.rs`).
//!
//! ```
//! use klangbild_engine::controls::Controls;
//! use klangbild_engine::hearing::Heard;
//! use klangbild_engine::motion::{Motion, Point};
//!
//! let mut motion = Motion::new(64, 512, &Controls { seed: 7, ..Controls::default() });
//! let (mut first, mut second) = (Point::default(), Point::default());
//! motion.point(&mut first);
//! motion.advance(&Heard { time_s: 0.1, presence: 1.0, level: 1.0, ..Heard::default() });
//! motion.point(&mut second);
//! assert_eq!(first.latent.len(), 64);
//! assert_ne!(first, second);
//! ```

mod character;
mod home;
mod section;
mod song;
pub mod sphere;
mod state;
mod wander;

use std::sync::Arc;

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::words::Said;
use song::Memory;
pub use song::SongPlace;
use state::State;
use wander::Wander;

/// How far a kick, a snare and any other onset displace the point, in radii of the latent sphere: enough to be seen in
/// the picture's form, little enough that it stays the same picture. The stage answers to hits in light and motion.
const KICK_REACH: f32 = 0.07;
const SNARE_REACH: f32 = 0.04;
const ONSET_REACH: f32 = 0.012;

/// How much of the point is wandering; the rest is home.
const WANDER_SHARE: f32 = 0.62;

/// Moves a point through latent space with the music.
pub struct Motion {
    seed: u64,
    picture: u32,
    latent_dim: usize,
    controls: Controls,
    state: State,
    memory: Memory,
    /// What draws the embedding.
    words: Option<Arc<Said>>,
    /// Whether there is a host that does not play.
    rests: bool,
    /// The point that stands still while the settings say so.
    frozen: Option<Point>,
    heard: Heard,
}

/// The generator's input at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    /// Latent vector with the statistics of a standard normal draw: its length is about `sqrt(latent_dim)`, times the
    /// controls' complexity.
    pub latent: Vec<f32>,
    /// The smoothed audio embedding over the song's character, drawn towards what was said, L2-normalised; all zero before the
    /// first embedding.
    pub embedding: Vec<f32>,
}

impl Motion {
    /// Starts at the place of the controls' seed, at rest.
    pub fn new(latent_dim: usize, embedding_dim: usize, controls: &Controls) -> Self {
        let mut motion = Self {
            seed: controls.seed,
            picture: 0,
            latent_dim,
            controls: controls.bounded(),
            state: State::new(latent_dim, embedding_dim, controls.seed),
            memory: Memory::default(),
            words: None,
            rests: false,
            frozen: None,
            heard: Heard::default(),
        };
        motion.freeze_or_thaw();
        motion
    }

    /// Takes a new embedding (L2-normalised) of the audio up to `time_s`.
    pub fn embed(&mut self, embedding: &[f32], time_s: f64) {
        let State { character, home, sections, embeddings, .. } = &mut self.state;
        let first = !home.is_found();
        if sections.update(embedding, time_s) {
            home.move_house(sections.count());
        }
        home.aim_at(&character.underlie(embedding, time_s, self.heard.presence));
        *embeddings += 1;
        if first {
            // A picture without an embedding would be of nothing, and is not what someone wants to hold.
            self.freeze_or_thaw();
        }
    }

    /// Says where the host is in its song before the next snapshot comes; `None` where there is no host, or one that does
    /// not say. At a place where it has been before, the point goes back to where it was; while the host stands, the
    /// point rests, apart from hits.
    pub fn follow_song(&mut self, place: Option<SongPlace>) {
        self.rests = place.is_some_and(|place| !place.playing);
        match place.filter(|place| place.beat.is_finite()) {
            None => self.memory.lose_track(),
            Some(SongPlace { playing: false, .. }) => self.memory.rest(&self.heard),
            Some(SongPlace { beat, .. }) => {
                if let Some(state) = self.memory.pass(beat, &self.heard, &self.state) {
                    self.state = state;
                }
            }
        }
    }

    /// Moves on to a newer snapshot. Call it for every hop: time passes by the snapshots' own times. The snapshot's beat
    /// is the step that the point takes: see [`Heard::with_beats_per_step`].
    pub fn advance(&mut self, heard: &Heard) {
        let elapsed_s = (heard.time_s - self.heard.time_s).max(0.0) as f32;
        self.heard = *heard;
        if self.controls.freeze {
            return;
        }
        let distance = elapsed_s * self.speed_per_s();
        let State { home, wander, .. } = &mut self.state;
        if !self.rests || home.is_asked() {
            home.advance(elapsed_s, heard.presence * (0.3 + 0.9 * heard.loudness), self.controls.smoothing);
        }
        if !self.rests {
            wander.advance(distance);
        }
    }

    /// Takes what the user has turned, from the next snapshot on: how it moves, another seed, another picture. Values out of
    /// range are brought into it.
    pub fn set_controls(&mut self, controls: &Controls) {
        let frozen_before = std::mem::replace(&mut self.controls, controls.bounded()).freeze;
        if self.controls.freeze != frozen_before {
            self.freeze_or_thaw();
        }
        if controls.seed != self.seed {
            self.reseed(controls.seed);
        }
        if controls.picture != self.picture {
            self.show_picture(controls.picture);
        }
    }

    /// Takes what was said, from the next point on; `None` says nothing. Places of another length than the embedding's are of
    /// another pack, and say nothing here.
    pub fn set_words(&mut self, said: Option<Arc<Said>>) {
        let dim = self.state.home.embedding().len();
        let said = said.filter(|said| said.places().iter().all(|place| place.len() == dim));
        if said != self.words {
            self.words = said;
            self.freeze_or_thaw();
        }
    }

    /// What is turned, within its range.
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// Goes to picture number `count` at once, as a section change would, 0 being the one to begin with: the same seed, music
    /// and count give the same place.
    fn show_picture(&mut self, count: u32) {
        self.picture = count;
        self.state.home.show_picture(count);
        if self.controls.freeze {
            self.state.home.arrive();
        }
        self.begin_anew();
    }

    /// Goes on as if it had been made with this seed, with the same music in its ears.
    fn reseed(&mut self, seed: u64) {
        self.seed = seed;
        self.state.wander = Wander::new(self.latent_dim, seed);
        self.state.home = self.state.home.reseeded(seed);
        self.begin_anew();
    }

    /// What was remembered and what stands still is of another picture.
    fn begin_anew(&mut self) {
        self.memory.forget();
        self.freeze_or_thaw();
    }

    fn freeze_or_thaw(&mut self) {
        self.frozen = self.controls.freeze.then(|| {
            let mut point = Point::default();
            self.moving_point(&mut point);
            point
        });
    }

    /// Multiplies speed and reach alike from now on, to suit the generator: where its pictures change little along the same
    /// way it takes longer strides. [`crate::dreamer`] measures it.
    pub fn set_stride(&mut self, stride: f32) {
        self.state.stride = Some(stride);
    }

    /// The stride, if it was set.
    pub fn stride(&self) -> Option<f32> {
        self.state.stride
    }

    /// Embeddings taken so far; a loop that is played again counts once.
    pub fn embedding_count(&self) -> u64 {
        self.state.embeddings
    }

    /// Sections heard so far; each one changed the picture. A loop that is played again counts once.
    pub fn section_count(&self) -> u32 {
        self.state.sections.count()
    }

    /// Writes the generator's input for the newest snapshot into `point`.
    pub fn point(&self, point: &mut Point) {
        if let Some(frozen) = &self.frozen {
            point.latent.clone_from(&frozen.latent);
            point.embedding.clone_from(&frozen.embedding);
        } else {
            self.moving_point(point);
        }
    }

    fn moving_point(&self, point: &mut Point) {
        let State { home, wander, .. } = &self.state;
        point.embedding.clear();
        point.embedding.extend_from_slice(home.embedding());
        if let Some(words) = &self.words {
            words.draw(&mut point.embedding, &self.controls, &self.heard);
        }
        point.latent.resize(self.latent_dim, 0.0);
        wander.position(&mut point.latent);
        sphere::blend(&mut point.latent, WANDER_SHARE, home.position());
        let h = &self.heard;
        let pulses = [(1, &h.kick, KICK_REACH), (2, &h.snare, SNARE_REACH), (3, &h.onset, ONSET_REACH)];
        for ((which, drum, reach), count) in pulses.into_iter().zip(self.state.hits(h)) {
            let push = drum.pulse * reach * self.controls.morph * self.stride_or_one();
            if push > 1e-4 {
                let aside = sphere::direction(self.latent_dim, self.seed, which, u64::from(count));
                point.latent.iter_mut().zip(aside).for_each(|(x, d)| *x += push * d);
            }
        }
        sphere::set_radius(&mut point.latent, (self.latent_dim as f32).sqrt() * self.controls.complexity);
    }

    /// Waypoints per second: energy sets the pace, the beat shapes it, silence stops it.
    fn speed_per_s(&self) -> f32 {
        let h = &self.heard;
        let energy = 0.02 + 0.20 * h.loudness.powf(1.4) + 0.10 * h.level;
        let beat = if self.controls.beat_sync { beat_shape(h.beat_phase, h.beat_confidence) } else { 1.0 };
        self.pace() * self.stride_or_one() * h.presence * energy * beat
    }

    /// What multiplies the speed of the wandering. `morph` has a share in it, so that it says how far the picture goes also
    /// where there are no onsets.
    fn pace(&self) -> f32 {
        self.controls.speed * (0.75 + 0.25 * self.controls.morph)
    }

    fn stride_or_one(&self) -> f32 {
        self.state.stride.unwrap_or(1.0)
    }
}

/// Speed within the beat: quick right after it, slow before the next, one on average over the beat, so that the
/// beat moves *when* the path moves and not how far. Without confidence it is level.
fn beat_shape(phase: f32, confidence: f32) -> f32 {
    const DECAY: f32 = 4.0;
    let burst = DECAY * (-DECAY * phase).exp() / (1.0 - (-DECAY).exp());
    1.0 + 0.7 * confidence * (burst - 1.0)
}

#[cfg(test)]
mod tests;
