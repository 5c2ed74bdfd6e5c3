use super::*;

#[test]
fn half_and_double_hold_until_the_music_ends() {
    let mut band = Band::new(120.0);
    band.play(4.0);
    band.does(Correction::Half);
    band.play(6.0);
    assert_eq!(band.last().place.tempo_bpm, 60.0);
    assert!(band.off_s(6.0, 0.0, 0.5) < 0.006, "beats that stay are the ear's");
    assert!(band.beats_s(4.5).len() <= 6);
    for (times, tempo_bpm) in [(2, 240.0), (1, 480.0), (3, 480.0)] {
        (0..times).for_each(|_| band.does(Correction::Double));
        band.play(2.0);
        assert_eq!(band.last().place.tempo_bpm, tempo_bpm, "up to four times");
    }
    band.is_music = false;
    band.play(2.5);
    band.is_music = true;
    band.play(2.0);
    assert_eq!(band.last().place.tempo_bpm, 120.0);
    band.goes_on();
}

#[test]
fn a_halved_beat_keeps_the_first_of_the_bar() {
    for late in 0..4 {
        let mut band = Band::new(120.0);
        band.ear_meter = 4.0;
        band.play(8.2 + 0.5 * f64::from(late));
        band.does(Correction::Half);
        band.play(6.0);
        // Bars of the ear's begin every 2 s.
        assert!(band.beats_s(11.0).iter().any(|time_s| (time_s - 12.0).abs() < 0.006), "{late}");
        band.goes_on();
    }
}

#[test]
fn a_nudge_moves_the_beat_by_ten_milliseconds_each() {
    for (correction, moved_s) in [(Correction::Earlier, -0.03), (Correction::Later, 0.03)] {
        let mut band = Band::new(120.0);
        band.play(4.0);
        (0..3).for_each(|_| band.does(correction));
        band.play(6.0);
        let off_s = band.off_s(6.0, moved_s, 0.5);
        assert!(off_s < 0.006, "{correction:?}: {off_s}");
        band.goes_on();
    }
}

#[test]
fn this_is_one_begins_a_bar_and_moves_no_beat() {
    // A little late, a little early, and on the beat.
    for press_s in [4.1, 4.9, 5.0, 5.6] {
        let mut band = Band::new(120.0);
        band.play(press_s);
        assert_eq!(band.last().place.beats_per_bar, 0.0);
        band.does(Correction::One);
        band.play(8.0);
        let Shown { place, .. } = band.last();
        assert_eq!((place.beats_per_bar, place.bar_confidence), (4.0, 1.0));
        let first = (press_s * 2.0).round();
        let bars = (band.ear_beat - first) / 4.0;
        let off = (place.bar - bars).rem_euclid(1.0);
        assert!(off.min(1.0 - off) < 0.01, "pressed at {press_s}: {} where {bars} bars went by", place.bar);
        // Steps of four beats begin there too.
        let steps = place.beat / 4.0 - place.bar;
        assert!((steps - steps.round()).abs() < 0.01, "pressed at {press_s}: {steps}");
        assert!(band.off_s(0.1, 0.0, 0.5) < 0.006);
        band.goes_on();
    }
}

#[test]
fn this_is_one_counts_more_than_the_ear_and_in_its_meter() {
    let mut band = Band::new(120.0);
    band.ear_meter = 3.0;
    band.play(6.5); // at beat 13, the second of its bar
    band.does(Correction::One);
    band.play(8.0);
    let bars = (band.ear_beat - 13.0) / 3.0;
    let off = (band.last().place.bar - bars).rem_euclid(1.0);
    assert!(off.min(1.0 - off) < 0.01 && band.last().place.beats_per_bar == 3.0, "{:?}", band.last());
    band.goes_on();
}

#[test]
fn the_metronome_lock_keeps_tempo_and_place() {
    let mut band = Band::new(120.0);
    band.play(4.0);
    band.controls.metronome_lock = true;
    band.look();
    band.play(0.5);
    // The ear loses its way, and then there is silence.
    band.ear_bpm = 87.0;
    band.play(6.0);
    (band.ear_bpm, band.is_music) = (0.0, false);
    band.play(6.0);
    assert_eq!((band.last().clock, band.last().place.tempo_bpm), (Clock::Tap, 120.0));
    assert!(band.off_s(4.1, 0.0, 0.5) < 0.006);
    band.does(Correction::Double);
    band.play(2.0);
    assert_eq!(band.last().place.tempo_bpm, 240.0);
    band.controls.metronome_lock = false;
    band.look();
    band.play(1.0);
    assert_eq!(band.last().clock, Clock::Nobody);
    band.goes_on();
}

#[test]
fn what_was_counted_before_or_by_somebody_late_does_nothing() {
    let mut band = Band::new(120.0);
    band.controls.by_hand.set(Correction::Half, 5);
    band.clocks = Clocks::new(RATE_HZ, HOP_S);
    band.look();
    band.play(1.0);
    // Blocks of somebody who has not heard of the newest one, in between.
    for count in [6, 5, 6, 5, 0, 6] {
        band.controls.by_hand.set(Correction::Half, count);
        band.look();
        band.play(0.1);
    }
    assert_eq!(band.last().place.tempo_bpm, 60.0);
}
