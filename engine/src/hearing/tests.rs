//! What a user would notice, on sounds whose truth is known.

mod beats;
mod clock;
mod colour;
mod form;
mod gain;
mod guide;
mod harmony;
mod parts;
mod robust;
mod still;
mod synth;
mod values;

use super::*;

/// Hears a whole sound, fed in uneven blocks as hosts do, and returns every hop.
fn hear(sample_rate_hz: u32, frames: &[[f32; 2]]) -> Vec<Heard> {
    let mut hearing = Hearing::new(sample_rate_hz);
    let mut hops = Vec::new();
    let mut rest = frames;
    for block in [64, 441, 1024, 1, 480].into_iter().cycle() {
        let (now, later) = rest.split_at(block.min(rest.len()));
        hearing.listen(now, None, |heard| hops.push(*heard));
        rest = later;
        if rest.is_empty() {
            break;
        }
    }
    hops
}

/// The times at which a drum hit, from its count.
fn hits(hops: &[Heard], drum: impl Fn(&Heard) -> Drum) -> Vec<f64> {
    let rises = hops.windows(2).filter(|pair| drum(&pair[1]).count > drum(&pair[0]).count);
    rises.map(|pair| drum(&pair[1]).time_s).collect()
}

/// The times of the beats: the hops in which the count rose.
fn beats(hops: &[Heard]) -> Vec<f64> {
    let rises = hops.windows(2).filter(|pair| pair[1].beat_count > pair[0].beat_count);
    rises.map(|pair| pair[1].time_s).collect()
}

/// F-measure of detections against truth, each matched at most once, within `tolerance_s`, from `from_s` on.
fn f_measure(found: &[f64], truth: &[f64], tolerance_s: f64, from_s: f64) -> f64 {
    let keep = |times: &[f64]| times.iter().copied().filter(|&t| t >= from_s).collect::<Vec<_>>();
    let (mut found, truth) = (keep(found), keep(truth));
    let (detections, mut matched) = (found.len(), 0);
    for &time in &truth {
        let nearest =
            (0..found.len()).min_by(|&a, &b| (found[a] - time).abs().total_cmp(&(found[b] - time).abs()));
        if let Some(i) = nearest.filter(|&i| (found[i] - time).abs() <= tolerance_s) {
            found.remove(i);
            matched += 1;
        }
    }
    2.0 * f64::from(matched) / (detections + truth.len()).max(1) as f64
}
