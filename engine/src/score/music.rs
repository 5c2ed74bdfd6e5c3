//! Whether the picture goes with the music: what changes in it against what begins in the song.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::{Score, quantile};

/// So near to each other, in seconds, what is seen and what is heard belong together.
const TOGETHER_S: f64 = 0.05;
/// Light is looked for from this many seconds before its sound (a beat may be known beforehand) to this many after.
const EARLIEST_S: f64 = 0.07;
const LATEST_S: f64 = 0.17;
/// How often chance is asked.
const DRAWS: usize = 200;
/// Less change than this nobody sees.
const VISIBLE: f32 = 0.002;
/// Length of the pieces, in seconds, into which music is cut to be shuffled: a hit stays whole, and no beat stays.
const PIECE_S: (f64, f64) = (0.2, 0.6);

/// What there is in the song. Times are in seconds from the first frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Music {
    /// Kicks and snares.
    pub hits_s: Vec<f64>,
    /// Beats.
    pub beats_s: Vec<f64>,
    /// How much began at a time, 0 and more.
    pub flux: Vec<(f64, f32)>,
}

/// Measures the change from each frame to the next, from the second frame on, beside the music.
pub(super) fn tell(score: &mut Score, motions: &[f32], fps: f64, music: &Music) {
    let seen_s = onsets(motions, fps);
    let length_s = motions.len() as f64 / fps;
    let mut lot = Pcg64Mcg::seed_from_u64(1);
    if !music.hits_s.is_empty() {
        score.hits_f = Some(f_measure(&seen_s, &music.hits_s));
        let by_chance = (0..DRAWS).map(|_| {
            let by_s = lot.random::<f64>() * length_s;
            let mut moved: Vec<f64> = seen_s.iter().map(|at_s| (at_s + by_s) % length_s).collect();
            moved.sort_by(f64::total_cmp);
            f_measure(&moved, &music.hits_s)
        });
        score.hits_f_by_chance = Some(by_chance.sum::<f64>() / DRAWS as f64);
    }
    if !music.beats_s.is_empty() && length_s > 0.0 {
        let near = |at_s: f64| seen_s.iter().any(|seen_s| (seen_s - at_s).abs() <= TOGETHER_S);
        let hit = music.beats_s.iter().filter(|beat_s| near(**beat_s)).count();
        score.beats_hit = Some(hit as f64 / music.beats_s.len() as f64);
        // What any moment at all has.
        let moments = (length_s * 200.0) as usize;
        let near = (0..moments).filter(|moment| near(*moment as f64 / 200.0)).count();
        score.beats_hit_by_chance = Some(near as f64 / moments.max(1) as f64);
    }
    correlate(score, motions, fps, music, &mut lot);
}

fn correlate(score: &mut Score, motions: &[f32], fps: f64, music: &Music, lot: &mut Pcg64Mcg) {
    let mut heard = vec![0.0_f32; motions.len()];
    for &(at_s, flux) in &music.flux {
        // The first change is that to the second frame.
        let frame = (at_s * fps).floor() - 1.0;
        if frame >= 0.0
            && let Some(sum) = heard.get_mut(frame as usize)
        {
            *sum += flux;
        }
    }
    // As loudness is heard and light is seen: by their ratios more than by their differences.
    heard.iter_mut().for_each(|flux| *flux = flux.sqrt());
    let seen: Vec<f32> = motions.iter().map(|motion| motion.sqrt()).collect();
    let lags = -((EARLIEST_S * fps) as isize)..=(LATEST_S * fps) as isize;
    let best = |heard: &[f32]| {
        let of_lags = lags.clone().filter_map(|lag| Some((correlation(heard, &seen, lag)?, lag)));
        of_lags.max_by(|a, b| a.0.total_cmp(&b.0))
    };
    let Some((r, lag)) = best(&heard) else { return };
    let (mut sum, mut as_good) = (0.0, 1);
    for _ in 0..DRAWS {
        let by_chance = best(&shuffled(&heard, fps, lot)).map_or(0.0, |(r, _)| r);
        sum += by_chance;
        as_good += usize::from(by_chance >= r);
    }
    score.flux_correlation = Some(r);
    score.flux_correlation_by_chance = Some(sum / DRAWS as f64);
    score.flux_p = Some(as_good as f64 / (DRAWS + 1) as f64);
    score.light_after_sound_frames = Some(lag as f64);
}

