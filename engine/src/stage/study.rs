//! What is taken from pictures before a scene sees them: once from each picture, once from each pair, and once a frame.

mod magnifier;
#[cfg(test)]
mod tests;

use super::canvas::{Canvas, LIGHT, SHOWN, Studies, Study};
use super::moment::Moment;
use super::optical_flow::Motion;
use super::painter::{Painter, Recipe};
use super::pictures::Slot;
use super::reduction::Reduction;
use super::{Gpu, Stage, StageError, with_inverse};
use crate::hearing::Heard;
use magnifier::Magnifier;

/// The passes of all this.
#[derive(Clone)]
pub(super) struct StudyPasses {
    ambience: wgpu::RenderPipeline,
    shade: wgpu::RenderPipeline,
    shade_turned: wgpu::RenderPipeline,
    magnifier: Magnifier,
    field: wgpu::RenderPipeline,
    tween: wgpu::RenderPipeline,
    tween_field: wgpu::RenderPipeline,
    tween_light: wgpu::RenderPipeline,
    tween_root: wgpu::RenderPipeline,
}

impl StudyPasses {
    /// # Errors
    /// A shader that does not compile, or a driver that refuses it.
    pub fn compile(gpu: &Gpu, painter: &Painter) -> Result<Self, StageError> {
        let make = |file: &str, entry: &str, target: wgpu::TextureFormat| {
            painter.pipeline(gpu, &Recipe { file, entry, target, adds: false })
        };
        Ok(Self {
            ambience: make("ambience.wgsl", "ambience", LIGHT)?,
            shade: make("shade.wgsl", "shade", SHOWN)?,
            shade_turned: make("shade.wgsl", "shade_turned", SHOWN)?,
            magnifier: Magnifier::compile(gpu)?,
            field: make("field.wgsl", "field", LIGHT)?,
            tween: make("tween.wgsl", "tween", LIGHT)?,
            tween_field: make("tween.wgsl", "tween_field", LIGHT)?,
            tween_light: make("tween.wgsl", "tween_light", LIGHT)?,
            tween_root: make("tween.wgsl", "tween_root", SHOWN)?,
        })
    }
}

impl Stage {
    /// Makes what a frame sees of the pictures, with `tween` being the newest's weight.
    pub(super) fn study(&mut self, encoder: &mut wgpu::CommandEncoder, tween: f32) -> Result<(), StageError> {
        let wanted = Some((self.pictures.shown(), tween, self.controls));
        if self.studied == wanted {
            return Ok(());
        }
        self.prepare(encoder)?;
        let Studies { field, ambience, motion, .. } = &self.studies;
        let at_an_end = tween == 0.0 || tween == 1.0;
        let [previous, newest] = [&self.pictures.previous.study, &self.pictures.newest.study];
        let (gpu, painter, passes) = (&self.gpu, &self.painter, &self.common.study);
        if !at_an_end {
            for (pass, previous, newest, target) in [
                (&passes.tween, &previous.ambience, &newest.ambience, ambience),
                (&passes.tween_field, &previous.field, &newest.field, field),
            ] {
                let inputs = [&previous.view, &newest.view, &motion.view];
                painter.pass(gpu, encoder, pass, &inputs, &[&target.view], false);
            }
        }
        self.studied = wanted;
        Ok(())
    }

    /// The study of the picture that is seen alone, at either end of the way from one to the next.
    fn alone(&self) -> Option<&Study> {
        match self.studied {
            Some((_, 0.0, _)) => Some(&self.pictures.previous.study),
            Some((_, 1.0, _)) => Some(&self.pictures.newest.study),
            _ => None,
        }
    }

    /// The tweened picture's smoothed height, its slope (x, y) in the picture's widths and heights, and its bend.
    pub(super) fn field(&self) -> &Canvas {
        self.alone().map_or(&self.studies.field, |study| &study.field)
    }

    /// The tweened picture blurred almost to its palette.
    pub(super) fn ambience(&self) -> &Canvas {
        self.alone().map_or(&self.studies.ambience, |study| &study.ambience)
    }

    /// What scenes can see of the pictures, by name, with [`study`](Self::study) done for this frame.
    pub(super) fn seen(&self) -> Vec<(&'static str, wgpu::TextureView)> {
        let [previous, newest] = [&self.pictures.previous.study, &self.pictures.newest.study];
        let all = [
            ("picture", self.studies.tween.as_ref().unwrap_or(newest.light())),
            ("field", self.field()),
            ("ambience", self.ambience()),
            ("previous", &previous.source),
            ("newest", &newest.source),
            ("previous_light", previous.light()),
            ("newest_light", newest.light()),
            ("motion", &self.studies.motion),
        ];
        all.map(|(name, canvas)| (name, canvas.view.clone())).to_vec()
    }

    /// The tweened picture in a texture of its own, for scenes that want it so; those that read it once a pixel read it cheaper by
    /// `magnified`.
    pub(super) fn tween(&mut self, encoder: &mut wgpu::CommandEncoder) -> Result<(), StageError> {
        let [previous, newest] = [&self.pictures.previous.study, &self.pictures.newest.study];
        let size = newest.light().texture.size();
        let canvas = match self.studies.tween.take() {
            Some(canvas) => canvas,
            None => {
                let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_SRC;
                Canvas::new(&self.gpu, "the tween", [size.width, size.height], LIGHT, usage)?
            }
        };
        let inputs = [&previous.light().view, &newest.light().view, &self.studies.motion.view];
        let pass = &self.common.study.tween_light;
        self.painter.pass(&self.gpu, encoder, pass, &inputs, &[&canvas.view], false);
        self.studies.tween = Some(canvas);
        Ok(())
    }

