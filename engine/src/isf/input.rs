//! What a user, or a host, can set: the `INPUTS` of the head.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{IsfError, limits, value};

/// One input.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The name that the shader calls it by: a word of GLSL, unique in its file.
    pub name: String,
    /// For people; the name where the file gives none.
    pub label: String,
    /// What it holds, with its bounds.
    pub kind: InputKind,
}

/// What an input holds.
#[derive(Clone, Debug, PartialEq)]
pub enum InputKind {
    /// True for one frame when it is triggered.
    Event,
    /// A switch.
    Bool {
        /// At first.
        default: bool,
    },
    /// A choice, or a whole number where there are no choices.
    Long {
        /// The values to choose from, with a label each; none: a whole number from `min` to `max`.
        choices: Vec<(i32, String)>,
        /// Smallest value.
        min: i32,
        /// Largest value.
        max: i32,
        /// At first; one of the choices.
        default: i32,
    },
    /// A number.
    Float {
        /// Smallest value.
        min: f32,
        /// Largest value, never below `min`.
        max: f32,
        /// At first, between them.
        default: f32,
        /// Where a filter changes nothing.
        identity: Option<f32>,
    },
    /// A point.
    Point2D {
        /// Lower left and upper right corner. Without them the point is one of the frame, in its pixels, from the lower left; its
        /// default is a share of the frame all the same, if it can be one.
        range: Option<[[f32; 2]; 2]>,
        /// At first.
        default: [f32; 2],
    },
    /// Red, green, blue and alpha as the shader sees them: sRGB as it is stored, alpha not multiplied in.
    Color {
        /// At first.
        default: [f32; 4],
    },
    /// A picture.
    Image,
    /// The sound's newest samples: a picture as wide as there are samples, a row for each channel, 0.5 at rest.
    Audio {
        /// How many samples the file asks for; none: as many as the host likes.
        samples: Option<u32>,
    },
    /// The sound's spectrum: a picture as wide as there are bins, a row for each channel.
    AudioFft {
        /// How many bins the file asks for; none: as many as the host likes.
        bins: Option<u32>,
    },
}

impl InputKind {
    /// Whether it is a point in the frame's pixels whose value here is a share of the frame.
    pub fn is_share(&self) -> bool {
        matches!(self, Self::Point2D { range: None, default } if default.iter().all(|axis| (0.0..=1.0).contains(axis)))
    }

    /// Whether it reaches the shader as a texture.
    pub fn is_texture(&self) -> bool {
        matches!(self, Self::Image | Self::Audio { .. } | Self::AudioFft { .. })
    }
}

/// Reads the list `INPUTS`. Inputs whose type nobody knows are left out: a later version of the format may have them.
pub(super) fn read(head: &Map<String, Value>) -> Result<Vec<Input>, IsfError> {
    let list = value::list(head, "INPUTS");
    if list.len() > limits::INPUTS {
        let what = "the number of INPUTS".to_owned();
        return Err(IsfError::TooLarge { what, found: list.len(), limit: limits::INPUTS });
    }
    let mut names = HashSet::new();
    let mut inputs = Vec::new();
    for (at, entry) in list.iter().enumerate() {
        let key = format!("INPUTS[{at}]");
        let Value::Object(entry) = entry else {
            return Err(IsfError::Head { key, reason: "expected an object".to_owned() });
        };
        let name = value::name(entry, "NAME", &key)?
            .ok_or_else(|| IsfError::Head { key: key.clone(), reason: "it has no NAME".to_owned() })?;
        let Some(kind) = kind(entry) else {
            tracing::warn!("the ISF input {name} has a TYPE that is not known, and is left out");
            continue;
        };
        if !names.insert(name.clone()) {
            return Err(IsfError::Head { key, reason: format!("there is a second input {name}") });
        }
        let label =
            value::text(entry, "LABEL").filter(|label| !label.is_empty()).unwrap_or_else(|| name.clone());
        inputs.push(Input { name, label, kind });
    }
    Ok(inputs)
}

