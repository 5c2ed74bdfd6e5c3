//! From what is heard to how things move: the only place that decides which sound drives what.
//!
//! Drum hits act at once, within the very frame. Everything slow passes through one-pole smoothing and
//! through phases that are integrated over audio time, so motion is the same at every frame rate.

use std::f64::consts::{PI, TAU};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::moment::Moment;
use crate::controls::Controls;
use crate::hearing::Heard;
use crate::scramble::scramble;

/// A longer pause between frames than this is a jump in time, not motion.
const LONGEST_STEP_S: f64 = 0.25;

/// What is left of all motion where it is reduced; `moving()` in the prelude is the same for scenes.
pub(super) const REDUCED_MOTION: f64 = 0.2;

/// The slow state behind a stage's motion.
#[derive(Clone, Debug)]
pub(super) struct Choreography {
    of_seed: u64,
    seed: [f32; 4],
    mirrors: [[f32; 2]; 3],
    last_s: Option<f64>,
    before_s: Option<f64>,
    energy: f64,
    swell: f64,
    light: f64,
    treble: f64,
    brightness: f64,
    width: f64,
    travel: f64,
    turn: f64,
}

impl Choreography {
    pub fn new(seed: u64) -> Self {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let numbers = [(); 4].map(|()| random.random::<f32>());
        Self {
            of_seed: seed,
            seed: numbers,
            mirrors: mirrors(random.random_range(5..=8_u8)),
            last_s: None,
            before_s: None,
            energy: 0.0,
            swell: 0.0,
            light: 0.0,
            treble: 0.0,
            brightness: 0.0,
            width: 0.0,
            travel: 64.0 * f64::from(numbers[0]),
            turn: f64::from(numbers[1]),
        }
    }

    /// Another seed: other mirrors and other ways, from where things are.
    pub fn reseed(&mut self, seed: u64) {
        if seed == self.of_seed {
            return;
        }
        let fresh = Self::new(seed);
        self.seed = fresh.seed;
        self.mirrors = fresh.mirrors;
        self.of_seed = seed;
    }

    /// Whether no frame was drawn yet.
    pub fn is_new(&self) -> bool {
        self.last_s.is_none()
    }

    /// When the newest frame's predecessor was; `None` for the first one, and after a jump.
    pub fn before_s(&self) -> Option<f64> {
        self.before_s
    }

