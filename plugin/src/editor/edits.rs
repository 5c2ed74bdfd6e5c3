//! Changes of parameters on their way from the stage's thread to the host's main thread, where alone they may be made.

use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use nice_plug::context::gui::GuiContext;

use crate::instance::Instance;
use crate::window::Edit;

/// What waits.
enum Waiting {
    Edit(Edit),
    /// The project has changed beside the parameters.
    Dirty,
    /// Parameters have other names.
    Names,
}

/// A queue, in the order in which the user made them.
pub struct Edits {
    instance: Arc<Instance>,
    sender: Sender<Waiting>,
    receiver: Receiver<Waiting>,
}

impl Edits {
    /// Of an instance's window.
    pub fn new(instance: Arc<Instance>) -> Self {
        let (sender, receiver) = unbounded();
        Self { instance, sender, receiver }
    }

    /// Adds one, from any thread.
    pub fn push(&self, edit: Edit) {
        // Both ends are in here: it cannot be closed.
        let _ = self.sender.send(Waiting::Edit(edit));
    }

    /// Adds that the host is to be told of a change that no parameter shows, from any thread.
    pub fn push_dirty(&self) {
        let _ = self.sender.send(Waiting::Dirty);
    }

    /// Adds that the host is to be told what the scene's knobs are called, from any thread.
    pub fn push_names(&self) {
        let _ = self.sender.send(Waiting::Names);
    }

    /// Makes what has been waiting; on the host's main thread.
    pub fn apply(&self, host: &GuiContext) {
        while let Ok(waiting) = self.receiver.try_recv() {
            // SAFETY: the pointers come from this instance's parameters, which the host's wrapper keeps alive for longer
            // than any window, and checks.
            unsafe {
                match waiting {
                    Waiting::Edit(Edit::Begin(param)) => host.raw_begin_set_parameter(param),
                    Waiting::Edit(Edit::Set(param, value)) => host.raw_set_parameter_normalized(param, value),
                    Waiting::Edit(Edit::End(param)) => host.raw_end_set_parameter(param),
                    Waiting::Dirty => self.instance.host.mark_dirty(),
                    Waiting::Names => self.instance.tell_names(),
                }
            }
        }
    }
}
