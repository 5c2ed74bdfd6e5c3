//! How much memory a process may take that runs packs from outside.
//!
//! A [check](crate::pack::sizes) has bounded what a graph makes before it is loaded; this is the second bolt, for what ONNX Runtime or
//! a driver make of it.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

/// Sets another limit, in MiB.
const VARIABLE: &str = "KLANGBILD_APART_MEMORY";
/// A pack of the largest size that is let pass, and what its graphs make of it at once.
const MOST_MIB: u64 = 8 << 10;
/// Less would not do for ONNX Runtime itself.
const LEAST_MIB: u64 = 256;

/// How much it may be, in MiB: half of this machine's, but no more than any pack needs.
pub fn guarded_mib() -> u64 {
    let named = std::env::var(VARIABLE).ok().and_then(|text| text.trim().parse().ok());
    let half = || system::installed_mib().map_or(MOST_MIB, |mib| (mib / 2).min(MOST_MIB));
    named.unwrap_or_else(half).max(LEAST_MIB)
}

/// From now on this process gets no more than that. What asks for more is refused by the system.
///
/// # Errors
/// The system cannot be told.
pub fn limit(mib: u64) -> std::io::Result<()> {
    system::limit(mib << 20)
}

/// Whether a message says that there was no more memory.
pub fn is_the_reason(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    ["bad_alloc", "bad allocation", "failed to allocate", "out of memory", "cannot allocate"]
        .iter()
        .any(|words| message.contains(words))
}
