//! Lines that the window shows for a while: what was saved and where, and what went wrong and what to do.
//!
//! Time counts only while a window shows a line. What an export came to stays until somebody was there to see it: it may have
//! run for an hour.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long good news stays.
const GOOD_FOR: Duration = Duration::from_secs(8);
/// How long bad news stays.
const BAD_FOR: Duration = Duration::from_secs(20);
/// More than this at once would hide the picture.
const MOST: usize = 4;
/// Files that are remembered as made here.
const MOST_MADE: usize = 12;

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
    stays: Duration,
    /// Whether it stays until a hand was at the window.
    waits: bool,
    /// Since when its time counts.
    since: Option<Instant>,
    /// What it is about, for one that stays until that is over.
    topic: Option<&'static str>,
}

/// The lines of one instance; written from any thread but the audio thread.
#[derive(Debug, Default)]
pub struct Notices {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last_id: u64,
    lines: Vec<Notice>,
    made: Vec<PathBuf>,
}

impl Notices {
    /// Good news, with the file or folder that was made; that one stays until it is seen.
    pub fn tell(&self, text: impl Into<String>, made: Option<PathBuf>) {
        let waits = made.is_some();
        self.add(text.into(), false, made, waits);
    }

    /// Bad news: what failed, on what, and what to do.
    pub fn warn(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.add(text, true, None, false);
    }

    /// As [`warn`](Self::warn), from a thread that may not wait: where another one writes just now, nothing is told.
    pub fn try_warn(&self, text: &str) {
        if let Ok(mut inner) = self.inner.try_lock() {
            inner.add(text.to_owned(), true, None, false, None);
        }
    }

    /// Bad news about something that was to be made: it stays until it is seen.
    pub fn fail(&self, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        self.add(text, true, None, true);
    }

    /// Bad news that stay until they are [lifted](Self::lift), or others of the same topic come.
    pub fn stand(&self, topic: &'static str, text: impl Into<String>) {
        let text = text.into();
        tracing::warn!("{text}");
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.lines.retain(|line| line.topic != Some(topic));
        inner.add(text, true, None, false, Some(topic));
    }

    /// What a topic was about is over.
    pub fn lift(&self, topic: &'static str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.lines.retain(|line| line.topic != Some(topic));
    }

    fn add(&self, text: String, is_error: bool, path: Option<PathBuf>, waits: bool) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.add(text, is_error, path, waits, None);
    }

    /// The lines that are to be seen, the newest last.
    pub fn newest(&self) -> Vec<Notice> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).lines.clone()
    }

    /// The same, for a window that shows them now. `attended` says whether a hand is at it.
    pub fn show(&self, attended: bool) -> Vec<Notice> {
        self.show_at(attended, Instant::now())
    }

    fn show_at(&self, attended: bool, now: Instant) -> Vec<Notice> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .lines
            .retain(|line| line.since.is_none_or(|since| now.saturating_duration_since(since) < line.stays));
        for line in inner.lines.iter_mut().filter(|line| line.since.is_none() && (attended || !line.waits)) {
            line.since = Some(now);
        }
        inner.lines.clone()
    }

    /// What was made here, the newest first.
    pub fn made(&self) -> Vec<PathBuf> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).made.clone()
    }

    /// Takes a line away.
    pub fn dismiss(&self, id: u64) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).lines.retain(|line| line.id != id);
    }
}

impl Inner {
    fn add(
        &mut self,
        text: String,
        is_error: bool,
        path: Option<PathBuf>,
        waits: bool,
        topic: Option<&'static str>,
    ) {
        self.last_id += 1;
        if let Some(path) = &path {
            self.made.retain(|made| made != path);
            self.made.insert(0, path.clone());
            self.made.truncate(MOST_MADE);
        }
        let stays = match topic {
            Some(_) => Duration::MAX,
            None if is_error => BAD_FOR,
            None => GOOD_FOR,
        };
        let id = self.last_id;
        // The same trouble again takes the place of the line before.
        self.lines.retain(|line| line.text != text);
        self.lines.push(Notice { id, text, is_error, path, stays, waits, since: None, topic });
        while self.lines.len() > MOST {
            // What nobody needs to have seen goes first.
            let oldest = self.lines.iter().position(|line| !line.waits && line.topic.is_none()).unwrap_or(0);
            self.lines.remove(oldest);
        }
    }
}

impl Notice {
    /// For pictures of the panel: a line that stays.
    pub fn sample(id: u64, text: &str, is_error: bool, path: Option<PathBuf>) -> Self {
        Self {
            id,
            text: text.to_owned(),
            is_error,
            path,
            stays: BAD_FOR,
            waits: true,
            since: None,
            topic: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[Notice]) -> Vec<&str> {
        lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn a_line_is_said_once_and_can_be_taken_away() {
        let notices = Notices::default();
        notices.warn("no ffmpeg");
        notices.warn("no ffmpeg");
        notices.tell("saved", Some(PathBuf::from("a.png")));
        let lines = notices.newest();
        assert_eq!(texts(&lines), ["no ffmpeg", "saved"]);
        notices.dismiss(lines[0].id);
        assert_eq!(notices.newest().len(), 1);
        (0..9).for_each(|number| notices.tell(number.to_string(), None));
        assert_eq!(texts(&notices.newest()), ["saved", "6", "7", "8"]);
    }

    #[test]
    fn what_an_export_came_to_stays_until_somebody_was_there() {
        let notices = Notices::default();
        let start = Instant::now();
        let show = |attended, second| notices.show_at(attended, start + Duration::from_secs(second));
        notices.tell("Listening to a microphone", None);
        notices.tell("Video saved", Some(PathBuf::from("video.mp4")));
        notices.fail("The bounce has failed");
        assert_eq!(show(false, 0).len(), 3);
        // An hour later nobody has been there; only the small talk has gone.
        assert_eq!(texts(&show(false, 3600)), ["Video saved", "The bounce has failed"]);
        assert_eq!(show(true, 7200).len(), 2);
        assert_eq!(show(false, 7206).len(), 2);
        assert_eq!(texts(&show(false, 7210)), ["The bounce has failed"]);
        assert!(show(false, 7221).is_empty());
        assert_eq!(notices.made(), [PathBuf::from("video.mp4")]);
    }

    #[test]
    fn what_stands_stays_until_it_is_over() {
        let notices = Notices::default();
        let start = Instant::now();
        notices.stand("scene", "mine.wgsl:3:1: no such function");
        notices.stand("scene", "mine.wgsl:4:1: no such type");
        (0..9).for_each(|number| notices.tell(number.to_string(), None));
        assert_eq!(texts(&notices.newest())[0], "mine.wgsl:4:1: no such type");
        notices.show_at(true, start);
        let later = notices.show_at(true, start + Duration::from_secs(3600));
        assert_eq!(texts(&later), ["mine.wgsl:4:1: no such type"]);
        notices.lift("scene");
        assert!(notices.newest().is_empty());
    }

    #[test]
    fn time_does_not_count_while_no_window_is_open() {
        let notices = Notices::default();
        let start = Instant::now();
        notices.warn("the sound device is gone");
        assert_eq!(notices.show_at(false, start + Duration::from_secs(900)).len(), 1);
        assert!(notices.show_at(false, start + Duration::from_secs(921)).is_empty());
    }
}
