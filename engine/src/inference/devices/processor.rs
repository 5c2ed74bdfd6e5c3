//! What this machine's processor is called.

use std::sync::OnceLock;

/// The processor's own name; empty where it has none.
pub fn name() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| brand().unwrap_or_default())
}

/// As x86 processors call themselves, in 48 bytes (Intel, "Architectures Software Developer's Manual", volume 2, CPUID).
#[cfg(target_arch = "x86_64")]
fn brand() -> Option<String> {
    use std::arch::x86_64::__cpuid;

    const FIRST: u32 = 0x8000_0002;
    if __cpuid(0x8000_0000).eax < FIRST + 2 {
        return None;
    }
    let parts = (FIRST..FIRST + 3).map(__cpuid);
    let words = parts.flat_map(|part| [part.eax, part.ebx, part.ecx, part.edx]);
    let bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).take_while(|byte| *byte != 0).collect();
    Some(String::from_utf8_lossy(&bytes).split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Others have no name that they would tell every program.
#[cfg(not(target_arch = "x86_64"))]
fn brand() -> Option<String> {
    None
}
