//! What only Windows, or what stands in for it, can be asked.

use std::ffi::{c_char, c_void};
use std::os::windows::ffi::OsStrExt;
use std::path::PathBuf;
use std::ptr;

#[link(name = "kernel32")]
// SAFETY: the signatures are those of libloaderapi.h; HMODULE and FARPROC are pointers.
unsafe extern "system" {
    fn GetModuleHandleA(name: *const c_char) -> *mut c_void;
    fn GetProcAddress(module: *mut c_void, name: *const c_char) -> *mut c_void;
}

#[link(name = "version")]
// SAFETY: the signatures are those of winver.h; DWORD and UINT are u32, BOOL is i32.
unsafe extern "system" {
    fn GetFileVersionInfoSizeW(file: *const u16, handle: *mut u32) -> u32;
    fn GetFileVersionInfoW(file: *const u16, handle: u32, size: u32, data: *mut c_void) -> i32;
    fn VerQueryValueW(data: *const c_void, block: *const u16, value: *mut *mut c_void, size: *mut u32)
    -> i32;
}

/// Whether this is Wine, which says so in its ntdll.
pub fn is_wine() -> bool {
    // SAFETY: the names are C strings; ntdll is loaded in every process, and a null module is never asked.
    unsafe {
        let module = GetModuleHandleA(c"ntdll.dll".as_ptr());
        !module.is_null() && !GetProcAddress(module, c"wine_get_version".as_ptr()).is_null()
    }
}

/// Major and minor version of the system's DirectML.dll; none where there is none.
pub fn directml_version() -> Option<[u16; 2]> {
    let system = PathBuf::from(std::env::var_os("SystemRoot")?).join("System32").join("DirectML.dll");
    let wide: Vec<u16> = system.as_os_str().encode_wide().chain([0]).collect();
    // SAFETY: the name ends with a zero; the handle is not used and may be null.
    let size = unsafe { GetFileVersionInfoSizeW(wide.as_ptr(), ptr::null_mut()) };
    // In words of 32 bits, as the record in it consists of such.
    let mut data = vec![0u32; (size as usize).div_ceil(4)];
    let (mut value, mut length) = (ptr::null_mut(), 0);
    // SAFETY: `data` has at least `size` bytes, and the name of the block ends with a zero. `value` then points into `data`.
    let found = size > 0
        && unsafe {
            GetFileVersionInfoW(wide.as_ptr(), 0, size, data.as_mut_ptr().cast()) != 0
                && VerQueryValueW(
                    data.as_ptr().cast(),
                    [u16::from(b'\\'), 0].as_ptr(),
                    &mut value,
                    &mut length,
                ) != 0
        };
    if !found || value.is_null() || (length as usize) < 3 * size_of::<u32>() {
        return None;
    }
    // SAFETY: the block is a VS_FIXEDFILEINFO, of 32-bit words, of which the third is the version's upper half; `data` is alive.
    let version = unsafe { ptr::read_unaligned(value.cast::<u32>().add(2)) };
    Some([(version >> 16) as u16, version as u16])
}
