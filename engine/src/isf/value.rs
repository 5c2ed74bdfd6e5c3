//! Values of the head as their authors meant them: numbers in quotation marks, 1 for true, one thing where a list is due.

use serde_json::{Map, Value};

use super::{IsfError, limits};

/// A finite number: also a truth value, or a text that holds one.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(1.0),
            "false" | "no" => Some(0.0),
            text => text.parse().ok(),
        },
        // Some write one number as a list of one.
        Value::Array(list) => list.first().filter(|first| !first.is_array()).and_then(number),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// Whether `key` is set to something that means true.
pub(super) fn truth(object: &Map<String, Value>, key: &str) -> bool {
    object.get(key).and_then(number).is_some_and(|number| number != 0.0)
}

/// The numbers of a list; what is none counts as 0.
pub(super) fn numbers(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(list) => list.iter().take(16).map(|value| number(value).unwrap_or(0.0) as f32).collect(),
        other => number(other).map(|number| number as f32).into_iter().collect(),
    }
}

/// A text, or a number as one.
pub(super) fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The text under `key`.
pub(super) fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(words)
}

/// The list under `key`; what is no list is a list of one, and nothing an empty one.
pub(super) fn list<'a>(object: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    match object.get(key) {
        None | Some(Value::Null) => &[],
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
    }
}

/// The name under `key`, which the shader will use: a word of GLSL. None where there is nothing or an empty text.
pub(super) fn name(object: &Map<String, Value>, key: &str, place: &str) -> Result<Option<String>, IsfError> {
    match text(object, key).map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()) {
        None => Ok(None),
        Some(name) => checked_name(name, &format!("{place}.{key}")).map(Some),
    }
}

/// `name`, if it is a word of GLSL.
pub(super) fn checked_name(name: String, key: &str) -> Result<String, IsfError> {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let goes_on = name.chars().all(|next| next.is_ascii_alphanumeric() || next == '_');
    if begins && goes_on && name.len() <= limits::NAME_BYTES && !name.starts_with("kb_") {
        return Ok(name);
    }
    let shown: String = name.chars().take(40).collect();
    let reason = format!(
        "\"{shown}\" cannot be the name of a variable: use letters, digits and _, and begin with a letter"
    );
    Err(IsfError::Head { key: key.to_owned(), reason })
}
