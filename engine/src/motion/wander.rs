//! A smooth seeded path over the latent sphere.

use std::sync::Arc;

use super::sphere;

/// The seed's purpose for waypoints, apart from those of onsets and homes.
const WAYPOINTS: u64 = 0;

/// A uniform cubic B-spline through random waypoints: position, velocity and acceleration are continuous, so a slow
/// walk shows no corner. The waypoints are made from the seed and their index: nothing needs to be stored, and the
/// path never repeats. Cheap to clone.
#[derive(Clone)]
pub(super) struct Wander {
    dim: usize,
    seed: u64,
    travelled: f64,
    first: u64,
    waypoints: [Arc<[f32]>; 4],
}

impl Wander {
    pub(super) fn new(dim: usize, seed: u64) -> Self {
        let waypoints = std::array::from_fn(|i| sphere::direction(dim, seed, WAYPOINTS, i as u64).into());
        Self { dim, seed, travelled: 0.0, first: 0, waypoints }
    }

    /// Walks on by `distance` waypoints.
    pub(super) fn advance(&mut self, distance: f32) {
        self.travelled += f64::from(distance.max(0.0));
        while self.travelled >= (self.first + 1) as f64 {
            self.first += 1;
            self.waypoints.rotate_left(1);
            self.waypoints[3] = sphere::direction(self.dim, self.seed, WAYPOINTS, self.first + 3).into();
        }
    }

    /// Writes the position, at length `sqrt(dim)`.
    pub(super) fn position(&self, out: &mut [f32]) {
        let t = (self.travelled - self.first as f64) as f32;
        let u = 1.0 - t;
        let weights = [
            u * u * u / 6.0,
            (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0,
            (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0,
            t * t * t / 6.0,
        ];
        for (i, x) in out.iter_mut().enumerate() {
            *x = weights.iter().zip(&self.waypoints).map(|(w, p)| w * p[i]).sum();
        }
        sphere::set_radius(out, (self.dim as f32).sqrt());
    }
}
