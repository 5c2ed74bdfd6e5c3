//! A plan of a whole song, for renders: where scenes change, for what music.

use super::cues::{Reason, energy_of};
use crate::hearing::{BeatSense, Hearing};
use crate::render::{AudioSource, RenderError};

/// Sound that is heard at once, in frames.
const BLOCK_FRAMES: usize = 8192;
/// A section that is longer than this is divided at its phrases, and none is shorter than the least.
const LONGEST_S: f64 = 20.0;
const LEAST_S: f64 = 5.0;
/// A boundary is moved to a bar that lies so near, in seconds.
const NEAR_A_BAR_S: f64 = 1.3;
/// Bars of a phrase.
const PHRASE: usize = 8;
/// What the energy of a part is taken over, in seconds, from its start on.
const LOOKS_AHEAD_S: f64 = 8.0;
/// A section is another one again from this similarity on.
const ALIKE: f32 = 0.8;

/// One change of scene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cue {
    /// When, in seconds.
    pub time_s: f64,
    /// Why.
    pub reason: Reason,
    /// How much goes on from there, 0 to 1.
    pub energy: f32,
    /// The section's number, and that of an earlier one that it is like.
    pub section: u32,
    pub like: Option<u32>,
}

/// Where the scenes of a song change, in order; the first at its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    cues: Vec<Cue>,
}

/// What was heard of the song.
#[derive(Default)]
struct Notes {
    bars_s: Vec<f64>,
    /// Time and energy, ten times a second.
    energy: Vec<(f64, f64)>,
    /// Begin of each section, and what it is like.
    sections: Vec<(f64, Option<u32>)>,
    drops_s: Vec<f64>,
    end_s: f64,
}

impl Plan {
    /// Hears all of `source`.
    ///
    /// # Errors
    /// The song cannot be read.
    pub fn of(
        mut source: Box<dyn AudioSource>,
        sense: Option<Box<dyn BeatSense>>,
    ) -> Result<Self, RenderError> {
        let mut hearing = Hearing::new(source.sample_rate_hz()).with_sense(sense);
        let mut notes = Notes { sections: vec![(0.0, None)], ..Notes::default() };
        let mut counts = (0, 0, 0);
        let mut frames = vec![[0.0; 2]; BLOCK_FRAMES];
        loop {
            let count = source.read(&mut frames)?;
            if count == 0 {
                break;
            }
            let transport = source.transport();
            hearing.listen(&frames[..count], transport.as_ref(), |heard| {
                notes.end_s = heard.time_s;
                if notes.energy.last().is_none_or(|last| heard.time_s - last.0 >= 0.1) {
                    notes.energy.push((heard.time_s, energy_of(heard)));
                }
                if heard.bar_count != counts.0 && heard.bar_confidence >= 0.3 {
                    notes.bars_s.push(heard.time_s);
                }
                if heard.section_change.count != counts.1 {
                    notes.sections.push((heard.section_change.time_s, None));
                }
                if heard.drop.count != counts.2 {
                    notes.drops_s.push(heard.drop.time_s);
                }
                counts = (heard.bar_count, heard.section_change.count, heard.drop.count);
                if let Some(section) = notes.sections.last_mut() {
                    section.1 = (heard.section_similarity > ALIKE).then_some(heard.section_match);
                }
            });
        }
        Ok(notes.plan())
    }

    /// A plan that changes the scene at these times, in music of middling energy.
    #[cfg(test)]
    pub(super) fn of_times(times_s: &[f64]) -> Self {
        let cue =
            |(&time_s, section)| Cue { time_s, reason: Reason::Section, energy: 0.5, section, like: None };
        Self { cues: times_s.iter().zip(0..).map(cue).collect() }
    }

    pub(super) fn cues(&self) -> &[Cue] {
        &self.cues
    }

    /// How many changes there are up to `time_s`.
    pub(super) fn until(&self, time_s: f64) -> usize {
        self.cues.partition_point(|cue| cue.time_s <= time_s)
    }

    /// When the scenes change, in seconds.
    pub fn times_s(&self) -> impl Iterator<Item = f64> {
        self.cues.iter().map(|cue| cue.time_s)
    }
}

