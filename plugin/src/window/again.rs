//! When to try again what has failed: soon, and then ever later.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_secs(1);
const LAST: Duration = Duration::from_secs(30);
/// What has worked for so long is mended, and the next failure another one.
const CALM: Duration = Duration::from_secs(10);

/// Failures in a row.
#[derive(Debug, Default)]
pub struct Again {
    /// The wait that was chosen last; zero while nothing has failed.
    wait: Duration,
    due: Option<Instant>,
    worked: Option<Instant>,
}

impl Again {
    /// Whether a try is due.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due.is_none_or(|due| due <= now)
    }

    /// It works; call it when it begins to.
    pub fn works(&mut self, now: Instant) {
        (self.due, self.worked) = (None, Some(now));
    }

    /// It has failed. Whether this is the first time in a row: then it is worth a word.
    pub fn failed(&mut self, now: Instant) -> bool {
        let lasted = self.worked.take().is_some_and(|since| now.saturating_duration_since(since) >= CALM);
        let first = lasted || self.wait.is_zero();
        self.wait = if first { FIRST } else { (2 * self.wait).min(LAST) };
        self.due = Some(now + self.wait);
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_again_and_again_is_tried_ever_later_and_told_once() {
        let (mut again, mut now) = (Again::default(), Instant::now());
        assert!(again.is_due(now));
        let mut waits = Vec::new();
        for round in 0..7 {
            assert_eq!(again.failed(now), round == 0);
            let before = now;
            while !again.is_due(now) {
                now += Duration::from_millis(500);
            }
            waits.push((now - before).as_secs());
            // It seems to work, for a moment.
            again.works(now);
            now += Duration::from_secs(3);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        now += Duration::from_secs(60);
        assert!(again.failed(now), "another failure, after a minute without any");
        assert!(again.is_due(now + FIRST));
    }
}
