//! What a scene lets people turn.
//!
//! Hosts have eight knobs, numbered from 1, for any scene. In the middle of its way a knob leaves its control at what the
//! scene's author has chosen; the ends are the ends of the control's range. So each scene begins as it was meant, whatever scene
//! stood there before, and automation stays meaningful.

use serde::Deserialize;

/// Closer to the middle than this, a knob leaves a switch or a choice at its default.
const MIDDLE: f32 = 0.01;

/// A control, as the head writes it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its name in WGSL (`scene.depth`) and in presets.
    pub id: String,
    /// What people see; the id with a capital letter if there is none.
    #[serde(default)]
    pub label: String,
    /// What it can be.
    #[serde(default)]
    pub kind: Kind,
    /// The least of a number.
    #[serde(default)]
    pub min: f32,
    /// The most of a number.
    #[serde(default = "one")]
    pub max: f32,
    /// What it is before anyone turns it; a choice's place, 0 or 1 for a switch.
    #[serde(default)]
    pub default: Amount,
    /// How a number's range lies on the knob's way.
    #[serde(default)]
    pub curve: Curve,
    /// What there is to choose from.
    #[serde(default)]
    pub choices: Vec<String>,
    /// One line that says what it does.
    #[serde(default)]
    pub tip: String,
}

/// What a control can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Any number of a range: `f32`.
    #[default]
    Number,
    /// On or off: `f32`, 0 or 1.
    Switch,
    /// One of a few: `f32`, its place.
    Choice,
    /// A colour: `vec4f`, linear light.
    Colour,
    /// Something that happens: `f32`, 1 while it is held, falling to 0 in half a second.
    Trigger,
}

/// How a number's range lies on the knob's way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Curve {
    /// Evenly.
    #[default]
    Linear,
    /// By the same factor for each step; the range must lie above 0.
    Log,
    /// The low half of the way has a quarter of the range.
    Low,
}

/// A default as heads write it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// A number, or a choice's place.
    Number(f32),
    /// A switch.
    Switch(bool),
    /// A colour, `#rrggbb`, or a choice.
    Word(String),
}

impl Default for Amount {
    fn default() -> Self {
        Self::Number(0.0)
    }
}

fn one() -> f32 {
    1.0
}

