//! From bytes to light: what a pixel's sRGB means on a screen.

use std::sync::LazyLock;

use super::limits::{DISPLAY_GAMMA, RED_SHARE, ROOM_LIGHT};

/// Rec. 709 luminance of linear red, green and blue, which WCAG's relative luminance uses as well.
const WEIGHTS: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Linear light of each byte: by sRGB's curve (IEC 61966-2-1), and by the display's of ITU-R BT.1886 with black at 0.
pub(super) static CURVES: LazyLock<[[f32; 256]; 2]> = LazyLock::new(|| {
    let share = |byte: usize| byte as f32 / 255.0;
    let srgb = |byte| match share(byte) {
        low if low <= 0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    };
    [std::array::from_fn(srgb), std::array::from_fn(|byte| share(byte).powf(DISPLAY_GAMMA))]
});

/// Luminance of linear light, 1 for white.
pub(super) fn luminance([red, green, blue]: [f32; 3]) -> f32 {
    WEIGHTS[0] * red + WEIGHTS[1] * green + WEIGHTS[2] * blue
}

/// A colour as the rule for red takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Chroma {
    /// Place in the CIE 1976 UCS diagram.
    pub uv: [f32; 2],
    /// Whether it is a saturated red.
    pub red: bool,
}

impl Chroma {
    /// Of linear light.
    pub fn of([red, green, blue]: [f32; 3]) -> Self {
        let saturated = red > 0.0 && red >= RED_SHARE * (red + green + blue);
        let [r, g, b] = [red, green, blue].map(|part| part + ROOM_LIGHT);
        // sRGB's primaries in CIE XYZ; then u' = 4 X / (X + 15 Y + 3 Z), v' = 9 Y / (X + 15 Y + 3 Z).
        let x = 0.4124 * r + 0.3576 * g + 0.1805 * b;
        let y = luminance([r, g, b]);
        let z = 0.0193 * r + 0.1192 * g + 0.9505 * b;
        let sum = x + 15.0 * y + 3.0 * z;
        Self { uv: [4.0 * x / sum, 9.0 * y / sum], red: saturated }
    }

    /// Distance in the diagram.
    pub fn apart(self, other: Self) -> f32 {
        (self.uv[0] - other.uv[0]).hypot(self.uv[1] - other.uv[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_is_far_from_white_and_black_and_blue_but_not_from_orange() {
        let [red, white, black, blue, orange] =
            [[1.0, 0.0, 0.0], [1.0; 3], [0.0; 3], [0.0, 0.0, 1.0], [1.0, 0.2, 0.0]].map(Chroma::of);
        assert!(red.red && orange.red && !white.red && !black.red && !blue.red);
        // As in the tables: u'v' of sRGB's red is (0.451, 0.523), of D65 (0.198, 0.468).
        assert!((red.uv[0] - 0.451).abs() < 0.01 && (red.uv[1] - 0.523).abs() < 0.01, "{red:?}");
        assert!((white.uv[0] - 0.198).abs() < 0.001 && (white.uv[1] - 0.468).abs() < 0.001, "{white:?}");
        assert!(red.apart(white) > 0.2 && red.apart(black) > 0.2 && red.apart(blue) > 0.4);
        assert!(red.apart(orange) < 0.2);
    }
}
