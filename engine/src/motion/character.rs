//! What the song is like as a whole, underneath the moment.

use super::sphere;

/// How far back a song's character reaches, as a time constant; at first it is the plain mean of what was heard.
const CHARACTER_S: f32 = 60.0;
/// How much of what is aimed at is the song's character; the rest is the moment. So a song keeps a look of its own in which
/// its moments differ, and two songs stay apart.
const SHARE: f32 = 0.2;

/// A slow mean of the embeddings of what sounded.
#[derive(Clone, Default)]
pub(super) struct Character {
    mean: Vec<f32>,
    heard_s: f32,
    last_time_s: f64,
}

impl Character {
    /// Takes the embedding of the audio up to `time_s`, which counts as far as there was sound (`presence`, 0 to 1), and
    /// gives what to aim at: moment and character together, L2-normalised.
    pub(super) fn underlie(&mut self, embedding: &[f32], time_s: f64, presence: f32) -> Vec<f32> {
        let elapsed_s = (time_s - self.last_time_s).max(0.0) as f32 * presence;
        self.last_time_s = time_s;
        if self.mean.is_empty() {
            self.mean = embedding.to_vec();
        }
        self.heard_s += elapsed_s;
        let step = (elapsed_s / self.heard_s.clamp(1.0, CHARACTER_S)).min(1.0);
        self.mean.iter_mut().zip(embedding).for_each(|(m, e)| *m += step * (e - *m));
        let length = self.mean.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-6);
        let mut aim: Vec<f32> =
            embedding.iter().zip(&self.mean).map(|(e, m)| (1.0 - SHARE) * e + SHARE / length * m).collect();
        sphere::set_radius(&mut aim, 1.0);
        aim
    }

    /// Goes on as if all that was heard had been heard so much later.
    pub(super) fn delay(&mut self, by_s: f64) {
        self.last_time_s += by_s;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(place: usize) -> Vec<f32> {
        (0..8).map(|i| if i == place { 1.0 } else { 0.0 }).collect()
    }

    /// Half a minute of one kind of music with a tenth of another in it.
    fn after_a_song_of(place: usize) -> Character {
        let mut character = Character::default();
        for k in 1..=120 {
            let moment = if k % 10 == 0 { axis(7) } else { axis(place) };
            character.underlie(&moment, f64::from(k) * 0.25, 1.0);
        }
        character
    }

    #[test]
    fn the_same_moment_differs_from_song_to_song_and_moments_differ_within_one() {
        let (mut one, mut other) = (after_a_song_of(0), after_a_song_of(1));
        let moment = one.underlie(&axis(3), 30.25, 1.0);
        assert!(sphere::cosine(&moment, &other.underlie(&axis(3), 30.25, 1.0)) < 0.98);
        let next = one.underlie(&axis(4), 30.5, 1.0);
        let across = sphere::cosine(&moment, &next);
        assert!((0.02..0.8).contains(&across), "{across}");
    }

    #[test]
    fn silence_changes_no_character() {
        let mut character = after_a_song_of(0);
        let before = character.mean.clone();
        for k in 0..400 {
            character.underlie(&axis(5), 31.0 + f64::from(k) * 0.25, 0.0);
        }
        assert_eq!(character.mean, before);
    }
}
