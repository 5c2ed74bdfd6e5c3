//! What comes after a scene: the knobs, by what suits the scene.

use bytemuck::{Pod, Zeroable};

use super::vision;
use crate::controls::Controls;
use crate::knobs::ColourVision;
use crate::scene::head::Post;
use crate::stage::choreography::REDUCED_MOTION;
use crate::stage::moment::Moment;

/// As `post.wgsl` reads it.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub(in crate::stage) struct PostBlock {
    /// What multiplies the light.
    exposure: f32,
    bloom: f32,
    grain: f32,
    vignette: f32,
    halation: f32,
    aberration: f32,
    contrast: f32,
    saturation: f32,
    /// How strongly a kick lightens the middle.
    punch: f32,
    /// One over the levels of the bloom's chain.
    level: f32,
    /// How much of the tone curve there is: 0 shows light as it is.
    tone: f32,
    /// Whether `vision` changes anything.
    recolours: f32,
    /// What becomes of colours so that the viewer's eyes tell them apart, by columns.
    vision: [[f32; 4]; 3],
}

/// What the tone curve takes from colours.
const VIVID: f32 = 1.12;
/// How much light a level of the bloom sheds, for the light that it is made of.
const SHED: f32 = 0.06;

impl PostBlock {
    pub fn of(suits: &Post, controls: &Controls, moment: &Moment, levels: usize) -> Self {
        let levels = levels.max(1) as f32;
        let shed = SHED * levels * controls.bloom * suits.bloom;
        let moving = if controls.reduced_motion { REDUCED_MOTION as f32 } else { 1.0 };
        let breath = if suits.breathes { moment.exposure } else { controls.exposure.exp2() };
        Self {
            // As bright as it is where the bloom stands at 1, however it stands.
            exposure: breath * (1.0 + SHED * levels * f32::from(u8::from(suits.tone))),
            bloom: shed / (1.0 + shed),
            grain: controls.grain * suits.grain,
            vignette: controls.vignette * suits.vignette,
            halation: suits.halation + controls.halation,
            aberration: suits.aberration + controls.aberration,
            contrast: suits.contrast + controls.contrast,
            saturation: suits.saturation * controls.saturation * if suits.tone { VIVID } else { 1.0 },
            punch: if suits.breathes { 0.5 * moving * moment.kick } else { 0.0 },
            level: 1.0 / levels,
            tone: f32::from(u8::from(suits.tone)),
            recolours: if controls.colour_vision == ColourVision::Full { 0.0 } else { 1.0 },
            vision: vision::columns(controls.colour_vision),
        }
    }

    /// What suits two scenes while one becomes the other.
    pub fn towards(self, other: Self, share: f32) -> Self {
        let mut mixed = self;
        let numbers: &mut [f32] = bytemuck::cast_slice_mut(std::slice::from_mut(&mut mixed));
        for (number, other) in numbers.iter_mut().zip(bytemuck::cast_slice::<_, f32>(&[other])) {
            *number += (other - *number) * share;
        }
        mixed
    }

    /// Whether light around bright places is wanted.
    pub fn glows(&self) -> bool {
        self.bloom > 0.0 || self.halation > 0.0
    }

    /// Whether there is anything that `develop_ungraded` in `post.wgsl` leaves out.
    pub fn grades(&self) -> bool {
        self.halation != 0.0 || self.contrast != 0.0 || self.tone != 1.0 || self.recolours != 0.0
    }

    /// Whether colours part, for which the light itself is needed.
    pub fn parts(&self) -> bool {
        self.aberration != 0.0
    }
}
