//! Sound on whose way something is turned: one scene until here, another one from there.

use super::{AudioSource, RenderError};
use crate::controls::Controls;
use crate::scene::Scene;
use crate::song::SongWarning;
use crate::tap::Transport;

/// A source with other scenes from given places on.
pub struct Turning {
    source: Box<dyn AudioSource>,
    controls: Controls,
    /// Where each begins, in frames, in order.
    turns: Vec<(u64, Scene)>,
    /// Of the frames read last, and of those that come next.
    first: u64,
    next: u64,
}

impl Turning {
    /// A source that was not read yet, with `controls` until the first of `turns`: times in seconds, in any order, and scenes.
    pub fn new(source: Box<dyn AudioSource>, controls: Controls, turns: &[(f64, Scene)]) -> Self {
        let place = |time_s: f64| (time_s.max(0.0) * f64::from(source.sample_rate_hz())).round() as u64;
        let mut turns: Vec<_> = turns.iter().map(|&(time_s, scene)| (place(time_s), scene)).collect();
        turns.sort_by_key(|turn| turn.0);
        Self { source, controls, turns, first: 0, next: 0 }
    }
}

impl AudioSource for Turning {
    fn sample_rate_hz(&self) -> u32 {
        self.source.sample_rate_hz()
    }

    fn duration_s(&self) -> Option<f64> {
        self.source.duration_s()
    }

    fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, RenderError> {
        let until = self.turns.iter().map(|turn| turn.0).find(|at| *at > self.next).unwrap_or(u64::MAX);
        let most = out.len().min(usize::try_from(until - self.next).unwrap_or(usize::MAX));
        let read = self.source.read(&mut out[..most])?;
        (self.first, self.next) = (self.next, self.next + read as u64);
        Ok(read)
    }

    fn skip_to(&mut self, time_s: f64) -> Result<(), RenderError> {
        self.next = (time_s.max(0.0) * f64::from(self.sample_rate_hz())).round() as u64;
        self.source.skip_to(time_s)
    }

    fn transport(&self) -> Option<Transport> {
        self.source.transport()
    }

    fn controls(&self) -> Option<Controls> {
        let begun = self.turns.iter().rfind(|turn| turn.0 <= self.first);
        Some(Controls { scene: begun.map_or(self.controls.scene, |turn| turn.1), ..self.controls })
    }

    fn tags(&self) -> Vec<(String, String)> {
        self.source.tags()
    }

    fn warnings(&self) -> Vec<SongWarning> {
        self.source.warnings()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second of silence at 100 Hz.
    struct Silence(usize);

    impl AudioSource for Silence {
        fn sample_rate_hz(&self) -> u32 {
            100
        }

        fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, RenderError> {
            let read = out.len().min(self.0);
            self.0 -= read;
            Ok(read)
        }

        fn skip_to(&mut self, _: f64) -> Result<(), RenderError> {
            Ok(())
        }
    }

    #[test]
    fn scenes_begin_at_their_places_however_it_is_read() {
        for block in [7, 40, 1000] {
            let turns = [(0.6, Scene::KALEIDOSCOPE), (0.25, Scene::FLOW)];
            let mut source = Turning::new(Box::new(Silence(100)), Controls::default(), &turns);
            let (mut at, mut scenes) = (0, Vec::new());
            let mut frames = vec![[0.0; 2]; block];
            loop {
                let read = source.read(&mut frames).unwrap();
                if read == 0 {
                    break;
                }
                scenes.extend(std::iter::repeat_n(source.controls().unwrap().scene, read));
                at += read;
            }
            assert_eq!(at, 100);
            let expected =
                [(0, Scene::default()), (24, Scene::default()), (25, Scene::FLOW), (59, Scene::FLOW)];
            for (place, scene) in
                expected.into_iter().chain([(60, Scene::KALEIDOSCOPE), (99, Scene::KALEIDOSCOPE)])
            {
                assert_eq!(scenes[place], scene, "{place} in blocks of {block}");
            }
        }
    }
}
