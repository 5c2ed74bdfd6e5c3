//! From what is wrong in single frames to stretches of time.

use std::collections::VecDeque;

use super::limits::{EXTENDED_S, EXTENDED_WINDOW_S, MOST_TRANSITIONS, TICKS_PER_S, seconds};
use super::stripes::Seen;
use super::{Failure, Rule};

/// What breaks a rule again within this time is one failure, in ticks.
const ONE_FAILURE: u32 = TICKS_PER_S as u32;

/// Flashes that a place has when it has too many for the first time.
const FLASHES_AT_FIRST: f64 = 0.5 * (MOST_TRANSITIONS + 1) as f64;

/// All that was found, and what goes on in the newest frame.
#[derive(Default)]
pub(super) struct Findings {
    failures: Vec<Stretch>,
    warnings: Vec<Stretch>,
    /// When a sequence was at the limit, in the last seconds; for luminance and for red.
    lingering: [Lingering; 2],
}

/// Times from begin to end, and whether the last of them goes on.
#[derive(Default)]
struct Lingering {
    runs: VecDeque<[u32; 2]>,
    goes_on: bool,
}

#[derive(Clone, Copy)]
struct Stretch {
    rule: Rule,
    start: u32,
    end: u32,
    count: f64,
    area: f64,
}

impl Findings {
    /// A frame in which there are too many flashes, the first of them at `since`; the frame adds `added` to them.
    pub fn flashes(&mut self, now: u32, rule: Rule, since: u32, area: f64, added: f64) {
        note(
            &mut self.failures,
            Stretch { rule, start: since, end: now, count: added, area },
            FLASHES_AT_FIRST,
        );
    }

    /// A frame in which two or three flashes a second are going on.
    pub fn lingering(&mut self, now: u32, rule: Rule, area: f64, added: f64) {
        let Lingering { runs, goes_on } = &mut self.lingering[usize::from(rule == Rule::ExtendedRedFlash)];
        match runs.back_mut().filter(|_| *goes_on) {
            Some(run) => run[1] = now,
            None => runs.push_back([now, now]),
        }
        *goes_on = true;
        let from = now.saturating_sub((EXTENDED_WINDOW_S * TICKS_PER_S) as u32);
        runs.retain(|run| run[1] >= from);
        let lasted: u32 = runs.iter().map(|[begin, end]| end - (*begin).max(from)).sum();
        let start = runs.front().map_or(now, |run| run[0].max(from));
        let stretch = |start| Stretch { rule, start, end: now, count: added, area };
        note(&mut self.warnings, stretch(now), 0.0);
        if seconds(lasted) >= EXTENDED_S {
            note(&mut self.failures, stretch(start), 2.0 * EXTENDED_S);
        }
    }

    /// A frame in which they are not.
    pub fn calm(&mut self, rule: Rule) {
        self.lingering[usize::from(rule == Rule::ExtendedRedFlash)].goes_on = false;
    }

    /// A frame with stripes that are seen for too long.
    pub fn stripes(&mut self, now: u32, seen: &Seen) {
        let stretch =
            Stretch { rule: Rule::Stripes, start: seen.since, end: now, count: seen.pairs, area: seen.area };
        match open(&mut self.failures, Rule::Stripes, seen.since) {
            Some(last) => {
                (last.end, last.area, last.count) =
                    (now, last.area.max(seen.area), last.count.max(seen.pairs));
            }
            None => self.failures.push(stretch),
        }
    }

    /// Failures, and warnings of what is no part of a failure.
    pub fn into_failures(self, first_s: f64) -> (Vec<Failure>, Vec<Failure>) {
        let Self { mut failures, mut warnings, .. } = self;
        warnings.retain(|warning| {
            !failures.iter().any(|failure| {
                failure.rule != Rule::Stripes && failure.start <= warning.end && warning.start <= failure.end
            })
        });
        for list in [&mut failures, &mut warnings] {
            list.sort_by_key(|stretch| (stretch.start, stretch.rule));
        }
        let told = |list: Vec<Stretch>| {
            let tell = |Stretch { rule, start, end, count, area }| Failure {
                rule,
                start_s: first_s + seconds(start),
                end_s: first_s + seconds(end),
                count,
                area: area.min(1.0),
            };
            list.into_iter().map(tell).collect()
        };
        (told(failures), told(warnings))
    }
}

/// The last stretch of a rule, if what begins at `start` goes on with it.
fn open(list: &mut [Stretch], rule: Rule, start: u32) -> Option<&mut Stretch> {
    let last = list.iter_mut().rev().find(|stretch| stretch.rule == rule);
    last.filter(|last| start <= last.end.saturating_add(ONE_FAILURE))
}

fn note(list: &mut Vec<Stretch>, new: Stretch, count_at_first: f64) {
    match open(list, new.rule, new.start) {
        Some(last) => {
            last.end = new.end;
            last.area = last.area.max(new.area);
            last.count += new.count;
        }
        None => list.push(Stretch { count: new.count + count_at_first, ..new }),
    }
}
