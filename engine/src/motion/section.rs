//! Section changes: lasting jumps of the embedding.

use super::sphere;

/// Time constants of the two running means that are compared.
const RECENT_S: f32 = 1.0;
const LONG_S: f32 = 9.0;
/// Time constant of what counts as usual novelty in this song.
const USUAL_S: f32 = 30.0;
/// A section lasts at least this long.
const SHORTEST_S: f64 = 4.0;
/// How many times the usual novelty (cosine distance of the two means) makes a new section: soon after the last one
/// much is asked, and less and less with this time constant, as most sections of songs last for 10 to 40 s.
const MORE_AT_FIRST: f32 = 4.0;
const MORE_AT_LAST: f32 = 1.2;
const PATIENCE_S: f32 = 10.0;
/// Less is no novelty at all: a steady sound, whose windows differ by chance alone, stays below.
const LEAST_NOVELTY: f32 = 0.004;
/// The embedding has to stay away for this long, so that one that comes back at once is no section.
const LASTING_S: f64 = 0.2;

/// Notices that the recent embeddings have left the place of the last ones: novelty by comparison of a short and a
/// long running mean, the causal kin of Foote's checkerboard novelty (Foote 2000, "Automatic audio segmentation").
///
/// It is held against the novelty that is usual in the song so far and not against a distance: encoders differ tenfold
/// in how far apart they place what sounds different.
#[derive(Clone, Default)]
pub(super) struct Sections {
    recent: Vec<f32>,
    long: Vec<f32>,
    usual: f32,
    /// Time that `usual` was measured over: it is a plain mean at first.
    measured_s: f32,
    /// Since when the embedding has been new.
    new_since_s: Option<f64>,
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
        let since_s = time_s - self.began_s - SHORTEST_S;
        if since_s < 0.0 {
            // The section is still arriving: what it settles at is what the next one is compared with.
            self.long.copy_from_slice(&self.recent);
            return false;
        }
        let novelty = 1.0 - sphere::cosine(&self.recent, &self.long);
        self.measured_s += elapsed_s;
        let step = (1.0 - (-elapsed_s / USUAL_S).exp()).max(elapsed_s / self.measured_s.max(1e-3));
        self.usual += step * (novelty - self.usual);
        let more = MORE_AT_LAST + (MORE_AT_FIRST - MORE_AT_LAST) * (-since_s as f32 / PATIENCE_S).exp();
        let enough = LEAST_NOVELTY.max(more * self.usual);
        let is_new = novelty > enough && 1.0 - sphere::cosine(embedding, &self.long) > enough;
        self.new_since_s = is_new.then(|| self.new_since_s.unwrap_or(time_s));
        let changed = self.new_since_s.is_some_and(|since_s| time_s - since_s >= LASTING_S);
        if changed {
            self.count += 1;
            (self.began_s, self.new_since_s) = (time_s, None);
        }
        changed
    }

    /// Goes on as if all that was heard had been heard so much later.
    pub(super) fn delay(&mut self, by_s: f64) {
        self.last_time_s += by_s;
        self.began_s += by_s;
        self.new_since_s = self.new_since_s.map(|since_s| since_s + by_s);
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
