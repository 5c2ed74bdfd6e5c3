//! The one uniform block that every shader reads; `Moment` in `shaders/prelude.wgsl` is its twin.

use bytemuck::{Pod, Zeroable};

/// Everything a frame depends on besides textures. Groups of four floats, as uniform layout wants them.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub(super) struct Moment {
    /// Frame size in pixels, then one over it.
    pub frame_px: [f32; 4],
    /// Size of the scene's own target in pixels, then one over it.
    pub scene_px: [f32; 4],

    pub dt_s: f32,
    pub aspect: f32,
    /// Weight of the newest picture over the one before.
    pub tween: f32,
    /// Bits that differ from frame to frame, for grain and dither.
    pub grain_seed: u32,

    pub level: f32,
    pub presence: f32,
    pub energy: f32,
    pub swell: f32,

    pub treble: f32,
    pub brightness: f32,
    pub width: f32,
    pub beat: f32,

    pub kick: f32,
    pub snare: f32,
    pub hat: f32,
    pub onset: f32,

    /// Where the camera looks, in picture widths from the middle.
    pub drift: [f32; 2],
    /// Cosine and sine of the camera's roll, over its magnification.
    pub camera: [f32; 2],

    /// How far the picture is bent, slowly: factors for four smooth terms.
    pub sway: [f32; 4],

    /// Direction of the key light in the frame, y down; of length 1.
    pub toward: [f32; 2],
    /// Cosine and sine of the mirrors' turn.
    pub spin: [f32; 2],

    /// Normals of the mirrors that fold the circle into one wedge, the widest first.
    pub mirrors: [[f32; 2]; 3],
    /// Drift of the folds over the picture's height, in folds.
    pub creep: f32,
    /// Phase of the brush's noise, in turns.
    pub shimmer: f32,

    pub hue_shift: f32,
    pub feedback: f32,
    pub relief: f32,
    pub exposure: f32,

    pub bloom: f32,
    pub grain: f32,
    pub vignette: f32,
    /// 1 in the first frame and after a jump in time: whatever a scene remembers is out of date.
    pub anew: f32,

    /// Four numbers from 0 to 1 that the stage's seed stands for.
    pub seed: [f32; 4],
}
