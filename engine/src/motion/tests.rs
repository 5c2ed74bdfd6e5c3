use super::*;
use crate::hearing::Drum;

const HOP_S: f64 = 0.005;

fn playing(time_s: f64, loudness: f32) -> Heard {
    Heard { time_s, loudness, level: loudness, presence: 1.0, ..Heard::default() }
}

fn embedding(index: u64) -> Vec<f32> {
    let mut e = sphere::direction(512, 99, 0, index);
    sphere::set_radius(&mut e, 1.0);
    e
}

/// Distance per second that the point moves over `seconds`, in radii.
fn pace(motion: &mut Motion, from_s: f64, seconds: f64, heard: impl Fn(f64) -> Heard) -> f32 {
    let (mut before, mut after) = (Point::default(), Point::default());
    motion.point(&mut before);
    let mut path = 0.0;
    let hops = (seconds / HOP_S) as usize;
    for k in 1..=hops {
        motion.advance(&heard(from_s + k as f64 * HOP_S));
        motion.point(&mut after);
        path += distance(&before.latent, &after.latent);
        std::mem::swap(&mut before, &mut after);
    }
    path / seconds as f32
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    let d2: f32 = a.iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum();
    (d2 / a.len() as f32).sqrt()
}

#[test]
fn louder_music_moves_faster_and_silence_rests() {
    let mut m = Motion::new(64, 512, 7, MotionSettings::default());
    m.embed(&embedding(0), 0.0);
    let quiet = pace(&mut m, 0.0, 4.0, |t| playing(t, 0.15));
    let loud = pace(&mut m, 4.0, 4.0, |t| playing(t, 0.9));
    let silent = pace(&mut m, 8.0, 4.0, |t| Heard { time_s: t, ..Heard::default() });
    assert!(loud > 2.0 * quiet, "loud {loud}, quiet {quiet}");
    assert!(silent == 0.0, "silence moved by {silent}");
}

#[test]
fn a_kick_jumps_and_springs_back() {
    let mut m = Motion::new(64, 512, 7, MotionSettings { speed: 0.0, ..MotionSettings::default() });
    m.embed(&embedding(0), 0.0);
    let at_rest = |m: &Motion| {
        let mut p = Point::default();
        m.point(&mut p);
        p.latent
    };
    m.advance(&playing(1.0, 0.5));
    let before = at_rest(&m);
    m.advance(&Heard {
        kick: Drum { pulse: 1.0, strength: 1.0, count: 1, time_s: 1.005 },
        ..playing(1.005, 0.5)
    });
    let hit = at_rest(&m);
    m.advance(&playing(2.0, 0.5));
    let after = at_rest(&m);
    assert!(distance(&before, &hit) > 0.05);
    assert!(distance(&before, &after) < 0.005);
}

#[test]
fn the_path_is_smooth() {
    let mut m = Motion::new(64, 512, 3, MotionSettings::default());
    m.embed(&embedding(0), 0.0);
    let (mut before, mut after) = (Point::default(), Point::default());
    m.advance(&playing(HOP_S, 0.8));
    m.point(&mut before);
    for k in 2..8000 {
        m.advance(&playing(f64::from(k) * HOP_S, 0.8));
        m.point(&mut after);
        let step = distance(&before.latent, &after.latent);
        assert!(step < 0.01, "a pop of {step} at hop {k}");
        std::mem::swap(&mut before, &mut after);
    }
}

#[test]
fn a_lasting_jump_of_the_embedding_is_a_section_and_a_blip_is_none() {
    let mut m = Motion::new(64, 512, 3, MotionSettings::default());
    let mut t = 0.0;
    let mut hear = |m: &mut Motion, e: &[f32], seconds: f64| {
        let until = t + seconds;
        while t < until {
            t += 0.25;
            m.embed(e, t);
            m.advance(&playing(t, 0.5));
        }
    };
    hear(&mut m, &embedding(0), 10.0);
    hear(&mut m, &embedding(1), 0.25);
    hear(&mut m, &embedding(0), 10.0);
    assert_eq!(m.section_count(), 0);
    hear(&mut m, &embedding(1), 10.0);
    assert_eq!(m.section_count(), 1);
    hear(&mut m, &embedding(0), 10.0);
    assert_eq!(m.section_count(), 2);
}

#[test]
fn the_beat_moves_when_and_not_how_far() {
    let n = 1000;
    let mean: f32 = (0..n).map(|i| beat_shape((i as f32 + 0.5) / n as f32, 1.0)).sum::<f32>() / n as f32;
    assert!((mean - 1.0).abs() < 1e-3);
    assert!(beat_shape(0.02, 1.0) > 3.0 * beat_shape(0.8, 1.0));
    assert_eq!(beat_shape(0.3, 0.0), 1.0);
}

#[test]
fn same_seed_same_path_other_seed_other_path() {
    let walk = |seed| {
        let mut m = Motion::new(64, 512, seed, MotionSettings::default());
        m.embed(&embedding(0), 0.0);
        (1..600).for_each(|k| m.advance(&playing(f64::from(k) * HOP_S, 0.7)));
        let mut p = Point::default();
        m.point(&mut p);
        p
    };
    assert_eq!(walk(1), walk(1));
    assert!(distance(&walk(1).latent, &walk(2).latent) > 0.5);
}

/// Embeddings of a song of three passages of 20 s, four a second, each over a window of 3 s: `spread` is how much the
/// windows of one passage differ, `common` what all music has in common to this encoder.
fn song_of_three(spread: f32, common: f32, seed: u64) -> Vec<Vec<f32>> {
    const WINDOW: usize = 12;
    let place = |purpose: u64, index: usize| {
        let mut place = sphere::direction(512, seed, purpose, index as u64);
        sphere::set_radius(&mut place, 1.0);
        place
    };
    let all = place(0, 0);
    let add = |sum: &mut Vec<f32>, share: f32, place: &[f32]| {
        sum.iter_mut().zip(place).for_each(|(sum, x)| *sum += share * x);
    };
    (0..240)
        .map(|newest: usize| {
            let mut embedding = vec![0.0; 512];
            add(&mut embedding, common, &all);
            for back in 0..WINDOW {
                let passage = newest.saturating_sub(back) / 80;
                add(&mut embedding, 1.0 / WINDOW as f32, &place(1, passage % 2));
                add(&mut embedding, spread / (WINDOW as f32).sqrt(), &place(2, newest + WINDOW - back));
            }
            sphere::set_radius(&mut embedding, 1.0);
            embedding
        })
        .collect()
}

/// Encoders differ tenfold in their distances, within a passage and between two.
#[test]
fn sections_are_found_by_whatever_encoder() {
    for (spread, common) in
        [(0.0, 0.0), (0.3, 0.0), (0.6, 0.0), (1.0, 0.0), (0.3, 1.5), (0.6, 1.5), (0.3, 4.0)]
    {
        let mut sections = Sections::default();
        let song = song_of_three(spread, common, 1);
        let found: Vec<f64> = (0..song.len())
            .map(|i| (i as f64 / 4.0, &song[i]))
            .filter(|(time_s, embedding)| sections.update(embedding, *time_s))
            .map(|(time_s, _)| time_s)
            .collect();
        let on_time = |(found, change_s): (&f64, f64)| (change_s..change_s + 3.0).contains(found);
        assert!(
            found.len() == 2 && found.iter().zip([20.0, 40.0]).all(on_time),
            "spread {spread}, common {common}: sections at {found:?} s"
        );
    }
}
