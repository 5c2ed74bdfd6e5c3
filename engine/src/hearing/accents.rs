//! The front that is always there: what begins in each part of the spectrum, as evidence for a beat.

use super::envelope::approach;
use super::pointer::Evidence;

/// How much each part counts: bass, low middle, high middle, top. Bright things play between beats as often as on them.
const WEIGHTS: [f32; 4] = [0.40, 0.25, 0.25, 0.10];
/// Time in which the height of a strong onset is forgotten.
const FORGET_S: f32 = 6.0;
/// A part whose onsets are this much lower than the strongest part's has none.
const LEAST_SHARE: f32 = 0.08;
/// Less than this is no onset at all.
const LEAST: f32 = 0.06;
/// Nepers of evidence for a beat by how strong all that begins is, 0 to 1, and the strength that says nothing: what is weaker
/// speaks against one, or every pulse would be heard at twice its tempo.
const NEPERS: f32 = 3.0;
const SAYS_NOTHING: f32 = 0.38;
/// The same for a bar: it begins with more bass and another chord.
const BAR: f32 = 0.25;

/// Turns rises into evidence.
pub(super) struct Accents {
    strong: [f32; 4],
    sink: f32,
    rise: f32,
}

impl Accents {
    pub(super) fn new(hop_s: f32) -> Self {
        Self { strong: [0.0; 4], sink: 1.0 - approach(hop_s, FORGET_S), rise: approach(hop_s, 0.01) }
    }

    pub(super) fn hop(&mut self, rises: [f32; 4]) -> Evidence {
        for (strong, rise) in self.strong.iter_mut().zip(rises) {
            *strong *= self.sink;
            if rise > *strong {
                *strong += self.rise * (rise - *strong);
            }
        }
        let strongest = self.strong.iter().copied().fold(LEAST, f32::max);
        if strongest <= LEAST {
            return Evidence::NONE;
        }
        let parts = rises.iter().zip(self.strong).zip(WEIGHTS);
        let height: f32 = parts
            .map(|((rise, strong), weight)| weight * (rise / strong.max(LEAST_SHARE * strongest)).min(1.0))
            .sum();
        let bass = (rises[0] / self.strong[0].max(LEAST_SHARE * strongest)).min(1.0);
        let beat = NEPERS * (height - SAYS_NOTHING);
        Evidence { beat: beat.exp(), downbeat: (beat + BAR * (bass - 0.3)).exp() }
    }
}
