//! Stereo to mono, without losing what is out of phase.
//!
//! The mean of both sides is silence where one side is the other turned over: a cable with its poles swapped, an effect that
//! widens a mono sound. A listener hears music there, and an encoder that is fed the mean hears nothing. Where the
//! difference of the sides is far stronger than their mean, the right side is therefore turned over before they are added.
//! Everything else is the plain mean, to the bit.

/// The sides are added as they are again once their mean has this part of their difference's energy.
const IN_PHASE: f32 = 0.25;
/// The right side is turned over below this: 10 dB, which no mix reaches that was meant for two loudspeakers.
const OUT_OF_PHASE: f32 = 0.1;
/// How long must sound be out of phase to count: longer than a wide drum hit.
const MEMORY_S: f32 = 0.3;
/// The turn itself; a jump would click.
const TURN_S: f32 = 0.03;
/// Sound before which nothing is decided: less says little.
const LEAST_SOUND_S: f32 = 0.02;
/// But a song that begins out of phase is heard from its start, or a click would come first: these frames tell, if they
/// leave no doubt.
const FIRST_FRAMES: u32 = 8;
const NO_DOUBT: f32 = 0.01;
/// Energy below which nothing is decided: -120 dBFS.
const SILENCE: f32 = 1e-12;

/// Mixes one stream of frames.
#[derive(Clone, Debug)]
pub struct MonoMix {
    forget: f32,
    turn: f32,
    /// Smoothed energies of the sides' sum and difference.
    sum: f32,
    difference: f32,
    /// What the right side is multiplied by, from -1 to 1, and where that is going.
    right: f32,
    goal: f32,
    /// Frames of sound so far, up to the least that something is decided from.
    heard: u32,
    least: u32,
}

impl MonoMix {
    /// For sound at this rate.
    pub fn new(sample_rate_hz: u32) -> Self {
        let rate_hz = sample_rate_hz.max(1) as f32;
        Self {
            forget: 1.0 / (MEMORY_S * rate_hz),
            turn: 2.0 / (TURN_S * rate_hz),
            sum: 0.0,
            difference: 0.0,
            right: 1.0,
            goal: 1.0,
            heard: 0,
            least: (LEAST_SOUND_S * rate_hz) as u32,
        }
    }

    /// The next frame in mono. Samples that are not numbers are left to others: they count as silence here.
    pub fn mix(&mut self, [left, right]: [f32; 2]) -> f32 {
        let (sum, difference) = (left + right, left - right);
        let energy = |value: f32| if value.is_finite() { (value * value).min(1e6) } else { 0.0 };
        self.sum += self.forget * (energy(sum) - self.sum);
        self.difference += self.forget * (energy(difference) - self.difference);
        if self.sum + self.difference > SILENCE {
            self.heard = (self.heard + 1).min(self.least);
            if self.heard < self.least {
                if self.heard <= FIRST_FRAMES {
                    let side = if self.sum < NO_DOUBT * self.difference { -1.0 } else { 1.0 };
                    (self.right, self.goal) = (side, side);
                }
            } else if self.sum < OUT_OF_PHASE * self.difference {
                self.goal = -1.0;
            } else if self.sum > IN_PHASE * self.difference {
                self.goal = 1.0;
            }
        } else {
            (self.sum, self.difference) = (0.0, 0.0); // before the numbers become denormal, and slow
        }
        self.right += (self.goal - self.right).clamp(-self.turn, self.turn);
        0.5 * (left + self.right * right)
    }

    /// Forgets what was heard.
    pub fn reset(&mut self) {
        (self.sum, self.difference, self.right, self.goal) = (0.0, 0.0, 1.0, 1.0);
        self.heard = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(n: usize) -> f32 {
        0.5 * (std::f32::consts::TAU * 440.0 * n as f32 / 48_000.0).sin()
    }

    fn mixed(frames: impl Iterator<Item = [f32; 2]>) -> Vec<f32> {
        let mut mix = MonoMix::new(48_000);
        frames.map(|frame| mix.mix(frame)).collect()
    }

    #[test]
    fn a_side_that_is_turned_over_is_heard_as_in_phase() {
        let same = mixed((0..48_000).map(|n| [tone(n); 2]));
        let turned = mixed((0..48_000).map(|n| [tone(n), -tone(n)]));
        assert_eq!(same, turned);
        // Not quite as loud, and a little late: a poor cable.
        let poor = mixed((0..48_000).map(|n| [tone(n), -0.8 * tone(n.saturating_sub(3))]));
        let energy = |samples: &[f32]| samples.iter().map(|x| x * x).sum::<f32>();
        assert!((0.7..1.0).contains(&(energy(&poor) / energy(&same))));
    }

    #[test]
    fn what_was_made_for_two_loudspeakers_is_their_mean_to_the_bit() {
        let mut noise = 7_u32;
        let mut next = || {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 8) as f32 / 8_388_608.0 - 1.0
        };
        // From one side, from both, unlike each other, and wide.
        let frames: Vec<[f32; 2]> = (0..96_000)
            .map(|n| {
                let (a, b) = (next(), next());
                match n / 24_000 {
                    0 => [a, 0.0],
                    1 => [a, a],
                    2 => [a, b],
                    _ => [a + b, 0.9 * a - b],
                }
            })
            .collect();
        for (mono, [left, right]) in mixed(frames.iter().copied()).into_iter().zip(frames) {
            assert_eq!(mono, 0.5 * (left + right));
        }
    }

    #[test]
    fn it_turns_without_a_click_and_back() {
        let frames = (0..240_000)
            .map(|n| if (72_000..168_000).contains(&n) { [tone(n), -tone(n)] } else { [tone(n); 2] });
        let out = mixed(frames);
        let steps = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
        // The steepest step of the tone itself is 0.029; where the sides swap, the input itself jumps by half of that.
        assert!(steps < 0.04, "{steps}");
        let loud =
            |range: std::ops::Range<usize>| out[range].iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(loud(150_000..160_000) > 0.49);
        assert!(loud(230_000..240_000) > 0.49);
    }

    #[test]
    fn silence_and_nonsense_leave_it_as_it_was() {
        let mut mix = MonoMix::new(48_000);
        for _ in 0..10 {
            mix.mix([f32::NAN, f32::INFINITY]);
        }
        (0..480_000).for_each(|_| assert_eq!(mix.mix([0.0; 2]), 0.0));
        assert_eq!(mix.mix([0.5, 0.25]), 0.375);
    }
}
