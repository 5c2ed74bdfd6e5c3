//! Hosts that do anything in any order: the sound passes bit by bit, nothing waits, and nothing grows.

use std::time::{Duration, Instant};

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{Plugin, Sound, Transport, With, state};
use klangbild_tests::process::{descriptors, memory_bytes, threads};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::library;

/// For how long such hosts are made up.
const PATIENCE: Duration = Duration::from_secs(12);
/// What all of them together may leave in memory.
const MOST_BYTES: u64 = 24 << 20;

/// One call of a host.
#[derive(Clone, Debug)]
enum Call {
    Activate { rate_hz: u32 },
    Deactivate,
    Offline(bool),
    Blocks { lengths: Vec<usize>, in_place: bool },
    Jump { beat: f64, tempo_bpm: f64 },
    Turn { place: usize, value: f64 },
    Strike { key: u8 },
    Load { of: usize },
    LoadNoise { bytes: Vec<u8>, with_length: bool },
    Mono(bool),
    Pump,
}

fn call() -> impl Strategy<Value = Call> {
    let length = prop_oneof![Just(1_usize), Just(64), 1..600_usize, Just(4096)];
    let beat = prop_oneof![Just(0.0), -100.0..1e6_f64, Just(f64::MAX), Just(f64::NAN)];
    let tempo = prop_oneof![20.0..300.0_f64, Just(0.0), Just(-1.0), Just(1e9), Just(f64::INFINITY)];
    let rate = prop_oneof![Just(8_000), Just(44_100), Just(48_000), Just(192_000), 1_000..768_000_u32];
    prop_oneof![
        3 => rate.prop_map(|rate_hz| Call::Activate { rate_hz }),
        1 => Just(Call::Deactivate),
        1 => any::<bool>().prop_map(Call::Offline),
        6 => (prop::collection::vec(length, 1..12), any::<bool>())
            .prop_map(|(lengths, in_place)| Call::Blocks { lengths, in_place }),
        2 => (beat, tempo).prop_map(|(beat, tempo_bpm)| Call::Jump { beat, tempo_bpm }),
        3 => (0..64_usize, -0.5..1.5_f64).prop_map(|(place, value)| Call::Turn { place, value }),
        // Those that put the beat right more often than others.
        3 => prop_oneof![24..31_u8, any::<u8>().prop_map(|key| key % 128)].prop_map(|key| Call::Strike { key }),
        1 => (0..4_usize).prop_map(|of| Call::Load { of }),
        1 => (prop::collection::vec(any::<u8>(), 0..200), any::<bool>())
            .prop_map(|(bytes, with_length)| Call::LoadNoise { bytes, with_length }),
        1 => any::<bool>().prop_map(Call::Mono),
        1 => Just(Call::Pump),
    ]
}

/// A plugin, and where its host stands.
struct Host {
    plugin: Plugin,
    sound: Option<Sound>,
    transport: Option<Transport>,
    saved: Vec<Vec<u8>>,
}

/// Of these, files come; others see to them.
const MAKES_FILES: [&str; 3] = ["Capture", "Record Video", "Bounce Video"];

impl Host {
    fn does(&mut self, call: &Call) {
        match call {
            Call::Activate { rate_hz } => {
                self.deactivates();
                self.sound = Some(self.plugin.activate(f64::from(*rate_hz), 4096));
            }
            Call::Deactivate => self.deactivates(),
            Call::Offline(offline) => self.plugin.set_offline(*offline),
            Call::Blocks { lengths, in_place } => {
                let Some(sound) = &mut self.sound else { return };
                for (number, length) in lengths.iter().enumerate() {
                    let block: Vec<f32> =
                        (0..*length).map(|at| ((at + number) as f32 * 0.37).sin()).collect();
                    sound.passes(
                        &block,
                        &With { in_place: *in_place, transport: self.transport, ..With::default() },
                    );
                }
            }
            Call::Jump { beat, tempo_bpm } => {
                self.transport = Some(Transport { tempo_bpm: *tempo_bpm, beat: *beat });
            }
            Call::Turn { place, value } => {
                let params = self.plugin.params();
                let param = &params[place % params.len()];
                if MAKES_FILES.contains(&param.name.as_str()) {
                    return;
                }
                let value = param.range.0 + (param.range.1 - param.range.0) * value;
                match &mut self.sound {
                    Some(sound) => {
                        let changes = vec![(param.id, value)];
                        sound.passes(
                            &[0.25; 32],
                            &With { changes, transport: self.transport, ..With::default() },
                        );
                    }
                    None => self.plugin.set(&[(&param.name, value)]),
                }
            }
            Call::Strike { key } => {
                if let Some(sound) = &mut self.sound {
                    sound.strike(*key);
                }
            }
            Call::Load { of } => {
                let bytes = self.saved.get(*of).cloned();
                let now = self.plugin.save();
                if let Some(bytes) = bytes {
                    assert!(self.plugin.load(&bytes));
                    assert_eq!(self.plugin.save(), bytes);
                }
                self.saved.push(now);
                self.saved.truncate(4);
            }
            Call::LoadNoise { bytes, with_length } => {
                let before = self.plugin.save();
                let bytes = if *with_length { state::of_bytes(bytes) } else { bytes.clone() };
                assert!(!self.plugin.load(&bytes));
                assert_eq!(self.plugin.save(), before);
            }
            Call::Mono(mono) => {
                self.deactivates();
                self.plugin.set_channels(if *mono { 1 } else { 2 });
            }
            Call::Pump => self.plugin.pump(),
        }
    }

    fn deactivates(&mut self) {
        if let Some(sound) = self.sound.take() {
            self.plugin.deactivate(sound);
        }
    }
}

#[test]
fn whatever_a_host_does_the_sound_passes_and_nothing_grows() {
    Alone::new().run(|| {
        let library = library();
        // The same calls in every run; more of them on a quick machine.
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let config = Config { cases: u32::MAX, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, rng);
        let calls = prop::collection::vec(call(), 1..60);
        let plays = |calls: &[Call]| {
            let plugin = Plugin::new(&library);
            let mut host = Host { plugin, sound: None, transport: None, saved: Vec::new() };
            calls.iter().for_each(|call| host.does(call));
            host.deactivates();
        };
        let (began, mut before, mut count) = (Instant::now(), None, 0);
        while began.elapsed() < PATIENCE {
            let made = calls.new_tree(&mut runner).unwrap().current();
            // What fails says what was called.
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| plays(&made)));
            assert!(outcome.is_ok(), "after {made:#?}");
            count += 1;
            if count == 20 {
                before = Some((descriptors(), memory_bytes()));
            }
        }
        assert_eq!(threads("klangbild"), Vec::<String>::new(), "after {count} hosts");
        let (files, bytes) = before.expect("more than twenty hosts in this time");
        assert!(descriptors() <= files, "{} descriptors, {files} before", descriptors());
        let grown = memory_bytes().saturating_sub(bytes);
        println!("{count} hosts, {} kB more", grown >> 10);
        assert!(grown < MOST_BYTES, "{} kB more after {count} hosts", grown >> 10);
    });
}
