//! Errors of the format, with the place in the file that they are about.

use crate::isf::{IsfError, Text};
use crate::scene::SceneError;

/// An error of the format's, with the file and the place in it.
pub(super) fn placed(file: &str, fragment: &str, vertex: Option<&str>, error: &IsfError) -> SceneError {
    // Without a vertex shader of its own, what is wrong there comes from the head.
    let beside = match vertex {
        Some(_) => format!("{}.vs", file.strip_suffix(".fs").unwrap_or(file)),
        None => file.to_owned(),
    };
    match error {
        IsfError::Json { line, reason } => SceneError::Place {
            file: file.to_owned(),
            line: *line as u32,
            column: 1,
            message: format!("the head is no JSON: {reason}"),
        },
        IsfError::NoHead => SceneError::Place {
            file: file.to_owned(),
            line: 1,
            column: 1,
            message: "an ISF begins with a comment /*{ ... }*/ that holds JSON".to_owned(),
        },
        IsfError::Shader { text: Text::Vertex, reason, .. } if vertex.is_none() => {
            SceneError::Head { file: beside, message: reason.clone() }
        }
        IsfError::Shader { text, line, reason } => {
            let (file, text) = match text {
                Text::Fragment => (file, fragment),
                Text::Vertex => (beside.as_str(), vertex.unwrap_or_default()),
            };
            let column = column(text, *line, reason);
            SceneError::Place { file: file.to_owned(), line: *line, column, message: reason.clone() }
        }
        IsfError::Untranslatable { text: Text::Vertex, .. } => {
            SceneError::Head { file: beside, message: error.to_string() }
        }
        _ => SceneError::Head { file: file.to_owned(), message: error.to_string() },
    }
}

/// The letter in a line that a message is about: the first word of it that the message has in quotation marks.
fn column(text: &str, line: u32, reason: &str) -> u32 {
    let text = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
    let is_letter = |letter: Option<char>| letter.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let quoted = reason.split('\'').skip(1).step_by(2).filter(|word| !word.is_empty());
    let whole = |word: &str| {
        let mut found = text.match_indices(word).map(|(at, _)| at);
        found.find(|at| {
            let (before, after) = (text.get(..*at).unwrap_or_default(), text.get(at + word.len()..));
            let begins = is_letter(word.chars().next()) && is_letter(before.chars().next_back());
            let goes_on = is_letter(word.chars().next_back())
                && is_letter(after.and_then(|after| after.chars().next()));
            !begins && !goes_on
        })
    };
    let at = quoted.filter_map(whole).next();
    let at = at.unwrap_or_else(|| text.len() - text.trim_start().len());
    text.get(..at).unwrap_or_default().chars().count() as u32 + 1
}
