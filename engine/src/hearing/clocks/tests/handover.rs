use super::*;

#[test]
fn the_host_is_shown_exactly_and_the_ear_goes_on_from_there() {
    let mut band = Band::new(117.0);
    band.play(10.0);
    band.host = host(-1.5, 150.0);
    band.play(3.0);
    let Shown { place, clock, .. } = band.last();
    assert_eq!(clock, Clock::Host);
    assert!((place.beat - 6.0).abs() < 1e-9 && (place.bar - 1.5).abs() < 1e-9, "{place:?}");
    let led = band.shown.len();
    band.host = None;
    band.play(6.0);
    assert_eq!(band.last().clock, Clock::Ear);
    band.shown.drain(..led - 1);
    band.goes_on();
    assert!(band.beats_s(0.0).len() >= 10);
    // By now the place within the beat is the ear's.
    let off = (band.last().place.beat - band.ear_beat).rem_euclid(1.0);
    assert!(off.min(1.0 - off) < 1e-6, "{off}");
}

#[test]
fn a_host_that_jumps_takes_the_beat_with_it() {
    let mut band = Band::new(120.0);
    band.host = host(64.0, 120.0);
    band.play(2.0);
    band.host = host(8.0, 120.0);
    band.play(1.0);
    assert!((band.last().place.beat - 10.0).abs() < 1e-9, "{}", band.last().place.beat);
}

#[test]
fn whoever_takes_over_at_whatever_place_no_beat_falls_twice() {
    for eighth in 0..8 {
        let mut band = Band::new(120.0);
        band.play(4.0 + 0.0625 * f64::from(eighth));
        // From ear to taps, to a lock, to MIDI, and back to the ear.
        band.tap((0..4).map(|tap| 5.0 + 0.47 * f64::from(tap)));
        band.play(1.0);
        band.controls.metronome_lock = true;
        band.look();
        band.play(2.0);
        band.midi.song = MidiSong::Plays { first: 1 };
        for pulse in 0..200_u32 {
            band.midi.pulses = pulse + 1;
            band.look();
            band.play(0.02);
        }
        assert_eq!(band.last().clock, Clock::Midi);
        band.play(2.0);
        assert_eq!(band.last().clock, Clock::Tap, "locked");
        band.controls.metronome_lock = false;
        band.look();
        band.play(4.0);
        assert_eq!(band.last().clock, Clock::Ear);
        band.goes_on();
    }
}

#[test]
fn hostile_orders_never_count_backwards() {
    for run in 0..40_u64 {
        let mut band = Band::new(120.0);
        band.ear_meter = 4.0;
        for step in 0..300_u64 {
            let dice = (chance(run * 1000 + step) * 1e6).abs() as u64;
            match dice % 12 {
                0..=5 => band.does(Correction::ALL[(dice / 12 % 6) as usize]),
                6 => band.controls.metronome_lock = !band.controls.metronome_lock,
                7 => band.midi.pulses = band.midi.pulses.wrapping_add((dice / 12 % 4) as u32),
                8 => band.midi.song = MidiSong::Plays { first: (dice / 12) as u32 },
                9 => band.midi.song = [MidiSong::Stopped, MidiSong::Untold][(dice / 12 % 2) as usize],
                10 => band.is_music = !(dice / 12).is_multiple_of(3),
                _ => band.ear_bpm = [0.0, 60.0, 120.0, 240.0][(dice / 12 % 4) as usize],
            }
            band.look();
            band.play(0.01 + 0.4 * (dice % 7) as f64 / 7.0);
        }
        for pair in band.shown.windows(2) {
            let (before, after) = (pair[0].place, pair[1].place);
            assert!(after.beat.is_finite() && after.bar.is_finite(), "{pair:?}");
            assert!(after.beat.floor() >= before.beat.floor(), "run {run}: {pair:?}");
            assert!(after.bar.floor() >= before.bar.floor(), "run {run}: {pair:?}");
        }
    }
}
