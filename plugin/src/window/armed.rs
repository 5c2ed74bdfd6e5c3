//! A bounce that was asked for and does not come: hosts that render without saying so would leave their user without a word.

use std::time::{Duration, Instant};

/// A host may play for so long before it renders.
const PATIENCE: Duration = Duration::from_secs(4);

/// Watches for real-time playback while a bounce is armed.
#[derive(Debug, Default)]
pub struct Armed {
    /// Since when it plays so.
    since: Option<Instant>,
    told: bool,
}

impl Armed {
    /// Looks, frame by frame: `plays` while a bounce is armed and the host plays in real time. Whether to tell now, which is
    /// once.
    pub fn look(&mut self, plays: bool, now: Instant) -> bool {
        if !plays {
            self.since = None;
            return false;
        }
        let since = *self.since.get_or_insert(now);
        let tell = !self.told && now.saturating_duration_since(since) >= PATIENCE;
        self.told |= tell;
        tell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_that_never_says_offline_is_told_of_once() {
        let mut armed = Armed::default();
        let start = Instant::now();
        let second = |second| start + Duration::from_secs(second);
        assert!(!armed.look(true, second(0)));
        assert!(!armed.look(false, second(3)));
        assert!(!armed.look(true, second(4)));
        assert!(!armed.look(true, second(7)));
        assert!(armed.look(true, second(8)));
        assert!(!armed.look(true, second(9)));
        assert!(!armed.look(true, second(99)));
    }
}
