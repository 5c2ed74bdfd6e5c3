//! Where a song goes on differently, and whether that was there before.
//!
//! The newest two seconds are held against what the section was up to then, as a checkerboard kernel does along the diagonal of a
//! self-similarity matrix (Foote, "Automatic audio segmentation using a measure of audio novelty", 2000), one-sided, since nobody
//! knows what comes. How far apart is far is what the section itself does: each band's distance counts in deviations of
//! two-second means within the section, so that a busy piece needs more than a still one.

use super::Drum;
use super::digest::{BANDS, Digest, LENGTH_S};
use super::pulse::Pulse;

/// Digests that are held against the section, and what a section must have besides.
const NEW: usize = 4;
const LEAST: usize = 14;
/// Digests of a section that are looked back on.
const MOST: usize = 64;
/// Sections that are remembered.
const PROTOTYPES: usize = 32;
/// What is this much quieter than the recording counts as silence.
const FLOOR_DB: f32 = 50.0;
/// Deviation that a band is taken to have, for so many two-second means; and what is added to all deviations.
const PRIOR_DB: f32 = 1.0;
const PRIOR_COUNT: f32 = 6.0;
const LEAST_DEVIATION_DB: f32 = 0.5;
/// One band counts for so many deviations at most: a single one is no section.
const MOST_DEVIATIONS: f32 = 6.0;
/// Distance at which something has changed, for so many digests in a row, and one that is full certainty.
const CHANGED: f32 = 1.9;
const IN_A_ROW: usize = 2;
const CERTAIN: f32 = 3.5;
/// Silence after which another song begins.
const FORGET_S: f64 = 3.0;
const DECAY_S: f32 = 1.5;
/// Differences that make two sections clearly different: mean over bands, and 1 less the cosine of their chroma.
const DIFFERENT_DB: f32 = 3.0;
const DIFFERENT_CHROMA: f32 = 0.15;

type Bands = [f32; BANDS];

/// A section that is over, as the mean of its digests.
#[derive(Clone, Copy)]
struct Prototype {
    number: u32,
    bands_db: Bands,
    chroma: [f32; 12],
}

/// What the section that runs is like: how much (0 to 1), and the number of the earlier one.
type Likeness = (f32, u32);

/// Finds sections, and remembers them.
pub(super) struct Sections {
    /// Digests of this section, the oldest first.
    digests: Vec<Digest>,
    /// Sums over those that are no longer kept.
    older: Sums,
    in_a_row: usize,
    number: u32,
    prototypes: Vec<Prototype>,
    likeness: Likeness,
    silent_s: f64,
    found: Option<(f32, f64)>,
    pulse: Pulse,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    bands_db: Bands,
    chroma: [f32; 12],
    count: f32,
}

impl Sums {
    fn add(&mut self, digest: &Digest) {
        self.bands_db.iter_mut().zip(digest.bands_db).for_each(|(sum, band)| *sum += band);
        self.chroma.iter_mut().zip(digest.chroma).for_each(|(sum, class)| *sum += class);
        self.count += 1.0;
    }
}

impl Sections {
    pub(super) fn new(hop_s: f32) -> Self {
        Self {
            digests: Vec::with_capacity(MOST),
            older: Sums::default(),
            in_a_row: 0,
            number: 0,
            prototypes: Vec::with_capacity(PROTOTYPES),
            likeness: (0.0, 0),
            silent_s: 0.0,
            found: None,
            pulse: Pulse::new(hop_s, DECAY_S),
        }
    }

    /// Takes half a second of a recording that gets as loud as `loud_db`.
    pub(super) fn look(&mut self, mut digest: Digest, loud_db: f32) {
        if digest.presence < 0.5 {
            self.silent_s += LENGTH_S;
            if self.silent_s >= FORGET_S {
                self.begin_anew();
            }
            return;
        }
        self.silent_s = 0.0;
        let floor_db = loud_db - FLOOR_DB;
        digest.bands_db.iter_mut().for_each(|band| *band = band.max(floor_db));
        if self.digests.len() == MOST {
            self.older.add(&self.digests[0]);
            self.digests.remove(0);
        }
        self.digests.push(digest);
        if self.digests.len() >= LEAST + NEW {
            let distance = self.distance();
            self.in_a_row = if distance > CHANGED { self.in_a_row + 1 } else { 0 };
            if self.in_a_row >= IN_A_ROW {
                self.in_a_row = 0;
                self.change(distance);
            }
        }
        self.likeness = self.liken();
    }

