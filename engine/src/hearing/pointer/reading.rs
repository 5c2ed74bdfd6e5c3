//! What a [bar pointer](super) points at.
//!
//! The most likely state jumps about by a frame or two and between a tempo and its double; the mean of all states lies where
//! nothing is. So the likeliest tempo is chosen, within it the likeliest place in the beat, and the mean is taken around that.

use std::f32::consts::TAU;

use super::Pointer;
use super::space::{LANES, meters};

/// Periods that are the same tempo: they differ by less than this part.
const SAME_TEMPO: f32 = 0.06;
/// Places of the beat that are told apart when the likeliest is looked for.
const BINS: usize = 48;
/// Half the width of what is taken for one place, in beats.
const SAME_PLACE: f32 = 0.15;
/// What lies within it of a belief that is the same everywhere.
pub(in super::super) const KNOWS_NOTHING: f32 = 2.0 * SAME_PLACE;
/// How much likelier another tempo, place, or beat of the bar must be than the one that is shown.
const CLEARLY: f32 = 1.6;

/// Where the pointer stands.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in super::super) struct Reading {
    /// Beat period in seconds.
    pub period_s: f32,
    /// Place in the beat, 0 to 1.
    pub phase: f32,
    /// Beats in a bar, and which of them this is, from 0.
    pub beats_per_bar: u32,
    pub beat_of_bar: u32,
    /// Share of the belief that lies at this tempo, and at this place of it.
    pub tempo_share: f32,
    pub place_share: f32,
    /// How sharply the place is known, 0 to 1: the length of its mean direction.
    pub sharpness: f32,
    /// Share of that which says the same of the bar.
    pub bar_share: f32,
    /// Nepers a second by which a rhythm explains what was heard lately better than none.
    pub evidence: f32,
}

/// Reads a pointer, and keeps to what it has read as long as it can.
#[derive(Default)]
pub(in super::super) struct Reader {
    last: Option<Reading>,
}

impl Reader {
    /// Forgets what was read.
    pub(in super::super) fn reset(&mut self) {
        self.last = None;
    }

    /// Reads `pointer`, a frame after the last reading.
    pub(in super::super) fn read(&mut self, pointer: &Pointer) -> Reading {
        let frame_s = pointer.frame_s;
        let expected = self.last.map(|last| (last, last.phase + frame_s / last.period_s));
        let centre = self.tempo(pointer, expected.map(|(last, _)| last.period_s / frame_s));
        let periods = pointer.space.periods();
        let same = pointer.space.near(centre, SAME_TEMPO);

        let mut bins = [0.0_f32; BINS];
        for index in same.clone() {
            let frames = periods[index].frames;
            for place in 0..frames {
                bins[(place * BINS) / frames] += sum(pointer.at(index, place));
            }
        }
        let around = around(&bins);
        let best = (0..BINS).max_by(|&a, &b| around[a].total_cmp(&around[b])).unwrap_or(0);
        let chosen = match expected {
            Some((_, phase)) => {
                let here = ((phase.rem_euclid(1.0) * BINS as f32) as usize).min(BINS - 1);
                if around[best] > CLEARLY * around[here] { best } else { here }
            }
            None => best,
        };
        // From here on places are told by how far they are past the nearest beat.
        let goal = (chosen as f32 + 0.5) / BINS as f32;
        let goal = if goal < 0.5 { goal } else { goal - 1.0 };

        let (mut real, mut imaginary, mut share, mut length) = (0.0, 0.0, 0.0, 0.0);
        // The lanes of what lies past the nearest beat, and of what lies before it.
        let (mut past, mut before) = ([0.0_f32; LANES], [0.0_f32; LANES]);
        for index in same {
            let frames = periods[index].frames as f32;
            for place in 0..periods[index].frames {
                let away = (place as f32 / frames - goal + 0.5).rem_euclid(1.0) - 0.5;
                if away.abs() > SAME_PLACE {
                    continue;
                }
                let belief = pointer.at(index, place);
                let here = sum(belief);
                let (sin, cos) = (TAU * away).sin_cos();
                real += here * cos;
                imaginary += here * sin;
                share += here;
                length += here * frames;
                let lanes = if goal + away < 0.0 { &mut before } else { &mut past };
                lanes.iter_mut().zip(belief).for_each(|(sum, lane)| *sum += lane);
            }
        }
        let mut lanes = pointer.space.next_beat(&before);
        lanes.iter_mut().zip(past).for_each(|(sum, lane)| *sum += lane);
        let tempo_share = bins.iter().sum::<f32>() / pointer.total;
        let mean = goal + imaginary.atan2(real) / TAU;
        let (beats_per_bar, nearest, bar_share) = self.bar(&lanes, share, mean, expected);
        let before = if mean < 0.0 { beats_per_bar - 1 } else { 0 };
        let reading = Reading {
            period_s: frame_s * if share > 0.0 { length / share } else { centre },
            phase: mean.rem_euclid(1.0).min(1.0 - f32::EPSILON),
            beats_per_bar,
            beat_of_bar: (nearest + before) % beats_per_bar,
            tempo_share,
            place_share: share / pointer.total,
            sharpness: if share > 0.0 { real.hypot(imaginary) / share } else { 0.0 },
            bar_share,
            evidence: pointer.evidence / frame_s,
        };
        self.last = Some(reading);
        reading
    }

