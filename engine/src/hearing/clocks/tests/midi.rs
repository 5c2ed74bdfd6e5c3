use super::*;

impl Band {
    /// Pulses at a tempo for so long, each up to `jitter_s` early or late; no more than one look a hop.
    fn pulses(&mut self, tempo_bpm: f64, seconds: f64, jitter_s: f64) {
        let (begin_s, pulse_s) = (self.time_s(), 60.0 / tempo_bpm / 24.0);
        let mut sent = 0_u32;
        while self.time_s() < begin_s + seconds {
            let end_s = self.time_s() + HOP_S;
            loop {
                let at_s = begin_s + f64::from(sent) * pulse_s + jitter_s * chance(u64::from(sent));
                if at_s >= end_s {
                    break;
                }
                self.midi.pulses = self.midi.pulses.wrapping_add(1);
                sent += 1;
                let at = (at_s.max(self.time_s()) * RATE_HZ).round() as u64;
                self.clocks.correct(at, &self.controls, &self.midi);
            }
            self.hop();
        }
    }

    fn starts(&mut self) {
        self.midi.song = MidiSong::Plays { first: self.midi.pulses.wrapping_add(1) };
        self.look();
    }
}

#[test]
fn pulses_that_come_early_or_late_make_a_steady_beat() {
    let mut band = Band::new(0.0);
    band.midi.pulses = u32::MAX - 100; // it wraps
    band.look();
    band.starts();
    let begin_s = band.time_s();
    band.pulses(126.0, 12.0, 0.002);
    let settled = |shown: &&Shown| shown.time_s > begin_s + 4.0;
    for shown in band.shown.iter().filter(settled) {
        assert_eq!(shown.clock, Clock::Midi);
        let tempo_bpm = shown.place.tempo_bpm;
        assert!((tempo_bpm - 126.0).abs() < 0.25, "{tempo_bpm} at {} s", shown.time_s);
        let told = (shown.time_s - begin_s) * 2.1;
        let off_s = (shown.place.beat - told).rem_euclid(1.0);
        assert!(off_s.min(1.0 - off_s) / 2.1 < 0.003, "{} beats at {told}", shown.place.beat);
        assert_eq!(shown.place.beats_per_bar, 4.0);
        let off = (shown.place.bar - told / 4.0).rem_euclid(1.0);
        assert!(off.min(1.0 - off) < 0.004, "{} bars at {told}", shown.place.bar);
    }
    assert!(band.beats_s(begin_s).len() >= 24);
    band.goes_on();
}

#[test]
fn a_change_of_tempo_is_followed_within_a_beat_or_two() {
    let mut band = Band::new(0.0);
    band.starts();
    band.pulses(100.0, 6.0, 0.002);
    band.pulses(140.0, 1.5, 0.002);
    assert!((band.last().place.tempo_bpm - 140.0).abs() < 2.0, "{}", band.last().place.tempo_bpm);
    band.goes_on();
}

#[test]
fn without_pulses_for_half_a_second_the_ear_leads_again() {
    let mut band = Band::new(120.0);
    band.play(3.0);
    band.starts();
    band.pulses(128.0, 5.0, 0.002);
    assert_eq!(band.last().clock, Clock::Midi);
    band.play(0.4);
    assert_eq!(band.last().clock, Clock::Midi);
    band.play(0.2);
    assert_eq!(band.last().clock, Clock::Ear);
    band.play(3.0);
    band.goes_on();
}

#[test]
fn a_clock_that_was_stopped_leads_nobody_and_goes_on_in_its_bar() {
    let mut band = Band::new(120.0);
    band.starts();
    band.pulses(120.0, 4.0, 0.0);
    band.midi.song = MidiSong::Stopped;
    band.look();
    band.pulses(120.0, 2.0, 0.0);
    assert_eq!(band.last().clock, Clock::Ear);
    // From the third beat of the third bar.
    band.midi.song = MidiSong::Plays { first: band.midi.pulses.wrapping_add(1).wrapping_sub(24 * 10) };
    band.look();
    let begin_s = band.time_s();
    band.pulses(120.0, 4.0, 0.0);
    assert_eq!(band.last().clock, Clock::Midi);
    let within = (10.0 + (band.time_s() - begin_s) * 2.0) / 4.0;
    let off = (band.last().place.bar - within).rem_euclid(1.0);
    assert!(off.min(1.0 - off) < 0.01, "{} at {within}", band.last().place.bar);
    band.goes_on();
}

#[test]
fn a_clock_that_knows_no_song_keeps_the_place_that_is_shown_until_a_tap() {
    let mut band = Band::new(120.0);
    band.play(3.1);
    band.pulses(120.0, 6.0, 0.001);
    assert_eq!(band.last().clock, Clock::Midi);
    assert!(band.off_s(6.0, 0.0, 0.5) < 0.03, "it began within the ear's beat");
    let tap_s = band.time_s() + 0.2;
    band.controls.by_hand.add(Correction::Tap);
    band.clocks.correct((tap_s * RATE_HZ) as u64, &band.controls, &band.midi);
    band.pulses(120.0, 6.0, 0.001);
    assert_eq!(band.last().clock, Clock::Midi);
    let off_s = band.off_s(tap_s + 3.0, tap_s, 0.5);
    assert!(off_s < 0.03, "{off_s}");
    band.goes_on();
}
