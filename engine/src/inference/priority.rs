//! Threads that give way: to the audio thread, the host and the stage.

use std::io;
use std::thread::{Builder, JoinHandle};

use thread_priority::{Error, ThreadPriority};

/// Of 0 to 99, on a scale that means on each system what a user would expect: nice 10 on Linux, "below normal" on Windows, less
/// than a thread's usual 31 on macOS.
const LOW: u8 = 22;

/// Starts a thread named `name` that runs `work` at low priority.
///
/// Where the system refuses, the thread runs at normal priority: slower company, not a failure.
///
/// # Errors
/// The system gave no thread.
pub fn spawn_low_priority<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    Builder::new().name(name.to_owned()).spawn(move || {
        if let Err(error) = lower_own_priority() {
            tracing::debug!("a thread keeps its normal priority: {error:?}");
        }
        work()
    })
}

fn low() -> Result<ThreadPriority, Error> {
    let value = LOW.try_into().map_err(|_| Error::Priority("is from 0 to 99"))?;
    Ok(ThreadPriority::Crossplatform(value))
}

/// Lowers that of the thread that calls it, and of those that it starts. Also leaves a real-time policy behind, which threads inherit that a host starts from its audio thread.
#[cfg(unix)]
pub(super) fn lower_own_priority() -> Result<(), Error> {
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
    };

    let usual = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Other);
    set_thread_priority_and_policy(thread_native_id(), low()?, usual)
}

/// Lowers that of the thread that calls it.
#[cfg(not(unix))]
pub(super) fn lower_own_priority() -> Result<(), Error> {
    thread_priority::set_current_thread_priority(low()?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_the_new_thread_gives_way() {
        let nice_of_this_thread = || {
            // SAFETY: plain numbers in and out.
            unsafe { libc::getpriority(libc::PRIO_PROCESS, 0) }
        };
        let before = nice_of_this_thread();
        let inside = spawn_low_priority("test", nice_of_this_thread).unwrap().join().unwrap();
        assert!(inside >= 10, "{inside}");
        assert_eq!(nice_of_this_thread(), before);
    }
}
