//! Ending a process that hangs.

/// Ends it at once. The number is one that it has told on a connection that is still open, so it is nobody else's by now.
#[cfg(unix)]
pub fn end(process: u32) {
    let Some(process) = i32::try_from(process).ok().filter(|process| *process > 1) else { return };
    // SAFETY: plain numbers in and out.
    unsafe { libc::kill(process, libc::SIGKILL) };
}

/// The same (Microsoft, "TerminateProcess", processthreadsapi.h).
#[cfg(windows)]
pub fn end(process: u32) {
    use std::ffi::c_void;

    const PROCESS_TERMINATE: u32 = 0x1;
    #[link(name = "kernel32")]
    // SAFETY: the signatures are those of processthreadsapi.h and handleapi.h; HANDLE is a pointer, BOOL is i32.
    unsafe extern "system" {
        fn OpenProcess(access: u32, inherit: i32, process: u32) -> *mut c_void;
        fn TerminateProcess(process: *mut c_void, code: u32) -> i32;
        fn CloseHandle(object: *mut c_void) -> i32;
    }
    // SAFETY: plain numbers in; the handle is closed once, where there is one.
    unsafe {
        let handle = OpenProcess(PROCESS_TERMINATE, 0, process);
        if !handle.is_null() {
            TerminateProcess(handle, 1);
            CloseHandle(handle);
        }
    }
}
