//! How far a step has to be for this generator.
//!
//! Some generators turn a picture over within a tenth of a radian of latent space, some hardly move in one; a trained one does
//! both, according to what it is asked to paint. Motion is tuned in pictures, so the generator is asked again and again how
//! much its picture would change along a short way from where it is.

use super::Models;
use crate::inference::InferenceError;
use crate::motion::{Motion, Point, sphere};
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

/// Measures the stride. What it was so far comes from the motion, so that it goes back with it; the same sound gives the same
/// strides.
#[derive(Default)]
pub(super) struct Stride {
    here: Picture,
    there: Picture,
}

impl Stride {
    /// The new stride after an embedding, where a probe was due. The generator is at `point`, the motion's newest.
    pub(super) fn update(
        &mut self,
        models: &Models,
        motion: &Motion,
        point: &Point,
    ) -> Result<Option<f32>, InferenceError> {
        let (count, complexity) = (motion.embedding_count(), motion.controls().complexity);
        if !count.saturating_sub(1).is_multiple_of(EVERY) {
            return Ok(None);
        }
        let change = self.change_per_rad(models, point, count, complexity)?;
        let wanted = (USUAL_CHANGE_PER_RAD / change.max(1e-6)).clamp(SHORTEST, LONGEST);
        Ok(Some(motion.stride().map_or(wanted, |stride| stride + STEP * (wanted - stride))))
    }

    /// `complexity`: how far the point is from the middle, in the usual radii.
    fn change_per_rad(
        &mut self,
        models: &Models,
        point: &Point,
        count: u64,
        complexity: f32,
    ) -> Result<f32, InferenceError> {
        let dim = point.latent.len();
        models.generate(&point.latent, &point.embedding, 0.0, &mut self.here)?;
        let mut change = 0.0;
        for probe in 0..PROBES {
            let aside = sphere::direction(dim, probe, 2, count);
            let step = PROBE_RAD * complexity;
            let mut near: Vec<f32> = point.latent.iter().zip(&aside).map(|(x, d)| x + step * d).collect();
            sphere::set_radius(&mut near, (dim as f32).sqrt() * complexity);
            models.generate(&near, &point.embedding, 0.0, &mut self.there)?;
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
