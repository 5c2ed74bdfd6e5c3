//! How long there has been nothing.

/// A rest is silence after this time, and in full after that.
const FROM_S: f32 = 0.5;
const FULL_S: f32 = 2.0;

/// Counts the seconds.
#[derive(Default)]
pub(super) struct Silence {
    quiet_s: f32,
}

impl Silence {
    /// Moves on by one hop; 0 to 1.
    pub(super) fn hop(&mut self, hop_s: f32, presence: f32) -> f32 {
        self.quiet_s = if presence > 0.05 { 0.0 } else { (self.quiet_s + hop_s).min(FULL_S) };
        ((self.quiet_s - FROM_S) / (FULL_S - FROM_S)).clamp(0.0, 1.0)
    }
}