    /// Advances to `time_s` and fills in everything that does not depend on sizes.
    pub fn step(&mut self, time_s: f64, heard: &Heard, knobs: &Controls) -> Moment {
        let sound = Sound::of(heard, knobs.intensity);
        let dt_s = self.last_s.map_or(0.0, |last| time_s - last);
        let jumped = self.last_s.is_none() || !(0.0..=LONGEST_STEP_S).contains(&dt_s);
        let dt_s = if jumped { 0.0 } else { dt_s };
        self.before_s = self.last_s.filter(|_| !jumped);
        self.last_s = Some(time_s);

        let follow = |value: &mut f64, target: f64, tau_s: f64| {
            let share = if jumped { 1.0 } else { 1.0 - (-dt_s / tau_s).exp() };
            *value += (target - *value) * share;
        };
        follow(&mut self.energy, sound.energy, 0.4);
        follow(&mut self.swell, sound.bass, 0.14);
        follow(&mut self.light, sound.loudness, 0.25);
        follow(&mut self.treble, sound.treble, 0.1);
        follow(&mut self.brightness, sound.brightness, 0.5);
        follow(&mut self.width, sound.width, 0.5);

        // At rest things still creep, too slowly to be seen from one frame to the next.
        let moving = if knobs.reduced_motion { REDUCED_MOTION } else { 1.0 };
        let speed = 0.02 + 0.98 * self.energy + 1.6 * sound.kick;
        self.travel += dt_s * moving * speed;
        self.turn += dt_s * moving * (0.0015 + 0.012 * self.energy + 0.02 * sound.snare);

        let seed = self.seed.map(f64::from);
        let wander = |rate: f64, offset: f64| (TAU * (self.travel * rate + offset)).sin();
        let exposure = (0.40 + 0.60 * sound.presence) * (0.80 + 0.32 * self.light)
            + sound.presence * 0.05 * sound.beat
            + 0.22 * sound.kick;
        let zoom = f64::from(knobs.zoom)
            * (1.16 + 0.07 * wander(0.017, seed[0]) + moving * (0.05 * self.energy + 0.05 * self.swell));
        Moment {
            dt_s: dt_s as f32,
            time_s: time_s as f32,
            grain_seed: scramble(time_s.to_bits()) as u32,
            level: sound.level as f32,
            presence: sound.presence as f32,
            energy: self.energy as f32,
            swell: self.swell as f32,
            treble: self.treble as f32,
            brightness: self.brightness as f32,
            width: self.width as f32,
            beat: sound.beat as f32,
            kick: sound.kick as f32,
            snare: sound.snare as f32,
            hat: sound.hat as f32,
            onset: sound.onset as f32,
            drift: [
                (0.045 * wander(0.013, seed[1]) + 0.02 * wander(0.037, seed[2])) as f32,
                (0.10 * wander(0.011, seed[3]) + 0.03 * wander(0.031, seed[0])) as f32,
            ],
            camera: direction(0.07 * wander(0.009, seed[2])).map(|part| (part / zoom) as f32),
            sway: [
                (0.030 * wander(0.071, seed[0])) as f32,
                (0.026 * wander(0.053, seed[1])) as f32,
                (0.050 * wander(0.043, seed[2])) as f32,
                (0.045 * wander(0.037, seed[3])) as f32,
            ],
            toward: direction(TAU * (0.62 + 0.09 * wander(0.021, seed[3]))).map(|part| part as f32),
            spin: direction(TAU * self.turn).map(|part| part as f32),
            mirror_a: self.mirrors[0],
            mirror_b: self.mirrors[1],
            mirror_c: self.mirrors[2],
            creep: (self.travel * 0.25).rem_euclid(64.0) as f32,
            shimmer: (self.travel * 0.35).rem_euclid(1.0) as f32,
            exposure: (exposure as f32) * knobs.exposure.exp2(),
            seed: self.seed,
            ..Default::default()
        }
    }
}

/// Cosine and sine.
fn direction(angle_rad: f64) -> [f64; 2] {
    [angle_rad.cos(), angle_rad.sin()]
}

/// Mirrors at 4, 2 and 1 half wedges from the first axis. Reflected in them one after the other (after one in the
/// axis itself), the whole circle comes to lie in one half wedge, for 4 to 8 wedges.
fn mirrors(wedges: u8) -> [[f32; 2]; 3] {
    [4.0, 2.0, 1.0].map(|half_wedges| {
        let [cosine, sine] = direction(half_wedges * PI / f64::from(wedges));
        [-sine as f32, cosine as f32]
    })
}

/// The hearing as the stage takes it: finite, in range, scaled by the intensity.
struct Sound {
    level: f64,
    presence: f64,
    loudness: f64,
    energy: f64,
    bass: f64,
    treble: f64,
    brightness: f64,
    width: f64,
    kick: f64,
    snare: f64,
    hat: f64,
    onset: f64,
    beat: f64,
}

impl Sound {
    fn of(heard: &Heard, intensity: f32) -> Self {
        let unit = |value: f32| if value.is_finite() { f64::from(value.clamp(0.0, 1.0)) } else { 0.0 };
        let driven = |value: f32| unit(value) * f64::from(intensity);
        let presence = unit(heard.presence);
        let energy = 0.45 * driven(heard.loudness) + 0.35 * driven(heard.level) + 0.2 * driven(heard.mid);
        // A soft swing on each beat, as strong as the beat is sure.
        let beat = driven(heard.beat_confidence) * presence * (1.0 - unit(heard.beat_phase)).powi(3);
        Self {
            level: driven(heard.level),
            presence,
            loudness: driven(heard.loudness),
            energy: presence * energy,
            bass: presence * driven(heard.bass),
            treble: presence * driven(heard.treble),
            brightness: unit(heard.brightness),
            width: unit(heard.width),
            kick: driven(heard.kick.pulse),
            snare: driven(heard.snare.pulse),
            hat: driven(heard.hat.pulse),
            onset: driven(heard.onset.pulse),
            beat,
        }
    }
}
