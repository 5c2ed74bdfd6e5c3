//! Lines that the window shows for a while: what was saved and where, and what went wrong and what to do.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long good news stays.
const GOOD_FOR: Duration = Duration::from_secs(8);
/// How long bad news stays.
const BAD_FOR: Duration = Duration::from_secs(20);
/// More than this at once would hide the picture.
const MOST: usize = 4;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// To tell it from others with the same words.
    pub id: u64,
    /// The line.
    pub text: String,
    /// Whether something went wrong.
    pub is_error: bool,
    /// The file or folder that it is about, to be opened with a click.
    pub path: Option<PathBuf>,
    until: Instant,
}

/// The lines of one instance; written from any thread but the audio thread.
#[derive(Debug, Default)]
pub struct Notices {
    inner: Mutex<(u64, Vec<Notice>)>,
}

impl Notices {
    /// Good news, with the file or folder that it is about.
    pub fn tell(&self, text: impl Into<String>, path: Option<PathBuf>) {
        self.add(text.into(), false, path, GOOD_FOR);
    }

    /// Bad news: what failed, on what, and what to do.
    pub fn warn(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.add(text, true, None, BAD_FOR);
    }

    fn add(&self, text: String, is_error: bool, path: Option<PathBuf>, stays: Duration) {
        let (last_id, lines) = &mut *self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        *last_id += 1;
        // The same trouble again takes the place of the line before.
        lines.retain(|line| line.text != text);
        lines.push(Notice { id: *last_id, text, is_error, path, until: Instant::now() + stays });
        let excess = lines.len().saturating_sub(MOST);
        lines.drain(..excess);
    }

    /// The lines that are to be seen now, the newest last.
    pub fn newest(&self) -> Vec<Notice> {
        let (_, lines) = &mut *self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        lines.retain(|line| line.until > now);
        lines.clone()
    }

    /// Takes a line away.
    pub fn dismiss(&self, id: u64) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).1.retain(|line| line.id != id);
    }
}

impl Notice {
    /// For pictures of the panel: a line that stays.
    pub fn sample(id: u64, text: &str, is_error: bool, path: Option<PathBuf>) -> Self {
        Self { id, text: text.to_owned(), is_error, path, until: Instant::now() + BAD_FOR }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_said_once_and_can_be_taken_away() {
        let notices = Notices::default();
        notices.warn("no ffmpeg");
        notices.warn("no ffmpeg");
        notices.tell("saved", Some(PathBuf::from("a.png")));
        let lines = notices.newest();
        assert_eq!(lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["no ffmpeg", "saved"]);
        notices.dismiss(lines[0].id);
        assert_eq!(notices.newest().len(), 1);
        (0..9).for_each(|number| notices.tell(number.to_string(), None));
        assert_eq!(notices.newest().len(), MOST);
    }
}
