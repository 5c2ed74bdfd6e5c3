//! How far a step has to be for this generator.
//!
//! Some generators turn a picture over within a tenth of a radian of latent space, some hardly move in one; a trained one does
//! both, according to what it is asked to paint. Motion is tuned in pictures, so the generator is asked again and again how
//! much its picture would change along a short way from where it is.

use crate::inference::{Generator, InferenceError};
use crate::motion::{Point, sphere};
use crate::picture::Picture;

/// The angle between two probed points, in radians: short enough that pictures still change in proportion.
const PROBE_RAD: f32 = 0.02;
/// Directions that are tried at once; their mean counts.
const PROBES: u64 = 2;
/// Mean change of the pixels per radian, in linear light, at which a stride is 1.
const USUAL_CHANGE_PER_RAD: f32 = 1.75;
const SHORTEST: f32 = 0.3;
const LONGEST: f32 = 1.5;
/// A probe is made at every so many embeddings, and moves the stride by this share of the way.
const EVERY: u64 = 6;
const STEP: f32 = 0.4;

/// The stride, kept up to date. The same sound gives the same strides.
#[derive(Default)]
pub(super) struct Stride {
    value: Option<f32>,
    embeddings: u64,
    here: Picture,
    there: Picture,
}

impl Stride {
    /// Counts an embedding, after which the generator is at `point`. Gives the new stride where a probe was due.
    pub(super) fn update(
        &mut self,
        generator: &mut Generator,
        point: &Point,
    ) -> Result<Option<f32>, InferenceError> {
        let due = self.embeddings.is_multiple_of(EVERY);
        self.embeddings += 1;
        if !due {
            return Ok(None);
        }
        let change = self.change_per_rad(generator, point)?;
        let wanted = (USUAL_CHANGE_PER_RAD / change.max(1e-6)).clamp(SHORTEST, LONGEST);
        let value = self.value.map_or(wanted, |value| value + STEP * (wanted - value));
        self.value = Some(value);
        Ok(Some(value))
    }

    fn change_per_rad(&mut self, generator: &mut Generator, point: &Point) -> Result<f32, InferenceError> {
        let dim = point.latent.len();
        generator.generate(&point.latent, &point.embedding, 0.0, &mut self.here)?;
        let mut change = 0.0;
        for probe in 0..PROBES {
            let aside = sphere::direction(dim, probe, 2, self.embeddings);
            let mut near: Vec<f32> =
                point.latent.iter().zip(&aside).map(|(x, d)| x + PROBE_RAD * d).collect();
            sphere::set_radius(&mut near, (dim as f32).sqrt());
            generator.generate(&near, &point.embedding, 0.0, &mut self.there)?;
            change += mean_change(&self.here, &self.there) / PROBE_RAD / PROBES as f32;
        }
        Ok(change)
    }
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