fn kind(entry: &Map<String, Value>) -> Option<InputKind> {
    let count = |key| {
        let count = entry.get(key).and_then(value::number)?;
        (count >= 1.0).then_some((count as u32).min(limits::SAMPLES))
    };
    Some(match value::text(entry, "TYPE")?.to_ascii_lowercase().as_str() {
        "event" => InputKind::Event,
        "bool" | "boolean" => InputKind::Bool {
            default: entry.get("DEFAULT").and_then(value::number).is_some_and(|n| n != 0.0),
        },
        "long" | "int" => long(entry),
        "float" => float(entry),
        "point2d" => point(entry),
        "color" => {
            let given = entry.get("DEFAULT").map(value::numbers).unwrap_or_default();
            let at = |index: usize, otherwise| given.get(index).copied().unwrap_or(otherwise);
            // Alpha alone is one where it is not said: a colour that cannot be seen is never meant.
            InputKind::Color { default: [at(0, 0.0), at(1, 0.0), at(2, 0.0), at(3, 1.0)] }
        }
        "image" => InputKind::Image,
        "audio" => InputKind::Audio { samples: count("MAX") },
        "audiofft" => InputKind::AudioFft { bins: count("MAX") },
        _ => return None,
    })
}

fn long(entry: &Map<String, Value>) -> InputKind {
    let whole = |key| entry.get(key).and_then(value::number).map(|number| number as i32);
    let labels = value::list(entry, "LABELS");
    let mut values: Vec<i32> =
        value::list(entry, "VALUES").iter().filter_map(value::number).map(|number| number as i32).collect();
    if values.is_empty() {
        // Labels alone count from 0.
        values = (0..).take(labels.len()).collect();
    }
    values.truncate(limits::CHOICES);
    let label =
        |at: usize, value: i32| labels.get(at).and_then(value::words).unwrap_or_else(|| value.to_string());
    let choices: Vec<_> = values.iter().enumerate().map(|(at, &value)| (value, label(at, value))).collect();
    let default = whole("DEFAULT");
    if let (Some(&min), Some(&max)) = (values.iter().min(), values.iter().max()) {
        let default =
            default.filter(|default| values.contains(default)).or(values.first().copied()).unwrap_or(0);
        return InputKind::Long { choices, min, max, default };
    }
    let default = default.unwrap_or(0);
    let min = whole("MIN").unwrap_or(default.min(0));
    let max = whole("MAX").unwrap_or(default.max(10)).max(min);
    InputKind::Long { choices, min, max, default: default.clamp(min, max) }
}

fn float(entry: &Map<String, Value>) -> InputKind {
    let number = |key| entry.get(key).and_then(value::number).map(|number| number as f32);
    let default = number("DEFAULT");
    // Where a bound is not said, 0 to 1 is meant, or as much more as takes the default.
    let min =
        number("MIN").unwrap_or_else(|| default.unwrap_or(0.0).min(number("MAX").unwrap_or(0.0)).min(0.0));
    let max = number("MAX").unwrap_or_else(|| default.unwrap_or(1.0).max(1.0));
    let (min, max) = (min.min(max), max.max(min));
    // The middle shows what the input does, and few divide by it.
    let default = default.unwrap_or((min + max) / 2.0).clamp(min, max);
    InputKind::Float { min, max, default, identity: number("IDENTITY") }
}

fn point(entry: &Map<String, Value>) -> InputKind {
    let point = |key| {
        let numbers = entry.get(key).map(value::numbers)?;
        Some([*numbers.first()?, *numbers.get(1)?])
    };
    let range = point("MIN")
        .zip(point("MAX"))
        .map(|(a, b)| [[a[0].min(b[0]), a[1].min(b[1])], [a[0].max(b[0]), a[1].max(b[1])]]);
    let middle = range.map(|[low, high]| [0, 1].map(|axis: usize| (low[axis] + high[axis]) / 2.0));
    InputKind::Point2D { range, default: point("DEFAULT").or(middle).unwrap_or_default() }
}
