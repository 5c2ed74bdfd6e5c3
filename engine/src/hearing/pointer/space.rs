//! The states of the [bar pointer](super).

use std::ops::Range;

const SLOWEST_BPM: f32 = 38.0;
const FASTEST_BPM: f32 = 250.0;
/// Neighbouring periods differ by this part, or by a frame.
const STEP: f32 = 0.025;
/// Centre and width, in octaves, of the tempos that music mostly has: where a belief begins, and nothing more.
const USUAL_BPM: f32 = 118.0;
const USUAL_OCTAVES: f32 = 0.65;
/// Beats that follow each other faster than this are doubted by who cannot tell a beat from half of one, and how much: the eighths of
/// one tempo are the quarters of its double.
const HURRIED_S: f32 = 0.4;
const HASTE: f32 = 2.0;
/// How strictly a beat is as long as the one before: nepers of belief for each neper of the period's change.
const STEADINESS: f32 = 50.0;
/// Changes that are less likely than this are left to [`ANY_PERIOD`].
const NO_WEIGHT: f32 = 1e-4;
/// Share of beats after which the period is any other one.
pub(super) const ANY_PERIOD: f32 = 0.005;
/// Share of bars after which the meter is another one.
const ANY_METER: f32 = 0.01;
/// Half the width of what counts as on the beat: a part of the beat, and no less than so many seconds.
const ON_BEAT: f32 = 0.035;
const ON_BEAT_S: f32 = 0.013;

/// Beats in a bar, and how usual that is.
const METERS: [(usize, f32); 6] = [(2, 0.08), (3, 0.20), (4, 0.55), (5, 0.06), (6, 0.05), (7, 0.06)];
/// One for each beat of each meter, rounded up to what processors add at once.
pub(super) const LANES: usize = 32;

/// A beat period.
pub(super) struct Period {
    /// Its length, and so the number of its places.
    pub frames: usize,
    /// The index of its first place among all.
    pub first: usize,
    /// What is believed of it before anything is heard; all of them sum to 1.
    pub prior: f32,
    /// How much one of its beats is believed by a patient pointer.
    pub unhurried: f32,
    /// Places near a beat, and how much each counts as on it.
    zone: Vec<(usize, f32)>,
}

impl Period {
    pub(super) fn range(&self) -> Range<usize> {
        self.first..self.first + self.frames
    }

    pub(super) fn zone(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.zone.iter().copied()
    }
}

/// All states: for each period a ring of places, and at each place a lane for each beat of each meter.
pub(super) struct Space {
    periods: Vec<Period>,
    places: usize,
    /// From which periods, and how likely, a beat of each period follows.
    from: Vec<Vec<(usize, f32)>>,
    start: [f32; LANES],
    kinds: [f32; LANES],
    kinds_next: [f32; LANES],
}

impl Space {
    pub(super) fn new(frame_s: f32) -> Self {
        let (mut periods, mut first): (Vec<Period>, usize) = (Vec::new(), 0);
        let (shortest, longest) = (60.0 / FASTEST_BPM / frame_s, 60.0 / SLOWEST_BPM / frame_s);
        let mut frames = shortest.round() as usize;
        while frames as f32 <= longest {
            let octaves = (60.0 / (frames as f32 * frame_s) / USUAL_BPM).log2() / USUAL_OCTAVES;
            let prior = (-0.5 * octaves * octaves).exp();
            let unhurried = (frames as f32 * frame_s / HURRIED_S).min(1.0).powf(HASTE);
            periods.push(Period { frames, first, prior, unhurried, zone: zone(frames, frame_s) });
            first += frames;
            frames = (frames + 1).max((frames as f32 * (1.0 + STEP)).round() as usize);
        }
        // Longer steps stand for more tempos.
        let widths: Vec<f32> = (0..periods.len())
            .map(|i| {
                let next = periods.get(i + 1).map_or(periods[i].frames + 1, |next| next.frames);
                (next as f32 / periods[i].frames as f32).ln()
            })
            .collect();
        periods.iter_mut().zip(&widths).for_each(|(period, width)| period.prior *= width);
        let sum: f32 = periods.iter().map(|period| period.prior).sum();
        periods.iter_mut().for_each(|period| period.prior /= sum);

        let from = transitions(&periods, &widths);
        let (mut start, mut kinds, mut kinds_next) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
        for (beats, first, share) in meters() {
            kinds[first] = 1.0;
            kinds_next[first + beats - 1] = 1.0;
            start[first..first + beats].fill(share / beats as f32);
        }
        Self { periods, places: first, from, start, kinds, kinds_next }
    }

