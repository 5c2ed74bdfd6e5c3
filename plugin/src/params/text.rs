//! Parameters with their text: what a host shows can be typed in again.

use nice_plug::prelude::*;

/// A parameter that is shown in per cent, 100 % being `1.0`.
pub fn percent(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    FloatParam::new(name, default, FloatRange::Linear { min, max })
        .with_unit(" %")
        .with_value_to_string(formatters::v2s_f32_percentage(1))
        .with_string_to_value(formatters::s2v_f32_percentage())
}

/// A parameter that multiplies: as much of its range lies below the default as above.
pub fn factor(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    let factor = FloatRange::skew_factor(-1.0);
    FloatParam::new(name, default, FloatRange::Skewed { min, max, factor })
        .with_unit(" x")
        .with_value_to_string(formatters::v2s_f32_rounded(2))
}
