//! Changes of parameters on their way from the stage's thread to the host's main thread, where alone they may be made.

use crossbeam_channel::{Receiver, Sender, unbounded};
use nice_plug::context::gui::GuiContext;

use crate::window::Edit;

/// A queue, in the order in which the user made them.
pub struct Edits {
    sender: Sender<Edit>,
    receiver: Receiver<Edit>,
}

impl Default for Edits {
    fn default() -> Self {
        let (sender, receiver) = unbounded();
        Self { sender, receiver }
    }
}

impl Edits {
    /// Adds one, from any thread.
    pub fn push(&self, edit: Edit) {
        // Both ends are in here: it cannot be closed.
        let _ = self.sender.send(edit);
    }

    /// Makes what has been waiting; on the host's main thread.
    pub fn apply(&self, host: &GuiContext) {
        while let Ok(edit) = self.receiver.try_recv() {
            // SAFETY: the pointers come from this instance's parameters, which the host's wrapper keeps alive for longer
            // than any window, and checks.
            unsafe {
                match edit {
                    Edit::Begin(param) => host.raw_begin_set_parameter(param),
                    Edit::Set(param, value) => host.raw_set_parameter_normalized(param, value),
                    Edit::End(param) => host.raw_end_set_parameter(param),
                }
            }
        }
    }
}
