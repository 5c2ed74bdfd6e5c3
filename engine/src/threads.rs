//! Threads that must have ended before the library goes, and what to do about one that does not.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Waits until `thread` has ended, at most for `patience`; whether it has.
///
/// One that hangs, in a driver or on a dead disk, is left behind: the host must not hang with it. So that the code that it runs
/// stays where it is, the library is never unloaded from then on.
pub fn join_within<T>(thread: JoinHandle<T>, patience: Duration) -> bool {
    join_while_alive(thread, patience, || 0)
}

/// As [`join_within`], for one that has something to complete: its patience begins anew whenever the number changes that it
/// gives as its sign of life.
pub fn join_while_alive<T>(
    thread: JoinHandle<T>,
    patience: Duration,
    sign_of_life: impl Fn() -> u64,
) -> bool {
    let name = thread.thread().name().unwrap_or("a thread").to_owned();
    let mut alive = (Instant::now(), sign_of_life());
    while !thread.is_finished() {
        let sign = sign_of_life();
        if sign != alive.1 {
            alive = (Instant::now(), sign);
        } else if alive.0.elapsed() >= patience {
            tracing::error!("{name} does not end and is left behind: a driver or a disk hangs");
            keep_library();
            return false;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    if thread.join().is_err() {
        tracing::error!("{name} had ended with a panic");
    }
    true
}

/// Keeps this library loaded until the process ends.
fn keep_library() {
    #[cfg(unix)]
    // SAFETY: `dladdr` fills in the structure that it is given, and the name that it points at lives as long as the library;
    // opening a library again that is loaded runs no code, and only notes that it stays.
    unsafe {
        let mut info: libc::Dl_info = std::mem::zeroed();
        if libc::dladdr(keep_library as *const () as *const libc::c_void, &raw mut info) != 0 {
            libc::dlopen(info.dli_fname, libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE);
        }
    }
    #[cfg(windows)]
    // SAFETY: the signature is that of Microsoft's libloaderapi.h, and the address is one of this library's.
    unsafe {
        const PIN_FROM_ADDRESS: u32 = 0x1 | 0x4;
        #[link(name = "kernel32")]
        // SAFETY: as Microsoft declares it; BOOL is i32, and a module's handle is a pointer.
        unsafe extern "system" {
            fn GetModuleHandleExW(flags: u32, address: *const u16, module: *mut *mut std::ffi::c_void)
            -> i32;
        }
        let mut module = std::ptr::null_mut();
        GetModuleHandleExW(PIN_FROM_ADDRESS, keep_library as *const () as *const u16, &raw mut module);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_hangs_is_left_behind_and_one_that_ends_is_not() {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let hangs = std::thread::spawn(move || held.recv());
        assert!(!join_within(hangs, Duration::from_millis(20)));
        drop(hold);
        let (begun, patience) = (Instant::now(), Duration::from_millis(40));
        let works = std::thread::spawn(move || std::thread::sleep(4 * patience));
        assert!(join_while_alive(works, patience, || begun.elapsed().as_millis() as u64));
        assert!(join_within(std::thread::spawn(|| ()), Duration::from_secs(20)));
    }
}
