//! What a song was heard as: by [`Hearing`](crate::hearing::Hearing), hop by hop, or by another tracker that wrote its beats down.

use crate::hearing::{Drum, Heard};

/// Tempo is noted this often, in seconds.
const TEMPO_EVERY_S: f64 = 0.1;

/// A hit of a drum, in seconds of the song.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// When it is said to have begun.
    pub began_s: f64,
    /// When it was shown: at the end of the hop that reported it.
    pub shown_s: f64,
}

/// The hits of each drum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    /// Kick drums.
    pub kick: Vec<Hit>,
    /// Snares.
    pub snare: Vec<Hit>,
    /// Hats.
    pub hat: Vec<Hit>,
    /// Onsets of anything.
    pub onset: Vec<Hit>,
}

/// All that was shown of one song. Times are in seconds and rise; what a tracker does not tell at all is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// How long the song is.
    pub seconds: f64,
    /// When beats were shown.
    pub beats: Vec<f64>,
    /// How sure each of them was, 0 to 1.
    pub confidences: Option<Vec<f64>>,
    /// Those of them that were the first of a bar.
    pub downbeats: Option<Vec<f64>>,
    /// How many beats a bar was said to have, at each beat.
    pub beats_per_bar: Option<Vec<f64>>,
    /// The tempo in beats per minute over time, 0 while unknown: (seconds, tempo).
    pub tempi: Option<Vec<(f64, f64)>>,
    /// Hits of drums.
    pub hits: Option<Hits>,
    /// Changes of section.
    pub sections: Option<Vec<f64>>,
}

impl Shown {
    /// Of another tracker's beats, rising, each with its place in the bar (1 is the first) if it tells bars.
    pub fn of_beats(beats: &[(f64, Option<u32>)], seconds: f64) -> Self {
        let tells_bars = beats.iter().any(|(_, position)| position.is_some());
        let downbeats =
            || beats.iter().filter(|(_, position)| *position == Some(1)).map(|(time_s, _)| *time_s).collect();
        Self {
            seconds,
            beats: beats.iter().map(|(time_s, _)| *time_s).collect(),
            downbeats: tells_bars.then(downbeats),
            ..Self::default()
        }
    }
}

/// The bar that is shown: how many there were, and how many beats it has. None as long as no bars are heard.
fn bar(heard: &Heard) -> Option<(u32, f32)> {
    (heard.beats_per_bar > 0.0).then_some((heard.bar_count, heard.beats_per_bar))
}

/// How many sections there were. None as long as none are heard.
fn section_count(heard: &Heard) -> Option<u32> {
    Some(heard.section_change.count)
}

/// Collects what a listener is shown.
#[derive(Default)]
pub struct Collector {
    shown: Shown,
    before: Heard,
    next_tempo_s: f64,
}

impl Collector {
    /// Takes the next hop.
    pub fn hop(&mut self, heard: &Heard) {
        let (shown, before) = (&mut self.shown, &self.before);
        let now_s = heard.time_s;
        shown.seconds = now_s;
        let beat_fell = heard.beat_count > before.beat_count;
        if beat_fell {
            shown.beats.push(now_s);
        }
        let confidences = shown.confidences.get_or_insert_default();
        if beat_fell {
            confidences.push(f64::from(heard.beat_confidence));
        }
        if let Some((bars, beats_per_bar)) = bar(heard) {
            let downbeats = shown.downbeats.get_or_insert_default();
            if bars > bar(before).map_or(0, |(bars, _)| bars) {
                downbeats.push(now_s);
            }
            let told = shown.beats_per_bar.get_or_insert_default();
            if beat_fell {
                told.push(f64::from(beats_per_bar));
            }
        }
        if let Some(sections) = section_count(heard) {
            let changes = shown.sections.get_or_insert_default();
            if sections > section_count(before).unwrap_or(0) {
                changes.push(now_s);
            }
        }
        let hits = shown.hits.get_or_insert_default();
        note(&mut hits.kick, heard.kick, before.kick, now_s);
        note(&mut hits.snare, heard.snare, before.snare, now_s);
        note(&mut hits.hat, heard.hat, before.hat, now_s);
        note(&mut hits.onset, heard.onset, before.onset, now_s);
        let tempi = shown.tempi.get_or_insert_default();
        if now_s >= self.next_tempo_s {
            tempi.push((now_s, f64::from(heard.tempo_bpm)));
            self.next_tempo_s += TEMPO_EVERY_S;
        }
        self.before = *heard;
    }

    /// All that was shown.
    pub fn finish(self) -> Shown {
        self.shown
    }
}

fn note(hits: &mut Vec<Hit>, drum: Drum, before: Drum, now_s: f64) {
    if drum.count > before.count {
        hits.push(Hit { began_s: drum.time_s, shown_s: now_s });
    }
}
