//! From a parameter to the beat that is heard.

use std::time::{Duration, Instant};

use klangbild_engine::controls::Correction;
use klangbild_engine::hearing::{Clock, Heard};
use klangbild_engine::knobs::{KnobId, Value};

use super::*;
use crate::params::act_of;

const RATE_HZ: u32 = 48_000;
const BLOCK_FRAMES: usize = 480;
const PATIENCE: Duration = Duration::from_secs(60);

/// A plugin in a host without a transport, which plays clicks at 120 to the minute.
struct Player {
    instance: Arc<Instance>,
    intake: Intake,
    frames: usize,
    last: Vec<f32>,
    _waking: klangbild_engine::live::Waking,
}

impl Player {
    fn new() -> Self {
        let instance = Arc::new(Instance::default());
        let mut intake = Intake::new(Arc::clone(&instance.params));
        intake.connect(&instance, RATE_HZ);
        let waking = instance.live.wake();
        Self { instance, intake, frames: 0, last: Vec::new(), _waking: waking }
    }

    /// Plays on, as fast as it is listened to, and returns what was heard at the end.
    fn play(&mut self, seconds: f64) -> Heard {
        for _ in 0..(seconds * f64::from(RATE_HZ)) as usize / BLOCK_FRAMES {
            let moved = self.instance.params.moved(&mut self.last);
            self.instance.params.triggers.settle(moved);
            let click = |at: usize| {
                let since = at % (RATE_HZ as usize / 2);
                if since < 600 { (since as f32 * 0.9).sin() * (-(since as f32) / 150.0).exp() } else { 0.0 }
            };
            let block: [f32; BLOCK_FRAMES] = std::array::from_fn(|at| click(self.frames + at));
            self.intake.block(&block, &block, Transport::default(), None);
            self.frames += BLOCK_FRAMES;
            self.wait(0.3);
        }
        self.wait(0.03);
        self.instance.live.now().heard
    }

    /// Until all is heard but so much.
    fn wait(&self, but_s: f64) {
        let (played_s, begin) = (self.frames as f64 / f64::from(RATE_HZ), Instant::now());
        while self.instance.live.now().heard.time_s < played_s - but_s {
            assert!(begin.elapsed() < PATIENCE, "nobody listens");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Turns a parameter on and off, as a host does.
    fn turn(&mut self, correction: Correction) {
        let param = self.instance.params.ptr(act_of(correction));
        for on in [1.0, 0.0] {
            // SAFETY: the instance keeps its parameters alive.
            unsafe { param._internal_set_normalized_value(on) };
            self.play(0.02);
        }
    }
}

#[test]
fn parameters_halve_double_tap_and_lock_what_is_heard() {
    let mut player = Player::new();
    let heard = player.play(10.0);
    assert_eq!(heard.clock, Clock::Ear);
    let tempo_bpm = heard.tempo_bpm;
    player.turn(Correction::Half);
    let heard = player.play(1.0);
    // Bare clicks leave the ear in doubt between a tempo and its double.
    let halved_bpm = heard.tempo_bpm;
    assert!(halved_bpm < 0.95 * tempo_bpm, "{halved_bpm} after {tempo_bpm}");
    player.turn(Correction::Double);
    let heard = player.play(1.0);
    assert!(heard.tempo_bpm > 1.6 * halved_bpm, "{} after {halved_bpm}", heard.tempo_bpm);
    player.turn(Correction::One);
    let heard = player.play(0.2);
    // Whether bare clicks come in threes or in fours is the ear's guess; where the one is, the hand's word.
    let since_one_beats = heard.bar_phase * heard.beats_per_bar;
    assert!(heard.bar_confidence == 1.0 && since_one_beats < 1.0, "{heard:?}");
    for _ in 0..4 {
        player.turn(Correction::Tap);
        player.play(0.56);
    }
    let heard = player.play(0.1);
    assert!(heard.clock == Clock::Tap && (heard.tempo_bpm - 100.0).abs() < 1.0, "{heard:?}");
    player.instance.params.turn(KnobId::MetronomeLock, Value::Switch(true));
    let heard = player.play(6.0);
    assert!(heard.clock == Clock::Tap && (heard.tempo_bpm - 100.0).abs() < 1.0, "{heard:?}");
}
