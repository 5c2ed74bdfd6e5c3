//! The scenes that a director chooses from, and for what music each of them is.

use std::sync::Arc;

use crate::scene::{self, Scene};

/// How far a scene's energy may lie from the music's: one standard deviation of a Gaussian.
const REACH: f32 = 0.22;

/// Scenes with the energy that they suit, 0 calm to 1 fierce.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast(Vec<(Scene, f32)>);

impl Cast {
    /// All scenes that are built in.
    pub fn all() -> Arc<Self> {
        let roles = scene::built_in().iter().map(|file| (file.scene, file.head.energy));
        Arc::new(Self(roles.collect()))
    }

    /// These scenes, among them the user's own; those that cannot be read are left out, and so is who is named twice. All scenes, if none
    /// is left.
    pub fn of(scenes: &[Scene]) -> Arc<Self> {
        let mut roles: Vec<(Scene, f32)> = Vec::new();
        for &scene in scenes {
            match scene::find(scene) {
                Ok(file) if roles.iter().all(|role| role.0 != scene) => roles.push((scene, file.head.energy)),
                Ok(_) => {}
                Err(error) => tracing::warn!("{scene} plays no part for the director: {error}"),
            }
        }
        if roles.is_empty() { Self::all() } else { Arc::new(Self(roles)) }
    }

    /// How many scenes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A scene for music of this energy that is none of `barred`, by the lot `at`, 0 to 1.
    pub fn draw(&self, energy: f32, barred: &[Scene], at: f32) -> Scene {
        let odds = |(scene, suits): &(Scene, f32)| match barred.contains(scene) {
            true => 0.0,
            // Nobody is quite without a chance: else some would never play in a song of one mood.
            false => 0.02 + (-0.5 * ((energy - suits) / REACH).powi(2)).exp(),
        };
        let sum: f32 = self.0.iter().map(odds).sum();
        let mut left = at * sum;
        let drawn = self.0.iter().find(|role| {
            left -= odds(role);
            left < 0.0
        });
        let usual = || self.0.iter().find(|role| !barred.contains(&role.0)).or(self.0.first());
        drawn.or_else(usual).map(|role| role.0).unwrap_or_default()
    }
}
