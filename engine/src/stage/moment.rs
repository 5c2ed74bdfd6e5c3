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
    pub roll_rad: f32,
    pub zoom: f32,

    /// Distance travelled by everything that flows; wrapped at 1024.
    pub travel: f32,
    /// Phase of the brush's noise, in turns.
    pub shimmer: f32,
    pub light_rad: f32,
    /// Turning of mirrors, in radians.
    pub spin_rad: f32,

    pub hue_shift: f32,
    pub feedback: f32,
    pub relief: f32,
    pub exposure: f32,

    pub bloom: f32,
    pub grain: f32,
    pub vignette: f32,
    pub segments: f32,

    /// Four numbers from 0 to 1 that the stage's seed stands for.
    pub seed: [f32; 4],
}
