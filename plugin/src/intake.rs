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
    /// What record and capture were at the last block.
    record: bool,
    captures: u32,
}

/// What a block has asked for that is not the audio thread's to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// To start or to stop recording.
    pub record: Option<bool>,
    /// To write a still.
    pub still: bool,
}

impl Intake {
    /// Not connected yet.
    pub fn new(params: Arc<KlangbildParams>) -> Self {
        Self { params, tap: None, record: false, captures: 0 }
    }

    /// Connects to the instance's ears, for blocks of at most `longest_block` frames. Not for the audio thread.
    pub fn connect(&mut self, instance: &Instance, sample_rate_hz: u32, longest_block: usize) {
        if self.tap.as_ref().is_none_or(|(_, rate_hz)| *rate_hz != sample_rate_hz) {
            self.tap = Some((instance.live.connect(sample_rate_hz, longest_block), sample_rate_hz));
        }
        self.captures = self.params.triggers.captures();
    }

    /// Looks at the parameters that ask for something.
    pub fn look(&mut self) -> Asked {
        let mut asked = Asked::default();
        let record = self.params.record.value();
        if record != self.record {
            self.record = record;
            asked.record = Some(record);
        }
        let captures = self.params.triggers.captures();
        if captures != self.captures {
            self.captures = captures;
            asked.still = true;
        }
        asked
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
