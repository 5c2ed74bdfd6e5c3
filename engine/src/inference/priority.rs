//! Threads that give way: to the audio thread, the host and the stage.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts a thread named `name` that runs `work` at low priority.
///
/// On Linux its nice value is 10, on macOS its quality-of-service class is "utility", on Windows its priority is
/// "below normal". Where the system refuses, the thread runs at normal priority: slower company, not a failure.
///
/// # Errors
/// The system gave no thread.
pub fn spawn_low_priority<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    Builder::new().name(name.to_owned()).spawn(move || {
        lower_own_priority();
        work()
    })
}

#[cfg(target_os = "linux")]
fn lower_own_priority() {
    // SAFETY: plain numbers in and out. On Linux, process 0 with PRIO_PROCESS means the calling thread alone.
    let status = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, 10) };
    if status != 0 {
        tracing::debug!("a thread keeps its normal priority: {}", io::Error::last_os_error());
    }
}

#[cfg(target_os = "macos")]
fn lower_own_priority() {
    // SAFETY: plain numbers in and out; the call concerns the calling thread alone.
    let status = unsafe { libc::pthread_set_qos_class_self_np(libc::qos_class_t::QOS_CLASS_UTILITY, 0) };
    if status != 0 {
        tracing::debug!("a thread keeps its normal priority: {}", io::Error::from_raw_os_error(status));
    }
}

#[cfg(windows)]
fn lower_own_priority() {
    const THREAD_PRIORITY_BELOW_NORMAL: i32 = -1;
    #[link(name = "kernel32")]
    // SAFETY: the signatures are those of Microsoft's processthreadsapi.h; HANDLE is a pointer, BOOL and int are i32.
    unsafe extern "system" {
        fn GetCurrentThread() -> *mut std::ffi::c_void;
        fn SetThreadPriority(thread: *mut std::ffi::c_void, priority: i32) -> i32;
    }
    // SAFETY: GetCurrentThread returns a constant that means the calling thread and needs no closing.
    let status = unsafe { SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL) };
    if status == 0 {
        tracing::debug!("a thread keeps its normal priority: {}", io::Error::last_os_error());
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn lower_own_priority() {}

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