impl Control {
    /// What WGSL calls its type.
    pub fn wgsl(&self) -> &'static str {
        if self.kind == Kind::Colour { "vec4f" } else { "f32" }
    }

    /// What is wrong with it, if anything is.
    pub fn fault(&self) -> Option<String> {
        let id = &self.id;
        if !is_name(id) {
            return Some(format!(
                "the control {id:?} needs an id of letters, digits and _ that begins with a letter"
            ));
        }
        self.fault_of_value()
    }

    /// The same, whatever its name is.
    pub(super) fn fault_of_value(&self) -> Option<String> {
        let id = &self.id;
        let number = matches!(self.kind, Kind::Number);
        if number && !(self.min.is_finite() && self.max.is_finite() && self.min < self.max) {
            return Some(format!("control {id}: min {} must be below max {}", self.min, self.max));
        }
        if let Amount::Word(word) = &self.default
            && self.kind != Kind::Colour
            && self.place_of(word).is_none()
        {
            let wanted = match self.kind {
                Kind::Choice => format!("one of its choices: {}", self.choices.join(", ")),
                Kind::Number => "a number".to_owned(),
                _ => "true or false".to_owned(),
            };
            return Some(format!("control {id}: its default is {word:?}; it must be {wanted}"));
        }
        if number && !(self.min..=self.max).contains(&self.default_number()) {
            return Some(format!("control {id}: its default lies outside of {} to {}", self.min, self.max));
        }
        if number && self.curve == Curve::Log && self.min <= 0.0 {
            return Some(format!("control {id}: with the curve log, min must be above 0"));
        }
        if self.kind == Kind::Choice && !(2..=64).contains(&self.choices.len()) {
            return Some(format!("control {id}: a choice needs 2 to 64 choices"));
        }
        if self.kind == Kind::Choice && self.default_number() as usize >= self.choices.len() {
            return Some(format!("control {id}: its default is no place among its choices"));
        }
        if self.kind == Kind::Colour && self.default_colour().is_none() {
            return Some(format!("control {id}: its default must be a colour such as \"#ff8800\""));
        }
        None
    }

    /// What it is when its knob stands at `way` (0 to 1): a number or a choice's place in the first of four, a colour in linear
    /// light.
    pub fn value(&self, way: f32) -> [f32; 4] {
        let way = if way.is_finite() { way.clamp(0.0, 1.0) } else { 0.5 };
        let middle = (way - 0.5).abs() < MIDDLE;
        let plain = |number: f32| [number, 0.0, 0.0, 0.0];
        match self.kind {
            Kind::Number => plain(self.number(way)),
            Kind::Switch | Kind::Choice if middle => plain(self.default_number()),
            Kind::Switch => plain(f32::from(u8::from(way > 0.5))),
            Kind::Choice => {
                plain((way * self.choices.len() as f32).min(self.choices.len() as f32 - 1.0).floor())
            }
            Kind::Trigger => plain(f32::from(u8::from(way > 0.75))),
            Kind::Colour => {
                let colour = self.default_colour().unwrap_or([1.0; 3]);
                hue_turned(colour, way - 0.5)
            }
        }
    }

    /// Where its knob stands for this number (or place, or switch): the inverse of [`value`](Self::value).
    pub fn way(&self, number: f32) -> f32 {
        match self.kind {
            Kind::Number => {
                let default = self.place(self.default_number());
                let place = self.place(number.clamp(self.min, self.max));
                if place < default {
                    0.5 * place / default
                } else {
                    0.5 + 0.5 * (place - default) / (1.0 - default).max(1e-6)
                }
            }
            Kind::Switch => f32::from(u8::from(number >= 0.5)),
            // Not in the middle of its part, which may be the middle of the knob.
            Kind::Choice => ((number.max(0.0) + 0.35) / self.choices.len().max(1) as f32).min(1.0),
            Kind::Trigger => f32::from(u8::from(number >= 0.5)),
            Kind::Colour => (number + 0.5).clamp(0.0, 1.0),
        }
    }

    /// What people read when its knob stands at `way`.
    pub fn text(&self, way: f32) -> String {
        let value = self.value(way)[0];
        match self.kind {
            Kind::Number if (self.max - self.min) >= 20.0 => format!("{value:.0}"),
            Kind::Number => format!("{value:.2}"),
            Kind::Switch | Kind::Trigger => if value >= 0.5 { "on" } else { "off" }.to_owned(),
            Kind::Choice => self.choices.get(value as usize).cloned().unwrap_or_default(),
            Kind::Colour => format!("{:+.0}°", (way - 0.5) * 360.0),
        }
    }

    fn number(&self, way: f32) -> f32 {
        if (way - 0.5).abs() < 1e-6 {
            return self.default_number();
        }
        let default = self.place(self.default_number());
        let place =
            if way < 0.5 { default * way * 2.0 } else { default + (1.0 - default) * (way - 0.5) * 2.0 };
        let range = self.max - self.min;
        match self.curve {
            Curve::Linear => self.min + range * place,
            Curve::Log => self.min * (self.max / self.min).powf(place),
            Curve::Low => self.min + range * place * place,
        }
    }

    /// Where a number lies in the range, along the curve: 0 to 1.
    fn place(&self, number: f32) -> f32 {
        let share = (number - self.min) / (self.max - self.min);
        match self.curve {
            Curve::Linear => share,
            Curve::Log => (number / self.min).ln() / (self.max / self.min).ln(),
            Curve::Low => share.max(0.0).sqrt(),
        }
    }

    fn default_number(&self) -> f32 {
        match &self.default {
            Amount::Number(number) => *number,
            Amount::Switch(on) => f32::from(u8::from(*on)),
            Amount::Word(word) => self.place_of(word).unwrap_or(0) as f32,
        }
    }

    /// Where a word stands among the choices.
    fn place_of(&self, word: &str) -> Option<usize> {
        self.choices.iter().position(|choice| choice == word)
    }

    /// In linear light.
    fn default_colour(&self) -> Option<[f32; 3]> {
        let Amount::Word(text) = &self.default else { return None };
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(linear);
        Some([channel(0)?, channel(2)?, channel(4)?])
    }
}

/// Whether WGSL takes it as a name and no prefix of ours is meant.
pub(super) fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && text.len() <= 32
}

/// From an sRGB byte (IEC 61966-2-1).
fn linear(byte: u8) -> f32 {
    let value = f32::from(byte) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Turned around the grey axis by so many turns (Rodrigues' rotation).
pub(super) fn hue_turned([r, g, b]: [f32; 3], turns: f32) -> [f32; 4] {
    let (sine, cosine) = (turns * std::f32::consts::TAU).sin_cos();
    let (grey, cross) = ((r + g + b) * (1.0 - cosine) / 3.0, sine / 3.0_f32.sqrt());
    let turned = [
        r * cosine + (b - g) * cross + grey,
        g * cosine + (r - b) * cross + grey,
        b * cosine + (g - r) * cross + grey,
    ];
    [turned[0].max(0.0), turned[1].max(0.0), turned[2].max(0.0), 1.0]
}
