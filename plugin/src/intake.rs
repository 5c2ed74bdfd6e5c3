//! The audio thread's part: copy, push, and look at a few numbers. No allocation, no lock, no system call.

use std::sync::Arc;

use klangbild_engine::tap::{TapWriter, Transport};

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

    /// Connects to the instance's ears, for blocks of at most `longest_block` frames. Not for the audio thread.
    pub fn connect(&mut self, instance: &Instance, sample_rate_hz: u32, longest_block: usize) {
        if self.tap.as_ref().is_none_or(|(_, rate_hz)| *rate_hz != sample_rate_hz) {
            self.tap = Some((instance.live.connect(sample_rate_hz, longest_block), sample_rate_hz));
        }
    }

    /// Taps one block; pass the same slice twice for mono.
    pub fn block(&mut self, left: &[f32], right: &[f32], transport: Transport) {
        if let Some((tap, _)) = &mut self.tap
            && !self.params.bypass.value()
        {
            tap.set_transport(transport);
            tap.write(left, right);
        }
    }
}
