//! What someone who watches would notice.

use super::*;
use crate::hearing::Drum;

const HOPS_PER_S: u32 = 50;
/// 120 BPM, in bars of four.
const BAR_S: f64 = 2.0;

/// Music in which a section begins every 32 s, as it is heard at a time; loud and quiet by turns.
fn heard(time_s: f64) -> Heard {
    let bars = (time_s / BAR_S) as u32;
    let section = (time_s / 32.0) as u32;
    let loud = if section.is_multiple_of(2) { 0.1 } else { 0.95 };
    Heard {
        time_s,
        presence: 1.0,
        loudness: loud,
        all_presence: loud,
        percussive: loud,
        tempo_bpm: 120.0,
        beat_confidence: 1.0,
        bar_confidence: 1.0,
        beats_per_bar: 4.0,
        beat_count: (time_s * 2.0) as u32,
        bar_count: bars,
        phrase8_count: bars / 8,
        section_change: Drum { count: section, ..Drum::default() },
        ..Heard::default()
    }
}

/// When it changes, and to what.
fn directed(director: &mut Director, controls: &Controls, seconds: f64) -> Vec<(f64, Scene)> {
    let mut changes = Vec::new();
    for hop in 0..(seconds * f64::from(HOPS_PER_S)) as u32 {
        let time_s = f64::from(hop) / f64::from(HOPS_PER_S);
        if director.follow(&heard(time_s), controls) {
            changes.push((time_s, director.direction().scene().expect("one plays")));
        }
    }
    changes
}

fn on(seed: u64) -> Controls {
    Controls { director: true, seed, ..Controls::default() }
}

#[test]
fn it_changes_with_sections_and_phrases_and_at_no_other_time() {
    let changes = directed(&mut Director::default(), &on(1), 200.0);
    assert!(changes.len() >= 10, "{changes:?}");
    for (time_s, _) in &changes {
        let in_phrase = time_s % (8.0 * BAR_S);
        assert!(in_phrase < 0.1, "{time_s} s is within a phrase");
    }
}

#[test]
fn no_scene_comes_back_soon_and_a_seed_decides() {
    let scenes = |seed| -> Vec<Scene> {
        directed(&mut Director::default(), &on(seed), 600.0).into_iter().map(|change| change.1).collect()
    };
    let first = scenes(1);
    let apart = OTHERS_BETWEEN.min(Cast::all().len() - 1);
    for window in first.windows(apart + 1) {
        assert!(!window[1..].contains(&window[0]), "{window:?}");
    }
    assert_eq!(first, scenes(1));
    assert_ne!(first, scenes(2));
}

#[test]
fn calm_music_gets_calm_scenes() {
    let energy = |scene: Scene| crate::scene::find(scene).unwrap().head.energy;
    let changes = directed(&mut Director::default(), &on(3), 1800.0);
    let mean = |loud: bool| {
        let of: Vec<f32> = changes
            .iter()
            .filter(|(time_s, _)| ((((time_s - 8.0) / 32.0) as u32) % 2 == 1) == loud && *time_s > 8.0)
            .map(|(_, scene)| energy(*scene))
            .collect();
        of.iter().sum::<f32>() / of.len() as f32
    };
    assert!(mean(true) > mean(false) + 0.05, "loud {}, quiet {}", mean(true), mean(false));
}

#[test]
fn a_hand_on_the_knob_is_obeyed_and_off_is_off() {
    let mut director = Director::default();
    let mut controls = on(1);
    directed(&mut director, &controls, 5.0);
    controls.scene = Scene::FLOW;
    assert!(director.follow(&heard(5.1), &controls));
    assert_eq!(director.direction().over(&controls).scene, Scene::FLOW);
    // Nor is a knob of the scene dead while somebody directs: it is the user's until the next change.
    let directed = director.direction().over(&controls);
    controls.scene_3 = 0.9;
    let turned = director.direction().over(&controls);
    assert_eq!(turned, Controls { scene_3: 0.9, ..directed });
    controls.director = false;
    director.follow(&heard(5.2), &controls);
    assert_eq!(director.direction().over(&controls), controls);
}

#[test]
fn favourites_are_all_that_plays() {
    let cast = Cast::of(&[Scene::FLOW, Scene::KALEIDOSCOPE, Scene::FLOW]);
    let changes = directed(&mut Director::new(cast), &on(1), 200.0);
    assert!(changes.len() > 5);
    for pair in changes.windows(2) {
        assert!(
            [Scene::FLOW, Scene::KALEIDOSCOPE].contains(&pair[0].1) && pair[0].1 != pair[1].1,
            "{pair:?}"
        );
    }
}

#[test]
fn a_plan_is_followed_from_any_place() {
    let plan = Arc::new(Plan::of_times(&[0.0, 10.0, 20.0, 30.0]));
    let whole = directed(&mut Director::default().with_plan(Arc::clone(&plan)), &on(1), 40.0);
    assert_eq!(whole.iter().map(|change| change.0).collect::<Vec<_>>(), [0.0, 10.0, 20.0, 30.0]);
    // A render that begins within the song shows there what the whole one shows.
    let mut late = Director::default().with_plan(plan);
    late.follow(&heard(25.0), &on(1));
    assert_eq!(late.direction().scene(), Some(whole[2].1));
    late.follow(&heard(30.0), &on(1));
    assert_eq!(late.direction().scene(), Some(whole[3].1));
}