    /// Moves on by one hop.
    pub(super) fn hop(&mut self) -> (Drum, Likeness) {
        let found = self.found.take();
        let drum =
            self.pulse.hop(found.map(|(strength, _)| strength), found.map_or(0.0, |(_, time_s)| time_s));
        (drum, self.likeness)
    }

    /// Another song: what was is no section of it.
    fn begin_anew(&mut self) {
        self.digests.clear();
        self.prototypes.clear();
        (self.older, self.in_a_row, self.likeness) = (Sums::default(), 0, (0.0, 0));
    }

    /// How far the newest digests are from the section, in deviations.
    fn distance(&self) -> f32 {
        let (section, new) = self.digests.split_at(self.digests.len() - NEW);
        let (was, is) = (mean(section), mean(new));
        let mut squares = 0.0;
        let means = section.windows(NEW).count() as f32;
        for band in 0..BANDS {
            let variance: f32 = section
                .windows(NEW)
                .map(|window| {
                    (window.iter().map(|digest| digest.bands_db[band]).sum::<f32>() / NEW as f32 - was[band])
                        .powi(2)
                })
                .sum();
            let deviation = ((variance + PRIOR_COUNT * PRIOR_DB * PRIOR_DB) / (means + PRIOR_COUNT)).sqrt();
            let deviations = (is[band] - was[band]).abs() / (deviation + LEAST_DEVIATION_DB);
            squares += deviations.min(MOST_DEVIATIONS).powi(2);
        }
        (squares / BANDS as f32).sqrt()
    }

    /// A section begins: where the newest digests are split best into what was and what is.
    fn change(&mut self, distance: f32) {
        let count = self.digests.len();
        let first = (count - NEW).saturating_sub(NEW).max(LEAST / 2);
        let was = mean(&self.digests[..count - NEW]);
        let cost = |split: usize| {
            let is = mean(&self.digests[split..]);
            let off = |digest: &Digest, from: &Bands| -> f32 {
                digest.bands_db.iter().zip(from).map(|(band, mean)| (band - mean).powi(2)).sum()
            };
            let before: f32 = self.digests[first..split].iter().map(|digest| off(digest, &was)).sum();
            before + self.digests[split..].iter().map(|digest| off(digest, &is)).sum::<f32>()
        };
        let split = (first..count).min_by(|&a, &b| cost(a).total_cmp(&cost(b))).unwrap_or(count - NEW);
        let start_s = self.digests[split].time_s - LENGTH_S;
        self.found = Some(((distance / CERTAIN).min(1.0), start_s));

        let mut sums = self.older;
        self.digests[..split].iter().for_each(|digest| sums.add(digest));
        if self.prototypes.len() == PROTOTYPES {
            self.prototypes.remove(0);
        }
        self.prototypes.push(Prototype {
            number: self.number,
            bands_db: sums.bands_db.map(|sum| sum / sums.count),
            chroma: sums.chroma.map(|sum| sum / sums.count),
        });
        self.number = self.number.wrapping_add(1);
        self.digests.drain(..split);
        self.older = Sums::default();
    }

    /// The earlier section that this one is most like.
    fn liken(&self) -> Likeness {
        let mut sums = self.older;
        self.digests.iter().for_each(|digest| sums.add(digest));
        let mut best = (0.0, 0);
        for prototype in &self.prototypes {
            let apart = prototype.bands_db.iter().zip(sums.bands_db).map(|(a, b)| (a - b / sums.count).abs());
            let bands = apart.sum::<f32>() / BANDS as f32 / DIFFERENT_DB;
            let chroma = super::chord::apart(&prototype.chroma, &sums.chroma) / DIFFERENT_CHROMA;
            let similarity = (-0.5 * (bands * bands + chroma * chroma)).exp();
            if similarity > best.0 {
                best = (similarity, prototype.number);
            }
        }
        best
    }
}

fn mean(digests: &[Digest]) -> Bands {
    let mut sum = [0.0; BANDS];
    for digest in digests {
        sum.iter_mut().zip(digest.bands_db).for_each(|(sum, band)| *sum += band);
    }
    sum.map(|sum| sum / digests.len().max(1) as f32)
}
