//! What music looks like, and how it feels: two small sets of named numbers that packs give out beside their pictures.
//!
//! A [`Look`] is what the default pack's generator paints by (`models/training/look.py`): colours, character, and shares of ten families
//! of art. A [`Mood`] is what its encoder hears, slowly. Packs of others may name some of them, or none: the stage then takes what it
//! sees and hears instead.

use bytemuck::{Pod, Zeroable};

/// Numbers with names: a struct of `f32`, which lies in memory as a uniform block of WGSL does.
macro_rules! numbers {
    ($(#[$doc:meta])* $name:ident { $($(#[$row:meta])* $field:ident,)* }) => {
        $(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
        pub struct $name {
            $($(#[$row])* pub $field: f32,)*
        }

        impl $name {
            /// The names, in order: what `pack.toml` and shaders call them.
            pub const NAMES: &[&str] = &[$(stringify!($field)),*];

            /// The number of that name.
            pub fn named(&mut self, name: &str) -> Option<&mut f32> {
                match name {
                    $(stringify!($field) => Some(&mut self.$field),)*
                    _ => None,
                }
            }

            /// All numbers, in order.
            pub fn numbers(&self) -> &[f32] {
                bytemuck::cast_slice(std::slice::from_ref(self))
            }

            /// All numbers, in order.
            pub fn numbers_mut(&mut self) -> &mut [f32] {
                bytemuck::cast_slice_mut(std::slice::from_mut(self))
            }

            /// These numbers with those of `values` that `names` name.
            #[must_use]
            pub fn with(mut self, names: &[String], values: &[f32]) -> Self {
                for (name, value) in names.iter().zip(values) {
                    if let Some(number) = self.named(name) {
                        *number = *value;
                    }
                }
                self
            }
        }
    };
}

numbers! {
    /// How a picture of the music should look. All from 0 to 1, but the hue, which is a point within the unit circle.
    Look {
        /// The main hue in OKLab, as the cosine of its angle (times how sure it is),
        hue_cos,
        /// and the sine.
        hue_sin,
        /// Many hues, shadows and lights of different colour.
        spread,
        /// Vivid colour; low is grey.
        chroma,
        /// A light ground; low is a dark one.
        light,
        /// Deep blacks beside bright lights.
        contrast,
        /// Many small things; low is a few large ones.
        complexity,
        /// Jagged, grainy, torn; low is smooth.
        roughness,
        /// Order: folds, rings, repetition; low is free.
        symmetry,
        /// Light that radiates: highlights, haloes, hot cores.
        glow,
        /// Share of each family of art, 1 in all: marbling,
        liquid,
        /// ink in water,
        ink,
        /// brush strokes,
        strokes,
        /// mandalas,
        mandala,
        /// stained glass,
        glass,
        /// what grows in the sea,
        coral,
        /// fractal flames,
        flame,
        /// clouds among stars,
        nebula,
        /// northern lights,
        aurora,
        /// and big geometric shapes.
        constructivist,
    }
}

numbers! {
    /// How the music feels, slowly: the named controls of the default pack's encoder, each from 0 to 1.
    Mood {
        /// Calm to driving.
        energy,
        /// Dark to bright timbre.
        brightness,
        /// How much bass there is.
        bass,
        /// Cold to warm timbre.
        warmth,
        /// Smooth to harsh.
        roughness,
        /// Sparse to dense.
        complexity,
        /// At rest to pressing.
        tension,
        /// Noise to clear tones.
        tonality,
        /// Steady to full of contrast.
        dynamics,
        /// Free to strictly pulsing.
        pulse,
    }
}

/// What came with a picture; nothing where the pack does not say it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Character {
    /// The look that the picture was painted by.
    pub look: Option<Look>,
    /// The mood that the encoder heard.
    pub mood: Option<Mood>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_names() {
        let names = ["glow", "no such name", "hue_sin"].map(str::to_owned);
        let look = Look::default().with(&names, &[0.5, 9.0, -1.0]);
        assert_eq!(look, Look { glow: 0.5, hue_sin: -1.0, ..Look::default() });
        assert_eq!((Look::NAMES.len(), Mood::NAMES.len()), (20, 10));
        assert_eq!(look.numbers()[1], -1.0);
    }
}
