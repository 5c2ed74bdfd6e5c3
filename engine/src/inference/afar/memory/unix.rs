//! By resource limits: getrlimit(2), sysconf(3).
//!
//! Linux counts what a process may write to for itself, and refuses what is beyond that. Address space is not limited: drivers reserve
//! hundreds of gigabytes of it and use none. macOS keeps the number and does not count; there the check of packs is all there is.

use std::io::{Error, Result};

/// What is built in, in MiB; none where the system does not say.
pub fn installed_mib() -> Option<u64> {
    // SAFETY: plain numbers in and out.
    let (pages, page_bytes) =
        unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    let bytes = u64::try_from(pages).ok()?.checked_mul(u64::try_from(page_bytes).ok()?)?;
    Some(bytes >> 20).filter(|mib| *mib > 0)
}

pub fn limit(bytes: u64) -> Result<()> {
    let limit = libc::rlimit { rlim_cur: bytes as libc::rlim_t, rlim_max: bytes as libc::rlim_t };
    // SAFETY: the structure is ours and is only read.
    match unsafe { libc::setrlimit(libc::RLIMIT_DATA, &raw const limit) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}
