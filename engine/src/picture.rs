//! The picture that the generator paints and the stage shows.

use half::f16;

/// One generated picture in linear light (Rec. 709 primaries), with the audio time it stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// The audio time that this picture stands for, in seconds.
    pub time_s: f64,
    /// Row-major RGBA, top row first, linear light, 0 to 1, alpha 1; `width_px * height_px` entries.
    pub pixels: Vec<[f16; 4]>,
}
