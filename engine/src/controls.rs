//! What a user can turn while it plays: the same for a render, a window and a plugin.

use crate::hearing::{Heard, Sensitivity};
use crate::motion::MotionSettings;
use crate::stage::{Look, Scene};

/// Everything besides sound and pack that decides the frames. Each field may change from one frame to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Controls {
    /// How the stage shows the pictures.
    pub scene: Scene,
    /// The one source of randomness.
    pub seed: u64,
    /// Counts the pictures that were asked for by hand: another number is another picture.
    pub picture: u32,
    /// How the latent point moves.
    pub motion: MotionSettings,
    /// How strongly the picture answers to the sound.
    pub sensitivity: Sensitivity,
    /// What the stage does with the picture.
    pub look: Look,
}

impl Default for Controls {
    fn default() -> Self {
        Self {
            scene: Scene::default(),
            seed: 1,
            picture: 0,
            motion: MotionSettings::default(),
            sensitivity: Sensitivity::default(),
            look: Look::default(),
        }
    }
}

impl Controls {
    /// The snapshot as motion and stage take it: with the sensitivity, and with steps for beats.
    pub fn apply_to(&self, heard: &Heard) -> Heard {
        heard.with_sensitivity(self.sensitivity).with_beats_per_step(self.motion.beats_per_step)
    }
}
