//! Leaving a host's files and terminal behind.

/// Closes every file that the host has left open for its children, and begins a session of its own, so that Ctrl-C in the terminal
/// does not reach this process. For a program that has just begun and has opened nothing itself.
#[cfg(unix)]
pub fn from_host() {
    const FIRST: i32 = 3;
    let open: Vec<i32> = std::fs::read_dir("/dev/fd")
        .map(|entries| entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect())
        .unwrap_or_default();
    for descriptor in open.into_iter().filter(|descriptor| *descriptor >= FIRST) {
        // SAFETY: nothing in this process has opened a file that it still uses, so this one is the host's. One that has been closed
        // already, as that of the list itself, is an error and no more.
        unsafe { libc::close(descriptor) };
    }
    // SAFETY: no arguments. It fails where this process leads a group, and then it has left the terminal's already.
    unsafe { libc::setsid() };
}

/// Nothing is inherited here but what is named, and the terminal was left when the process was started.
#[cfg(not(unix))]
pub fn from_host() {}
