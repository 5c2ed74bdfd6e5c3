//! By a job object that this process puts itself into (Microsoft, "Job Objects", jobapi2.h, winnt.h).

use std::ffi::c_void;
use std::io::{Error, Result};
use std::ptr;

const EXTENDED_LIMIT_INFORMATION: i32 = 9;
const LIMIT_PROCESS_MEMORY: u32 = 0x100;

/// `JOBOBJECT_BASIC_LIMIT_INFORMATION`.
#[repr(C)]
#[derive(Default)]
struct Basic {
    per_process_user_time: i64,
    per_job_user_time: i64,
    limit_flags: u32,
    minimum_working_set: usize,
    maximum_working_set: usize,
    active_process_limit: u32,
    affinity: usize,
    priority_class: u32,
    scheduling_class: u32,
}

/// `JOBOBJECT_EXTENDED_LIMIT_INFORMATION`: six counters of `IO_COUNTERS`, and four sizes.
#[repr(C)]
#[derive(Default)]
struct Extended {
    basic: Basic,
    io_counters: [u64; 6],
    process_memory_limit: usize,
    job_memory_limit: usize,
    peak_process_memory: usize,
    peak_job_memory: usize,
}

#[link(name = "kernel32")]
// SAFETY: the signatures are those of jobapi2.h, winbase.h, processthreadsapi.h and sysinfoapi.h; HANDLE is a pointer, BOOL is i32.
unsafe extern "system" {
    fn CreateJobObjectW(attributes: *const c_void, name: *const u16) -> *mut c_void;
    fn SetInformationJobObject(job: *mut c_void, class: i32, information: *const c_void, length: u32) -> i32;
    fn AssignProcessToJobObject(job: *mut c_void, process: *mut c_void) -> i32;
    fn GetCurrentProcess() -> *mut c_void;
    fn GetPhysicallyInstalledSystemMemory(kibibytes: *mut u64) -> i32;
}

/// What is built in, in MiB; none where the system does not say.
pub fn installed_mib() -> Option<u64> {
    let mut kibibytes = 0;
    // SAFETY: the number is ours to write.
    let is_known = unsafe { GetPhysicallyInstalledSystemMemory(&raw mut kibibytes) } != 0;
    is_known.then_some(kibibytes >> 10)
}

pub fn limit(bytes: u64) -> Result<()> {
    let basic = Basic { limit_flags: LIMIT_PROCESS_MEMORY, ..Basic::default() };
    let process_memory_limit = usize::try_from(bytes).unwrap_or(usize::MAX);
    let information = Extended { basic, process_memory_limit, ..Extended::default() };
    // SAFETY: no attributes and no name are allowed; the structure is that of the class that is named, and is only read. The handle
    // stays open until this process ends, and with it the job.
    let is_done = unsafe {
        let job = CreateJobObjectW(ptr::null(), ptr::null());
        !job.is_null()
            && SetInformationJobObject(
                job,
                EXTENDED_LIMIT_INFORMATION,
                (&raw const information).cast(),
                size_of::<Extended>() as u32,
            ) != 0
            && AssignProcessToJobObject(job, GetCurrentProcess()) != 0
    };
    if is_done { Ok(()) } else { Err(Error::last_os_error()) }
}
