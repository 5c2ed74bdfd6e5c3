//! Parameters that the host's controller has set and that no block has brought yet.
//!
//! While it processes, the framework takes values from blocks alone. A host that sets one and saves before the next block would save
//! the value before.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{ParamID, ParamValue};

/// What was set since the last block.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Otherwise the framework takes what is set at once, and nothing waits.
    processes: AtomicBool,
    /// Blocks so far.
    blocks: AtomicU64,
    set: Mutex<Vec<Set>>,
}

#[derive(Debug)]
struct Set {
    id: ParamID,
    value: ParamValue,
    /// After how many blocks.
    after: u64,
}

impl Waiting {
    /// The host begins to process, or ends.
    pub fn set_processing(&self, processes: bool) {
        self.processes.store(processes, Relaxed);
    }

    /// A block brings what was set before it. Waits for nothing.
    pub fn block(&self) {
        self.blocks.fetch_add(1, Relaxed);
    }

    /// The host's controller has set a parameter. Not for the audio thread.
    pub fn note(&self, id: ParamID, value: ParamValue) {
        if !self.processes.load(Relaxed) {
            return;
        }
        let after = self.blocks.load(Relaxed);
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        set.retain(|other| other.id != id && other.after == after);
        set.push(Set { id, value, after });
    }

    /// What no block has brought yet, once. Not for the audio thread.
    pub fn take(&self) -> Vec<(ParamID, ParamValue)> {
        let after = self.blocks.load(Relaxed);
        let set = std::mem::take(&mut *self.set.lock().unwrap_or_else(PoisonError::into_inner));
        set.into_iter().filter(|set| set.after == after).map(|set| (set.id, set.value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_waits_until_a_block_comes() {
        let waiting = Waiting::default();
        waiting.note(1, 0.1);
        assert!(waiting.take().is_empty(), "the framework has taken it");
        waiting.set_processing(true);
        waiting.note(1, 0.2);
        waiting.block();
        waiting.note(2, 0.4);
        waiting.note(3, 0.5);
        waiting.note(2, 0.6);
        assert_eq!(waiting.take(), [(3, 0.5), (2, 0.6)]);
        assert!(waiting.take().is_empty());
    }
}
