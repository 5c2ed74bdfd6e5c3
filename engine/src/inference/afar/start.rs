//! Starting the process: once for everyone, and so that it is nobody's child.

mod end;
mod free;

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub use end::end;

use super::home::Seat;
use super::socket::{Line, connect, make_private};

/// A machine that is busy may take a second. Whoever waits is loading a model, which takes longer.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the process says on its standard output when it can be reached.
pub const READY: &[u8] = b"ready\n";

/// Goes to the process of this seat, which is started if there is none.
///
/// # Errors
/// It cannot be started or reached: in words that say what failed.
pub fn reach(seat: &Seat, program: &Path) -> std::result::Result<Line, String> {
    if let Ok(stream) = connect(seat) {
        return Ok(Line::new(stream));
    }
    let folder = |error: Error| format!("{}: {error}", seat.folder.display());
    make_private(&seat.folder).map_err(folder)?;
    // Whoever else starts it at this moment is waited for.
    let deadline = Instant::now() + PATIENCE;
    let lock = File::create(seat.start_lock()).map_err(folder)?;
    while lock.try_lock().is_err() {
        if Instant::now() >= deadline {
            return Err(format!(
                "{}: somebody else starts it, and does not get on",
                seat.start_lock().display()
            ));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    if let Ok(stream) = connect(seat) {
        return Ok(Line::new(stream));
    }
    start(seat, program, deadline).map_err(|error| format!("{}: {error}", program.display()))?;
    connect(seat).map(Line::new).map_err(|error| format!("{}: {error}", seat.socket().display()))
}

/// Starts the program, which starts itself once more and ends when that one can be reached. So no child of ours is left to be
/// waited for.
fn start(seat: &Seat, program: &Path, deadline: Instant) -> Result<()> {
    let mut command = Command::new(program);
    command.args(arguments(seat)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    without_a_window(&mut command);
    let mut child = command.spawn()?;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => {
                let log = seat.log();
                return Err(Error::other(format!("it did not start ({status}); see {}", log.display())));
            }
            // A host that cares for all children of its process has taken the answer.
            Err(_) => return Ok(()),
            Ok(None) if Instant::now() >= deadline => {
                // Fails only when it is gone already.
                let _ = child.kill();
                let _ = child.wait();
                return Err(Error::new(ErrorKind::TimedOut, "it does not start"));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// The command's, for a process at this seat.
fn arguments(seat: &Seat) -> Vec<std::ffi::OsString> {
    let mut arguments = vec!["dream".into(), "--folder".into(), seat.folder.clone().into()];
    arguments.extend(["--name".into(), seat.name.clone().into()]);
    if let Some(mib) = seat.memory_mib {
        arguments.extend(["--memory-mib".into(), mib.to_string().into()]);
    }
    arguments
}

/// What the program does when it is started: it leaves the host's files and terminal behind, starts itself as the one that
/// stays, and comes back when that can be reached.
///
/// # Errors
/// It could not be started; why is in the log.
pub fn stay(seat: &Seat) -> Result<()> {
    free::from_host();
    make_private(&seat.folder)?;
    let log = OpenOptions::new().create(true).write(true).truncate(true).open(seat.log())?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments(seat)).arg("--stay").env("NO_COLOR", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    without_a_window(&mut command);
    let child = command.spawn()?;
    let mut said = [0; READY.len()];
    let mut out = child.stdout.ok_or_else(|| Error::other("it has no standard output"))?;
    out.read_exact(&mut said)?;
    // This process ends now, and the other is left to the system.
    if said == READY { Ok(()) } else { Err(ErrorKind::InvalidData.into()) }
}

/// On Windows a program of the terminal gets one of its own, which would be seen.
fn without_a_window(command: &mut Command) {
    #[cfg(windows)]
    {
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(
            command,
            CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW,
        );
    }
    #[cfg(not(windows))]
    let _ = command;
}

/// Removes what a process that ends leaves at its seat. Locks stay: somebody may just be waiting for one.
pub fn clear(seat: &Seat) {
    for file in [seat.socket(), seat.number()] {
        // Gone already, with its folder.
        let _ = fs::remove_file(file);
    }
}
