//! The same scene again: in another size, at another quality, or as its files say now. What it remembers comes along.

use std::sync::Arc;

use super::super::super::painter::Painter;
use super::super::super::{Gpu, StageError};
use super::super::isf;
use super::super::program::Program;
use super::super::store::Store;
use super::{Graph, Quality, player};

impl Graph {
    /// For frames of another size, or at another quality; what it remembers comes along where it can.
    ///
    /// # Errors
    /// As [`new`](Self::new); everything stays as it was.
    pub fn resize(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<(), StageError> {
        let mut store = Store::new(gpu, &self.program, frame_px, quality)?;
        store.take_over(gpu, painter, &self.store);
        let mut next = player(gpu, &self.program, frame_px, quality)?;
        remember(gpu, painter, (&mut next, &self.program), (&self.player, &self.program));
        (self.store, self.player) = (store, next);
        (self.frame_px, self.quality) = (frame_px, quality);
        Ok(())
    }

    /// The same scene, as it stands, for frames of another size.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn enlarged(
        &self,
        gpu: &Gpu,
        painter: &Painter,
        program: Arc<Program>,
        frame_px: [u32; 2],
        quality: Quality,
    ) -> Result<Self, StageError> {
        let mut enlarged = Self::new(gpu, program, frame_px, quality)?;
        enlarged.store.take_over(gpu, painter, &self.store);
        let program = Arc::clone(&enlarged.program);
        remember(gpu, painter, (&mut enlarged.player, &program), (&self.player, &self.program));
        Ok(enlarged)
    }

    /// Goes on as another program says, with what it remembers where that has stayed the same.
    ///
    /// # Errors
    /// As [`new`](Self::new); everything stays as it was.
    pub fn change_to(
        &mut self,
        gpu: &Gpu,
        painter: &Painter,
        program: Arc<Program>,
    ) -> Result<(), StageError> {
        if Arc::ptr_eq(&program, &self.program) {
            return Ok(());
        }
        let same = program.head.targets() == self.program.head.targets()
            && program.buffer_bytes == self.program.buffer_bytes;
        let mut next = Self::new(gpu, program, self.frame_px, self.quality)?;
        if same {
            next.store.take_over(gpu, painter, &self.store);
        }
        let program = Arc::clone(&next.program);
        remember(gpu, painter, (&mut next.player, &program), (&self.player, &self.program));
        *self = next;
        Ok(())
    }
}

/// Lets one go on from what another one remembers.
fn remember(
    gpu: &Gpu,
    painter: &Painter,
    (player, program): (&mut Option<isf::Player>, &Program),
    (before, was): (&Option<isf::Player>, &Program),
) {
    let both = player.as_mut().zip(program.isf.as_ref()).zip(before.as_ref().zip(was.isf.as_ref()));
    if let Some(((player, isf), (before, was))) = both {
        player.take_over(gpu, painter, isf, before, was);
    }
}
