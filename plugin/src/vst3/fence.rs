//! Lets an instance go only when the framework's worker has nothing of it left.
//!
//! On Linux, nice-plug 0.4 hands whatever a host does on a thread of its own (automation, projects that it opens) to one worker
//! for all instances, only to tell a window of it. A task whose instance has gone meanwhile ends that worker for good, and the
//! last instance then panics when it would end it, inside the host's `release`: which takes the host down. And a task that is
//! just being done keeps its instance alive for longer than the host thinks, and may take it down on the worker's own thread.
//!
//! So, when the host has let go of an instance, and before the framework does, something else is put into the worker's queue
//! behind all that the host can have put there: the task of a second instance that is made for the purpose. When its turn has
//! come, nothing of the first is left. And when the second has then been taken down on *this* thread, the worker has let go of
//! that one too, and nothing is left at all.

use std::mem::ManuallyDrop;
use std::thread::ThreadId;
use std::time::Duration;

use crossbeam_channel::bounded;
use nice_plug::wrapper::vst3::Wrapper;

use crate::birth::{self, Born};
use crate::effect::Klangbild;

/// The worker's tasks take no time; one that does not come back within this is lost.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Second instances that are made at most. The first is enough unless the worker is interrupted between two instructions.
const MOST_TRIES: u32 = 200;

/// Waits until the worker has done all that has been queued until now, and holds nothing of it. Whether it has.
pub fn pass() -> bool {
    // Elsewhere the host's main thread does such tasks, and nothing is queued with the worker.
    if !cfg!(all(unix, not(target_os = "macos"))) {
        return true;
    }
    for _ in 0..MOST_TRIES {
        let (second, born) = birth::attend(|| ManuallyDrop::new(Wrapper::<Klangbild>::new()));
        let Born { instance: Some(instance), worker: Some(worker) } = born else { return false };
        let (tell, told) = bounded(1);
        worker.execute_background(tell);
        if told.recv_timeout(LONGEST_WAIT).is_err() {
            // The worker is gone, or stuck: then the second is not taken down either.
            return false;
        }
        drop(ManuallyDrop::into_inner(second));
        if instance.gone_on() == Some(this_thread()) {
            return true;
        }
        // The worker still held it, and takes it down itself, just now.
        std::thread::sleep(Duration::from_millis(1));
    }
    false
}

fn this_thread() -> ThreadId {
    std::thread::current().id()
}
