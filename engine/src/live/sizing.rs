//! At which of its sizes the pack paints live: in the shape of the frame, and as large as it keeps the rate of pictures.
//!
//! Measured when a pack is loaded, from the smallest size on, so that a slow machine loads no more than it can use. Afterwards a
//! size that falls behind for seconds gives way to the next smaller one, and the next larger one comes when it would do so with
//! much to spare, for a long while: so the picture does not go to and fro. Another size is loaded aside, and the stage tweens into its first picture as into any other.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, TryRecvError, bounded};

use super::dreams::SHARE;
use crate::dreamer::{DreamError, Models};
use crate::inference::{Options, Runtime, spawn_low_priority};
use crate::pack::Pack;
use crate::pack::size::PictureSize;
use crate::performance::PICTURES_PER_S;

/// A picture may take so long.
const BUDGET_MS: f64 = 1e3 * SHARE / PICTURES_PER_S;
/// A picture that takes this share of it too long is slow, and one of the next larger size that would take this share of it is quick.
const SLOW: f64 = 1.5;
const QUICK: f64 = 0.6;
/// After so many more slow pictures than others a smaller size is taken.
const SLOW_PICTURES: u32 = 30;
/// After so many quick pictures in a row a larger one is; each time that one was too slow it takes four times as many.
const QUICK_PICTURES: u32 = 100;
const MOST_QUICK_PICTURES: u32 = 25_600;
/// The frame, as long as nobody has drawn one.
const USUAL_FRAME: PictureSize = PictureSize { width_px: 1280, height_px: 720 };

/// Which size should be next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Smaller,
    Larger,
}

/// Whether pictures come as often as they should, with hysteresis.
#[derive(Debug)]
struct Pace {
    slow: u32,
    quick: u32,
    wanted_quick: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { slow: 0, quick: 0, wanted_quick: QUICK_PICTURES }
    }
}

impl Pace {
    /// Takes what a picture has taken; `larger` is how many times as much one of the next larger size computes.
    fn note(&mut self, ms: f64, larger: Option<f64>) -> Option<Step> {
        self.slow = if ms > SLOW * BUDGET_MS { self.slow + 1 } else { self.slow.saturating_sub(1) };
        let is_quick = larger.is_some_and(|times| ms * times < QUICK * BUDGET_MS);
        self.quick = if is_quick { self.quick + 1 } else { 0 };
        if self.slow >= SLOW_PICTURES {
            (self.slow, self.quick) = (0, 0);
            self.wanted_quick = (self.wanted_quick * 4).min(MOST_QUICK_PICTURES);
            Some(Step::Smaller)
        } else if self.quick >= self.wanted_quick {
            (self.slow, self.quick) = (0, 0);
            Some(Step::Larger)
        } else {
            None
        }
    }
}

/// The pack that plays, and the size that it paints at.
struct Playing {
    pack: Pack,
    frame: PictureSize,
    /// What is worth painting for that frame, the least work first.
    sizes: Vec<(PictureSize, u64)>,
    size: PictureSize,
}

/// What came of loading another size.
type Loaded = Result<Arc<Models>, DreamError>;

/// Follows frame and pace.
#[derive(Default)]
pub(super) struct Sizing {
    playing: Option<Playing>,
    pace: Pace,
    /// The size that is being loaded, and where its models come.
    coming: Option<(PictureSize, Receiver<Loaded>)>,
    /// What could not be loaded is not tried again.
    broken: Vec<PictureSize>,
}

impl Sizing {
    /// Another pack plays, or the same one anew, at this size.
    pub(super) fn begin(&mut self, pack: Pack, size: PictureSize) {
        let sizes = vec![(size, 1)];
        *self = Self { playing: Some(Playing { pack, frame: size, sizes, size }), ..Self::default() };
    }

    /// The frames are of this size. Where the pictures have another shape than they could have, pictures of about the same work in
    /// that shape are loaded.
    pub(super) fn follow(&mut self, frame: Option<PictureSize>) {
        let (Some(playing), None) = (&mut self.playing, &self.coming) else { return };
        let frame = frame.unwrap_or(USUAL_FRAME);
        if playing.frame == frame || playing.pack.others.is_empty() {
            return;
        }
        (playing.frame, playing.sizes) = (frame, playing.pack.sizes_for(frame));
        if playing.place().is_none() {
            let known = playing.pack.picture_sizes();
            let work = known.iter().find(|(size, _)| *size == playing.size).map_or(0, |(_, work)| *work);
            let affordable = playing.sizes.iter().rev().find(|(_, other)| *other <= work + work / 4);
            let wanted = affordable.or(playing.sizes.first()).map(|(size, _)| *size);
            if let Some(size) = wanted {
                self.pace = Pace::default();
                self.load(size);
            }
        }
    }

    /// A picture has taken so long.
    pub(super) fn note(&mut self, taken: Duration) {
        let (Some(playing), None) = (&self.playing, &self.coming) else { return };
        let Some(place) = playing.place().filter(|_| playing.sizes.len() > 1) else { return };
        let own = playing.sizes.get(place);
        let larger = playing.sizes.get(place + 1).zip(own).map(|(larger, own)| times_as_long(*own, *larger));
        let wanted = match self.pace.note(1e3 * taken.as_secs_f64(), larger) {
            Some(Step::Smaller) => place.checked_sub(1),
            Some(Step::Larger) => Some(place + 1),
            None => None,
        };
        let wanted = wanted.and_then(|place| playing.sizes.get(place)).map(|(size, _)| *size);
        if let Some(size) = wanted {
            self.load(size);
        }
    }

