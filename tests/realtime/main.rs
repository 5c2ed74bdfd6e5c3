//! The audio thread is sacred: a block allocates nothing, frees nothing, and makes no system call, while ears, models and
//! stage are busy beside it.
//!
//! Two sentries stand guard. A global allocator counts what the audio thread takes and gives back. And in a child process the
//! audio thread enters Linux's strict seccomp mode, in which any system call but `read`, `write` and the thread's own end kills
//! it: a lock that has to wait, a sleep, a page mapped, a thread woken.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "to panic is how a test fails")]
#![allow(clippy::print_stdout, reason = "a child process tells its parent")]

mod host;

#[cfg(not(feature = "checked"))]
use std::alloc::{GlobalAlloc, Layout, System};
#[cfg(not(feature = "checked"))]
use std::cell::Cell;
use std::io::Read;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use klangbild::instance::Instance;
use klangbild::intake::Intake;
use klangbild::window::{Nowhere, StageThread};
use klangbild_engine::hearing::Heard;
use klangbild_engine::tap::Transport;
use nice_plug::prelude::ParamPtr;

const RATE_HZ: u32 = 48_000;
const LONGEST_BLOCK: usize = 512;
/// Set in the child process.
const CHILD_VARIABLE: &str = "KLANGBILD_REALTIME_CHILD";

#[cfg(not(feature = "checked"))]
struct Counting;

#[cfg(not(feature = "checked"))]
thread_local! {
    /// Allocations and frees of this thread while it is watched.
    static COUNTED: Cell<Option<u64>> = const { Cell::new(None) };
}

#[cfg(not(feature = "checked"))]
fn count() {
    // A thread that is ending has no counter any more, and is not the one that is watched.
    let _ = COUNTED.try_with(|counted| counted.set(counted.get().map(|count| count + 1)));
}

#[cfg(not(feature = "checked"))]
// SAFETY: every call is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are those that the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count();
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[cfg(not(feature = "checked"))]
#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What this thread allocates and frees while it works.
#[cfg(not(feature = "checked"))]
fn counted(work: impl FnOnce()) -> u64 {
    COUNTED.set(Some(0));
    work();
    COUNTED.replace(None).unwrap_or(u64::MAX)
}

/// There is but one allocator in a process. Where it is the framework's, which aborts, that one stands guard.
#[cfg(feature = "checked")]
fn counted(work: impl FnOnce()) -> u64 {
    nice_assert_no_alloc::assert_no_alloc(work);
    0
}

/// An instance that hears, dreams and draws, and its intake.
fn busy_instance() -> (Arc<Instance>, Intake, StageThread) {
    let instance = Arc::new(Instance::default());
    let mut intake = Intake::new(Arc::clone(&instance.params));
    intake.connect(&instance, RATE_HZ);
    let stage = StageThread::start(Arc::clone(&instance), Box::new(Nowhere(|_: &Heard| {})), (320, 180), 1.0)
        .unwrap();
    (instance, intake, stage)
}

/// A parameter that a host automates, with its id.
type Moved = (String, ParamPtr);

/// Blocks of odd sizes, with a transport that runs and parameters that move. What this thread allocated and freed meanwhile.
fn blocks(intake: &mut Intake, instance: &Instance, params: &[Moved], count: usize) -> u64 {
    let sound: [f32; LONGEST_BLOCK] = std::array::from_fn(|at| (at as f32 * 0.1).sin() * 0.3);
    counted(|| {
        for block in 0..count {
            let length = [64, 1, 333, 512][block % 4];
            let beat = Some(block as f64 * 0.01);
            let transport = Transport { playing: true, tempo_bpm: Some(120.0), beat, ..Transport::default() };
            let (_, param) = &params[block % params.len()];
            // SAFETY: `instance` keeps the parameters alive. This is what a host's automation comes to.
            unsafe { param._internal_set_normalized_value((block as f32 * 0.37).fract()) };
            instance.params.triggers.note((block % 128) as u8);
            intake.block(&sound[..length], &sound[..length], transport, None);
        }
    })
}

