//! The sound passes bit by bit and without delay, whatever the host does and whatever else is going on.

use klangbild_tests::alone::Alone;
use klangbild_tests::clap_host::{ClapId, Param, Plugin, Sound, Transport, With};

use crate::plugin;

/// What DAWs run at, and far below and above it.
const RATES_HZ: [f64; 6] = [1_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 768_000.0];

/// Hosts change the length from one block to the next.
const BLOCKS: [usize; 8] = [1, 7, 64, 480, 8192, 1, 16_384, 441];
const LONGEST_BLOCK: u32 = 16_384;

/// A generator that is the same in every run (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 32) as u32
    }

    /// Loud noise with everything in it that a float can be as long as it is a number: denormals, both zeros, the largest.
    fn sample(&mut self) -> f32 {
        match self.next() % 16 {
            0 => f32::from_bits(self.next() & 0x807f_ffff), // denormal, or a zero of either sign
            1 => f32::from_bits(self.next() & 0x8000_0000 | 0x7f7f_ffff),
            2 => Some(f32::from_bits(self.next())).filter(|any| any.is_finite()).unwrap_or(1.0),
            _ => self.next() as f32 / u32::MAX as f32 * 2.0 - 1.0,
        }
    }

    fn block(&mut self, frames: usize) -> Vec<f32> {
        (0..frames).map(|_| self.sample()).collect()
    }

    /// New values for all parameters that do not make files.
    fn automation(&mut self, params: &[Param]) -> Vec<(ClapId, f64)> {
        let looks = params.iter().filter(|param| !MAKES_FILES.contains(&param.name.as_str()));
        looks
            .map(|param| {
                let (low, high, _) = param.range;
                (param.id, low + (high - low) * f64::from(self.next()) / f64::from(u32::MAX))
            })
            .collect()
    }
}

const MAKES_FILES: [&str; 3] = ["Capture", "Record Video", "Bounce Video"];

/// Sends blocks of all lengths through, with every parameter moving.
fn pass(plugin: &mut Plugin, sound: &mut Sound, random: &mut Random) {
    let params = plugin.params();
    for (round, frames) in BLOCKS.into_iter().cycle().take(4 * BLOCKS.len()).enumerate() {
        let transport = Transport { tempo_bpm: 133.0, beat: round as f64 };
        let with = With {
            in_place: random.next().is_multiple_of(2),
            changes: random.automation(&params),
            transport: (round % 3 > 0).then_some(transport),
        };
        sound.passes(&random.block(frames), &with);
        plugin.pump();
    }
}

#[test]
fn every_bit_passes_at_every_rate_and_length() {
    Alone::new().run(|| {
        let mut random = Random(1);
        let mut plugin = plugin();
        for channels in [2, 1] {
            plugin.set_channels(channels);
            for rate_hz in RATES_HZ {
                let mut sound = plugin.activate(rate_hz, LONGEST_BLOCK);
                assert_eq!(plugin.latency(), 0);
                pass(&mut plugin, &mut sound, &mut random);
                plugin.deactivate(sound);
            }
        }
    });
}

#[test]
fn left_stays_left() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let mut sound = plugin.activate(48_000.0, 64);
        let (left, right) = ([0.25; 64], [-0.5; 64]);
        for in_place in [false, true] {
            let out = sound.process(&[&left, &right], &With { in_place, ..With::default() });
            assert_eq!(out, [left.to_vec(), right.to_vec()]);
        }
        plugin.deactivate(sound);
    });
}

/// No number in, no number out; and then the next sound passes again.
fn survives_what_is_no_number(sound: &mut Sound, random: &mut Random) {
    for nasty in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let block = [nasty; 480];
        let out = sound.process(&[&block, &block], &With::default());
        assert!(out.iter().flatten().all(|sample| sample.to_bits() == nasty.to_bits()));
        sound.passes(&random.block(480), &With::default());
    }
}

#[test]
fn what_is_no_number_harms_nothing() {
    Alone::new().run(|| {
        let mut plugin = plugin();
        let mut sound = plugin.activate(48_000.0, LONGEST_BLOCK);
        survives_what_is_no_number(&mut sound, &mut Random(2));
        plugin.deactivate(sound);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn every_bit_passes_while_the_window_is_open() {
    use klangbild_tests::screen::Screen;
    use klangbild_tests::sound::Sound as Music;

    use crate::window::{moves, shows_a_picture};

    Alone::new().with_screen().run(|| {
        let screen = Screen::connect();
        let mut random = Random(3);
        let mut plugin = plugin();
        let window = plugin.open(&screen, 0, 0);
        shows_a_picture(&mut plugin, &window);
        for rate_hz in RATES_HZ {
            let mut sound = plugin.activate(rate_hz, LONGEST_BLOCK);
            pass(&mut plugin, &mut sound, &mut random);
            survives_what_is_no_number(&mut sound, &mut random);
            plugin.pump_for(std::time::Duration::from_millis(100));
            plugin.deactivate(sound);
        }

        // The picture has survived it too: back to how everything was, it answers to music.
        let params = plugin.params();
        let defaults: Vec<(&str, f64)> =
            params.iter().map(|param| (param.name.as_str(), param.range.2)).collect();
        plugin.set(&defaults);
        let sound = plugin.activate(48_000.0, 512);
        moves(&mut plugin, &window, sound, &Music::music(48_000, 4.0));
        plugin.close(window);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn every_bit_passes_while_it_records() {
    use klangbild_tests::frames;
    use klangbild_tests::program::Scratch;

    Alone::new().run(|| {
        let scratch = Scratch::new();
        let mut random = Random(4);
        let mut plugin = crate::plugin_that_writes_to(scratch.folder());
        let record = plugin.param("Record Video").id;
        let mut sound = plugin.activate(48_000.0, LONGEST_BLOCK);
        sound.passes(&[0.0; 64], &With { changes: vec![(record, 1.0)], ..With::default() });
        let video = || scratch.names().first().map(|name| frames::list(&scratch.path(name)).len());
        // Until it really writes.
        while video().is_none_or(|frames| frames < 3) {
            pass(&mut plugin, &mut sound, &mut random);
            plugin.pump_for(std::time::Duration::from_millis(20));
        }
        pass(&mut plugin, &mut sound, &mut random);
        plugin.deactivate(sound);
    });
}