    /// The likeliest tempo, as a period in frames; the one that was read before, unless another is clearly likelier.
    fn tempo(&self, pointer: &Pointer, before: Option<f32>) -> f32 {
        if let Some(before) = before.filter(|_| !pointer.is_swept()) {
            return before;
        }
        let near =
            |frames: f32| -> f32 { pointer.by_period[pointer.space.near(frames, SAME_TEMPO)].iter().sum() };
        let frames = pointer.space.periods().iter().map(|period| period.frames as f32);
        let best = frames.max_by(|&a, &b| near(a).total_cmp(&near(b))).unwrap_or(50.0);
        match before {
            Some(before) if near(best) <= CLEARLY * near(before) => before,
            _ => best,
        }
    }

    /// Meter, which beat of the bar is nearest, and how sure both are. `mean`: how far past that beat the music is.
    fn bar(
        &self,
        lanes: &[f32; LANES],
        share: f32,
        mean: f32,
        expected: Option<(Reading, f32)>,
    ) -> (u32, u32, f32) {
        let mut best = (4, 0, 0.0);
        for (beats, first, _) in meters() {
            for beat in 0..beats {
                if lanes[first + beat] > best.2 {
                    best = (beats as u32, beat as u32, lanes[first + beat]);
                }
            }
        }
        let kept = expected.filter(|(last, _)| last.beats_per_bar > 0).and_then(|(last, phase)| {
            let ahead = (phase - mean).round();
            let beat = (last.beat_of_bar as i32 + ahead as i32).rem_euclid(last.beats_per_bar as i32) as u32;
            let (_, first, _) = meters().find(|(beats, ..)| *beats as u32 == last.beats_per_bar)?;
            Some((last.beats_per_bar, beat, lanes[first + beat as usize]))
        });
        let (beats, beat, lane) = match kept {
            Some(kept) if best.2 <= CLEARLY * kept.2 => kept,
            _ => best,
        };
        (beats, beat, if share > 0.0 { lane / share } else { 0.0 })
    }
}

/// The sum of all lanes, in four parts at once.
fn sum(lanes: &[f32; LANES]) -> f32 {
    let mut parts = [0.0_f32; 4];
    for four in lanes.chunks_exact(4) {
        parts.iter_mut().zip(four).for_each(|(part, lane)| *part += lane);
    }
    parts.iter().sum()
}

/// For each bin, what lies within [`SAME_PLACE`] of it.
fn around(bins: &[f32; BINS]) -> [f32; BINS] {
    const REACH: usize = (SAME_PLACE * BINS as f32) as usize;
    let mut sums = [0.0; BINS];
    for (bin, sum) in sums.iter_mut().enumerate() {
        *sum = (0..=2 * REACH).map(|i| bins[(bin + BINS + i - REACH) % BINS]).sum();
    }
    sums
}