#[test]
fn a_block_neither_allocates_nor_frees() {
    let (instance, mut intake, stage) = busy_instance();
    let params = instance.params.preset_params();
    // Until somebody listens, a block is only looked at; then it is copied.
    for _ in 0..60 {
        let counted = blocks(&mut intake, &instance, &params, 200);
        assert_eq!(counted, 0, "allocations and frees on the audio thread");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(instance.live.now().heard.time_s > 0.0, "nobody listened");
    stage.stop();
}

/// All that a CLAP host calls, on a thread that has never called it before: framework, automation, notes and transport included.
#[test]
fn a_whole_call_neither_allocates_nor_frees() {
    let (plugin, instance) = host::Plugin::new();
    let stage = StageThread::start(Arc::clone(&instance), Box::new(Nowhere(|_: &Heard| {})), (320, 180), 1.0)
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            let plays = scope.spawn(|| counted(|| (0..50).for_each(|block| plugin.process(block))));
            assert_eq!(plays.join().unwrap(), 0, "allocations and frees on the audio thread");
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    assert!(instance.live.now().heard.time_s > 0.0, "nobody listened");
    stage.stop();
}

#[test]
fn a_block_makes_no_system_call() {
    if std::env::var_os(CHILD_VARIABLE).is_some() {
        guarded_child();
    }
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", "a_block_makes_no_system_call", "--nocapture"];
    let output = Command::new(program).args(arguments).env(CHILD_VARIABLE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("guarded blocks done"), "{said}\n{output:?}");
}

/// The guard itself works: a thread that sleeps does not come back.
#[test]
fn the_guard_stops_a_thread_that_sleeps() {
    if std::env::var_os(CHILD_VARIABLE).is_some() {
        let patience = Duration::from_secs(2);
        let done = guarded(patience, || std::thread::sleep(Duration::from_millis(1)));
        std::process::exit(if done { 0 } else { 3 });
    }
    let program = std::env::current_exe().unwrap();
    let arguments = ["--exact", "the_guard_stops_a_thread_that_sleeps"];
    let status = Command::new(program).args(arguments).env(CHILD_VARIABLE, "1").status().unwrap();
    assert!(!status.success(), "{status}");
}

fn guarded_child() -> ! {
    let (instance, mut intake, stage) = busy_instance();
    let params = instance.params.preset_params();
    let begin = Instant::now();
    while instance.live.picture(0).is_none() && begin.elapsed() < Duration::from_secs(60) {
        blocks(&mut intake, &instance, &params, 4);
        std::thread::sleep(Duration::from_millis(5));
    }
    let heard_s = instance.live.now().heard.time_s;
    let plays = Arc::clone(&instance);
    let (whole, _hears) = host::Plugin::new();
    let done = guarded(Duration::from_secs(60), move || {
        // Without a clock (that may be a call): as many blocks as take about a second.
        for _ in 0..400 {
            blocks(&mut intake, &plays, &params, 100);
            (0..20).for_each(|block| whole.process(block));
            (0..200_000_u32).for_each(|at| {
                std::hint::black_box(at);
            });
        }
    });
    let heard = instance.live.now().heard.time_s > heard_s;
    stage.stop();
    if done && heard {
        println!("guarded blocks done");
    }
    std::process::exit(if done && heard { 0 } else { 3 });
}

/// Runs `work` on a thread that any system call ends; whether it came to the end of it.
fn guarded(patience: Duration, work: impl FnOnce() + Send + 'static) -> bool {
    let (mut done, mark) = std::io::pipe().unwrap();
    let finished = Arc::new(AtomicBool::new(false));
    let finishes = Arc::clone(&finished);
    let mark = std::os::fd::IntoRawFd::into_raw_fd(mark);
    // Never joined: it ends by a bare system call, or is killed.
    std::thread::spawn(move || {
        // SAFETY: plain numbers; from here on this thread may do nothing but read, write and end.
        let status = unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_STRICT) };
        if status == 0 {
            work();
            finishes.store(true, Ordering::Release);
        }
        // SAFETY: a byte of our own into a pipe of our own; then this thread ends without running anything else.
        unsafe {
            libc::write(mark, [1_u8].as_ptr().cast(), 1);
            libc::syscall(libc::SYS_exit, 0);
        }
    });
    // A thread that was killed writes nothing: ask for a byte, but not for ever.
    let (told, byte) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut byte = [0];
        let _ = told.send(done.read(&mut byte));
    });
    let _ = byte.recv_timeout(patience);
    finished.load(Ordering::Acquire)
}
