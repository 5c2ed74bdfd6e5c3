//! Draws a frame: what moves, the scene, its light developed, and no flashes.

use super::bloom::Source;
use super::graph::{Given, Graph, PostBlock, Shown, Step};
use super::{Stage, StageError, with_inverse};
use crate::hearing::Heard;

impl Stage {
    /// Draws the frame for `time_s` (seconds of audio) with what is heard by then, and submits it. Does not
    /// wait for it: see [`Belt`](super::Belt).
    ///
    /// # Errors
    /// [`StageError::Device`] when the device was lost or failed since the last call.
    pub fn draw(&mut self, time_s: f64, heard: &Heard) -> Result<(), StageError> {
        self.gpu.healthy()?;
        self.take_made();
        self.sound.step(time_s, heard);
        let mut moment = self.choreography.step(time_s, heard, &self.controls);
        moment.frame_px = with_inverse(self.frame_px);
        moment.aspect = self.frame_px[0] as f32 / self.frame_px[1] as f32;
        moment.tween = self.pictures.weight(time_s);
        moment.refit = [1.0; 2];
        moment.picture_px = with_inverse(self.pictures.size_px());
        let controls = self.controls;
        if let Some(change) = &mut self.change {
            let dt_s = self.choreography.before_s().map_or(0.0, |before_s| time_s - before_s);
            if change.step(dt_s, heard, controls.transition_beats, controls.transition_on) {
                self.change = None;
            } else {
                moment.progress = change.progress();
            }
        }
        self.painter.set(&self.gpu, &moment, &self.controls, heard);
        self.hue_degrees = self.key_turn.step(time_s, heard, &controls);
        let palette = self.palette.step(time_s, self.hue_degrees);
        self.painter.set_palette(&self.gpu, &palette);
        self.painter.set_look(&self.gpu, &self.appearance.step(time_s, heard, &palette, self.hue_degrees));

        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.study(&mut encoder, moment.tween)?;
        let suits = |graph: &Graph| {
            let levels = self.boards.bloom.levels();
            PostBlock::of(&graph.program().head.post, &controls, &moment, levels)
        };
        let post = match &self.change {
            Some(change) => suits(&change.leaving).towards(suits(&self.graph), change.progress()),
            None => suits(&self.graph),
        };
        let step = Step {
            time_s,
            before_s: self.choreography.before_s(),
            controls: &controls,
            post,
            progress: moment.progress,
        };
        let limiter = self.limiter.as_mut().filter(|_| self.controls.limit_flashes);
        if let Some(limiter) = limiter {
            limiter.turn(&mut self.output);
        }
        self.paint(&mut encoder, &step)?;
        match &mut self.limiter {
            Some(limiter) if controls.limit_flashes => {
                limiter.limit(&self.gpu, &mut encoder, &self.output, time_s);
            }
            Some(limiter) => limiter.rest(),
            None => {}
        }
        self.gpu.submit([encoder.finish()]);
        Ok(())
    }

    /// Whether what plays reads this given texture.
    fn reads(&self, name: &str) -> bool {
        let change =
            self.change.iter().flat_map(|change| [change.leaving.program(), change.transition.program()]);
        std::iter::once(self.graph.program()).chain(change).any(|program| program.reads(name))
    }

    /// Runs the scene, and develops what it has painted.
    fn paint(&mut self, encoder: &mut wgpu::CommandEncoder, step: &Step<'_>) -> Result<(), StageError> {
        if self.reads("picture") {
            self.tween(encoder)?;
        }
        let seen = self.seen();
        let given = seen.iter().fold(Given::default(), |given, (name, view)| given.with(name, view));
        let hears = ["spectrum", "waveform", "history", "noise"].into_iter().any(|name| self.reads(name));
        let Self { gpu, painter, common, graph, developers, change, sound, boards, output, .. } = self;
        let given = if hears {
            let [spectrum, waveform, history, noise] = sound.draw(gpu, step.time_s)?;
            given
                .with("spectrum", spectrum)
                .with("waveform", waveform)
                .with("history", history)
                .with("noise", noise)
        } else {
            given
        };
        let glows = step.post.glows();
        if change.is_none() && graph.is_fused(self.format, step) {
            graph.run(gpu, painter, encoder, step, given)?;
            let given = match graph.blooms().filter(|_| glows) {
                Some(source) => {
                    given.with("bloom", boards.bloom.of(gpu, painter, &common.bloom, encoder, source))
                }
                None => given,
            };
            graph.show(gpu, painter, encoder, given, Shown::Frame(&output.view));
            return Ok(());
        }
        let (before, now) = boards.light(gpu)?;
        let (before, now) = (before.clone(), now.clone());
        let given = given.with("before", &before);
        let source = match change {
            Some(change) => {
                change.run(gpu, painter, encoder, graph, step, given, &now)?;
                Source { view: &now, rooted: false }
            }
            None => {
                graph.run(gpu, painter, encoder, step, given)?;
                graph.show(gpu, painter, encoder, given, Shown::Light(&now));
                graph.blooms().unwrap_or(Source { view: &now, rooted: false })
            }
        };
        let given = Given::default().with("before", &now);
        let given = match glows {
            true => given.with("bloom", boards.bloom.of(gpu, painter, &common.bloom, encoder, source)),
            false => given,
        };
        developers.develop(gpu, painter, encoder, step, given, &output.view)
    }
}
