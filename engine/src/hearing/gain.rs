//! Slow automatic gain: what counts as quiet and as loud in this recording.
//!
//! Each quantity keeps a histogram of its level in decibels, whose past fades away with a time constant of
//! [`MEMORY_S`]. A high percentile of it is "as loud as this recording gets", a low one "as quiet". Percentiles
//! make the gain the same for a quiet and a loud master, keep it through a break of some seconds, follow a louder
//! section within about a second, and are not moved by a single click.

use super::envelope::approach;

const FLOOR_DB: f32 = -120.0;
const BINS: usize = 132;
const MEMORY_S: f32 = 20.0;
/// Time constant of what the histogram says replacing what was assumed about the recording beforehand.
const TRUST_S: f32 = 1.5;
/// The same for the width of the range: the dynamics of a recording take longer to know than its level.
const TRUST_SPAN_S: f32 = 3.0;
const LOUD: f32 = 0.96;
const QUIET: f32 = 0.10;

/// The range of one quantity over the recent past, in dB.
pub(super) struct Range {
    histogram: [f32; BINS],
    heard_s: f32,
    loud_db: f32,
    quiet_db: f32,
    assumed_db: f32,
    min_span_db: f32,
    max_span_db: f32,
    hop_s: f32,
    forget: f32,
    smooth: f32,
}

impl Range {
    /// `assumed_db` is the loud end of an ordinary master: it stands in until this one is known, so that a quiet
    /// beginning starts quiet and nothing flashes.
    pub(super) fn new(hop_s: f32, assumed_db: f32, min_span_db: f32, max_span_db: f32) -> Self {
        Self {
            histogram: [0.0; BINS],
            heard_s: 0.0,
            loud_db: assumed_db,
            quiet_db: assumed_db - max_span_db,
            assumed_db,
            min_span_db,
            max_span_db,
            hop_s,
            forget: 1.0 - approach(hop_s, MEMORY_S),
            smooth: approach(hop_s, 0.15),
        }
    }

    /// Learns from one hop's level; call it only while there is music.
    pub(super) fn learn(&mut self, level_db: f32) {
        for weight in &mut self.histogram {
            *weight *= self.forget;
        }
        // Shared between the two nearest bins, so that a steady level between two of them gives a steady range.
        let place = (level_db - FLOOR_DB).clamp(0.0, BINS as f32 - 1.001);
        let (bin, part) = (place as usize, place.fract());
        self.histogram[bin] += 1.0 - part;
        self.histogram[bin + 1] += part;

        self.heard_s += self.hop_s;
        let assumed = (-self.heard_s / TRUST_S).exp();
        let loud = self.percentile(LOUD);
        let loud = (loud + assumed * (self.assumed_db - loud)).max(loud);
        let assumed_span_db = (-self.heard_s / TRUST_SPAN_S).exp() * self.max_span_db;
        let quiet = self.percentile(QUIET).min(loud - assumed_span_db);
        self.loud_db += self.smooth * (loud - self.loud_db);
        self.quiet_db += self.smooth * (quiet - self.quiet_db);
    }

    /// The loud end in dB.
    pub(super) fn loud_db(&self) -> f32 {
        self.loud_db
    }

    /// Places a level in the range: 0 at the quiet end or below, 1 at the loud end or above.
    ///
    /// The loud end is never taken below `floor_db`, so that what is barely there is not blown up.
    pub(super) fn place(&self, level_db: f32, floor_db: f32) -> f32 {
        let loud = self.loud_db.max(floor_db);
        let span = (loud - self.quiet_db).clamp(self.min_span_db, self.max_span_db);
        (1.0 + (level_db - loud) / span).clamp(0.0, 1.0)
    }

    fn percentile(&self, share: f32) -> f32 {
        let mut wanted = share * self.histogram.iter().sum::<f32>();
        for (bin, &weight) in self.histogram.iter().enumerate() {
            if weight > 0.0 && wanted <= weight {
                return FLOOR_DB + bin as f32 + wanted / weight - 0.5;
            }
            wanted -= weight;
        }
        FLOOR_DB + BINS as f32
    }
}