    /// Models of another size, once they are there.
    pub(super) fn take(&mut self) -> Option<Arc<Models>> {
        let (size, coming) = self.coming.as_ref()?;
        let (size, loaded) = (*size, coming.try_recv());
        if matches!(loaded, Err(TryRecvError::Empty)) {
            return None;
        }
        self.coming = None;
        match loaded {
            Ok(Ok(models)) => {
                if let Some(playing) = &mut self.playing {
                    tracing::info!("pictures are painted at {size} now, and were at {}", playing.size);
                    playing.size = size;
                }
                Some(models)
            }
            Ok(Err(error)) => {
                tracing::warn!("pictures stay as large as they are: {error}");
                self.broken.push(size);
                None
            }
            Err(_) => None,
        }
    }

    fn load(&mut self, size: PictureSize) {
        let Some(pack) = self.playing.as_ref().and_then(|playing| playing.pack.painting_at(size)) else {
            return;
        };
        if self.broken.contains(&size) {
            return;
        }
        let (tell, told) = bounded(1);
        let work = move || {
            let loaded = Runtime::load().map(|runtime| Models::shared(&runtime, &pack, &options()));
            if let Ok(loaded) = loaded {
                let _ = tell.send(loaded); // nobody may want it any more
            }
        };
        match spawn_low_priority("klangbild-size", work) {
            Ok(_) => self.coming = Some((size, told)),
            Err(error) => {
                tracing::warn!("pictures stay as large as they are: the system gives no thread: {error}")
            }
        }
    }
}

impl Playing {
    fn place(&self) -> Option<usize> {
        self.sizes.iter().position(|(size, _)| *size == self.size)
    }
}

/// What live models run on.
pub(super) fn options() -> Options {
    // The stage and the host want the cores more than the models do.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Options { threads: (cores / 2).clamp(1, 4), ..Options::default() }
}

/// Loads the pack at the largest size for such frames that keeps the rate.
///
/// # Errors
/// As [`Models::load`], of the smallest size.
pub(super) fn load(
    runtime: &Runtime,
    pack: &Pack,
    frame: Option<PictureSize>,
) -> Result<Arc<Models>, DreamError> {
    let options = options();
    let open = |size: PictureSize| {
        let sized = pack.painting_at(size).unwrap_or_else(|| pack.clone());
        Models::shared(runtime, &sized, &options)
    };
    let sizes = pack.sizes_for(frame.unwrap_or(USUAL_FRAME));
    let mut own = sizes.first().copied().unwrap_or((pack.picture_size(), 1));
    let mut best = open(own.0)?;
    for larger in sizes.into_iter().skip(1) {
        // What it would take, and then what it does take.
        if best.measure_ms()? * times_as_long(own, larger) > BUDGET_MS {
            break;
        }
        match open(larger.0) {
            Ok(models) if models.measure_ms()? <= BUDGET_MS => (best, own) = (models, larger),
            Ok(_) => break,
            Err(error) => {
                tracing::warn!("a larger size of the pack is left out: {error}");
                break;
            }
        }
    }
    tracing::info!("pictures are painted at {}", best.picture_size());
    Ok(best)
}

/// About how many times as long a picture of the size `other` takes as one of the size `own`: half of the time goes by what is computed,
/// and half by what goes through memory.
fn times_as_long(own: (PictureSize, u64), other: (PictureSize, u64)) -> f64 {
    let pixels = |size: PictureSize| f64::from(size.width_px) * f64::from(size.height_px);
    let computed = other.1 as f64 / own.1.max(1) as f64;
    0.5 * (computed + pixels(other.0) / pixels(own.0).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_step(
        pace: &mut Pace,
        pictures: u32,
        ms: impl Fn(u32) -> f64,
        larger: Option<f64>,
    ) -> Option<(u32, Step)> {
        (0..pictures).find_map(|at| pace.note(ms(at), larger).map(|step| (at, step)))
    }

    #[test]
    fn a_size_that_falls_behind_gives_way_and_a_hiccup_does_not_matter() {
        let (mut pace, late_ms) = (Pace::default(), 2.0 * BUDGET_MS);
        let step = first_step(&mut pace, 1000, |_| late_ms, Some(4.0));
        assert_eq!(step, Some((SLOW_PICTURES - 1, Step::Smaller)));
        let hiccups = |at: u32| if at % 10 < 4 { late_ms } else { 0.9 * BUDGET_MS };
        assert_eq!(first_step(&mut pace, 1000, hiccups, Some(4.0)), None);
    }

    #[test]
    fn a_larger_size_comes_only_where_it_would_do_with_much_to_spare() {
        let just_enough = BUDGET_MS / 4.0;
        assert_eq!(first_step(&mut Pace::default(), 1000, |_| just_enough, Some(4.0)), None);
        let plenty = |_| just_enough / 2.0;
        let step = first_step(&mut Pace::default(), 1000, plenty, Some(4.0));
        assert_eq!(step, Some((QUICK_PICTURES - 1, Step::Larger)));
        assert_eq!(first_step(&mut Pace::default(), 1000, plenty, None), None, "there is none");
    }

    #[test]
    fn pictures_do_not_go_to_and_fro() {
        // A machine that seems to be quick enough for the larger size and then is not, for an hour of pictures.
        let (mut pace, mut large, mut changes) = (Pace::default(), false, 0);
        for _ in 0..36_000 {
            let (ms, more) = if large { (2.0 * BUDGET_MS, None) } else { (0.1 * BUDGET_MS, Some(4.0)) };
            if let Some(step) = pace.note(ms, more) {
                large = step == Step::Larger;
                changes += 1;
            }
        }
        assert!(changes <= 10, "{changes} changes in an hour");
    }
}
