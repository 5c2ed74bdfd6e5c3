//! When the scene may change: what happens in the music that asks for it.

use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use crate::hearing::Heard;
use crate::knobs::{Transition, TransitionOn};

/// After a change so many seconds pass at least before the next one, by what asks for it.
const AFTER_S: [f64; 3] = [4.0, 7.0, 13.0];
/// Without bars, and without a section, a scene stays so long; then it goes with the next beat, or at once.
const LONGEST_S: f64 = 32.0;
const WITHOUT_BEAT_S: f64 = 40.0;
/// From here on it is sure which beat is the first of a bar.
const SURE_OF_BARS: f32 = 0.3;
/// Time constant of the energy, in seconds.
const ENERGY_S: f64 = 3.0;

/// Why a scene goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There was none yet.
    Beginning,
    /// The user has chosen another one.
    Hand,
    /// The bass comes back with everything else.
    Drop,
    /// The song goes on differently.
    Section,
    /// A phrase is over, and the scene has been there for a while.
    Phrase,
    /// It has been there for long, and nobody knows where phrases end.
    Long,
}

impl Reason {
    /// When the change begins.
    pub fn begins(self) -> TransitionOn {
        match self {
            Self::Section => TransitionOn::Bar,
            Self::Long => TransitionOn::Beat,
            Self::Beginning | Self::Hand | Self::Drop | Self::Phrase => TransitionOn::Once,
        }
    }

    /// How it looks, and how many beats it takes.
    pub fn transition(self, heard: &Heard, lot: &mut Pcg64Mcg) -> (Transition, f32) {
        let calm = heard.all_presence < 0.45;
        let (among, beats): (&[Transition], f32) = match self {
            Self::Beginning => (&[Transition::Cut], 1.0),
            Self::Hand => (&[Transition::Dissolve], 2.0),
            Self::Drop => (&Transition::HARD, 1.0),
            _ if calm => (&Transition::SOFT, 8.0),
            Self::Section => (&Transition::ALL_BUT_CUT, 4.0),
            Self::Phrase | Self::Long => (&Transition::ALL_BUT_CUT, 2.0),
        };
        let at = lot.random_range(0..among.len().max(1));
        (among.get(at).copied().unwrap_or_default(), beats)
    }
}

/// What was there when the scene began, and what has happened since.
#[derive(Clone, Debug, Default)]
pub struct Cues {
    began_s: f64,
    drops: u32,
    sections: u32,
    phrases: u32,
    beats: u32,
    energy: Option<f64>,
    last_s: f64,
}

impl Cues {
    /// How much is going on, 0 to 1, over the last seconds.
    pub fn energy(&self) -> f32 {
        self.energy.unwrap_or(0.0) as f32
    }

    /// A scene begins now.
    pub fn begin_anew(&mut self, heard: &Heard) {
        self.began_s = heard.time_s;
        self.mark(heard);
    }

    fn mark(&mut self, heard: &Heard) {
        self.drops = heard.drop.count;
        self.sections = heard.section_change.count;
        self.phrases = heard.phrase8_count;
        self.beats = heard.beat_count;
    }

    /// Takes the next snapshot; what asks for another scene, if anything does.
    pub fn follow(&mut self, heard: &Heard) -> Option<Reason> {
        let dt_s = heard.time_s - self.last_s;
        self.last_s = heard.time_s;
        let share = if (0.0..1.0).contains(&dt_s) { 1.0 - (-dt_s / ENERGY_S).exp() } else { 1.0 };
        let energy = self.energy.get_or_insert(0.0);
        *energy += share * (energy_of(heard) - *energy);
        if dt_s < 0.0 {
            // The song was begun again: the scene has been there since now.
            self.begin_anew(heard);
        }
        let for_s = heard.time_s - self.began_s;
        let [after_drop_s, after_section_s, after_phrase_s] = AFTER_S;
        let dropped = heard.drop.count != self.drops;
        let another_section = heard.section_change.count != self.sections;
        let phrase = heard.phrase8_count != self.phrases && heard.bar_confidence >= SURE_OF_BARS;
        let beat = heard.beat_count != self.beats && heard.beat_confidence > 0.1;
        self.mark(heard);
        if dropped && for_s >= after_drop_s {
            Some(Reason::Drop)
        } else if another_section && for_s >= after_section_s {
            Some(Reason::Section)
        } else if phrase && for_s >= after_phrase_s {
            Some(Reason::Phrase)
        } else if heard.bar_confidence < SURE_OF_BARS
            && (for_s >= WITHOUT_BEAT_S || (beat && for_s >= LONGEST_S))
            && heard.silence < 0.5
        {
            Some(Reason::Long)
        } else {
            None
        }
    }
}

/// How much is going on now.
pub fn energy_of(heard: &Heard) -> f64 {
    let sum = 0.45 * heard.loudness
        + 0.25 * heard.all_presence
        + 0.2 * heard.percussive
        + 0.1 * heard.bass_presence;
    f64::from(sum.clamp(0.0, 1.0)) * f64::from(heard.presence.clamp(0.0, 1.0))
}
