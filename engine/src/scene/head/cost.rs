//! What a frame of a scene costs by count: a measure for graphics cards, where memory is what takes time.

use super::{Format, Head, Pass, PassKind, Size};

/// Of one frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Passes that are run, repeats included, and what comes after the scene left out.
    pub passes: u32,
    /// Bytes that are written to targets and frame, for each pixel of the frame.
    pub written_bytes: f64,
    /// Points that are drawn.
    pub points: u32,
}

/// Of a pixel of the frame itself.
const FRAME_BYTES: f64 = 4.0;
/// What passes that run so often in a second are counted at.
const FPS: f32 = 60.0;

impl Format {
    /// Bytes of a pixel.
    pub fn bytes(self) -> u32 {
        match self {
            Self::Rgba16f => 8,
            Self::Rgba8 | Self::Root8 | Self::Rg16f | Self::R32f => 4,
            Self::R16f => 2,
            Self::R8 => 1,
            Self::Rgba32f => 16,
        }
    }
}

impl Head {
    /// The cost of a frame of this size on a graphics card, where the whole scene is painted.
    pub fn cost(&self, [width_px, height_px]: [u32; 2]) -> Cost {
        let frame_px = f64::from(width_px) * f64::from(height_px);
        let area = |size: Size| match size {
            Size::Share(share) => f64::from(share).powi(2),
            Size::Pixels([width_px, height_px]) => f64::from(width_px) * f64::from(height_px) / frame_px,
            Size::Square { square, least, most } => {
                (f64::from(square) * f64::from(height_px)).clamp(f64::from(least), f64::from(most)).powi(2)
                    / frame_px
            }
        };
        let (mut passes, mut written_bytes) = (0.0, 0.0);
        let targets = self.targets();
        for (at, pass) in self.passes.iter().enumerate() {
            let times = f64::from(times(pass));
            passes += times;
            let written = pass.targets();
            if written.is_empty() && at + 1 == self.passes.len() {
                written_bytes += FRAME_BYTES;
            }
            for (name, format) in written {
                let size = targets.iter().find(|target| target.name == name).map(|target| target.size);
                written_bytes += times * size.map_or(1.0, area) * f64::from(format.bytes());
            }
        }
        let points = self.passes.iter().filter(|pass| pass.kind == PassKind::Points);
        Cost {
            passes: f64::ceil(passes) as u32,
            written_bytes,
            points: points.filter_map(|pass| pass.count).sum(),
        }
    }
}

/// How often it is run in a frame, on the mean.
fn times(pass: &Pass) -> f32 {
    if pass.once {
        return 0.0;
    }
    pass.repeats.unwrap_or(1) as f32 * pass.rate_hz.map_or(1.0, |rate_hz| rate_hz / FPS)
}
