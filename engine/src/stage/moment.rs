//! What shaders read besides textures: what the stage does now, what the knobs are turned to, and what is heard. The WGSL text is
//! made from what is declared here and in the tables, so that there is no twin to keep.

use bytemuck::{Pod, Zeroable};

use super::look;
use super::palette::PaletteBlock;
use crate::controls::Controls;
use crate::hearing::Heard;
use crate::knobs::KnobId;

/// A type that a uniform block may hold, and what WGSL calls it.
trait Uniform {
    const WGSL: &'static str;
}

impl Uniform for f32 {
    const WGSL: &'static str = "f32";
}

impl Uniform for u32 {
    const WGSL: &'static str = "u32";
}

impl Uniform for [f32; 2] {
    const WGSL: &'static str = "vec2f";
}

impl Uniform for [f32; 4] {
    const WGSL: &'static str = "vec4f";
}

macro_rules! moment {
    ($($(#[$doc:meta])* $field:ident: $type:ty,)*) => {
        /// Everything that a frame depends on besides textures, knobs and hearing. Vectors stand where WGSL wants them: a test
        /// sees to it.
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
        pub(super) struct Moment {
            $($(#[$doc])* pub $field: $type,)*
        }

        /// Names and WGSL types, and where they stand in bytes.
        const FIELDS: &[(&str, &str, usize)] =
            &[$((stringify!($field), <$type as Uniform>::WGSL, std::mem::offset_of!(Moment, $field)),)*];
    };
}

moment! {
    /// Frame size in pixels, then one over it.
    frame_px: [f32; 4],
    /// Since the frame before; 0 in the first frame and after a jump.
    dt_s: f32,
    aspect: f32,
    /// Weight of the newest picture over the one before.
    tween: f32,
    /// Bits that differ from frame to frame, for grain and dither.
    grain_seed: u32,
    level: f32,
    presence: f32,
    energy: f32,
    swell: f32,
    treble: f32,
    brightness: f32,
    width: f32,
    beat: f32,
    kick: f32,
    snare: f32,
    hat: f32,
    onset: f32,
    /// Where the camera looks, in picture widths from the middle.
    drift: [f32; 2],
    /// Cosine and sine of the camera's roll, over its magnification.
    camera: [f32; 2],
    /// How far the picture is bent, slowly: factors for four smooth terms.
    sway: [f32; 4],
    /// Direction of the key light in the frame, y down; of length 1.
    toward: [f32; 2],
    /// Cosine and sine of the mirrors' turn.
    spin: [f32; 2],
    /// Normals of the mirrors that fold the circle into one wedge, the widest first.
    mirror_a: [f32; 2],
    mirror_b: [f32; 2],
    mirror_c: [f32; 2],
    /// Drift of the folds over the picture's height, in folds.
    creep: f32,
    /// Phase of the brush's noise, in turns.
    shimmer: f32,
    /// What multiplies the light: by the music, and by the knob.
    exposure: f32,
    /// Seconds of audio.
    time_s: f32,
    /// How much of a change of scene is over, 0 to 1.
    progress: f32,
    /// Nothing: the next one stands at a multiple of 16 bytes.
    spare: f32,
    /// Size of the pictures in pixels, then one over it.
    picture_px: [f32; 4],
    /// Widths and heights of a picture of another shape for one of this, both covering the frame; 1 in frames that are shown.
    refit: [f32; 2],
    /// Nothing.
    spares: [f32; 2],
    /// Four numbers from 0 to 1 that the stage's seed stands for.
    seed: [f32; 4],
}

/// What stands before every shader: `now`, `knobs` with a number for each row of their table, and `heard` with what is in the table
/// of features.
pub(super) fn declarations() -> String {
    let now: String = FIELDS.iter().map(|(name, wgsl, _)| format!("    {name}: {wgsl},\n")).collect();
    let knobs: String = KnobId::turned()
        .map(|id| format!("    // {}\n    {}: f32,\n", id.knob().help, id.knob().field))
        .collect();
    let heard: String =
        Heard::members().iter().map(|(name, wgsl)| format!("    {name}: {wgsl},\n")).collect();
    format!(
        "struct Moment {{\n{now}}}\nstruct Knobs {{\n{knobs}}}\nstruct Heard {{\n{heard}}}\n\
         @group(0) @binding(0) var<uniform> now: Moment;\n\
         @group(0) @binding(2) var<uniform> knobs: Knobs;\n\
         @group(0) @binding(3) var<uniform> heard: Heard;\n\
         // The picture's colours, the most important first: linear light, with their weights in w; and the same in OKLab.\n\
         {}@group(0) @binding(4) var<uniform> palette: Palette;\n{}",
        PaletteBlock::WGSL,
        look::declarations()
    )
}

/// The numbers of `knobs`, in the table's order.
pub(super) fn knobs(controls: &Controls) -> Vec<f32> {
    KnobId::turned().filter_map(|id| controls.get(id)).map(crate::knobs::Value::as_f32).collect()
}

/// The numbers of `heard`; what is no number is 0, since it would stay in the feedback of a scene.
pub(super) fn heard(heard: &Heard) -> Vec<f32> {
    let finite = |number: f32| if number.is_finite() { number } else { 0.0 };
    heard.uniforms().into_iter().map(finite).collect()
}

#[cfg(test)]
mod tests {
    use wgpu::naga;

    use super::*;

    #[test]
    fn the_blocks_lie_in_memory_as_shaders_read_them() {
        let module = naga::front::wgsl::parse_str(&declarations()).unwrap();
        let offsets = |wanted: &str| -> Vec<(String, usize)> {
            let (_, block) =
                module.types.iter().find(|(_, found)| found.name.as_deref() == Some(wanted)).unwrap();
            let naga::TypeInner::Struct { members, .. } = &block.inner else { panic!("{wanted}") };
            members.iter().map(|member| (member.name.clone().unwrap(), member.offset as usize)).collect()
        };
        let ours: Vec<_> = FIELDS.iter().map(|(name, _, offset)| ((*name).to_owned(), *offset)).collect();
        assert_eq!(offsets("Moment"), ours);
        assert!(size_of::<Moment>().is_multiple_of(16));

        let numbers = knobs(&Controls { zoom: 3.25, freeze: true, ..Controls::default() });
        let sounds = Heard { treble: 0.75, width: 0.5, ..Heard::default() };
        let (sounds, block) = (heard(&sounds), offsets("Heard"));
        for (name, number) in [("treble", 0.75), ("width", 0.5), ("hat_count", 0.0)] {
            let (_, offset) = block.iter().find(|(found, _)| found == name).unwrap();
            assert_eq!(sounds[offset / size_of::<f32>()], number, "{name}");
        }

        assert_eq!(
            offsets("Palette"),
            [
                ("colours".to_owned(), std::mem::offset_of!(PaletteBlock, colours)),
                ("oklab".to_owned(), std::mem::offset_of!(PaletteBlock, oklab))
            ]
        );

        let knobs = offsets("Knobs");
        assert_eq!(knobs.len(), numbers.len());
        for (name, number) in [("zoom", 3.25), ("freeze", 1.0), ("scene", 0.0), ("feedback", 0.5)] {
            let (_, offset) = knobs.iter().find(|(found, _)| found == name).unwrap();
            assert_eq!(numbers[offset / size_of::<f32>()], number, "{name}");
        }
    }
}