    pub(super) fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The periods that differ from this one, in frames, by less than a part.
    pub(super) fn near(&self, frames: f32, part: f32) -> Range<usize> {
        let from = self.periods.partition_point(|period| (period.frames as f32) < frames / (1.0 + part));
        let to = self.periods.partition_point(|period| (period.frames as f32) < frames * (1.0 + part));
        from..to.max(from)
    }

    /// Places of all rings.
    pub(super) fn places(&self) -> usize {
        self.places
    }

    pub(super) fn from(&self, period: usize) -> &[(usize, f32)] {
        &self.from[period]
    }

    /// What is believed of each lane before anything is heard.
    pub(super) fn start(&self) -> [f32; LANES] {
        self.start
    }

    /// 1 for the first beats of bars.
    pub(super) fn kinds(&self) -> [f32; LANES] {
        self.kinds
    }

    /// 1 for those after which a bar begins.
    pub(super) fn kinds_next(&self) -> [f32; LANES] {
        self.kinds_next
    }

    /// The belief of a beat's end as that of the next one's beginning.
    pub(super) fn next_beat(&self, ending: &[f32; LANES]) -> [f32; LANES] {
        let mut next = [0.0; LANES];
        let ends: f32 = meters().map(|(beats, first, _)| ending[first + beats - 1]).sum();
        for (beats, first, share) in meters() {
            next[first + 1..first + beats].copy_from_slice(&ending[first..first + beats - 1]);
            next[first] = (1.0 - ANY_METER) * ending[first + beats - 1] + ANY_METER * share * ends;
        }
        next
    }
}

/// Beats in a bar, its first lane, and how usual it is: shares sum to 1.
pub(super) fn meters() -> impl Iterator<Item = (usize, usize, f32)> {
    METERS.iter().scan(0, |first, &(beats, share)| {
        let lane = *first;
        *first += beats;
        Some((beats, lane, share))
    })
}

fn zone(frames: usize, frame_s: f32) -> Vec<(usize, f32)> {
    let width = (ON_BEAT * frames as f32).max(ON_BEAT_S / frame_s);
    let weigh = |place: usize| {
        let away = place.min(frames - place) as f32 / width;
        (place, (-0.5 * away * away).exp())
    };
    (0..frames).map(weigh).filter(|(_, weight)| *weight > 0.08).collect()
}

/// For each period, the periods near it and how likely a beat of those is followed by one of this.
fn transitions(periods: &[Period], widths: &[f32]) -> Vec<Vec<(usize, f32)>> {
    let mut from = vec![Vec::new(); periods.len()];
    for (i, leaving) in periods.iter().enumerate() {
        let near = |arriving: &Period| {
            let ratio = arriving.frames as f32 / leaving.frames as f32;
            (-STEADINESS * ratio.ln().abs()).exp()
        };
        let weights: Vec<f32> = periods.iter().zip(widths).map(|(to, width)| near(to) * width).collect();
        let sum: f32 = weights.iter().sum();
        for (j, weight) in weights.iter().map(|weight| (1.0 - ANY_PERIOD) * weight / sum).enumerate() {
            if weight > NO_WEIGHT {
                from[j].push((i, weight));
            }
        }
    }
    from
}
