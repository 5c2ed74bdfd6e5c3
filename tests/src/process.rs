//! What the system knows of this very process, on Linux.

use std::fs;

/// Names of its threads that begin so; the system keeps the first 15 letters. A thread that names itself nothing has the name of
/// the one that started it: so some of the GPU driver's and of ONNX Runtime's are called as ours are.
pub fn threads(begin: &str) -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").expect("lists the threads");
    let name = |task: fs::DirEntry| fs::read_to_string(task.path().join("comm")).ok();
    // One that ends meanwhile has no name.
    let names = tasks.filter_map(|task| name(task.ok()?)).map(|name| name.trim().to_owned());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(begin)).collect();
    names.sort();
    names
}

/// Processor time that threads whose names begin so have taken until now, in the system's ticks of usually 10 ms.
pub fn ticks(begin: &str) -> u64 {
    let tasks = fs::read_dir("/proc/self/task").expect("lists the threads");
    let stats = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok());
    stats
        .filter_map(|stat| {
            // The name stands in parentheses, and may itself hold some.
            let (front, back) = stat.rsplit_once(')')?;
            let (_, name) = front.split_once('(')?;
            let times = back.split_whitespace().skip(11).take(2).filter_map(|time| time.parse::<u64>().ok());
            name.starts_with(begin).then(|| times.sum::<u64>())
        })
        .sum()
}

/// Open file descriptors, that of the question included.
pub fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("lists the descriptors").count()
}

/// Whether a file whose path contains this is mapped, as loaded libraries are.
pub fn maps(name: &str) -> bool {
    fs::read_to_string("/proc/self/maps").expect("lists the mappings").contains(name)
}

/// Resident memory, in bytes.
pub fn memory_bytes() -> u64 {
    const PAGE_BYTES: u64 = 4096;
    let statm = fs::read_to_string("/proc/self/statm").expect("tells the memory");
    let pages: u64 = statm.split(' ').nth(1).expect("a second number").parse().expect("a number");
    pages * PAGE_BYTES
}
