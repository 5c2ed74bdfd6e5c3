//! Frames of another size, and the same moment in another one.

use std::sync::Arc;

use super::canvas::{Boards, Studies};
use super::developers::Developers;
use super::graph::Quality;
use super::limiter::Limiter;
use super::painter::Painter;
use super::{Stage, StageError, output};

impl Stage {
    /// Draws at another size from the next frame on; what the scene remembers comes along.
    ///
    /// # Errors
    /// A size of 0 or over the device's limit, or no memory for it; the size before stays.
    pub fn resize(&mut self, width_px: u32, height_px: u32) -> Result<(), StageError> {
        let frame_px = [width_px, height_px];
        if frame_px == self.frame_px {
            return Ok(());
        }
        self.gpu.check_size("a frame", width_px, height_px)?;
        let boards = Boards::new(&self.gpu, frame_px)?;
        let output = output(&self.gpu, frame_px, self.format)?;
        let limiter = Limiter::resized(self.limiter.as_ref(), &self.gpu, frame_px, self.format)?;
        self.graph.resize(&self.gpu, &self.painter, frame_px, self.graph.quality())?;
        self.developers.resize(&self.gpu, &self.painter, frame_px, self.graph.quality())?;
        let quality = self.graph.quality();
        // Where there is no memory for the rest of a transition, the scene comes at once.
        self.change = self.change.take().and_then(|mut change| {
            change.resize(&self.gpu, &self.painter, frame_px, quality).ok().map(|()| change)
        });
        (self.boards, self.output, self.limiter, self.frame_px) = (boards, output, limiter, frame_px);
        Ok(())
    }

    /// The same stage at the same moment in another size: for a still that is drawn, not scaled. Draw it once, for the
    /// time and the hearing of the frame that is meant; it shows the pictures that this stage shows now.
    ///
    /// # Errors
    /// As [`Stage::new`].
    pub fn enlarged(&self, width_px: u32, height_px: u32) -> Result<Self, StageError> {
        let gpu = Arc::clone(&self.gpu);
        gpu.check_size("a frame", width_px, height_px)?;
        let frame_px = [width_px, height_px];
        let painter = Painter::new(&gpu)?;
        let format = Self::OUTPUT_FORMAT;
        let common = gpu.shelf.common(&gpu, &painter)?;
        // A window's frames may have another format than those that are written.
        let program = if format == self.format {
            Arc::clone(self.graph.program())
        } else {
            gpu.shelf.program(&gpu, &painter, self.scene, format)?
        };
        let quality = Quality::best(gpu.is_software());
        let graph = self.graph.enlarged(&gpu, &painter, program, frame_px, quality)?;
        let developers = Developers::new(&gpu, &painter, frame_px, quality, format)?;
        Ok(Self {
            scene: self.scene,
            wanted: self.scene,
            controls: self.controls,
            frame_px,
            format,
            painter,
            common,
            graph,
            developers,
            change: None,
            workshop: None,
            sound: self.sound.fork(),
            news: None,
            transition_fault: None,
            pictures: self.pictures.clone(),
            motion: self.motion.clone(),
            moved: None,
            studies: Studies::new(&gpu, self.pictures.size_px(), &self.motion)?,
            palette: self.palette.clone(),
            appearance: self.appearance.clone(),
            key_turn: self.key_turn.clone(),
            hue_degrees: self.hue_degrees,
            boards: Boards::new(&gpu, frame_px)?,
            output: output(&gpu, frame_px, format)?,
            limiter: Limiter::new(&gpu, frame_px, format)?,
            choreography: self.choreography.clone(),
            studied: None,
            gpu,
        })
    }

    /// Width and height of a frame in pixels.
    pub fn size_px(&self) -> (u32, u32) {
        (self.frame_px[0], self.frame_px[1])
    }
}
