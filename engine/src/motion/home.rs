//! Where the music lives in latent space.

use super::sphere;

/// The seed's purposes for the projection's rows and the sections' own offsets.
const PROJECTION: u64 = 16;
const SECTION: u64 = 17;

/// How fast the picture follows the embedding, and how fast right after a section change, as time constants. A trained encoder
/// moves with every chord; the picture follows the phrase.
const FOLLOW_S: f32 = 3.5;
const MOVE_S: f32 = 0.16;
/// How long a move lasts before following becomes slow again: as long as an encoder usually listens.
const MOVING_FOR_S: f32 = 3.0;

/// The embedding, smoothed, and the place on the latent sphere that it points at: a fixed random projection of the
/// embedding (which keeps angles, Johnson and Lindenstrauss 1984) plus an offset of the section's own.
pub(super) struct Home {
    dim: usize,
    seed: u64,
    projection: Vec<Vec<f32>>,
    target: Vec<f32>,
    embedding: Vec<f32>,
    wanted: Vec<f32>,
    position: Vec<f32>,
    offset: Vec<f32>,
    moving_s: f32,
}

impl Home {
    pub(super) fn new(dim: usize, embedding_dim: usize, seed: u64) -> Self {
        let offset = sphere::direction(dim, seed, SECTION, 0);
        Self {
            dim,
            seed,
            projection: (0..dim as u64)
                .map(|i| sphere::direction(embedding_dim, seed, PROJECTION, i))
                .collect(),
            target: vec![0.0; embedding_dim],
            embedding: vec![0.0; embedding_dim],
            wanted: offset.clone(),
            position: offset.clone(),
            offset,
            moving_s: 0.0,
        }
    }

    /// Sets the embedding to follow. The first one is taken as it is, and the next few are followed quickly: they are of
    /// little audio yet.
    pub(super) fn aim_at(&mut self, embedding: &[f32]) {
        let first = self.target.iter().all(|x| *x == 0.0);
        self.target.copy_from_slice(embedding);
        for (i, wanted) in self.wanted.iter_mut().enumerate() {
            *wanted = self.projection[i].iter().zip(embedding).map(|(p, e)| p * e).sum();
        }
        sphere::blend(&mut self.wanted, 0.75, &self.offset);
        sphere::set_radius(&mut self.wanted, (self.dim as f32).sqrt());
        if first {
            self.embedding.copy_from_slice(&self.target);
            self.position.copy_from_slice(&self.wanted);
            self.moving_s = MOVING_FOR_S;
        }
    }

    /// A new section: another offset, and a quick way there.
    pub(super) fn move_house(&mut self, section: u32) {
        self.offset = sphere::direction(self.dim, self.seed, SECTION, u64::from(section));
        self.moving_s = MOVING_FOR_S;
    }

    /// Lets time pass; `pace` (0 in silence, about 1 in loud music) says how eagerly the embedding is followed.
    pub(super) fn advance(&mut self, elapsed_s: f32, pace: f32) {
        self.moving_s = (self.moving_s - elapsed_s).max(0.0);
        let moving = (self.moving_s / MOVING_FOR_S).min(1.0);
        let time_constant_s = FOLLOW_S + (MOVE_S - FOLLOW_S) * moving;
        let step = 1.0 - (-elapsed_s * pace / time_constant_s).exp();
        approach(&mut self.embedding, &self.target, step);
        approach(&mut self.position, &self.wanted, step);
        sphere::set_radius(&mut self.embedding, 1.0);
        sphere::set_radius(&mut self.position, (self.dim as f32).sqrt());
    }

    pub(super) fn embedding(&self) -> &[f32] {
        &self.embedding
    }

    pub(super) fn position(&self) -> &[f32] {
        &self.position
    }
}

fn approach(from: &mut [f32], to: &[f32], step: f32) {
    from.iter_mut().zip(to).for_each(|(x, y)| *x += step * (y - *x));
}
