//! What a user can set about the motion.

/// How the latent point moves. Every field has a neutral default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MotionSettings {
    /// Multiplies the speed of the wandering; 1 is the default, 0 stands still.
    pub speed: f32,
    /// Multiplies how far onsets push, and how readily the picture turns into another; 1 is the default.
    pub morph: f32,
    /// How far the point stays from the middle of latent space, where pictures are plain: 0.3 plain, 1 as trained,
    /// 1.5 strange. (The truncation trick: Brock et al. 2019, "Large Scale GAN Training".)
    pub complexity: f32,
    /// Multiplies the time over which the picture follows the music; 1 is the default, 0 follows at once.
    pub smoothing: f32,
    /// Whether steps fall on the beat.
    pub beat_sync: bool,
    /// Beats from one step to the next: 0.25, 0.5, 1, 2, 4, 8.
    pub beats_per_step: f32,
    /// Whether the picture stands still; the stage goes on answering to the sound.
    pub freeze: bool,
}

impl Default for MotionSettings {
    fn default() -> Self {
        Self {
            speed: 1.0,
            morph: 1.0,
            complexity: 1.0,
            smoothing: 1.0,
            beat_sync: true,
            beats_per_step: 1.0,
            freeze: false,
        }
    }
}

impl MotionSettings {
    /// The same settings with every value brought into the range that motion is made for.
    pub(super) fn bounded(self) -> Self {
        let keep = |value: f32, low: f32, high: f32| {
            if value.is_finite() { value.clamp(low, high) } else { 1.0 }
        };
        Self {
            speed: keep(self.speed, 0.0, 16.0),
            morph: keep(self.morph, 0.0, 8.0),
            complexity: keep(self.complexity, 0.05, 3.0),
            smoothing: keep(self.smoothing, 0.0, 16.0),
            beats_per_step: keep(self.beats_per_step, 0.25, 8.0),
            ..self
        }
    }

    /// What multiplies the speed of the wandering. `morph` has a share in it, so that it says how far the picture goes
    /// also where there are no onsets.
    pub(super) fn pace(&self) -> f32 {
        self.speed * (0.75 + 0.25 * self.morph)
    }
}
