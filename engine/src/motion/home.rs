//! Where the music lives in latent space.

use std::sync::Arc;

use super::sphere;

/// The seed's purposes for the projection's rows and for the offsets of sections and pictures.
const PROJECTION: u64 = 16;
const OFFSET: u64 = 17;

/// How fast the picture follows the embedding, and how fast right after a section change, as time constants. A trained encoder
/// moves with every chord; the picture follows the phrase.
const FOLLOW_S: f32 = 3.5;
const MOVE_S: f32 = 0.16;
/// How long a move lasts before following becomes slow again: as long as an encoder usually listens.
const MOVING_FOR_S: f32 = 3.0;
/// A shorter time constant is none.
const AT_ONCE_S: f32 = 1e-4;

/// The embedding, smoothed, and the place on the latent sphere that it points at: a fixed random projection of the
/// embedding (which keeps angles, Johnson and Lindenstrauss 1984) plus an offset of the section's own. Cheap to clone.
#[derive(Clone)]
pub(super) struct Home {
    dim: usize,
    seed: u64,
    projection: Arc<[Vec<f32>]>,
    target: Vec<f32>,
    embedding: Vec<f32>,
    wanted: Vec<f32>,
    position: Vec<f32>,
    offset: Arc<[f32]>,
    section: u32,
    picture: u32,
    moving_s: f32,
    /// How much longer it moves even where nothing sounds.
    asked_s: f32,
}

impl Home {
    pub(super) fn new(dim: usize, embedding_dim: usize, seed: u64) -> Self {
        let offset = offset(dim, seed, 0, 0);
        Self {
            dim,
            seed,
            projection: (0..dim as u64)
                .map(|i| sphere::direction(embedding_dim, seed, PROJECTION, i))
                .collect(),
            target: vec![0.0; embedding_dim],
            embedding: vec![0.0; embedding_dim],
            wanted: offset.to_vec(),
            position: offset.to_vec(),
            offset,
            section: 0,
            picture: 0,
            moving_s: 0.0,
            asked_s: 0.0,
        }
    }

    /// The home of the same music under another seed, which is there already.
    pub(super) fn reseeded(&self, seed: u64) -> Self {
        let mut other = Self::new(self.dim, self.target.len(), seed);
        other.target.copy_from_slice(&self.target);
        other.embedding.copy_from_slice(&self.embedding);
        (other.section, other.picture) = (self.section, self.picture);
        other.offset = offset(self.dim, seed, self.section, self.picture);
        other.look_up_wanted();
        other.position.copy_from_slice(&other.wanted);
        other
    }

    /// Whether there was an embedding yet.
    pub(super) fn is_found(&self) -> bool {
        self.target.iter().any(|x| *x != 0.0)
    }

    /// Sets the embedding to follow. The first one is taken as it is, and the next few are followed quickly: they are of
    /// little audio yet.
    pub(super) fn aim_at(&mut self, embedding: &[f32]) {
        let first = !self.is_found();
        self.target.copy_from_slice(embedding);
        self.look_up_wanted();
        if first {
            self.arrive();
            self.moving_s = MOVING_FOR_S;
        }
    }

    fn look_up_wanted(&mut self) {
        for (wanted, row) in self.wanted.iter_mut().zip(self.projection.iter()) {
            *wanted = row.iter().zip(&self.target).map(|(p, e)| p * e).sum();
        }
        sphere::blend(&mut self.wanted, 0.75, &self.offset);
        sphere::set_radius(&mut self.wanted, (self.dim as f32).sqrt());
    }

    /// A new section: another offset, and a quick way there from the next embedding on.
    pub(super) fn move_house(&mut self, section: u32) {
        self.section = section;
        self.offset = offset(self.dim, self.seed, section, self.picture);
        self.moving_s = MOVING_FOR_S;
    }

    /// A picture that was asked for by hand: another offset, and a quick way there, sound or no sound.
    pub(super) fn show_picture(&mut self, picture: u32) {
        self.picture = picture;
        self.offset = offset(self.dim, self.seed, self.section, picture);
        self.look_up_wanted();
        if self.is_found() {
            (self.moving_s, self.asked_s) = (MOVING_FOR_S, MOVING_FOR_S);
        } else {
            self.arrive();
        }
    }

    /// Whether it is on its way to a picture that was asked for.
    pub(super) fn is_asked(&self) -> bool {
        self.asked_s > 0.0
    }

    /// Is where it wants to be, at once.
    pub(super) fn arrive(&mut self) {
        self.embedding.copy_from_slice(&self.target);
        self.position.copy_from_slice(&self.wanted);
        self.asked_s = 0.0;
    }

    /// Lets time pass; `pace` (0 in silence, about 1 in loud music) says how eagerly the embedding is followed, and
    /// `smoothing` multiplies the time that it takes.
    pub(super) fn advance(&mut self, elapsed_s: f32, pace: f32, smoothing: f32) {
        let pace = if self.is_asked() { pace.max(1.0) } else { pace };
        self.asked_s = (self.asked_s - elapsed_s).max(0.0);
        self.moving_s = (self.moving_s - elapsed_s).max(0.0);
        let moving = (self.moving_s / MOVING_FOR_S).min(1.0);
        let time_constant_s = (FOLLOW_S + (MOVE_S - FOLLOW_S) * moving) * smoothing;
        let step = if time_constant_s > AT_ONCE_S {
            1.0 - (-elapsed_s * pace / time_constant_s).exp()
        } else {
            f32::from(u8::from(elapsed_s * pace > 0.0))
        };
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

/// Where a section's and picture's own place is; both count from 0.
fn offset(dim: usize, seed: u64, section: u32, picture: u32) -> Arc<[f32]> {
    sphere::direction(dim, seed, OFFSET, u64::from(picture) << 32 | u64::from(section)).into()
}

fn approach(from: &mut [f32], to: &[f32], step: f32) {
    from.iter_mut().zip(to).for_each(|(x, y)| *x += step * (y - *x));
}
