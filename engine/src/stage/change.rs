//! From one scene to the next: both run while it lasts, and a transition mixes their light.

use std::sync::Arc;

use super::canvas::{Canvas, LIGHT};
use super::graph::{Given, Graph, Program, Quality, Shown, Step};
use super::painter::Painter;
use super::{Gpu, StageError};
use crate::hearing::Heard;
use crate::knobs::{Choice, TransitionOn};

/// A beat where none is heard, in seconds.
const BEAT_S: f64 = 0.5;
/// Beats in a bar where nobody is sure how many there are, and who is.
const BAR: u32 = 4;
const SURE_OF_BARS: f32 = 0.3;

/// A scene that comes, while the one before goes.
pub(super) struct Change {
    /// What goes.
    pub leaving: Graph,
    /// What mixes them.
    pub transition: Graph,
    /// Light of the one that goes, and of the one that comes.
    lights: [Canvas; 2],
    /// How much of it is over, 0 to 1; `None` while it waits for its beat.
    progress: Option<f64>,
    /// In which beat and bar it was asked for.
    asked_in: Option<(u32, u32)>,
}

impl Change {
    /// Prepares it.
    ///
    /// # Errors
    /// The device has no memory for it.
    pub fn new(
        gpu: &Gpu,
        leaving: Graph,
        transition: Arc<Program>,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<Self, StageError> {
        let lights = lights(gpu, frame_px)?;
        let transition = Graph::new(gpu, transition, frame_px, quality)?;
        Ok(Self { leaving, transition, lights, progress: None, asked_in: None })
    }

    /// Goes on in frames of another size.
    ///
    /// # Errors
    /// The device has no memory for it: what is left of the transition fits no frame, and is to be dropped.
    pub fn resize(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<(), StageError> {
        let lights = lights(gpu, frame_px)?;
        self.leaving.resize(gpu, painter, frame_px, quality)?;
        self.transition.resize(gpu, painter, frame_px, quality)?;
        self.lights = lights;
        Ok(())
    }

    /// Goes on by a frame; whether it is over.
    pub fn step(&mut self, dt_s: f64, heard: &Heard, beats: f32, on: TransitionOn) -> bool {
        let known = heard.tempo_bpm > 0.0 && heard.beat_confidence > 0.1;
        let beat_s = if known { 60.0 / f64::from(heard.tempo_bpm) } else { BEAT_S };
        let (beat, bar) = *self.asked_in.get_or_insert((heard.beat_count, heard.bar_count));
        let falls = heard.beat_count != beat;
        let knows_bars = heard.beats_per_bar > 0.0 && heard.bar_confidence >= SURE_OF_BARS;
        let begins = match on {
            TransitionOn::Once => true,
            TransitionOn::Beat => falls,
            TransitionOn::Bar if knows_bars => heard.bar_count != bar,
            TransitionOn::Bar => falls && heard.beat_count.is_multiple_of(BAR),
        };
        if self.progress.is_none() && (begins || !known) {
            self.progress = Some(0.0);
        }
        if let Some(progress) = &mut self.progress {
            *progress += dt_s / (f64::from(beats) * beat_s).max(1e-3);
        }
        self.progress.is_some_and(|progress| progress >= 1.0)
    }

    /// How much of it is over, 0 to 1.
    pub fn progress(&self) -> f32 {
        self.progress.unwrap_or(0.0).clamp(0.0, 1.0) as f32
    }

    /// Runs both scenes and mixes them into `into`.
    ///
    /// # Errors
    /// As the scenes'.
    #[allow(clippy::too_many_arguments, reason = "what a graph's run takes, and the scene that comes")]
    pub fn run(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        encoder: &mut wgpu::CommandEncoder,
        arriving: &mut Graph,
        step: &Step<'_>,
        given: Given<'_>,
        into: &wgpu::TextureView,
    ) -> Result<(), StageError> {
        let [leaving_light, arriving_light] = &self.lights;
        for (graph, light) in [(&mut self.leaving, leaving_light), (arriving, arriving_light)] {
            graph.run(gpu, painter, encoder, step, given)?;
            graph.show(gpu, painter, encoder, given, Shown::Light(&light.view));
        }
        let given = given.with("leaving", &leaving_light.view).with("arriving", &arriving_light.view);
        self.transition.run(gpu, painter, encoder, step, given)?;
        self.transition.show(gpu, painter, encoder, given, Shown::Light(into));
        Ok(())
    }
}

fn lights(gpu: &Gpu, frame_px: [u32; 2]) -> Result<[Canvas; 2], StageError> {
    let light = |label| Canvas::readable(gpu, label, frame_px, LIGHT);
    Ok([light("the scene that goes")?, light("the scene that comes")?])
}

/// Which file makes a transition; `None` for a cut.
pub(super) fn file(transition: crate::knobs::Transition) -> Option<&'static str> {
    Some(transition.key()).filter(|key| *key != "cut")
}
