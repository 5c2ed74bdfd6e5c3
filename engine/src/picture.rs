//! The picture that the generator paints and the stage shows.
//!
//! ```
//! use half::f16;
//! use klangbild_engine::picture::Picture;
//!
//! let plain = |light: f32| Picture {
//!     width_px: 2,
//!     height_px: 2,
//!     time_s: 0.0,
//!     pixels: vec![[f16::from_f32(light); 4]; 4],
//!     ..Picture::default()
//! };
//! let half_way = plain(0.0).mixed_with(&plain(1.0), 0.5, 2.0);
//! assert_eq!((half_way.pixels[0][0].to_f32(), half_way.time_s), (0.5, 2.0));
//! ```

use half::f16;

use crate::look::Character;

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
    /// What the pack says about it.
    pub character: Character,
}

impl Picture {
    /// This picture on its way to `other`, of whose size the result is: `share` 0 is this one and 1 the other. Mixed in linear
    /// light, as two projectors would.
    #[must_use]
    pub fn mixed_with(&self, other: &Self, share: f32, time_s: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let share = share * share * (3.0 - 2.0 * share);
        let (width_px, height_px) = (other.width_px.max(1), other.height_px.max(1));
        let at = |x: u32, y: u32| {
            let (x, y) = (x * self.width_px / width_px, y * self.height_px / height_px);
            self.pixels.get((y * self.width_px + x) as usize)
        };
        let mix = |from: f16, to: f16| f16::from_f32(from.to_f32() + share * (to.to_f32() - from.to_f32()));
        let pixels = other.pixels.iter().zip(0_u32..).map(|(to, index)| {
            let from = at(index % width_px, index / width_px).unwrap_or(to);
            std::array::from_fn(|channel| mix(from[channel], to[channel]))
        });
        Self {
            width_px: other.width_px,
            height_px: other.height_px,
            time_s,
            pixels: pixels.collect(),
            character: other.character,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(side_px: u32, light: f32) -> Picture {
        let pixels = vec![[f16::from_f32(light); 4]; (side_px * side_px) as usize];
        Picture { width_px: side_px, height_px: side_px, time_s: 0.0, pixels, ..Picture::default() }
    }

    #[test]
    fn pictures_of_different_sizes_mix_in_linear_light() {
        let (from, to) = (plain(4, 0.0), plain(8, 1.0));
        assert_eq!(from.mixed_with(&to, 1.0, 0.0), to);
        let half = from.mixed_with(&to, 0.5, 2.0);
        assert_eq!((half.width_px, half.time_s), (8, 2.0));
        assert!(half.pixels.iter().all(|pixel| pixel[0] == f16::from_f32(0.5)));
        assert_eq!(to.mixed_with(&from, 0.0, 0.0).pixels[0], to.pixels[0]);
    }
}
