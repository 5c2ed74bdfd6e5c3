//! Flashes that come at once, wherever they are in a field: here now, there then, and each place seldom.

use super::limits::{AREA, AT_ONCE_S, MOST_TRANSITIONS, WINDOW_S, within};

const KEPT: usize = MOST_TRANSITIONS + 1;
const NEVER: u32 = u32::MAX;

/// For each place of a field, when the last large changes were.
pub(super) struct Concurrent {
    times: Vec<[u32; KEPT]>,
    newest: bool,
}

impl Concurrent {
    pub fn new(places: usize) -> Self {
        Self { times: vec![[NEVER; KEPT]; places], newest: false }
    }

    /// Takes the shares of each place that have changed just now. Where there are too many large changes in a second: when
    /// the first of them was, and the largest share.
    pub fn step(&mut self, now: u32, shares: &[f64]) -> Option<(u32, f64)> {
        let mut found: Option<(u32, f64)> = None;
        self.newest = false;
        for (times, share) in self.times.iter_mut().zip(shares) {
            let large = *share > AREA && (times[0] == NEVER || !within(now, times[0], AT_ONCE_S));
            if large {
                times.copy_within(0..KEPT - 1, 1);
                times[0] = now;
            }
            let first = times[MOST_TRANSITIONS];
            if first != NEVER && within(now, first, WINDOW_S) {
                self.newest |= large;
                let (since, area) = found.unwrap_or((first, 0.0));
                found = Some((since.min(first), area.max(*share)));
            }
        }
        found
    }

    /// How many the newest frame has added where there were too many: 1 or 0.
    pub fn newest(&self) -> u8 {
        self.newest.into()
    }
}
