//! The five ranges.

use std::f64::consts::TAU;

use super::synth::{drum_loop, noise, pulse, sound};
use super::*;

fn levels(heard: &Heard) -> [f32; 4] {
    [heard.bass_level, heard.low_mid_level, heard.high_mid_level, heard.high_level]
}

/// Tones of this frequency, struck at these times.
fn struck(rate: u32, seconds: f64, hz: f64, times_s: &[f64]) -> Vec<[f32; 2]> {
    let mut next = 0;
    sound(rate, seconds, |t| {
        while next + 1 < times_s.len() && times_s[next + 1] <= t {
            next += 1;
        }
        let age = t - times_s[next];
        // Soft at its beginning, so that what sounds elsewhere is no click.
        let attack = 0.5 - 0.5 * (TAU * 0.5 * (age / 0.012).min(1.0)).cos();
        if age < 0.0 { 0.0 } else { 0.4 * attack * (-age / 0.06).exp() * (TAU * hz * age).sin() }
    })
}

#[test]
fn a_tone_lights_its_own_range_at_every_sample_rate() {
    for (rate, tones) in [
        (8_000, [80.0, 300.0, 1000.0, 3000.0]),
        (22_050, [80.0, 300.0, 1500.0, 7000.0]),
        (48_000, [80.0, 300.0, 1500.0, 8000.0]),
        (192_000, [80.0, 300.0, 1500.0, 8000.0]),
    ] {
        for (part, hz) in tones.into_iter().enumerate() {
            let hops = hear(rate, &sound(rate, 3.0, |t| 0.3 * (TAU * hz * t).sin()));
            let levels = levels(&hops[hops.len() - 1]);
            assert!(levels[part] > 0.8, "{hz} Hz at {rate} Hz: {levels:?}");
            let others = levels.iter().enumerate().filter(|(other, _)| *other != part);
            assert!(others.clone().all(|(_, level)| *level < 0.3), "{hz} Hz at {rate} Hz: {levels:?}");
        }
    }
}

#[test]
fn a_hit_is_heard_in_its_own_range() {
    let truth = pulse(100.0, 1.0, 12.0);
    type Hit = fn(&Heard) -> Drum;
    let ranges: [Hit; 4] = [
        |heard| heard.bass_hit,
        |heard| heard.low_mid_hit,
        |heard| heard.high_mid_hit,
        |heard| heard.high_hit,
    ];
    for (range, hz) in [70.0, 350.0, 1700.0, 8000.0].into_iter().enumerate() {
        let hops = hear(44_100, &struck(44_100, 12.0, hz, &truth));
        let f = f_measure(&hits(&hops, ranges[range]), &truth, 0.05, 0.5);
        assert!(f > 0.95, "{hz} Hz: F = {f}, {:.2?}", hits(&hops, ranges[range]));
        let pulse = |time_s: f64| ranges[range](&hops[(time_s * 200.0) as usize]).pulse;
        assert!(
            pulse(1.03) > 0.4 && pulse(1.55) < 0.1,
            "it jumps to {}, falls to {}",
            pulse(1.03),
            pulse(1.55)
        );
    }
    let low = hear(44_100, &struck(44_100, 12.0, 350.0, &truth));
    let elsewhere = [hits(&low, |heard| heard.high_hit).len(), hits(&low, |heard| heard.bass_hit).len()];
    assert!(
        elsewhere.iter().all(|count| *count <= 2),
        "a note at 350 Hz is {elsewhere:?} hits above and below"
    );
}

#[test]
fn steady_sounds_are_no_hits_in_any_range() {
    let mut hiss = noise(0.1);
    let sounds = [
        sound(44_100, 12.0, |t| 0.3 * (TAU * 41.2 * t).sin()),
        sound(44_100, 12.0, |t| 0.3 * (TAU * 440.0 * t).sin()),
        sound(44_100, 12.0, |_| hiss()),
    ];
    for (which, frames) in sounds.iter().enumerate() {
        let hops = hear(44_100, frames);
        let counts = |heard: &Heard| {
            [heard.bass_hit, heard.low_mid_hit, heard.high_mid_hit, heard.high_hit].map(|hit| hit.count)
        };
        let (last, first) = (counts(&hops[hops.len() - 1]), counts(&hops[100]));
        let hits: Vec<u32> = last.iter().zip(first).map(|(last, first)| last - first).collect();
        assert!(
            hits.iter().all(|hits| *hits <= if which == 2 { 6 } else { 0 }),
            "{hits:?} hits in sound {which}"
        );
    }
}

#[test]
fn presence_is_slow_and_time_grows_as_the_level_does() {
    let song = sound(44_100, 14.0, |t| if t < 6.0 { 0.3 * (TAU * 80.0 * t).sin() } else { 0.0 });
    let hops = hear(44_100, &song);
    let at = |time_s: f64| &hops[(time_s * 200.0) as usize];
    assert!(at(0.3).bass_presence < 0.5 && at(5.0).bass_presence > 0.8, "it takes a second to come");
    assert!(at(7.0).bass_level < 0.05 && at(7.0).bass_presence > 0.5, "and some to go");
    assert!(at(13.9).bass_presence < 0.15);
    let (early, late) = (at(3.0).bass_time_s, at(5.0).bass_time_s);
    let mean = hops[601..=1000].iter().map(|heard| heard.bass_level).sum::<f32>() / 400.0;
    assert!(
        mean > 0.8 && (late - early - 2.0 * mean).abs() < 0.01,
        "two seconds at {mean}: {}",
        late - early
    );
    assert!(at(13.9).bass_time_s - at(8.0).bass_time_s < 0.01, "it stands in silence");
    assert!(at(13.9).high_time_s < 0.5, "and what does not sound does not move");
    let busy = hear(44_100, &drum_loop(44_100, 8.0, 120.0, 0.6));
    let times: [fn(&Heard) -> f32; 5] = [
        |heard| heard.all_time_s,
        |heard| heard.bass_time_s,
        |heard| heard.low_mid_time_s,
        |heard| heard.high_mid_time_s,
        |heard| heard.high_time_s,
    ];
    for (which, time) in times.into_iter().enumerate() {
        assert!(busy.windows(2).all(|pair| time(&pair[0]) <= time(&pair[1])), "{which} runs back");
        assert!(time(&busy[busy.len() - 1]) > 0.5, "{which} stands still");
    }
    let last = busy[busy.len() - 1];
    assert_eq!((last.all_level, last.bass_level), (last.level, last.bass));
    assert_eq!(last.all_hit, last.onset);
}

#[test]
fn what_is_no_drum_is_another_onset() {
    // Notes in a high register, far from each other.
    let truth = pulse(90.0, 1.0, 12.0);
    let notes = hear(44_100, &struck(44_100, 12.0, 700.0, &truth));
    let found = hits(&notes, |heard| heard.other);
    let drums = [|heard: &Heard| heard.kick, |heard: &Heard| heard.snare, |heard: &Heard| heard.hat]
        .map(|drum| hits(&notes, drum).len());
    let f = f_measure(&found, &truth, 0.05, 0.5);
    assert!(f > 0.9, "notes: F = {f}; kicks, snares, hats: {drums:?}");
    let beat = hear(44_100, &drum_loop(44_100, 16.0, 110.0, 0.8));
    let (other, any) = (beat[beat.len() - 1].other.count, beat[beat.len() - 1].onset.count);
    assert!(10 * other < any, "{other} of {any} onsets of a drum loop are no drums");
}
