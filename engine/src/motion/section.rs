//! Section changes: lasting jumps of the embedding.

use super::sphere;

/// Time constants of the two running means that are compared.
const RECENT_S: f32 = 1.0;
const LONG_S: f32 = 9.0;
/// Time constant of what counts as usual novelty in this song.
const USUAL_S: f32 = 16.0;
/// A section lasts at least this long.
const SHORTEST_S: f64 = 4.0;
/// Novelty (cosine distance of the two means) that may be a new section at all, and how much more than usual.
const LEAST_NOVELTY: f32 = 0.05;
const MORE_THAN_USUAL: f32 = 1.8;

/// Notices that the recent embeddings have left the place of the last ones: novelty by comparison of a short and a
/// long running mean, the causal kin of Foote's checkerboard novelty (Foote 2000, "Automatic audio segmentation").
#[derive(Default)]
pub(super) struct Sections {
    recent: Vec<f32>,
    long: Vec<f32>,
    usual: f32,
    last_time_s: f64,
    began_s: f64,
    count: u32,
}

impl Sections {
    /// Takes an embedding; true if a new section began.
    pub(super) fn update(&mut self, embedding: &[f32], time_s: f64) -> bool {
        if self.long.is_empty() {
            self.recent = embedding.to_vec();
            self.long = embedding.to_vec();
            (self.last_time_s, self.began_s) = (time_s, time_s);
            return false;
        }
        let elapsed_s = (time_s - self.last_time_s).max(0.0) as f32;
        self.last_time_s = time_s;
        follow(&mut self.recent, embedding, elapsed_s, RECENT_S);
        follow(&mut self.long, embedding, elapsed_s, LONG_S);
        if time_s - self.began_s < SHORTEST_S {
            // The section is still arriving: what it settles at is what the next one is compared with.
            self.long.copy_from_slice(&self.recent);
            return false;
        }
        let novelty = 1.0 - sphere::cosine(&self.recent, &self.long);
        let changed = novelty > LEAST_NOVELTY.max(MORE_THAN_USUAL * self.usual);
        self.usual += (1.0 - (-elapsed_s / USUAL_S).exp()) * (novelty - self.usual);
        if changed {
            self.count += 1;
            self.began_s = time_s;
        }
        changed
    }

    /// Changes so far.
    pub(super) fn count(&self) -> u32 {
        self.count
    }
}

fn follow(mean: &mut [f32], value: &[f32], elapsed_s: f32, time_constant_s: f32) {
    let step = 1.0 - (-elapsed_s / time_constant_s).exp();
    mean.iter_mut().zip(value).for_each(|(m, v)| *m += step * (v - *m));
}
