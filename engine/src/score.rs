//! How a video looks, in figures: whether it is sharp, drawn once, steady, alive, colourful, and whether it goes with the music.
//!
//! All measures are of what eyes get: sRGB bytes as they are shown. Luma is 0.2126 R + 0.7152 G + 0.0722 B of these, 0 to 1.
//!
//! ```
//! use klangbild_engine::score::{Music, Scorer};
//!
//! let mut scorer = Scorer::new(64, 36, 30.0)?;
//! for _ in 0..3 {
//!     scorer.frame(&vec![128; 64 * 36 * 3]);
//! }
//! let score = scorer.finish(&Music::default());
//! assert_eq!((score.frames, score.edges_percent, score.still_frames_percent), (3, 0.0, 100.0));
//! # Ok::<(), klangbild_engine::score::ScoreError>(())
//! ```

mod beats;
mod change;
mod colour;
mod edges;
mod luma;
mod mixture;
mod music;
#[cfg(test)]
mod tests;

use change::Change;
use colour::Colour;
use edges::Edges;
use luma::Luma;
use mixture::Mixture;
pub use music::Music;

/// Why a video cannot be measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// Too small, or no frame rate.
    #[error(
        "a video of {width_px}x{height_px} at {fps} frames per second cannot be measured: it takes at least 32x32 and 1 frame per second"
    )]
    Shape {
        /// Width of the frames.
        width_px: usize,
        /// Height of the frames.
        height_px: usize,
        /// Frames per second.
        fps: f64,
    },
}

macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident: $type:ty, $label:literal;)*) => {
        /// The figures. Means are over all frames.
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        pub struct Score {
            $($(#[$doc])* pub $name: $type,)*
        }

        impl Score {
            /// Each figure with its name in words; none where there is nothing to measure.
            pub fn rows(&self) -> Vec<(&'static str, Option<f64>)> {
                vec![$(($label, Figure::figure(&self.$name)),)*]
            }
        }
    };
}

figures! {
    /// Frames measured.
    frames: u64, "frames";
    /// Share of pixels on edges: luma changes by more than 0.06 from one pixel to the next (central difference).
    edges_percent: f64, "edge pixels, %";
    /// Share of luma's variance that lies in what a Gaussian of 2 px takes away.
    fine_detail_percent: f64, "fine detail, % of variance";
    /// Median over edges of the way that luma takes to change: its whole rise along the slope, over its steepest step.
    edge_width_px: Option<f64>, "edge width, px";
    /// Share of edges whose next edge along the slope, within a fortieth of the width, rises the same way: two steps
    /// where one thing was drawn twice. A line or a stroke rises and falls.
    doubled_edges_percent: Option<f64>, "doubled edges, %";
    /// How near frames come to a mixture of the two beside them: 100 where a frame is their mean, as half-way through a dissolve, 0 where it is
    /// as far from it as they are from each other. The mean over frames between two that differ.
    crossfade_percent: Option<f64>, "mixed of its neighbours, %";
    /// How much luma goes there and back from frame to frame, in 1/8 x 1/8 px tiles: the smaller of two opposite steps, in percent of white.
    flicker_percent: f64, "flicker, % of white a frame";
    /// The same of the whole frame's mean.
    whole_flicker_percent: f64, "flicker of the whole, % of white a frame";
    /// Mean change of luma from frame to frame, in percent of white, of tiles of 8 px: grain does not count.
    motion_percent: f64, "motion, % of white a frame";
    /// Share of frames that differ from the one before by less than eyes see: a mean of 0.2 % of white.
    still_frames_percent: f64, "frames without visible change, %";
    /// The longest time for which that is so, in seconds.
    longest_still_s: f64, "longest stillness, s";
    /// Hues of a frame that carry its chroma (OKLab): the exponential of the entropy over 36 hues; the median over frames.
    hues: f64, "effective hues of a frame";
    /// The same of all frames together.
    hues_overall: f64, "effective hues overall";
    /// Mean saturation as in HSV.
    saturation: f64, "saturation (HSV)";
    /// Its standard deviation over pixels.
    saturation_spread: f64, "its spread";
    /// Luma that 1 % of all pixels do not reach.
    luma_low: f64, "luma, 1 % below";
    /// Median luma.
    luma_median: f64, "luma, median";
    /// Luma that 1 % of all pixels exceed.
    luma_high: f64, "luma, 1 % above";
    /// Share of pixels that are black: luma under 0.04.
    black_percent: f64, "black, %";
    /// Change in the tenth of a second after hits over the change long after them; none without hits.
    beat_response: Option<f64>, "change at hits over between";
    /// How well what happens in the picture falls on kicks and snares: F, 0 to 1, within 50 ms.
    hits_f: Option<f64>, "what happens on hits, F at 50 ms";
    /// The same of a picture that runs to another part of the song.
    hits_f_by_chance: Option<f64>, "the same by chance";
    /// Share of beats on which something happens in the picture, within 50 ms.
    beats_hit: Option<f64>, "beats hit";
    /// The same of any moments at all.
    beats_hit_by_chance: Option<f64>, "the same by chance";
    /// Correlation of the change from frame to frame with what begins in the music, both as square roots, at the delay at which it is
    /// greatest.
    flux_correlation: Option<f64>, "change with the music's, r";
    /// Its mean for the music cut into pieces of 0.2 to 0.6 s and put together by chance.
    flux_correlation_by_chance: Option<f64>, "the same by chance";
    /// Share of those that are as great.
    flux_p: Option<f64>, "chance of as much, p";
    /// That delay: how much later than the sound the light is, in frames.
    light_after_sound_frames: Option<f64>, "light after sound, frames";
}

trait Figure {
    fn figure(&self) -> Option<f64>;
}

impl Figure for f64 {
    fn figure(&self) -> Option<f64> {
        Some(*self)
    }
}

impl Figure for u64 {
    fn figure(&self) -> Option<f64> {
        Some(*self as f64)
    }
}

impl Figure for Option<f64> {
    fn figure(&self) -> Option<f64> {
        *self
    }
}

/// Takes a video frame by frame.
pub struct Scorer {
    size_px: [usize; 2],
    fps: f64,
    frames: u64,
    edges: Edges,
    change: Change,
    mixture: Mixture,
    colour: Colour,
}

impl Scorer {
    /// For frames of this size and rate.
    ///
    /// # Errors
    /// [`ScoreError::Shape`].
    pub fn new(width_px: usize, height_px: usize, fps: f64) -> Result<Self, ScoreError> {
        if width_px.min(height_px) < 32 || !fps.is_finite() || fps < 1.0 {
            return Err(ScoreError::Shape { width_px, height_px, fps });
        }
        Ok(Self {
            size_px: [width_px, height_px],
            fps,
            frames: 0,
            edges: Edges::default(),
            change: Change::default(),
            mixture: Mixture::default(),
            colour: Colour::default(),
        })
    }

    /// Bytes of a frame: three for each pixel.
    pub fn frame_bytes(&self) -> usize {
        3 * self.size_px[0] * self.size_px[1]
    }

    /// The next frame: sRGB, three bytes a pixel, top row first. What is too short is not counted.
    pub fn frame(&mut self, rgb: &[u8]) {
        let Some(rgb) = rgb.get(..self.frame_bytes()) else { return };
        let luma = Luma::of(rgb, self.size_px);
        self.edges.add(&luma);
        self.change.add(&luma);
        self.mixture.add(luma);
        self.colour.add(rgb, self.size_px);
        self.frames += 1;
    }

    /// The figures, beside what the music has.
    pub fn finish(self, music: &Music) -> Score {
        let Self { fps, frames, edges, change, mixture, colour, .. } = self;
        let mut score = Score { frames, ..Score::default() };
        edges.tell(&mut score);
        change.tell(&mut score, fps);
        mixture.tell(&mut score);
        colour.tell(&mut score);
        score.beat_response = beats::response(&change.motions, fps, &music.hits_s);
        music::tell(&mut score, &change.motions, fps, music);
        score
    }
}

/// The value at `part` (0 to 1) of sorted values; none of none.
fn quantile(sorted: &[f32], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((part * last as f64).round() as usize).map(|value| f64::from(*value))
}
