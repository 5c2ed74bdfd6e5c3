//! The renderer's end of a bounce.

use ringbuf::traits::Consumer;

use super::writer::{Header, Reader, advanced};
use crate::controls::Controls;
use crate::render::{AudioSource, RenderError};
use crate::tap::Transport;

/// A difference from where the host was expected that is more than rounding, in beats.
const JUMP_BEATS: f64 = 1e-3;

/// A host's sound. How the host cut it into blocks does not show, unless something changes from one to the next.
pub(super) struct BounceSource {
    reader: Reader,
    sample_rate_hz: u32,
    title: Option<String>,
    /// What is left of the newest block.
    block: Option<Header>,
    /// Of the frames read last.
    transport: Option<Transport>,
    controls: Option<Controls>,
}

impl BounceSource {
    pub(super) fn new(reader: Reader, sample_rate_hz: u32, title: Option<String>) -> Self {
        Self { reader, sample_rate_hz, title, block: None, transport: None, controls: None }
    }

    /// What is left of the block that the next frame is in, when it comes.
    fn block(&mut self) -> Option<Header> {
        if self.block.is_none() {
            self.block = self.reader.next_header();
        }
        self.block
    }

    /// Takes `count` frames off the block's front.
    fn take_off(&mut self, block: Header, count: usize) {
        let left = Header {
            frames: block.frames - count,
            transport: block.transport.map(|transport| self.later(&transport, count)),
            ..block
        };
        self.block = (left.frames > 0).then_some(left);
        if self.block.is_none() {
            self.reader.headers.skip(1);
        }
    }

    fn later(&self, transport: &Transport, frames: usize) -> Transport {
        advanced(transport, frames as f64 / f64::from(self.sample_rate_hz), frames)
    }
}

impl AudioSource for BounceSource {
    fn sample_rate_hz(&self) -> u32 {
        self.sample_rate_hz
    }

    fn read(&mut self, out: &mut [[f32; 2]]) -> Result<usize, RenderError> {
        let mut written = 0;
        while written < out.len() {
            let Some(block) = self.block() else { break };
            if written == 0 {
                (self.transport, self.controls) = (block.transport, Some(block.controls));
            } else {
                let expected = self.transport.map(|transport| self.later(&transport, written));
                if self.controls != Some(block.controls) || !goes_on(expected, block.transport) {
                    break;
                }
            }
            let count = block.frames.min(out.len() - written);
            let read = self.reader.frames.pop_slice(&mut out[written..written + count]);
            self.take_off(block, read);
            written += read;
        }
        Ok(written)
    }

    fn skip_to(&mut self, _time_s: f64) -> Result<(), RenderError> {
        Ok(()) // the host sends what is to be rendered and nothing else
    }

    fn transport(&self) -> Option<Transport> {
        self.transport
    }

    fn controls(&self) -> Option<Controls> {
        self.controls
    }

    fn tags(&self) -> Vec<(String, String)> {
        self.title.iter().map(|title| ("title".to_owned(), title.clone())).collect()
    }
}

/// Whether the host is where it was expected.
fn goes_on(expected: Option<Transport>, found: Option<Transport>) -> bool {
    let (Some(expected), Some(found)) = (expected, found) else { return expected == found };
    let same_beat = match (expected.beat, found.beat) {
        (Some(expected), Some(found)) => (expected - found).abs() < JUMP_BEATS,
        (expected, found) => expected == found,
    };
    same_beat
        && expected.playing == found.playing
        && expected.tempo_bpm == found.tempo_bpm
        && expected.meter == found.meter
}