    /// Before a picture comes that is due at `due_s`: what is seen then becomes the picture from which the tween to it begins, where
    /// that is not the newest one itself, in the size of the coming one.
    pub(super) fn settle(&mut self, due_s: f64, picture_px: [u32; 2]) -> Result<(), StageError> {
        let before_px = self.pictures.size_px();
        let was_seen = self.studied.is_some_and(|(shown, ..)| shown == self.pictures.shown());
        let weight = self.pictures.weight(due_s);
        let weight = if was_seen { weight } else { 1.0 };
        if picture_px == before_px && weight == 1.0 {
            return Ok(());
        }
        let aspect = self.frame_px[0] as f32 / self.frame_px[1] as f32;
        let refit = refit(before_px, picture_px, aspect);
        let moment =
            Moment { tween: weight, refit, picture_px: with_inverse(picture_px), ..Moment::default() };
        self.painter.set(&self.gpu, &moment, &self.controls, &Heard::default());
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.prepare(&mut encoder)?;

        let (gpu, painter, passes) = (&self.gpu, &self.painter, &self.common.study);
        let [previous, newest, room] = self.pictures.room(gpu, picture_px)?;
        let pairs = |of: fn(&Slot) -> &Canvas| {
            ([&of(previous).view, &of(newest).view, &self.studies.motion.view], &of(room).view)
        };
        for (pass, (inputs, target)) in [
            (&passes.tween, pairs(|slot| &slot.study.source)),
            (&passes.tween, pairs(|slot| &slot.study.ambience)),
            (&passes.tween_field, pairs(|slot| &slot.study.field)),
            (&passes.tween_root, pairs(|slot| slot.study.light())),
        ] {
            painter.pass(gpu, &mut encoder, pass, &inputs, &[target], false);
        }
        self.gpu.submit([encoder.finish()]);
        let seen = self.motion.tweened(&previous.reduction, &newest.reduction, weight);
        let (width, height) = Reduction::size_of(picture_px);
        let place = |at: f32, refit: f32| 0.5 + (at - 0.5) * refit;
        let seen = seen.reshaped(width, height, |[x, y]| [place(x, refit[0]), place(y, refit[1])]);
        self.pictures.settle(seen);
        self.studied = None;
        self.moved = None;
        Ok(())
    }

    /// Makes what is made once for a picture or a pair, where it is not made yet.
    fn prepare(&mut self, encoder: &mut wgpu::CommandEncoder) -> Result<(), StageError> {
        let (gpu, painter, passes) = (&self.gpu, &self.painter, &self.common.study);
        let hue_degrees = self.hue_degrees;
        let painted_px = self.frame_px[0].max(self.frame_px[1]) as f32 * self.graph.share();
        for slot in [&mut self.pictures.previous, &mut self.pictures.newest] {
            let wanted = (hue_degrees, slot.study.stage_for(painted_px));
            if !slot.is_stale(wanted) {
                continue;
            }
            slot.study.stage = wanted.1;
            let study = &slot.study;
            let (source, ambience) = (&study.source.view, &study.ambience.view);
            if slot.studied.is_none() {
                painter.pass(gpu, encoder, &passes.ambience, &[source], &[ambience], false);
                painter.pass(gpu, encoder, &passes.field, &[source], &[&study.field.view], false);
            }
            let shade = if hue_degrees == 0.0 { &passes.shade } else { &passes.shade_turned };
            for light in study.lights.iter().take(1) {
                painter.pass(gpu, encoder, shade, &[source, ambience], &[&light.view], false);
            }
            for pair in study.lights.windows(2).take(study.stage) {
                passes.magnifier.magnify(gpu, encoder, &pair[0], &pair[1]);
            }
            slot.studied = Some(wanted);
        }
        if self.moved != Some(self.pictures.shown()) {
            let [previous, newest] = [&self.pictures.previous.reduction, &self.pictures.newest.reduction];
            self.motion = Motion::between(previous, newest);
            let motion_px = [self.motion.width_px as u32, self.motion.height_px as u32];
            let size = self.studies.motion.texture.size();
            if self.studies.picture_px != self.pictures.size_px() || [size.width, size.height] != motion_px {
                self.studies = Studies::new(&self.gpu, self.pictures.size_px(), &self.motion)?;
            }
            self.studies.move_by(&self.gpu, &self.motion);
            self.moved = Some(self.pictures.shown());
        }
        Ok(())
    }
}

/// Widths and heights of a picture of `from_px` for one of `to_px`, both covering a frame of this aspect.
fn refit(from_px: [u32; 2], to_px: [u32; 2], frame_aspect: f32) -> [f32; 2] {
    let covering = |[width, height]: [u32; 2]| {
        let aspect = width as f32 / height as f32;
        let height = (frame_aspect / aspect).max(1.0);
        [height * aspect, height]
    };
    let (from, to) = (covering(from_px), covering(to_px));
    [to[0] / from[0], to[1] / from[1]]
}
