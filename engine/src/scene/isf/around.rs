//! What is put around a file: controls for its inputs, and passes that draw what its inputs read.

use super::TurnedBy;
use crate::isf::{Input, InputKind};
use crate::scene::control::{Amount, Control, Curve, Kind};
use crate::scene::head::{Format, Pass, Size, Writes};
use crate::scene::limits;

/// Samples and bins where a file asks for no number of them.
const SAMPLES: u32 = 1024;
const BINS: u32 = 512;

/// Controls for the first inputs, and what turns each input.
pub(super) fn controls(inputs: &[Input], is_transition: bool) -> (Vec<Control>, Vec<TurnedBy>) {
    let mut controls: Vec<Control> = Vec::new();
    let turned_by = inputs.iter().map(|input| {
        if is_transition && input.name == "progress" {
            return TurnedBy::Progress;
        }
        let new = of_input(input);
        let place = controls.len();
        let fits = !new.is_empty() && place + new.len() <= limits::CONTROLS;
        if !fits || new.iter().any(|control| control.fault_of_value().is_some()) {
            return TurnedBy::Nothing;
        }
        let two = new.len() == 2;
        controls.extend(new);
        if two { TurnedBy::Two(place) } else { TurnedBy::Control(place) }
    });
    let turned_by = turned_by.collect();
    (controls, turned_by)
}

/// One control, two for a point, none for what cannot be turned.
fn of_input(input: &Input) -> Vec<Control> {
    let control = |kind, default| Control {
        id: input.name.clone(),
        label: input.label.clone(),
        kind,
        min: 0.0,
        max: 1.0,
        default,
        curve: Curve::Linear,
        choices: Vec::new(),
        tip: String::new(),
    };
    let number = |min: f32, max: f32, default: f32| Control {
        min,
        max,
        ..control(Kind::Number, Amount::Number(default))
    };
    match &input.kind {
        InputKind::Event => vec![control(Kind::Trigger, Amount::default())],
        InputKind::Bool { default } => vec![control(Kind::Switch, Amount::Switch(*default))],
        InputKind::Long { choices, min, max, default } if choices.is_empty() => {
            vec![number(*min as f32, *max as f32, *default as f32)]
        }
        InputKind::Long { choices, default, .. } => {
            let place = choices.iter().position(|(value, _)| value == default).unwrap_or(0);
            let choices = choices.iter().map(|(_, label)| label.clone()).collect();
            vec![Control { choices, ..control(Kind::Choice, Amount::Number(place as f32)) }]
        }
        InputKind::Float { min, max, default, .. } => vec![number(*min, *max, *default)],
        InputKind::Point2D { range, default } => {
            let share = input.kind.is_share().then_some([[0.0; 2], [1.0; 2]]);
            let Some([low, high]) = range.or(share) else { return Vec::new() };
            let axis = |at: usize, name: &str| Control {
                id: format!("{}_{name}", input.name),
                label: format!("{} {name}", input.label),
                ..number(low[at], high[at], default[at].clamp(low[at], high[at]))
            };
            vec![axis(0, "x"), axis(1, "y")]
        }
        InputKind::Color { default } => {
            let byte = |channel: f32| (channel.clamp(0.0, 1.0) * 255.0).round() as u8;
            let [r, g, b] = [0, 1, 2].map(|at| byte(default[at]));
            vec![control(Kind::Colour, Amount::Word(format!("#{r:02x}{g:02x}{b:02x}")))]
        }
        InputKind::Image | InputKind::Audio { .. } | InputKind::AudioFft { .. } => Vec::new(),
    }
}

/// Our passes that draw what its inputs read, and which of their targets each input reads.
pub(super) fn passes(inputs: &[Input], is_transition: bool) -> (Vec<Pass>, Vec<Option<String>>) {
    let mut passes: Vec<Pass> = Vec::new();
    let drawn_by = inputs.iter().map(|input| {
        let (entry, size, format) = match input.kind {
            InputKind::Image if is_transition && input.name == "startImage" => ("start", None, Format::Rgba8),
            InputKind::Image if is_transition && input.name == "endImage" => ("end", None, Format::Rgba8),
            InputKind::Image => ("image", None, Format::Rgba8),
            InputKind::Audio { samples } => {
                ("wave", Some(Size::Pixels([samples.unwrap_or(SAMPLES), 2])), Format::Rgba16f)
            }
            InputKind::AudioFft { bins } => {
                ("bins", Some(Size::Pixels([bins.unwrap_or(BINS), 1])), Format::Rgba16f)
            }
            _ => return None,
        };
        // One target for all that read the same.
        if let Some(pass) = passes.iter().find(|pass| pass.entry == entry && pass.size == size) {
            return pass.targets().first().map(|(name, _)| (*name).to_owned());
        }
        if passes.len() + 1 >= limits::PASSES.min(limits::TARGETS) {
            return None;
        }
        let target = format!("isf_{entry}_{}", passes.len());
        passes.push(Pass { writes: Writes::One(target.clone()), size, format, ..Pass::fragment(entry) });
        Some(target)
    });
    let drawn_by = drawn_by.collect();
    (passes, drawn_by)
}
