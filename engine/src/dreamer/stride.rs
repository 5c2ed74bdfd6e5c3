//! How far a step has to be for this generator.
//!
//! Some generators turn a picture over within a tenth of a radian of latent space, some hardly move in one. Motion is tuned
//! in pictures, so each generator is asked once, when it is loaded, how much its pictures change along a short way.

use crate::inference::{Generator, InferenceError};
use crate::motion::sphere;
use crate::picture::Picture;

/// The angle between two probed points, in radians: short enough that pictures still change in proportion.
const PROBE_RAD: f32 = 0.02;
const PROBES: u64 = 4;
/// Mean change of the pixels per radian, in linear light, at which a stride is 1.
const USUAL_CHANGE_PER_RAD: f32 = 1.75;
const SHORTEST: f32 = 0.4;
/// No longer than this: a trained generator may hardly move for the probes' random embeddings and be lively for those of
/// music, which are all that it learned.
const LONGEST: f32 = 1.6;

/// The stride that makes `generator`'s pictures change as motion expects. Always the same for the same generator.
pub(super) fn measure(generator: &mut Generator, embedding_dim: usize) -> Result<f32, InferenceError> {
    let dim = generator.latent_dim();
    let (mut here, mut there) = (Picture::default(), Picture::default());
    let mut change = 0.0;
    for probe in 0..PROBES {
        let mut embedding = sphere::direction(embedding_dim, probe, 0, 0);
        sphere::set_radius(&mut embedding, 1.0);
        let latent = sphere::direction(dim, probe, 1, 0);
        let aside = sphere::direction(dim, probe, 2, 0);
        let mut near: Vec<f32> = latent.iter().zip(&aside).map(|(x, d)| x + PROBE_RAD * d).collect();
        sphere::set_radius(&mut near, (dim as f32).sqrt());
        generator.generate(&latent, &embedding, 0.0, &mut here)?;
        generator.generate(&near, &embedding, 0.0, &mut there)?;
        change += mean_change(&here, &there) / PROBE_RAD / PROBES as f32;
    }
    Ok((USUAL_CHANGE_PER_RAD / change.max(1e-6)).clamp(SHORTEST, LONGEST))
}

fn mean_change(a: &Picture, b: &Picture) -> f32 {
    let sum: f32 = a
        .pixels
        .iter()
        .zip(&b.pixels)
        .flat_map(|(x, y)| (0..3).map(|c| (f32::from(x[c]) - f32::from(y[c])).abs()))
        .sum();
    sum / (3 * a.pixels.len()).max(1) as f32
}
