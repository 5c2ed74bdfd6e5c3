//! How far all hues are turned: by the knob, which is followed without a jump, and by the key of the music, so that each song gets a hue
//! of its own and a change of key is seen.
//!
//! Keys stand around the colour circle as they do around the circle of fifths, so that related keys have related hues; a minor key
//! stands with its relative major, which ears and trackers take for each other easily.

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::knobs::KeyColour;

/// Time constant with which the hue follows, in seconds of audio, for a key that is certain.
const FOLLOW_S: f64 = 4.0;
/// And with which it follows the knob, whoever turns it; nearer than this it is there, in degrees.
const KNOB_S: f64 = 0.25;
const NEAR_DEGREES: f32 = 0.5;
/// A longer pause between frames than this is a jump in time.
const LONGEST_STEP_S: f64 = 0.25;
/// The turn goes in steps of so many degrees: pictures are coloured anew with each.
const STEP_DEGREES: f32 = 3.0;

/// Where the hue is on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyTurn {
    /// A point within the unit circle: as long as the key was sure.
    at: [f64; 2],
    /// What the knob has been followed to, in degrees.
    knob: Option<f32>,
    last_s: Option<f64>,
}

impl KeyTurn {
    /// Goes on to `time_s`, in seconds of audio, and returns how far all hues are turned, in degrees.
    pub fn step(&mut self, time_s: f64, heard: &Heard, controls: &Controls) -> f32 {
        let dt_s = self.last_s.map_or(0.0, |last_s| time_s - last_s);
        self.knob_at(controls.hue, dt_s) + self.key_at(time_s, dt_s, heard, controls.key_colour)
    }

    fn knob_at(&mut self, aim: f32, dt_s: f64) -> f32 {
        let knob = self.knob.get_or_insert(aim);
        // The short way around the circle.
        let way = (aim - *knob + 180.0).rem_euclid(360.0) - 180.0;
        let share = if (0.0..=LONGEST_STEP_S).contains(&dt_s) { 1.0 - (-dt_s / KNOB_S).exp() } else { 1.0 };
        *knob = if way.abs() <= NEAR_DEGREES { aim } else { *knob + way * share as f32 };
        *knob
    }

    fn key_at(&mut self, time_s: f64, dt_s: f64, heard: &Heard, strength: KeyColour) -> f32 {
        let dt_s = if (0.0..=LONGEST_STEP_S).contains(&dt_s) { dt_s } else { LONGEST_STEP_S };
        self.last_s = Some(time_s);
        let sure =
            f64::from(heard.key_confidence).clamp(0.0, 1.0) * f64::from(heard.presence).clamp(0.0, 1.0);
        let share = if sure.is_finite() { 1.0 - (-dt_s * sure / FOLLOW_S).exp() } else { 0.0 };
        let aim = f64::from(fifths(heard)) * std::f64::consts::TAU / 12.0;
        self.at[0] += share * (aim.cos() - self.at[0]);
        self.at[1] += share * (aim.sin() - self.at[1]);
        let length = self.at[0].hypot(self.at[1]);
        if length < 1e-6 {
            return 0.0;
        }
        // From no turn at first to the whole one, as the key becomes known.
        let degrees = self.at[1].atan2(self.at[0]).to_degrees() * (4.0 * length).min(1.0);
        let degrees = degrees as f32 * strength.share();
        (degrees / STEP_DEGREES).round() * STEP_DEGREES
    }
}

/// Fifths up from C of the key, or of its relative major.
fn fifths(heard: &Heard) -> u8 {
    let tonic = (heard.key % 12) as u8;
    let major = if heard.key_is_minor == 1 { (tonic + 3) % 12 } else { tonic };
    major * 7 % 12
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: f64, heard: &Heard, turn: &mut KeyTurn, from_s: f64, strength: KeyColour) -> f32 {
        let mut degrees = 0.0;
        for frame in 0..(seconds * 30.0) as u32 {
            let controls = Controls { key_colour: strength, ..Controls::default() };
            degrees = turn.step(from_s + f64::from(frame) / 30.0, heard, &controls);
        }
        degrees
    }

    fn key(key: u32, minor: u32) -> Heard {
        Heard { key, key_is_minor: minor, key_confidence: 1.0, presence: 1.0, ..Heard::default() }
    }

    #[test]
    fn related_keys_have_related_hues() {
        let of = |heard: &Heard| after(30.0, heard, &mut KeyTurn::default(), 0.0, KeyColour::Strong);
        assert_eq!(of(&key(0, 0)), 0.0);
        assert_eq!(of(&key(7, 0)), 30.0);
        assert_eq!(of(&key(9, 1)), 0.0, "A minor is C major's relative");
        assert_eq!(of(&key(5, 0)), -30.0);
        let gentle = after(30.0, &key(2, 0), &mut KeyTurn::default(), 0.0, KeyColour::Gentle);
        assert!((1.0..60.0).contains(&gentle), "{gentle}");
        assert_eq!(after(30.0, &key(2, 0), &mut KeyTurn::default(), 0.0, KeyColour::Off), 0.0);
    }

    #[test]
    fn a_change_of_key_is_followed_without_a_jump_and_noise_changes_nothing() {
        let mut turn = KeyTurn::default();
        let before = after(20.0, &key(0, 0), &mut turn, 0.0, KeyColour::Strong);
        let first = after(0.04, &key(2, 0), &mut turn, 20.0, KeyColour::Strong);
        assert!((first - before).abs() <= STEP_DEGREES, "{before} to {first}");
        assert_eq!(after(25.0, &key(2, 0), &mut turn, 20.04, KeyColour::Strong), 60.0);
        let unsure = Heard { key_confidence: 0.0, ..key(6, 0) };
        assert_eq!(after(10.0, &unsure, &mut turn, 45.1, KeyColour::Strong), 60.0);
    }

    #[test]
    fn the_knob_is_followed_the_short_way_round() {
        let mut turn = KeyTurn::default();
        let at = |hue| Controls { hue, key_colour: KeyColour::Off, ..Controls::default() };
        assert_eq!(turn.step(0.0, &Heard::default(), &at(170.0)), 170.0);
        let mut degrees = turn.step(0.03, &Heard::default(), &at(-170.0));
        assert!((170.0..180.0).contains(&degrees), "{degrees}");
        for frame in 2..100 {
            degrees = turn.step(f64::from(frame) * 0.03, &Heard::default(), &at(-170.0));
        }
        assert_eq!(degrees, -170.0);
    }
}
