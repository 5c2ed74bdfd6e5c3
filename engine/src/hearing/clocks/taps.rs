//! Tempo and place of what a user taps.

/// Taps that count together.
const MOST: usize = 8;
/// After such a pause tapping begins anew.
const PAUSE_S: f64 = 2.0;
/// Sooner after another it is no tap but a key that bounces.
const BOUNCE_S: f64 = 0.12;
/// A tap that is this far beside the others' beat, in beats, is a slip.
const SLIP_BEATS: f64 = 0.12;
/// Two distances that differ by less than this share are the same tempo; by more than the second, another one.
const SAME: f64 = 0.12;
const OTHER: f64 = 0.25;

/// The newest taps, oldest first.
#[derive(Debug, Default)]
pub(super) struct Taps {
    at_s: [f64; MOST],
    count: usize,
}

/// A beat that was tapped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tapped {
    /// Length of a beat; `None` after a single tap.
    pub period_s: Option<f64>,
    /// When the beat of the newest tap falls: where the others say, not where the finger was.
    pub beat_s: f64,
}

impl Taps {
    /// When the newest came.
    pub fn newest_s(&self) -> Option<f64> {
        self.at_s[..self.count].last().copied()
    }

    /// Takes a tap; `None` for one that is none.
    pub fn tap(&mut self, at_s: f64) -> Option<Tapped> {
        let since_s = self.newest_s().map(|newest_s| at_s - newest_s);
        match since_s {
            Some(since_s) if since_s < BOUNCE_S => return None,
            Some(since_s) if since_s > PAUSE_S => self.count = 0,
            _ => {}
        }
        if self.count == MOST {
            self.forget(1);
        }
        self.at_s[self.count] = at_s;
        self.count += 1;
        self.forget_another_tempo();
        let Some((first_s, period_s, newest)) = self.fit() else {
            return Some(Tapped { period_s: None, beat_s: at_s });
        };
        Some(Tapped { period_s: Some(period_s), beat_s: first_s + newest * period_s })
    }

    fn forget(&mut self, oldest: usize) {
        self.at_s.copy_within(oldest..self.count, 0);
        self.count -= oldest;
    }

    /// Who has changed to another tempo, and means it, has tapped it twice.
    fn forget_another_tempo(&mut self) {
        if self.count < 4 {
            return;
        }
        let distance = |newer: usize| self.at_s[newer] - self.at_s[newer - 1];
        let (last, before) = (distance(self.count - 1), distance(self.count - 2));
        let earlier = median((1..self.count - 2).map(distance));
        let differs = |other: f64, share: f64| (last / other - 1.0).abs() > share;
        if !differs(before, SAME) && differs(earlier, OTHER) {
            self.forget(self.count - 3);
        }
    }

    /// A straight line through the taps by least squares: when the first beat falls, how long one is, and the number of the
    /// newest tap's. Who leaves a beat out has tapped the one after it; the worst slip is left out.
    fn fit(&self) -> Option<(f64, f64, f64)> {
        let at_s = &self.at_s[..self.count];
        if at_s.len() < 2 {
            return None;
        }
        let typical = median(at_s.windows(2).map(|pair| pair[1] - pair[0]));
        let mut beats = [0.0; MOST];
        for tap in 1..at_s.len() {
            beats[tap] = beats[tap - 1] + ((at_s[tap] - at_s[tap - 1]) / typical).round().max(1.0);
        }
        let taps = || beats.iter().copied().zip(at_s.iter().copied());
        let (mut first_s, mut period_s) = line(taps())?;
        let off = |(beat, at_s): (f64, f64), first_s: f64, period_s: f64| {
            ((at_s - first_s) / period_s - beat).abs()
        };
        let worst = taps()
            .enumerate()
            .map(|(tap, it)| (tap, off(it, first_s, period_s)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((slip, off)) = worst
            && off > SLIP_BEATS
            && at_s.len() >= 4
        {
            let others = taps().enumerate().filter(|(tap, _)| *tap != slip).map(|(_, it)| it);
            (first_s, period_s) = line(others)?;
        }
        Some((first_s, period_s, beats[at_s.len() - 1]))
    }
}

/// Least squares: where the line through these points is at 0, and how much it rises each step.
pub(super) fn line(points: impl Iterator<Item = (f64, f64)> + Clone) -> Option<(f64, f64)> {
    let (count, x, y) = points.clone().fold((0.0, 0.0, 0.0), |(n, sx, sy), (x, y)| (n + 1.0, sx + x, sy + y));
    let (middle_x, middle_y) = (x / count, y / count);
    let (spread, product) = points.fold((0.0, 0.0), |(spread, product), (x, y)| {
        let dx = x - middle_x;
        (spread + dx * dx, product + dx * (y - middle_y))
    });
    let rise = product / spread;
    (rise.is_finite() && rise > 0.0).then_some((middle_y - rise * middle_x, rise))
}

/// The middle one of a few, at most eight.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted = [f64::INFINITY; MOST];
    let mut count = 0;
    for (place, value) in sorted.iter_mut().zip(values) {
        *place = value;
        count += 1;
    }
    sorted.sort_by(f64::total_cmp);
    0.5 * (sorted[count / 2] + sorted[count.saturating_sub(1) / 2])
}
