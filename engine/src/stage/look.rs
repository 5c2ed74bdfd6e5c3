//! What the music looks like, for scenes that paint: the pack's look and mood, steady in time, and the inks that follow from it.

use bytemuck::{Pod, Zeroable};

use super::overture::linear_from_oklab;
use super::palette::PaletteBlock;
use crate::hearing::Heard;
use crate::look::{Character, Look, Mood};

/// Time constant with which look and mood follow, in seconds of audio.
const FOLLOW_S: f64 = 0.6;
/// A longer pause between frames than this is a jump in time.
const LONGEST_STEP_S: f64 = 0.25;
/// How many inks there are: from shadow to highlight, and the accents.
const STOPS: usize = 6;
const ACCENTS: usize = 2;
const INKS: usize = STOPS + ACCENTS;

/// The inks from shadow to highlight, as the art is painted (`models/training/palette.py`): lightness, chroma, and how far the shadow
/// leans to violet and the light to yellow, as they do under a sky. Here the shadow is black: a stage is dark.
const INK: [[f32; 4]; STOPS] = [
    [0.0, 0.00, 0.50, 0.00],
    [0.16, 0.10, 0.35, 0.00],
    [0.38, 0.22, 0.10, 0.00],
    [0.63, 0.23, 0.00, 0.05],
    [0.84, 0.15, 0.00, 0.20],
    [1.00, 0.03, 0.00, 0.30],
];
const SHADOW_HUE_RAD: f32 = 5.0;
const LIGHT_HUE_RAD: f32 = 1.6;
/// Of the accents: turn from the main hue, lightness, chroma. One is across the colour circle, one beside the hue.
const ACCENT: [[f32; 3]; ACCENTS] = [[2.6, 0.76, 0.19], [-1.4, 0.72, 0.18]];

/// What shaders read as `look`: the numbers, and the inks in linear light.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub(super) struct LookBlock {
    pub look: Look,
    pub inks: [[f32; 4]; INKS],
}

/// What shaders read as `mood`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub(super) struct MoodBlock {
    pub mood: Mood,
    spare: [f32; 2],
}

/// The two blocks in WGSL, with their bindings.
pub(super) fn declarations() -> String {
    let rows = |names: &[&str]| names.iter().map(|name| format!("    {name}: f32,\n")).collect::<String>();
    format!(
        "struct Look {{\n{}    inks: array<vec4f, {INKS}>,\n}}\nstruct Mood {{\n{}}}\n\
         @group(0) @binding(7) var<uniform> look: Look;\n@group(0) @binding(8) var<uniform> mood: Mood;\n",
        rows(Look::NAMES),
        rows(Mood::NAMES)
    )
}

/// Look and mood, and where they are going.
#[derive(Clone, Debug, Default)]
pub(super) struct Appearance {
    aim: Character,
    shown: Option<(Look, Mood)>,
    last_s: Option<f64>,
}

impl Appearance {
    /// Goes towards what came with a new picture.
    pub fn aim_at(&mut self, character: Character) {
        self.aim = character;
    }

    /// Goes on to `time_s`, in seconds of audio. Where the pack says nothing, the look is taken from `seen`, the picture's colours, and
    /// the mood from `heard`. All hues are turned by `hue_degrees`, as those of `seen` are.
    pub fn step(
        &mut self,
        time_s: f64,
        heard: &Heard,
        seen: &PaletteBlock,
        hue_degrees: f32,
    ) -> (LookBlock, MoodBlock) {
        let dt_s = self.last_s.map_or(f64::INFINITY, |last_s| time_s - last_s);
        self.last_s = Some(time_s);
        let share = match (0.0..=LONGEST_STEP_S).contains(&dt_s) {
            true => (1.0 - (-dt_s / FOLLOW_S).exp()) as f32,
            false => 1.0,
        };
        let look = self.aim.look.map_or_else(|| look_of(seen, heard), |look| turned(look, hue_degrees));
        let mood = self.aim.mood.unwrap_or_else(|| mood_of(heard));
        let (shown_look, shown_mood) = self.shown.get_or_insert((look, mood));
        let numbers = shown_look.numbers_mut().iter_mut().zip(look.numbers());
        for (shown, aim) in numbers.chain(shown_mood.numbers_mut().iter_mut().zip(mood.numbers())) {
            // What is no number would stay for ever.
            let aim = if aim.is_finite() { aim.clamp(-1.0, 1.0) } else { 0.0 };
            *shown += share * (aim - *shown);
        }
        let (look, mood) = (*shown_look, *shown_mood);
        (LookBlock { look, inks: inks(&look) }, MoodBlock { mood, spare: [0.0; 2] })
    }
}

