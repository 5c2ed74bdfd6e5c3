//! Where this code lies on disk: the plugin's library inside its bundle, or the program.

use std::path::PathBuf;

/// The file that this function was loaded from; `None` where the system does not tell.
#[cfg(unix)]
pub(in crate::inference) fn own_file() -> Option<PathBuf> {
    use std::ffi::{CStr, OsStr};
    use std::os::unix::ffi::OsStrExt;

    let here = own_file as fn() -> Option<PathBuf>;
    // SAFETY: an all-zero Dl_info is a valid one: null pointers and no more.
    let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
    // SAFETY: the address is that of a function, and `info` is ours to write.
    let found = unsafe { libc::dladdr(here as *const libc::c_void, &raw mut info) };
    if found == 0 || info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: dladdr has found the object, so the name is a C string that lives as long as the object is loaded, which is
    // at least as long as this function runs.
    let name = unsafe { CStr::from_ptr(info.dli_fname) };
    let path = PathBuf::from(OsStr::from_bytes(name.to_bytes()));
    // The name of the main program may be what was typed, which is no path.
    path.is_file().then_some(path)
}

/// The file that this function was loaded from (Microsoft, "GetModuleHandleExW", libloaderapi.h).
#[cfg(windows)]
pub(in crate::inference) fn own_file() -> Option<PathBuf> {
    use std::ffi::{OsString, c_void};
    use std::os::windows::ffi::OsStringExt;

    const FROM_ADDRESS: u32 = 0x4;
    const UNCHANGED_REFCOUNT: u32 = 0x2;
    const LONGEST_PATH: usize = 32_768;
    #[link(name = "kernel32")]
    // SAFETY: the signatures are those of libloaderapi.h; BOOL is i32, DWORD u32, HMODULE a pointer.
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, name: *const c_void, module: *mut *mut c_void) -> i32;
        fn GetModuleFileNameW(module: *mut c_void, name: *mut u16, size: u32) -> u32;
    }
    let here = own_file as fn() -> Option<PathBuf>;
    let mut module = std::ptr::null_mut();
    // SAFETY: with FROM_ADDRESS the name is any address within the module; `module` is ours to write.
    let found = unsafe {
        GetModuleHandleExW(FROM_ADDRESS | UNCHANGED_REFCOUNT, here as *const c_void, &raw mut module)
    };
    if found == 0 {
        return None;
    }
    let mut name = vec![0_u16; LONGEST_PATH];
    // SAFETY: the buffer is as long as is said, and the module is loaded: this code is in it.
    let length = unsafe { GetModuleFileNameW(module, name.as_mut_ptr(), name.len() as u32) } as usize;
    (length > 0 && length < name.len()).then(|| PathBuf::from(OsString::from_wide(&name[..length])))
}

#[cfg(not(any(unix, windows)))]
pub(in crate::inference) fn own_file() -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_finds_itself() {
        let found = super::own_file().unwrap().canonicalize().unwrap();
        assert_eq!(found, std::env::current_exe().unwrap().canonicalize().unwrap());
    }
}
