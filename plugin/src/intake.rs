//! The audio thread's part: copy, push, and look at a few numbers. No allocation, no lock, no system call.

use std::sync::Arc;

use klangbild_engine::tap::{Block, Mode, Note, TapWriter, Transport};

use crate::instance::Instance;
use crate::params::KlangbildParams;

/// Where the sound of one instance comes in.
pub struct Intake {
    params: Arc<KlangbildParams>,
    /// The tap, for this sample rate in Hz.
    tap: Option<(TapWriter, u32)>,
}

impl Intake {
    /// Not connected yet.
    pub fn new(params: Arc<KlangbildParams>) -> Self {
        Self { params, tap: None }
    }

    /// Connected to any tap.
    pub fn into_tap(params: Arc<KlangbildParams>, tap: TapWriter) -> Self {
        Self { params, tap: Some((tap, 0)) }
    }

    /// Connects to the instance's ears. Not for the audio thread.
    pub fn connect(&mut self, instance: &Instance, sample_rate_hz: u32) {
        if self.tap.as_ref().is_none_or(|(_, rate_hz)| *rate_hz != sample_rate_hz) {
            self.tap = Some((instance.live.connect(sample_rate_hz), sample_rate_hz));
        }
    }

    /// Taps one block, at the first frame of which the host is at `transport` and `note` begins; pass the same slice twice for
    /// mono.
    pub fn block(&mut self, left: &[f32], right: &[f32], transport: Transport, note: Option<Note>) {
        if let Some((tap, _)) = &mut self.tap
            && !self.params.bypass.value()
        {
            tap.write(left, right, &block(&self.params, transport, note, Mode::RealTime));
        }
    }
}

/// What belongs to a block of sound.
pub fn block(params: &KlangbildParams, transport: Transport, note: Option<Note>, mode: Mode) -> Block {
    Block {
        transport: Some(transport),
        controls: params.controls(),
        note,
        midi: params.midi_clock.now(),
        mode,
    }
}

#[cfg(test)]
mod tests;
