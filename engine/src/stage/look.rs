//! What a user may turn while the stage plays.

/// The look of a stage. Every field has a neutral default; none depends on the music.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Rotation of every hue, in turns (1 is once around); the OKLab hue circle.
    pub hue_shift: f32,
    /// How strongly the sound moves the picture: 0 not at all, 1 normal, 2 twice.
    pub intensity: f32,
    /// Magnification of the picture; 1 fills the frame.
    pub zoom: f32,
    /// How long trails last in scenes with feedback: 0 short, 1 long.
    pub feedback: f32,
    /// Depth of the relief, of its light and of the brush: 0 flat, 1 normal.
    pub relief: f32,
    /// Light that bright places shed on their surroundings: 0 none, 1 normal.
    pub bloom: f32,
    /// Film grain: 0 none, 1 normal.
    pub grain: f32,
    /// Darkening of the corners: 0 none, 1 normal.
    pub vignette: f32,
    /// Exposure in stops; 0 is neutral, +1 twice the light.
    pub exposure_stops: f32,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            hue_shift: 0.0,
            intensity: 1.0,
            zoom: 1.0,
            feedback: 0.5,
            relief: 1.0,
            bloom: 1.0,
            grain: 1.0,
            vignette: 1.0,
            exposure_stops: 0.0,
        }
    }
}

impl Look {
    /// The same look with every value brought into the range that the shaders are made for.
    pub(super) fn bounded(self) -> Self {
        let keep = |value: f32, low: f32, high: f32, otherwise: f32| {
            if value.is_finite() { value.clamp(low, high) } else { otherwise }
        };
        let neutral = Self::default();
        Self {
            hue_shift: keep(self.hue_shift, -16.0, 16.0, neutral.hue_shift),
            intensity: keep(self.intensity, 0.0, 3.0, neutral.intensity),
            zoom: keep(self.zoom, 0.25, 8.0, neutral.zoom),
            feedback: keep(self.feedback, 0.0, 1.0, neutral.feedback),
            relief: keep(self.relief, 0.0, 3.0, neutral.relief),
            bloom: keep(self.bloom, 0.0, 4.0, neutral.bloom),
            grain: keep(self.grain, 0.0, 4.0, neutral.grain),
            vignette: keep(self.vignette, 0.0, 2.0, neutral.vignette),
            exposure_stops: keep(self.exposure_stops, -6.0, 6.0, neutral.exposure_stops),
        }
    }
}
