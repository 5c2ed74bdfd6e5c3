//! How much more the picture changes at what hits than between it.

/// So long after a hit change counts as its answer, in seconds.
const ANSWER_S: f64 = 0.1;
/// So long after a hit nothing of it is left.
const REST_S: f64 = 0.25;

/// Mean change in the frames just after hits over that in frames long after them. `motions` are the changes from the second frame on.
pub(super) fn response(motions: &[f32], fps: f64, hits_s: &[f64]) -> Option<f64> {
    let (mut at_hits, mut between) = ((0.0, 0_u32), (0.0, 0_u32));
    for (frame, &motion) in (1_u32..).zip(motions) {
        // A frame shows what sounds until its end.
        let end_s = f64::from(frame + 1) / fps;
        let last = hits_s.iter().copied().filter(|hit_s| *hit_s <= end_s).fold(f64::NEG_INFINITY, f64::max);
        let since_s = end_s - last;
        let sum = if since_s < ANSWER_S {
            &mut at_hits
        } else if since_s > REST_S {
            &mut between
        } else {
            continue;
        };
        *sum = (sum.0 + f64::from(motion), sum.1 + 1);
    }
    let mean = |(sum, count): (f64, u32)| (count > 0).then(|| sum / f64::from(count));
    let (at_hits, between) = (mean(at_hits)?, mean(between)?);
    (between > 0.0).then(|| at_hits / between)
}