impl Notes {
    fn plan(self) -> Plan {
        let mut cues: Vec<Cue> = Vec::new();
        let cue = |time_s, reason, section| {
            let (_, like): (f64, Option<u32>) = self.sections[section];
            Cue { time_s, reason, energy: self.energy_from(time_s), section: section as u32, like }
        };
        for (at, &(begin_s, _)) in self.sections.iter().enumerate() {
            let end_s = self.sections.get(at + 1).map_or(self.end_s, |next| next.0);
            let drop_s = self.drops_s.iter().copied().find(|drop_s| (drop_s - begin_s).abs() < NEAR_A_BAR_S);
            let (reason, begin_s) = match (at, drop_s) {
                (0, _) => (Reason::Beginning, 0.0),
                (_, Some(drop_s)) => (Reason::Drop, drop_s),
                (_, None) => (Reason::Section, self.bar_near(begin_s)),
            };
            if cues.last().is_some_and(|last| begin_s - last.time_s < LEAST_S) {
                continue;
            }
            cues.push(cue(begin_s, reason, at));
            for time_s in self.phrases(begin_s, end_s) {
                cues.push(cue(time_s, Reason::Phrase, at));
            }
        }
        Plan { cues }
    }

    fn bar_near(&self, time_s: f64) -> f64 {
        let far = |bar_s: &&f64| (**bar_s - time_s).abs();
        let nearest = self.bars_s.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
        nearest.copied().filter(|bar_s| (bar_s - time_s).abs() < NEAR_A_BAR_S).unwrap_or(time_s)
    }

    /// Where a long section is divided: at its phrases, or evenly where there are no bars.
    fn phrases(&self, begin_s: f64, end_s: f64) -> Vec<f64> {
        let bars: Vec<f64> =
            self.bars_s.iter().copied().filter(|bar_s| (begin_s - 0.1..end_s).contains(bar_s)).collect();
        let mut marks: Vec<f64> = bars.iter().copied().step_by(PHRASE).skip(1).collect();
        if marks.is_empty() {
            let parts = ((end_s - begin_s) / LONGEST_S).round().max(1.0);
            marks.extend((1..parts as usize).map(|part| begin_s + part as f64 * (end_s - begin_s) / parts));
        }
        let mut last_s = begin_s;
        marks.retain(|&mark_s| {
            let fits = mark_s - last_s >= 0.6 * LONGEST_S && end_s - mark_s >= LEAST_S;
            if fits {
                last_s = mark_s;
            }
            fits
        });
        marks
    }

    fn energy_from(&self, time_s: f64) -> f32 {
        let from = self.energy.partition_point(|note| note.0 < time_s);
        let until = self.energy.partition_point(|note| note.0 < time_s + LOOKS_AHEAD_S);
        let part = &self.energy[from..until.max(from)];
        (part.iter().map(|note| note.1).sum::<f64>() / part.len().max(1) as f64) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sections_are_divided_at_phrases_and_boundaries_lie_on_bars() {
        let bars_s = (0..60).map(|bar| 2.0 * f64::from(bar)).collect();
        let energy = (0..1200).map(|at| (0.1 * f64::from(at), if at < 400 { 0.2 } else { 0.8 })).collect();
        let sections = vec![(0.0, None), (40.7, None), (80.2, Some(0))];
        let plan = Notes { bars_s, energy, sections, drops_s: vec![80.05], end_s: 120.0 }.plan();
        let cues: Vec<_> = plan.cues.iter().map(|cue| (cue.time_s, cue.reason)).collect();
        assert_eq!(
            cues,
            [
                (0.0, Reason::Beginning),
                (16.0, Reason::Phrase),
                (32.0, Reason::Phrase),
                (40.0, Reason::Section),
                (56.0, Reason::Phrase),
                (72.0, Reason::Phrase),
                (80.05, Reason::Drop),
                (96.0, Reason::Phrase),
                (112.0, Reason::Phrase),
            ]
        );
        assert!(plan.cues[0].energy < 0.3 && plan.cues[3].energy > 0.7);
        assert_eq!(plan.cues[6].like, Some(0));
        assert_eq!((plan.until(-1.0), plan.until(0.0), plan.until(39.9)), (0, 1, 3));
    }

    #[test]
    fn without_bars_scenes_change_all_the_same() {
        let plan = Notes { sections: vec![(0.0, None)], end_s: 61.0, ..Notes::default() }.plan();
        let times: Vec<f64> = plan.times_s().collect();
        assert_eq!(times.len(), 3, "{times:?}");
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] > 15.0), "{times:?}");
    }
}
