use super::*;

#[test]
fn taps_say_tempo_and_place_where_nothing_is_heard() {
    let mut band = Band::new(0.0);
    band.play(0.3);
    // A hand is some 12 ms off.
    band.tap((0..8).map(|tap| 1.0 + 0.5 * f64::from(tap) + 0.012 * chance(tap as u64)));
    band.play(4.0);
    let Shown { place, clock, .. } = band.last();
    assert_eq!(clock, Clock::Tap);
    assert!((place.tempo_bpm - 120.0).abs() < 1.5, "{}", place.tempo_bpm);
    let off_s = band.off_s(4.8, 1.0, 0.5);
    assert!(off_s < 0.03, "{off_s}");
    band.goes_on();
}

#[test]
fn two_taps_are_enough_and_one_alone_says_no_tempo() {
    let mut band = Band::new(0.0);
    band.tap([1.0]);
    assert_eq!(band.last().clock, Clock::Nobody);
    band.tap([4.0, 4.6]);
    assert!((band.last().place.tempo_bpm - 100.0).abs() < 0.1, "after a pause tapping begins anew");
}

#[test]
fn slips_bounces_and_beats_left_out_do_no_harm() {
    for (name, times_s) in [
        ("a slip", vec![1.0, 1.5, 2.0, 2.66, 3.0, 3.5, 4.0, 4.5]),
        ("a bounce", vec![1.0, 1.5, 1.55, 2.0, 2.5, 3.0, 3.04, 3.5]),
        ("one left out", vec![1.0, 1.5, 2.0, 3.0, 3.5, 4.0, 4.5]),
    ] {
        let mut band = Band::new(0.0);
        band.tap(times_s);
        band.play(3.0);
        let tempo_bpm = band.last().place.tempo_bpm;
        assert!((tempo_bpm - 120.0).abs() < 1.0, "{name}: {tempo_bpm}");
        let off_s = band.off_s(5.5, 1.0, 0.5);
        assert!(off_s < 0.02, "{name}: {off_s}");
    }
}

#[test]
fn who_taps_another_tempo_is_believed_soon() {
    let mut band = Band::new(0.0);
    band.tap((0..8).map(|tap| 1.0 + 0.6 * f64::from(tap)));
    band.tap((1..4).map(|tap| 5.2 + 0.4 * f64::from(tap)));
    assert!((band.last().place.tempo_bpm - 150.0).abs() < 1.0, "{}", band.last().place.tempo_bpm);
    band.goes_on();
}

#[test]
fn one_tap_moves_the_beat_and_keeps_the_tempo() {
    let mut band = Band::new(120.0);
    band.play(8.0);
    // The ear is half a beat off, less a little.
    band.tap([8.2]);
    band.play(4.0);
    assert_eq!(band.last().clock, Clock::Tap);
    assert!((band.last().place.tempo_bpm - 120.0).abs() < 0.1);
    let off_s = band.off_s(10.0, 8.2, 0.5);
    assert!(off_s < 0.01, "{off_s}");
    band.goes_on();
}

#[test]
fn taps_hold_until_the_ear_agrees() {
    let mut band = Band::new(95.0);
    band.play(4.0);
    let tapped = (0..6).map(|tap| 5.0 + 0.5 * f64::from(tap));
    band.tap(tapped);
    band.play(8.0);
    assert_eq!(band.last().clock, Clock::Tap, "the ear hears another tempo");
    band.ear_bpm = 120.0;
    // On the tapped beat.
    band.ear_beat = ((band.time_s() - 5.0) * 2.0) + 100.0;
    band.play(3.0);
    assert_eq!(band.last().clock, Clock::Tap);
    band.play(3.0);
    assert_eq!(band.last().clock, Clock::Ear);
    assert!(band.off_s(8.5, 5.0, 0.5) < 0.02);
    band.goes_on();
}

#[test]
fn an_ear_at_twice_the_tempo_is_shown_as_it_was_tapped() {
    let mut band = Band::new(150.0);
    band.play(4.0);
    // Every second beat of the ear's; those fall at multiples of 0.4 s.
    band.tap((0..5).map(|tap| 4.4 + 0.8 * f64::from(tap)));
    band.play(8.0);
    let Shown { place, clock, .. } = band.last();
    assert_eq!(clock, Clock::Ear);
    assert!((place.tempo_bpm - 75.0).abs() < 0.1, "{}", place.tempo_bpm);
    let off_s = band.off_s(10.0, 4.4, 0.8);
    assert!(off_s < 0.02, "{off_s}");
    band.goes_on();
}