/// Pearson's, of what is heard and what is seen so many frames later.
fn correlation(heard: &[f32], seen: &[f32], lag: isize) -> Option<f64> {
    let (skip_heard, skip_seen) = ((-lag).max(0) as usize, lag.max(0) as usize);
    let pairs = || heard.iter().skip(skip_heard).zip(seen.iter().skip(skip_seen));
    let count = pairs().count().max(1) as f64;
    let (mut a, mut b) = (0.0, 0.0);
    pairs().for_each(|(x, y)| (a, b) = (a + f64::from(*x), b + f64::from(*y)));
    let (mean_a, mean_b) = (a / count, b / count);
    let (mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0);
    for (x, y) in pairs() {
        let (x, y) = (f64::from(*x) - mean_a, f64::from(*y) - mean_b);
        (aa, bb, ab) = (aa + x * x, bb + y * y, ab + x * y);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

/// The same in pieces, in another order.
fn shuffled(values: &[f32], fps: f64, lot: &mut Pcg64Mcg) -> Vec<f32> {
    let mut rest = values;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let length_s = PIECE_S.0 + (PIECE_S.1 - PIECE_S.0) * lot.random::<f64>();
        let (piece, after) = rest.split_at(((length_s * fps).ceil() as usize).clamp(1, rest.len()));
        pieces.push(piece);
        rest = after;
    }
    for last in (1..pieces.len()).rev() {
        pieces.swap(last, lot.random_range(0..=last));
    }
    pieces.concat()
}

/// When something happens in the picture: where change is greatest within 70 ms, and above its mean of 400 ms by a third of how much it varies
/// (after Böck, Krebs and Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR 2012).
fn onsets(motions: &[f32], fps: f64) -> Vec<f64> {
    let around = |at: usize, s: f64| {
        let reach = (s * fps).round().max(1.0) as usize;
        &motions[at.saturating_sub(reach)..(at + reach + 1).min(motions.len())]
    };
    let mut sorted = motions.to_vec();
    sorted.sort_by(f32::total_cmp);
    let spread = quantile(&sorted, 0.9).unwrap_or(0.0) - quantile(&sorted, 0.1).unwrap_or(0.0);
    let mut found: Vec<f64> = Vec::new();
    for (at, &motion) in motions.iter().enumerate() {
        let is_greatest = around(at, 0.07).iter().all(|other| *other <= motion);
        let near = around(at, 0.2);
        let mean = near.iter().sum::<f32>() / near.len() as f32;
        // The change to the second frame lies in the middle of that frame.
        let at_s = (at as f64 + 1.5) / fps;
        let stands_out = f64::from(motion - mean) > 0.33 * spread && motion > VISIBLE;
        if is_greatest && stands_out && found.last().is_none_or(|last| at_s - last > 0.07) {
            found.push(at_s);
        }
    }
    found
}

/// Harmonic mean of how many of the seen are right and how many of the heard are seen; each belongs to one at most.
fn f_measure(seen_s: &[f64], heard_s: &[f64]) -> f64 {
    let (mut seen, mut heard) = (seen_s.iter().peekable(), heard_s.iter().peekable());
    let mut together = 0;
    while let (Some(&&a), Some(&&b)) = (seen.peek(), heard.peek()) {
        if (a - b).abs() <= TOGETHER_S {
            together += 1;
            seen.next();
            heard.next();
        } else if a < b {
            seen.next();
        } else {
            heard.next();
        }
    }
    2.0 * f64::from(together) / (seen_s.len() + heard_s.len()).max(1) as f64
}
