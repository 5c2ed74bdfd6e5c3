//! Points on the latent sphere.
//!
//! Nearly all of a high-dimensional standard normal lies close to the sphere of radius `sqrt(dim)`. Paths therefore
//! stay on that sphere: between its points, a straight line would pass through lengths that the generator never saw
//! (White 2016, "Sampling Generative Networks").

use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use crate::scramble::scramble;

/// A random direction of length `sqrt(dim)`, always the same for the same seed, purpose and index.
pub fn direction(dim: usize, seed: u64, purpose: u64, index: u64) -> Vec<f32> {
    let mut rng = Pcg64::seed_from_u64(mix(seed ^ mix(purpose ^ mix(index))));
    let mut v: Vec<f32> = StandardNormal.sample_iter(&mut rng).take(dim).collect();
    set_radius(&mut v, (dim as f32).sqrt());
    v
}

/// Scales `v` to length `radius`; a zero vector stays zero.
pub fn set_radius(v: &mut [f32], radius: f32) {
    let length = v.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 1e-12 {
        let scale = radius / length;
        v.iter_mut().for_each(|x| *x *= scale);
    }
}

/// Replaces `a` by `share` of itself and the rest of `b`, keeping the length statistics of a normal draw: the
/// weights' squares sum to one.
pub fn blend(a: &mut [f32], share: f32, b: &[f32]) {
    let rest = (1.0 - share * share).max(0.0).sqrt();
    a.iter_mut().zip(b).for_each(|(x, y)| *x = share * *x + rest * y);
}

/// Cosine of the angle between `a` and `b`; 0 if one of them is zero.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    let (mut ab, mut aa, mut bb) = (0.0f32, 0.0f32, 0.0f32);
    for (x, y) in a.iter().zip(b) {
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    let scale = (aa * bb).sqrt();
    if scale > 1e-12 { ab / scale } else { 0.0 }
}

/// The next seed of SplitMix64: neighbouring seeds give unrelated streams.
fn mix(seed: u64) -> u64 {
    scramble(seed.wrapping_add(0x9E37_79B9_7F4A_7C15))
}
