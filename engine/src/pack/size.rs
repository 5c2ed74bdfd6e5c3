//! At which of its sizes a pack paints: the shape of the frame decides first, then what the machine can do.
//!
//! A picture of another shape than the frame is cut, and loses what lies beside it; one that is smaller is only softer. So of
//! all sizes those are looked at whose aspect is the nearest to the frame's, and of these none that is larger than the frame needs.
//! Live, [measured time](crate::live) says which of them it is. Offline the count of [`Painter::work`](super::Painter::work) says it: two renders on one machine must be the same, and so a
//! measured time, which is another one each time, has no say in them.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::Pack;

/// Sizes whose aspects are within this much of each other, as a ratio, are of one shape.
const ONE_SHAPE: f64 = 1.04;
/// A picture that is enlarged by no more than this is as good as one of the frame's own size.
const ENOUGH: f64 = 1.3;
/// What a thread of the processor does in a second, at least: multiplications of a generator. Three times that was measured on a
/// server's core of 2023, in floats.
const WORK_PER_S: f64 = 1.5e10;
/// A render may take three times as long as its song. The stage wants half of that.
const PAINTING_SHARE: f64 = 1.5;

/// One size of a pack's pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PictureSize {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

impl PictureSize {
    fn aspect(self) -> f64 {
        f64::from(self.width_px) / f64::from(self.height_px.max(1))
    }

    fn pixels(self) -> u64 {
        u64::from(self.width_px) * u64::from(self.height_px)
    }

    /// How far two shapes are apart: 1 where they are the same.
    fn stretch(self, other: Self) -> f64 {
        let ratio = self.aspect() / other.aspect().max(1e-9);
        ratio.max(1.0 / ratio)
    }

    /// Whether it is large enough for a frame, or so nearly that nobody sees it.
    fn covers(self, frame: Self) -> bool {
        let wide_enough = |own: u32, frames: u32| f64::from(own) * ENOUGH >= f64::from(frames);
        wide_enough(self.width_px, frame.width_px) && wide_enough(self.height_px, frame.height_px)
    }
}

/// `512x288`.
impl fmt::Display for PictureSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width_px, self.height_px)
    }
}

impl From<(u32, u32)> for PictureSize {
    fn from((width_px, height_px): (u32, u32)) -> Self {
        Self { width_px, height_px }
    }
}

/// Reads `512x288`.
impl FromStr for PictureSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sides = text.split_once(['x', 'X']);
        let sides = sides.map(|(width, height)| (width.trim().parse(), height.trim().parse()));
        match sides {
            Some((Ok(width_px), Ok(height_px))) => Ok(Self { width_px, height_px }),
            _ => Err(format!("{text:?} is no size: it is written as 512x288")),
        }
    }
}

impl Pack {
    /// The size that it paints at as it is.
    pub fn picture_size(&self) -> PictureSize {
        (self.generator_contract.width_px, self.generator_contract.height_px).into()
    }

    /// Every size that it can paint at, its own first, with how much a picture computes.
    pub fn picture_sizes(&self) -> Vec<(PictureSize, u64)> {
        let others = self
            .others
            .iter()
            .map(|other| ((other.contract.width_px, other.contract.height_px).into(), other.work));
        [(self.picture_size(), self.generator_work)].into_iter().chain(others).collect()
    }

    /// The sizes that are worth painting for a frame, the least work first; there is at least one.
    pub fn sizes_for(&self, frame: PictureSize) -> Vec<(PictureSize, u64)> {
        let mut sizes = self.picture_sizes();
        let nearest =
            sizes.iter().map(|(size, _)| *size).min_by(|a, b| a.stretch(frame).total_cmp(&b.stretch(frame)));
        let shape = nearest.unwrap_or_else(|| self.picture_size());
        sizes.retain(|(size, _)| size.stretch(shape) <= ONE_SHAPE);
        sizes.sort_by_key(|(size, work)| (*work, size.pixels()));
        let enough = sizes.iter().position(|(size, _)| size.covers(frame));
        sizes.truncate(enough.map_or(sizes.len(), |place| place + 1));
        sizes
    }

    /// The size for a render of such frames, with so many pictures for a second of sound, on so many threads: the largest that
    /// leaves it above a third of real time.
    pub fn size_offline(&self, frame: PictureSize, pictures_per_s: f64, threads: usize) -> PictureSize {
        let budget = threads as f64 * WORK_PER_S * PAINTING_SHARE / pictures_per_s.max(1e-3);
        let sizes = self.sizes_for(frame);
        let affordable = sizes.iter().rev().find(|(_, work)| *work as f64 <= budget);
        affordable.or(sizes.first()).map_or_else(|| self.picture_size(), |(size, _)| *size)
    }

    /// The pack painting at another of its sizes; nothing where it has no such size. It still has all of them.
    pub fn painting_at(&self, size: PictureSize) -> Option<Self> {
        if size == self.picture_size() {
            return Some(self.clone());
        }
        let is_wanted =
            |other: &&super::Painter| size == (other.contract.width_px, other.contract.height_px).into();
        let wanted = self.others.iter().find(is_wanted)?.clone();
        let own = super::Painter {
            model: self.generator.clone(),
            contract: self.generator_contract.clone(),
            work: self.generator_work,
        };
        let others: Arc<[super::Painter]> = self
            .others
            .iter()
            .map(|other| if is_wanted(&other) { own.clone() } else { other.clone() })
            .collect();
        Some(Self {
            generator: wanted.model,
            generator_contract: wanted.contract,
            generator_work: wanted.work,
            others,
            ..self.clone()
        })
    }
}
