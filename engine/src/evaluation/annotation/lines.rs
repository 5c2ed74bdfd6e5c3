//! Beats as lines of text.

use std::path::Path;

use super::flaw;
use crate::evaluation::EvaluationError;

/// Reads NAME.beats, of an annotation or of another tracker: a time in seconds a line, rising, and if it is known the place in the bar behind
/// it, with blanks, a tabulator or a comma between. Lines that are empty or begin with `#` are passed over.
///
/// # Errors
/// A file that cannot be read, or the first line that is wrong, with its column.
pub fn read_beats(path: &Path) -> Result<Vec<(f64, Option<u32>)>, EvaluationError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| EvaluationError::Read { path: path.to_path_buf(), source })?;
    let mut beats: Vec<(f64, Option<u32>)> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with('#')) {
        let mut words = line.split([' ', '\t', ',']).filter(|word| !word.trim().is_empty());
        let Some(first) = words.next() else { continue };
        let wrong = |word: &str, what: String| EvaluationError::Annotation {
            path: path.to_path_buf(),
            line: at + 1,
            column: 1 + word.as_ptr().addr() - line.as_ptr().addr(),
            place: String::new(),
            what,
        };
        let time_s: f64 = first
            .parse()
            .map_err(|_| wrong(first, format!("{first:?} where a time in seconds should stand")))?;
        let before_s = beats.last().map_or(f64::NEG_INFINITY, |(time_s, _)| *time_s);
        // Trackers that round may tell one beat twice.
        if let Some(what) = flaw(time_s, before_s, false) {
            return Err(wrong(first, what));
        }
        beats.push((
            time_s,
            words.next().map(|word| place(word).map_err(|what| wrong(word, what))).transpose()?,
        ));
    }
    Ok(beats)
}

/// A place in the bar, which some collections write as `1.0`.
fn place(word: &str) -> Result<u32, String> {
    let place =
        word.parse::<f64>().ok().filter(|place| place.fract() == 0.0 && (1.0..=1000.0).contains(place));
    place
        .map(|place| place as u32)
        .ok_or_else(|| format!("{word:?} where a place in the bar should stand: 1, 2, ..."))
}
