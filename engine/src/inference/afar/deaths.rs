//! How often a graph has cost its process the life lately: one that always does is given up.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is longer ago is forgotten.
const LATELY: Duration = Duration::from_secs(60);
/// Who starts a process again waits a little longer each time, but never longer than this.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);
const PAUSE: Duration = Duration::from_millis(20);

/// Of all graphs of this process, by their fingerprints: a graph that is loaded anew is no better than it was.
static DEATHS: Mutex<Vec<(String, Instant)>> = Mutex::new(Vec::new());

/// Notes a death, and says how many of this graph there were lately.
pub fn note(fingerprint: &str) -> u32 {
    let mut deaths = DEATHS.lock().unwrap_or_else(PoisonError::into_inner);
    deaths.retain(|(_, when)| when.elapsed() < LATELY);
    deaths.push((fingerprint.to_owned(), Instant::now()));
    deaths.iter().filter(|(other, _)| other == fingerprint).count() as u32
}

/// How many there were.
pub fn lately(fingerprint: &str) -> u32 {
    let mut deaths = DEATHS.lock().unwrap_or_else(PoisonError::into_inner);
    deaths.retain(|(_, when)| when.elapsed() < LATELY);
    deaths.iter().filter(|(other, _)| other == fingerprint).count() as u32
}

/// How long to wait after so many.
pub fn pause(deaths: u32) -> Duration {
    (PAUSE * deaths.saturating_sub(1)).min(LONGEST_PAUSE)
}
