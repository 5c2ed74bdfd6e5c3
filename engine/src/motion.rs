//! The path through latent space: what turns hearing and embedding into the generator's input.
//!
//! A generator is a map from a latent point to a picture; music moves the point. Four forces add up:
//!
//! - **Wandering**: a smooth seeded path over the latent sphere, whose speed follows the music's energy and whose
//!   steps fall on the beat when there is one (`wander.rs`).
//! - **Home**: a place on that sphere that the embedding points at. Music that sounds alike lives near the same
//!   home, so a chorus that returns brings its pictures back (`home.rs`). Underneath lies what the song is like as a whole,
//!   so that its pictures belong together (`character.rs`).
//! - **Kicks**: each onset pushes the point aside in a direction of its own; it springs back with the pulse.
//! - **Sections**: a lasting jump of the embedding moves home at once: the picture changes with the song
//!   (`section.rs`).
//!
//! In silence every force is zero and the point rests. Everything is a function of the seed and of what was
//! heard, on the audio's clock; no other randomness or time comes in.

mod character;
mod home;
mod section;
pub mod sphere;
mod wander;

use crate::hearing::Heard;
use character::Character;
use home::Home;
use section::Sections;
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
    latent_dim: usize,
    settings: MotionSettings,
    wander: Wander,
    character: Character,
    home: Home,
    sections: Sections,
    heard: Heard,
    stride: f32,
}

/// What a user can set about the motion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MotionSettings {
    /// Multiplies the speed of the wandering; 1 is the default, 0 stands still.
    pub speed: f32,
    /// Multiplies how far onsets push, and how readily the picture turns into another; 1 is the default.
    pub morph: f32,
    /// How far the point stays from the middle of latent space, where pictures are plain: 0.3 plain, 1 as trained,
    /// 1.5 strange.
    pub complexity: f32,
    /// Multiplies the time over which the picture follows the music; 1 is the default, 0 follows at once.
    pub smoothing: f32,
    /// Whether steps fall on the beat.
    pub beat_sync: bool,
    /// Beats from one step to the next: 0.25, 0.5, 1, 2, 4, 8.
    pub beats_per_step: f32,
    /// Whether the picture stands still; the stage goes on answering to the sound.
    pub freeze: bool,
}

impl Default for MotionSettings {
    fn default() -> Self {
        Self {
            speed: 1.0,
            morph: 1.0,
            complexity: 1.0,
            smoothing: 1.0,
            beat_sync: true,
            beats_per_step: 1.0,
            freeze: false,
        }
    }
}

/// The generator's input at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    /// Latent vector with the statistics of a standard normal draw: its length is about `sqrt(latent_dim)`.
    pub latent: Vec<f32>,
    /// The smoothed audio embedding over the song's character, L2-normalised; all zero before the first embedding.
    pub embedding: Vec<f32>,
}

impl Motion {
    /// Starts at the seed's own place, at rest.
    pub fn new(latent_dim: usize, embedding_dim: usize, seed: u64, settings: MotionSettings) -> Self {
        Self {
            seed,
            latent_dim,
            settings,
            wander: Wander::new(latent_dim, seed),
            character: Character::default(),
            home: Home::new(latent_dim, embedding_dim, seed),
            sections: Sections::default(),
            heard: Heard::default(),
            stride: 1.0,
        }
    }

    /// Takes a new embedding (L2-normalised) of the audio up to `time_s`.
    pub fn embed(&mut self, embedding: &[f32], time_s: f64) {
        if self.sections.update(embedding, time_s) {
            self.home.move_house(self.sections.count());
        }
        self.home.aim_at(&self.character.underlie(embedding, time_s, self.heard.presence));
    }

    /// Moves on to a newer snapshot. Call it for every hop: time passes by the snapshots' own times.
    pub fn advance(&mut self, heard: &Heard) {
        let elapsed_s = (heard.time_s - self.heard.time_s).max(0.0) as f32;
        self.heard = *heard;
        self.home.advance(elapsed_s, heard.presence * (0.3 + 0.9 * heard.loudness));
        self.wander.advance(elapsed_s * self.speed_per_s());
    }

    /// Multiplies speed and reach alike from now on, to suit the generator: where its pictures change little along the same
    /// way it takes longer strides. [`crate::dreamer`] measures it.
    pub fn set_stride(&mut self, stride: f32) {
        self.stride = stride;
    }

    /// Sections heard so far; each one changed the picture.
    pub fn section_count(&self) -> u32 {
        self.sections.count()
    }

    /// Writes the generator's input for the newest snapshot into `point`.
    pub fn point(&self, point: &mut Point) {
        point.embedding.clear();
        point.embedding.extend_from_slice(self.home.embedding());
        point.latent.resize(self.latent_dim, 0.0);
        self.wander.position(&mut point.latent);
        sphere::blend(&mut point.latent, WANDER_SHARE, self.home.position());
        let h = &self.heard;
        for (which, drum, reach) in
            [(1, &h.kick, KICK_REACH), (2, &h.snare, SNARE_REACH), (3, &h.onset, ONSET_REACH)]
        {
            let push = drum.pulse * reach * self.settings.morph * self.stride;
            if push > 1e-4 {
                let aside = sphere::direction(self.latent_dim, self.seed, which, u64::from(drum.count));
                point.latent.iter_mut().zip(aside).for_each(|(x, d)| *x += push * d);
            }
        }
        sphere::set_radius(&mut point.latent, (self.latent_dim as f32).sqrt());
    }

    /// Waypoints per second: energy sets the pace, the beat shapes it, silence stops it.
    fn speed_per_s(&self) -> f32 {
        let h = &self.heard;
        let energy = 0.02 + 0.20 * h.loudness.powf(1.4) + 0.10 * h.level;
        let beat = if self.settings.beat_sync { beat_shape(h.beat_phase, h.beat_confidence) } else { 1.0 };
        self.settings.speed * self.stride * h.presence * energy * beat
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