fn turned(look: Look, hue_degrees: f32) -> Look {
    let (hue_cos, hue_sin) = turn([look.hue_cos, look.hue_sin], hue_degrees.to_radians());
    Look { hue_cos, hue_sin, ..look }
}

fn turn([a, b]: [f32; 2], by_rad: f32) -> (f32, f32) {
    let (sine, cosine) = by_rad.sin_cos();
    (cosine * a - sine * b, sine * a + cosine * b)
}

/// A look for pictures of a pack that does not tell it.
fn look_of(seen: &PaletteBlock, heard: &Heard) -> Look {
    let weighed = |of: &dyn Fn(&[f32; 4]) -> f32| seen.oklab.iter().map(|c| c[3] * of(c)).sum::<f32>();
    let (a, b) = (weighed(&|c| c[1]), weighed(&|c| c[2]));
    let (chroma, together) = (weighed(&|c| c[1].hypot(c[2])), a.hypot(b));
    let light = weighed(&|c| c[0]);
    let sure = 1.0 / together.max(0.02);
    Look {
        hue_cos: a * sure,
        hue_sin: b * sure,
        // Colours of one hue add up, those of many cancel each other.
        spread: (1.0 - together / chroma.max(0.02)).clamp(0.0, 1.0),
        chroma: (chroma / 0.2).clamp(0.0, 1.0),
        light: light.clamp(0.0, 1.0),
        contrast: (2.0 * weighed(&|c| (c[0] - light).abs())).clamp(0.0, 1.0),
        complexity: heard.flatness,
        roughness: heard.roughness,
        symmetry: heard.key_confidence,
        glow: heard.harmonic,
        liquid: 0.1,
        ink: 0.1,
        strokes: 0.1,
        mandala: 0.1,
        glass: 0.1,
        coral: 0.1,
        flame: 0.1,
        nebula: 0.1,
        aurora: 0.1,
        constructivist: 0.1,
    }
}

/// A mood for an encoder that does not tell it.
fn mood_of(heard: &Heard) -> Mood {
    Mood {
        energy: heard.loudness,
        brightness: heard.brightness,
        bass: heard.bass_presence,
        warmth: heard.low_mid_presence,
        roughness: heard.roughness,
        complexity: heard.flatness,
        tension: heard
            .build_up
            .max(0.5 * (heard.roughness + heard.key_is_minor as f32 * heard.key_confidence)),
        tonality: heard.key_confidence,
        dynamics: heard.crest,
        pulse: heard.beat_confidence,
    }
}

/// From the look's colour knobs to the inks, in linear light: shadow first, accents last.
fn inks(look: &Look) -> [[f32; 4]; INKS] {
    let length = look.hue_cos.hypot(look.hue_sin).max(1e-3);
    let hue = [look.hue_cos / length, look.hue_sin / length];
    let light = |[l, a, b]: [f32; 3]| {
        let [red, green, blue] = linear_from_oklab([l, a, b]).map(|value| value.max(0.0));
        [red, green, blue, 1.0]
    };
    let mut inks = [[0.0; 4]; INKS];
    for (at, [lightness, chroma, to_shadow, to_light]) in INK.into_iter().enumerate() {
        let place = at as f32 / (STOPS - 1) as f32 - 0.5;
        let (mut a, mut b) = turn(hue, place * (0.7 + 2.4 * look.spread));
        for (lean, angle) in [(to_shadow, SHADOW_HUE_RAD), (to_light, LIGHT_HUE_RAD)] {
            a += lean * angle.cos();
            b += lean * angle.sin();
        }
        let chroma = chroma * (0.35 + 0.8 * look.chroma);
        inks[at] = light([lightness.powf(1.15 - 0.4 * look.light), a * chroma, b * chroma]);
    }
    for ([turned_by, lightness, chroma], ink) in ACCENT.into_iter().zip(&mut inks[STOPS..]) {
        let (a, b) = turn(hue, turned_by);
        let chroma = chroma * (0.5 + 0.5 * look.chroma);
        *ink = light([lightness, a * chroma, b * chroma]);
    }
    inks
}

