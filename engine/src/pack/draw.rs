//! Points such as a generator expects.

use rand::Rng;
use rand_pcg::Pcg64Mcg;

use super::bridge::normalise;
use super::manifest::Distribution;

impl Distribution {
    /// Draws one point.
    pub(crate) fn draw(self, length: usize, random: &mut Pcg64Mcg) -> Vec<f32> {
        let mut latent: Vec<f32> = (0..length)
            .map(|_| match self {
                Self::Uniform => even(random),
                // The sum of twelve even draws: nearly normal, and the same on every platform.
                _ => (0..12).map(|_| even(random) * 0.5).sum(),
            })
            .collect();
        if self == Self::Sphere {
            normalise(&mut latent);
            latent.iter_mut().for_each(|entry| *entry *= (length as f32).sqrt());
        }
        latent
    }
}

/// An even draw from -1 to 1.
pub(crate) fn even(random: &mut Pcg64Mcg) -> f32 {
    (random.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0
}
