//! The controls of a scene in words and in files: what people type, and what presets hold.
//!
//! A knob's way, 0 to 1, means nothing without the scene that it belongs to; a preset holds what a control is, in its own unit.

use klangbild_engine::scene::control::{Control, Kind};
use serde::{Deserialize, Serialize};

/// Degrees of a whole turn around the colour circle.
const TURN: f32 = 360.0;

/// What a control is set to, as presets hold it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Setting {
    /// A switch.
    Switch(bool),
    /// A number; degrees around the colour circle for a colour.
    Number(f64),
    /// The name of one of a few.
    Word(String),
}

impl Setting {
    /// What a control is when its knob stands at `way`; `None` for what only happens.
    pub fn of(control: &Control, way: f32) -> Option<Self> {
        let value = control.value(way)[0];
        Some(match control.kind {
            Kind::Number => Self::Number(decimal(value)),
            Kind::Switch => Self::Switch(value >= 0.5),
            Kind::Choice => Self::Word(control.choices.get(value as usize)?.clone()),
            Kind::Colour => Self::Number(decimal((way - 0.5) * TURN)),
            Kind::Trigger => return None,
        })
    }

    /// Where the control's knob stands for it; `None` if the control cannot be that.
    pub fn way(&self, control: &Control) -> Option<f32> {
        match (self, control.kind) {
            (Self::Number(number), Kind::Number) => number.is_finite().then(|| control.way(*number as f32)),
            (Self::Number(degrees), Kind::Colour) => {
                degrees.is_finite().then(|| control.way(*degrees as f32 / TURN))
            }
            (Self::Number(place), Kind::Choice) => {
                ((0.0..control.choices.len() as f64).contains(place)).then(|| control.way(*place as f32))
            }
            (Self::Switch(on), Kind::Switch) => Some(control.way(f32::from(u8::from(*on)))),
            (Self::Word(word), _) => read(control, word),
            _ => None,
        }
    }
}

/// Where a control's knob stands for words that people have read or typed; `None` if they mean nothing to it.
pub fn read(control: &Control, words: &str) -> Option<f32> {
    let words = words.trim();
    match control.kind {
        Kind::Number => number(words).map(|number| control.way(number)),
        Kind::Colour => {
            number(words.trim_end_matches('°').trim_end()).map(|degrees| control.way(degrees / TURN))
        }
        Kind::Switch | Kind::Trigger => match words.to_lowercase().as_str() {
            "on" => Some(control.way(1.0)),
            "off" => Some(control.way(0.0)),
            _ => None,
        },
        Kind::Choice => {
            let place = control.choices.iter().position(|choice| choice.eq_ignore_ascii_case(words))?;
            Some(control.way(place as f32))
        }
    }
}

fn number(words: &str) -> Option<f32> {
    words.parse().ok().filter(|number: &f32| number.is_finite())
}

/// With as many digits as it has, and not with those that a wider number would show.
fn decimal(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}

#[cfg(test)]
mod tests {
    use klangbild_engine::scene::SceneFile;

    use super::*;

    fn control(text: &str) -> Control {
        let text =
            format!("/*\nname = \"It\"\n[[control]]\nid = \"it\"\n{text}\n*/\n@fragment fn paint() {{}}\n");
        SceneFile::from_wgsl("it.wgsl", &text).unwrap().head.controls.remove(0)
    }

    #[test]
    fn what_a_control_is_comes_back_from_a_file_and_from_words() {
        let kinds = [
            "min = 3.0\nmax = 40.0\ndefault = 9\ncurve = \"log\"",
            "max = 2.0\ndefault = 0.8",
            "kind = \"switch\"\ndefault = true",
            "kind = \"choice\"\nchoices = [\"Soft\", \"Hard\", \"Both ways\"]",
            "kind = \"colour\"\ndefault = \"#ff8800\"",
        ];
        for control in kinds.map(control) {
            for step in 0..=20_u8 {
                let way = f32::from(step) / 20.0;
                let setting = Setting::of(&control, way).unwrap();
                let back = setting.way(&control).unwrap();
                assert_eq!(control.text(back), control.text(way), "{control:?} at {way}: {setting:?}");
                let typed = read(&control, &control.text(way)).unwrap();
                assert_eq!(control.text(typed), control.text(way), "{control:?} at {way}");
            }
        }
    }

    #[test]
    fn settings_are_in_the_controls_own_unit() {
        let number = control("max = 2.0\ndefault = 0.8");
        assert_eq!(Setting::of(&number, 1.0), Some(Setting::Number(2.0)));
        assert_eq!(Setting::of(&number, 0.5), Some(Setting::Number(0.8)));
        let choice = control("kind = \"choice\"\nchoices = [\"Soft\", \"Hard\"]");
        assert_eq!(Setting::of(&choice, 1.0), Some(Setting::Word("Hard".to_owned())));
        assert_eq!(Setting::Word("liquid".to_owned()).way(&choice), None);
        let colour = control("kind = \"colour\"\ndefault = \"#ff8800\"");
        assert_eq!(Setting::of(&colour, 0.75), Some(Setting::Number(90.0)));
        assert_eq!(Setting::Number(f64::NAN).way(&number), None);
        let trigger = control("kind = \"trigger\"");
        assert_eq!(Setting::of(&trigger, 1.0), None, "what happens is no part of a look");
    }
}