#[cfg(test)]
mod tests {
    use wgpu::naga;

    use super::super::reduction::oklab;
    use super::*;

    fn vivid() -> Character {
        let look = Look { hue_cos: 1.0, chroma: 0.8, light: 0.3, spread: 0.5, ..Look::default() };
        Character { look: Some(look), mood: Some(Mood { tension: 0.9, ..Mood::default() }) }
    }

    #[test]
    fn the_blocks_lie_in_memory_as_shaders_read_them() {
        let module = naga::front::wgsl::parse_str(&declarations()).unwrap();
        let offset = |wanted: &str, member: &str| {
            let (_, block) = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(wanted)).unwrap();
            let naga::TypeInner::Struct { members, .. } = &block.inner else { panic!("{wanted}") };
            members.iter().find(|found| found.name.as_deref() == Some(member)).unwrap().offset as usize
        };
        assert_eq!(offset("Look", "inks"), std::mem::offset_of!(LookBlock, inks));
        assert_eq!(offset("Look", "constructivist"), std::mem::offset_of!(Look, constructivist));
        assert_eq!(offset("Mood", "pulse"), std::mem::offset_of!(Mood, pulse));
        assert!(size_of::<LookBlock>().is_multiple_of(16) && size_of::<MoodBlock>().is_multiple_of(16));
    }

    #[test]
    fn inks_go_from_black_to_white_and_the_accent_lies_across() {
        let mut appearance = Appearance::default();
        appearance.aim_at(vivid());
        let (block, mood) = appearance.step(0.0, &Heard::default(), &PaletteBlock::default(), 0.0);
        assert_eq!(mood.mood.tension, 0.9);
        let labs = block.inks.map(|[r, g, b, _]| oklab([r, g, b]));
        assert!(labs[0][0] < 0.01 && labs[5][0] > 0.97, "{labs:?}");
        assert!(labs[..STOPS].windows(2).all(|pair| pair[1][0] > pair[0][0]), "{labs:?}");
        assert!(labs[3][1] > 0.1 && labs[STOPS][1] < -0.05, "the hue and what is across: {labs:?}");
    }

    #[test]
    fn a_new_look_is_followed_and_a_knob_turns_its_hue() {
        let mut appearance = Appearance::default();
        appearance.aim_at(vivid());
        let seen = PaletteBlock::default();
        appearance.step(0.0, &Heard::default(), &seen, 0.0);
        appearance.aim_at(Character { look: Some(Look { hue_cos: 1.0, ..Look::default() }), mood: None });
        let (first, _) = appearance.step(0.02, &Heard::default(), &seen, 0.0);
        assert!(first.look.chroma > 0.7, "it jumps");
        let mut last = first;
        for frame in 2..200 {
            (last, _) = appearance.step(f64::from(frame) * 0.02, &Heard::default(), &seen, 90.0);
        }
        assert!(last.look.chroma < 0.01 && last.look.hue_sin > 0.99, "{last:?}");
    }

    #[test]
    fn a_pack_that_says_nothing_has_the_colours_of_its_pictures() {
        let mut seen = PaletteBlock::default();
        seen.oklab[0] = [0.6, 0.0, 0.2, 1.0];
        let (block, _) = Appearance::default().step(0.0, &Heard::default(), &seen, 0.0);
        assert!(block.look.hue_sin > 0.99 && block.look.chroma > 0.9, "{:?}", block.look);
    }
}
