//! What was said, as places that draw the music's embedding towards them.

use crate::controls::Controls;
use crate::hearing::Heard;
use crate::motion::sphere;

/// Where in a phrase's bars it begins to give way to the next, as a share of them: before that it has the picture for itself.
const GIVES_WAY: f32 = 0.4;

/// Places in the encoder's space, each of length one, in the order in which they follow one another.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    places: Vec<Vec<f32>>,
}

impl Said {
    /// Of these places, all of one length; `None` without any.
    pub fn of(places: Vec<Vec<f32>>) -> Option<Self> {
        (!places.is_empty()).then_some(Self { places })
    }

    /// The places.
    pub fn places(&self) -> &[Vec<f32>] {
        &self.places
    }

    /// Draws an embedding of length one towards what was said, as far as the controls say; its length stays one. With an
    /// amount of 0, and before there is an embedding, it stays as it is, bit by bit.
    pub fn draw(&self, embedding: &mut [f32], controls: &Controls, heard: &Heard) {
        let amount = controls.words_amount;
        if amount <= 0.0 || embedding.iter().all(|x| *x == 0.0) {
            return;
        }
        let (from, to, share) = self.between(controls, heard);
        let mut place: Vec<f32> = from.iter().zip(to).map(|(a, b)| a + share * (b - a)).collect();
        sphere::set_radius(&mut place, 1.0);
        // Half way between two places there are often pictures of neither: so words lead early, and music gives way late.
        let lead = 1.0 - (1.0 - amount.min(1.0)).powf(1.5);
        embedding.iter_mut().zip(&place).for_each(|(x, word)| *x += lead * (word - *x));
        sphere::set_radius(embedding, 1.0);
    }

    /// Two neighbours, and how far it is from the first to the second, 0 to 1.
    ///
    /// With bars to a phrase, phrases follow one another with the music, and begin anew after the last; the knob `words_morph`
    /// then says where they begin. Without, that knob alone goes from the first to the last.
    fn between(&self, controls: &Controls, heard: &Heard) -> (&[f32], &[f32], f32) {
        let count = self.places.len();
        let by_hand = controls.words_morph.clamp(0.0, 1.0) * (count - 1) as f32;
        let bars = controls.words_bars as f64;
        let (place, share) = if bars > 0.0 {
            let played =
                (f64::from(heard.bar_count) + f64::from(heard.bar_phase)) / bars + f64::from(by_hand);
            let into = played.fract() as f32;
            (played as usize % count, smoothstep(GIVES_WAY, 1.0, into))
        } else {
            (by_hand as usize, by_hand.fract())
        };
        (&self.places[place], &self.places[(place + 1) % count], share)
    }
}

fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
