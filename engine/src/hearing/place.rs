//! Where the music is in its beats and bars.

use super::Heard;
use super::steps::place_in;

/// A place in the music, as one clock tells it: the host's, or the ear's.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Beats since the clock began; whole where one falls. Never runs backwards, unless the host does.
    pub beat: f64,
    /// Bars since then; whole where one begins.
    pub bar: f64,
    /// 0 while unknown.
    pub tempo_bpm: f32,
    /// Beats in a bar; 0 while unknown. A host's are quarter notes: 3.5 in 7/8.
    pub beats_per_bar: f32,
    /// How sure the beat is, 0 to 1.
    pub confidence: f32,
    /// How sure the bar is, 0 to 1.
    pub bar_confidence: f32,
}

impl Place {
    /// Writes it down in the table's rows.
    pub(super) fn tell(&self, heard: &mut Heard) {
        (heard.beat_count, heard.beat_phase) = place_in(self.beat);
        (heard.bar_count, heard.bar_phase) = place_in(self.bar);
        heard.tempo_bpm = self.tempo_bpm;
        heard.beats_per_bar = self.beats_per_bar;
        heard.beat_confidence = self.confidence;
        heard.bar_confidence = self.bar_confidence;
    }
}
