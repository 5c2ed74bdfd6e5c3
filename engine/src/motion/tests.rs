use super::section::Sections;
use super::*;
use crate::hearing::Drum;

const HOP_S: f64 = 0.005;

fn seeded(seed: u64) -> Controls {
    Controls { seed, ..Controls::default() }
}

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
    let mut m = Motion::new(64, 512, &seeded(7));
    m.embed(&embedding(0), 0.0);
    let quiet = pace(&mut m, 0.0, 4.0, |t| playing(t, 0.15));
    let loud = pace(&mut m, 4.0, 4.0, |t| playing(t, 0.9));
    let silent = pace(&mut m, 8.0, 4.0, |t| Heard { time_s: t, ..Heard::default() });
    assert!(loud > 2.0 * quiet, "loud {loud}, quiet {quiet}");
    assert!(silent == 0.0, "silence moved by {silent}");
}

#[test]
fn a_kick_jumps_and_springs_back() {
    let mut m = Motion::new(64, 512, &Controls { speed: 0.0, ..seeded(7) });
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
    let mut m = Motion::new(64, 512, &seeded(3));
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
    let mut m = Motion::new(64, 512, &seeded(3));
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
        let mut m = Motion::new(64, 512, &seeded(seed));
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

/// Both numbers of a point.
fn where_is(m: &Motion) -> Point {
    let mut p = Point::default();
    m.point(&mut p);
    p
}

#[test]
fn frozen_nothing_moves_until_it_is_thawed_or_another_picture_is_asked_for() {
    let mut m = Motion::new(64, 512, &seeded(7));
    m.embed(&embedding(0), 0.0);
    (1..200).for_each(|k| m.advance(&playing(f64::from(k) * HOP_S, 0.8)));
    m.set_controls(&Controls { freeze: true, ..seeded(7) });
    let held = where_is(&m);
    for k in 200..1000 {
        let kick = Drum { pulse: 1.0, strength: 1.0, count: k, time_s: 1.0 };
        m.advance(&Heard { kick, ..playing(f64::from(k) * HOP_S, 0.8) });
        m.embed(&embedding(u64::from(k)), f64::from(k) * HOP_S);
    }
    assert_eq!(where_is(&m), held);
    m.set_controls(&Controls { freeze: true, picture: 1, ..seeded(7) });
    assert!(distance(&where_is(&m).latent, &held.latent) > 0.3);
    m.set_controls(&Controls { picture: 1, ..seeded(7) });
    let thawed = where_is(&m);
    m.advance(&playing(5.005, 0.8));
    assert!(distance(&where_is(&m).latent, &thawed.latent) < 0.1, "it goes on from where it stood");
}

#[test]
fn complexity_is_the_distance_from_the_middle() {
    for complexity in [0.3, 1.0, 1.5] {
        let mut m = Motion::new(64, 512, &Controls { complexity, ..seeded(7) });
        m.embed(&embedding(0), 0.0);
        let radius = distance(&where_is(&m).latent, &[0.0; 64]);
        assert!((radius - complexity).abs() < 1e-4, "{radius} for {complexity}");
    }
}

#[test]
fn smoothing_says_how_long_the_picture_takes_to_follow() {
    let left = |smoothing| {
        let mut m = Motion::new(64, 512, &Controls { smoothing, ..seeded(7) });
        m.embed(&embedding(0), 0.0);
        (1..1000).for_each(|k| m.advance(&playing(f64::from(k) * HOP_S, 0.8)));
        m.embed(&embedding(1), 5.0);
        (1000..1100).for_each(|k| m.advance(&playing(f64::from(k) * HOP_S, 0.8)));
        1.0 - sphere::cosine(&where_is(&m).embedding, &embedding(1))
    };
    assert!(left(0.0) < 1e-5, "at once");
    assert!(left(0.3) < 0.9 * left(1.0) && left(1.0) < 0.9 * left(4.0));
}

#[test]
fn the_next_picture_is_another_place_and_always_the_same_one() {
    let ask = |count: u32, embeds: bool, loudness: f32| {
        let mut m = Motion::new(64, 512, &Controls { speed: 0.0, ..seeded(7) });
        if embeds {
            m.embed(&embedding(0), 0.0);
        }
        (1..=count).for_each(|picture| m.show_picture(picture));
        (1..600).for_each(|k| m.advance(&playing(f64::from(k) * HOP_S, loudness)));
        where_is(&m).latent
    };
    for embeds in [false, true] {
        // Also in silence: it was asked for by hand.
        for loudness in [0.0, 0.8] {
            let places: Vec<_> = (0..4).map(|count| ask(count, embeds, loudness)).collect();
            for (i, a) in places.iter().enumerate() {
                assert_eq!(*a, ask(i as u32, embeds, loudness));
                assert!(places[..i].iter().all(|b| distance(a, b) > 0.3), "picture {i}");
            }
        }
    }
    let mut by_number = Motion::new(64, 512, &seeded(7));
    by_number.show_picture(3);
    let mut one_by_one = Motion::new(64, 512, &seeded(7));
    (1..=3).for_each(|picture| one_by_one.show_picture(picture));
    assert_eq!(where_is(&by_number), where_is(&one_by_one));
}

#[test]
fn another_seed_is_another_picture_of_the_same_music() {
    let listen = |seed| {
        let mut m = Motion::new(64, 512, &Controls { speed: 0.0, ..seeded(seed) });
        m.embed(&embedding(0), 0.0);
        (1..2000).for_each(|k| m.advance(&playing(f64::from(k) * HOP_S, 0.8)));
        m
    };
    let mut m = listen(1);
    let before = where_is(&m);
    m.reseed(2);
    let after = where_is(&m);
    assert_eq!(after.embedding, before.embedding);
    assert!(distance(&after.latent, &before.latent) > 0.3);
    assert!(distance(&after.latent, &where_is(&listen(2)).latent) < 1e-3, "as if made with it");
}

/// Plays passes of a loop of 8 beats at 120 BPM, with hits, sections and embeddings; the points at each hop of each pass.
fn loop_of_eight_beats(passes: usize, place: impl Fn(f64) -> Option<SongPlace>) -> Vec<Vec<Point>> {
    const LOOP_HOPS: usize = 800;
    let mut m = Motion::new(64, 512, &seeded(7));
    (0..passes * LOOP_HOPS)
        .map(|k| {
            let (hop, time_s) = (k % LOOP_HOPS, (k + 1) as f64 * HOP_S);
            let beat = hop as f64 * HOP_S * 2.0;
            m.follow_song(place(beat));
            let since_beat = (beat.fract() as f32) * 4.0;
            // The song's own count goes on and on.
            let kick = Drum {
                pulse: (-since_beat).exp(),
                strength: 1.0,
                count: (k / 100) as u32 + 1,
                time_s: time_s - f64::from(since_beat),
            };
            m.advance(&Heard {
                kick,
                onset: kick,
                tempo_bpm: 120.0,
                beat_phase: beat.fract() as f32,
                beat_confidence: 1.0,
                ..playing(time_s, 0.4 + 0.5 * (beat as f32 * 0.7).sin().abs())
            });
            if hop % 50 == 20 {
                // The second half sounds different.
                m.embed(&embedding((hop / 400) as u64 * 100 + (hop / 50 % 2) as u64), time_s);
            }
            where_is(&m)
        })
        .collect::<Vec<_>>()
        .chunks(LOOP_HOPS)
        .map(<[Point]>::to_vec)
        .collect()
}

#[test]
fn the_same_bars_bring_back_the_same_pictures() {
    let passes = loop_of_eight_beats(3, |beat| Some(SongPlace { playing: true, beat: beat + 16.0 }));
    for (hop, (second, third)) in passes[1].iter().zip(&passes[2]).enumerate() {
        let apart = distance(&second.latent, &third.latent);
        let heard = 1.0 - sphere::cosine(&second.embedding, &third.embedding);
        assert!(apart < 1e-4 && heard < 1e-4, "hop {hop} is {apart} apart");
    }
    let place = |hop: usize| &passes[2][hop].latent;
    assert!(distance(place(50), place(350)) > 0.02 && distance(place(50), place(750)) > 0.1);

    let alone = loop_of_eight_beats(3, |_| None);
    let apart = |hop: usize| distance(&alone[1][hop].latent, &alone[2][hop].latent);
    assert!(apart(100) > 0.05, "without a host every pass goes on: {}", apart(100));
}

#[test]
fn a_jump_to_where_the_song_has_not_been_goes_on() {
    let mut m = Motion::new(64, 512, &seeded(7));
    m.embed(&embedding(0), 0.0);
    let mut before = Point::default();
    for k in 1..1200 {
        let time_s = f64::from(k) * HOP_S;
        let beat = time_s * 2.0 + if k < 600 { 0.0 } else { 64.0 };
        m.point(&mut before);
        m.follow_song(Some(SongPlace { playing: true, beat }));
        m.advance(&Heard { tempo_bpm: 120.0, ..playing(time_s, 0.8) });
        let step = distance(&before.latent, &where_is(&m).latent);
        assert!(step < 0.01, "a pop of {step} at hop {k}");
    }
}

#[test]
fn a_host_that_stands_lets_the_point_rest_but_hits_push() {
    let mut m = Motion::new(64, 512, &seeded(7));
    m.embed(&embedding(0), 0.0);
    let hear = |m: &mut Motion, from: u32, playing_host: bool| {
        for k in from..from + 200 {
            m.follow_song(Some(SongPlace { playing: playing_host, beat: 4.0 }));
            m.advance(&playing(f64::from(k) * HOP_S, 0.8));
        }
        where_is(m)
    };
    let before = hear(&mut m, 1, true);
    let rested = hear(&mut m, 201, false);
    assert_eq!(before, rested);
    let kick = Drum { pulse: 1.0, strength: 1.0, count: 1, time_s: 2.0 };
    m.advance(&Heard { kick, ..playing(2.005, 0.8) });
    assert!(distance(&rested.latent, &where_is(&m).latent) > 0.05);
    assert_ne!(hear(&mut m, 402, true), rested);
}
