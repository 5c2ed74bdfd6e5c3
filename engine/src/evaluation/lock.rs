//! How long it takes until the beat is found, and found again.

use super::BEAT_WINDOW_S;

/// Beats in a row that must be right.
const LOCKED_BEATS: usize = 4;
/// An interval that differs by more than this from those before is another tempo, or a break; in the share of the interval.
const JUMP: f64 = 0.15;
/// Intervals on either side of a jump that must be steady, and how far each may be from their mean: rubato and ramps have none.
const STEADY_INTERVALS: usize = 3;
const STEADY: f64 = 0.10;
/// A gap of so many intervals, with the old tempo after it, is a pause and no jump.
const PAUSE_INTERVALS: f64 = 1.9;

/// Seconds from the first true beat until the first of four shown beats in a row that are right, each within 70 ms of its own,
/// none between them and none left out. Where that never happens, all of the time that there is; none with fewer than four beats.
pub(super) fn lock_s(truth: &[f64], shown: &[f64]) -> Option<f64> {
    let [first, .., last] = truth else { return None };
    if truth.len() < LOCKED_BEATS {
        return None;
    }
    Some(locked_at_s(truth, shown).map_or(last - first, |time_s| (time_s - first).max(0.0)))
}

/// The mean over [jumps](jumps) of the seconds from the last beat before it until the first of four that are right again. Where that does not
/// happen until the next jump, all of the time until then; none without a jump.
pub(super) fn relock_s(truth: &[f64], shown: &[f64]) -> Option<f64> {
    let jumps = jumps(truth);
    let times_s = jumps.iter().enumerate().map(|(at, &jump)| {
        let end = jumps.get(at + 1).map_or(truth.len(), |next| next + 1);
        let (from_s, to_s) = (truth[jump], truth[end - 1]);
        // The beat at which the new interval begins still lies where the old ones did.
        locked_at_s(&truth[jump + 1..end], shown).map_or(to_s - from_s, |time_s| (time_s - from_s).max(0.0))
    });
    let times_s: Vec<f64> = times_s.collect();
    (!times_s.is_empty()).then(|| times_s.iter().sum::<f64>() / times_s.len() as f64)
}

/// The first of so many shown beats in a row that follow as many true ones.
fn locked_at_s(truth: &[f64], shown: &[f64]) -> Option<f64> {
    let runs = truth.windows(LOCKED_BEATS).filter_map(|beats| {
        let first = shown.partition_point(|time_s| *time_s < beats[0] - BEAT_WINDOW_S);
        // Two that were shown for one beat: the later may begin the run.
        shown[first..]
            .windows(LOCKED_BEATS)
            .take(2)
            .find(|run| run.iter().zip(beats).all(|(time_s, beat)| (time_s - beat).abs() <= BEAT_WINDOW_S))
    });
    runs.map(|run| run[0]).next()
}

/// Where the tempo jumps, or the grid of beats breaks: the indices of beats whose next interval, or the one after it, differs by more than
/// 15 % from the steady ones before, where steady ones follow.
pub(super) fn jumps(truth: &[f64]) -> Vec<usize> {
    let intervals: Vec<f64> = truth.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut jumps = Vec::new();
    let mut at = STEADY_INTERVALS;
    while at < intervals.len() {
        let before = steady(&intervals[at - STEADY_INTERVALS..at]);
        // The first interval may already be the new tempo, or a broken one that stands between the two.
        let after = [at, at + 1]
            .into_iter()
            .find_map(|from| Some((from, steady(intervals.get(from..from + STEADY_INTERVALS)?)?)));
        if let (Some(before), Some((from, after))) = (before, after) {
            let differs = |interval: f64| (interval / before - 1.0).abs() > JUMP;
            let is_pause = !differs(after) && intervals[at] > PAUSE_INTERVALS * before;
            if differs(intervals[at]) && !is_pause {
                jumps.push(at);
                at = from + STEADY_INTERVALS;
                continue;
            }
        }
        at += 1;
    }
    jumps
}

/// The mean of intervals that hardly differ.
fn steady(intervals: &[f64]) -> Option<f64> {
    let mean = intervals.iter().sum::<f64>() / intervals.len() as f64;
    intervals.iter().all(|interval| (interval / mean - 1.0).abs() <= STEADY).then_some(mean)
}
