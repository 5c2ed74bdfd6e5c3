//! The renderer's end of a bounce.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::Duration;

use super::Signals;
use crate::controls::Controls;
use crate::render::{AudioSource, RenderError};
use crate::tap::{Block, TapReader, Transport};

/// How long the job sleeps where the host has sent nothing yet.
const WAIT: Duration = Duration::from_micros(200);

/// A host's sound. How the host cut it into blocks does not show, unless something changes from one to the next.
pub(super) struct BounceSource {
    tap: TapReader,
    sample_rate_hz: u32,
    title: Option<String>,
    signals: Arc<Signals>,
    /// Of the frames read last.
    block: Option<Block>,
    frames: Vec<[f32; 2]>,
}

impl BounceSource {
    pub(super) fn new(
        tap: TapReader,
        sample_rate_hz: u32,
        title: Option<String>,
        signals: Arc<Signals>,
    ) -> Self {
        Self { tap, sample_rate_hz, title, signals, block: None, frames: Vec::new() }
    }
}

impl AudioSource for BounceSource {
    fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, RenderError> {
        loop {
            if self.signals.stop.load(Ordering::Acquire) || self.tap.is_over() {
                return Ok(0);
            }
            self.frames.clear();
            if let Some(block) = self.tap.read(&mut self.frames, out.len(), f64::from(self.sample_rate_hz)) {
                self.block = Some(block);
                let read = self.frames.len();
                out[..read].copy_from_slice(&self.frames);
                return Ok(read);
            }
            sleep(WAIT);
        }
    }

    fn skip_to(&mut self, _time_s: f64) -> Result<(), RenderError> {
        Ok(()) // the host sends what is to be rendered and nothing else
    }

    fn transport(&self) -> Option<Transport> {
        self.block.and_then(|block| block.transport)
    }

    fn controls(&self) -> Option<Controls> {
        self.block.map(|block| block.controls)
    }

    fn tags(&self) -> Vec<(String, String)> {
        self.title.iter().map(|title| ("title".to_owned(), title.clone())).collect()
    }
}
