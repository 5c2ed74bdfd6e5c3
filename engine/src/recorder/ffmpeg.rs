//! The ffmpeg program: finding it, knowing what it can do, and running it.

use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use super::RecorderError;

/// Names the ffmpeg to use instead of the one in the search path.
pub const PROGRAM_VARIABLE: &str = "KLANGBILD_FFMPEG";

/// Lines of its last words that an error repeats.
const LAST_LINES: usize = 3;

/// An ffmpeg that runs.
#[derive(Clone, Debug)]
pub struct Ffmpeg {
    program: PathBuf,
    version: String,
    encoders: BTreeSet<String>,
}

impl Ffmpeg {
    /// The program that `KLANGBILD_FFMPEG` names, or else `ffmpeg` from the search path.
    ///
    /// # Errors
    ///
    /// [`RecorderError::NoFfmpeg`] when it cannot be run, [`RecorderError::BrokenFfmpeg`] when it is something else.
    pub fn find() -> Result<Self, RecorderError> {
        match std::env::var_os(PROGRAM_VARIABLE).filter(|value| !value.is_empty()) {
            Some(program) => Self::at(Path::new(&program)),
            None => Self::at(Path::new("ffmpeg")),
        }
    }

    /// The program at a path, or with a name in the search path.
    ///
    /// # Errors
    ///
    /// As for [`find`](Self::find).
    pub fn at(program: &Path) -> Result<Self, RecorderError> {
        let about = output_of(program, "-version")?;
        let broken = |said: &str| RecorderError::BrokenFfmpeg {
            program: program.to_path_buf(),
            said: said.to_owned(),
        };
        let first_line = about.lines().next().unwrap_or_default();
        let version = first_line
            .strip_prefix("ffmpeg version ")
            .and_then(|rest| rest.split_whitespace().next())
            .ok_or_else(|| broken(if first_line.is_empty() { "it says nothing" } else { first_line }))?;
        // Lines such as " V....D libx264              libx264 H.264 / AVC ...", below a legend that ends in dashes.
        let encoders = output_of(program, "-encoders")?
            .lines()
            .skip_while(|line| !line.trim().starts_with("---"))
            .filter_map(|line| line.split_whitespace().nth(1).map(str::to_owned))
            .collect();
        Ok(Self { program: program.to_path_buf(), version: version.to_owned(), encoders })
    }

    /// The program as it was named.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Its version, for instance "5.1.9-0+deb12u1".
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether it has an encoder of this name, for instance "libx264".
    pub fn has_encoder(&self, name: &str) -> bool {
        self.encoders.contains(name)
    }

    /// Starts it with a pipe to its standard input.
    pub(super) fn start<S: AsRef<OsStr>>(&self, arguments: &[S]) -> std::io::Result<Running> {
        let mut command = Command::new(&self.program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        away_from_the_terminal(&mut command);
        let mut child = command.spawn()?;
        let last_words = child.stderr.take().map(|stderr| std::thread::spawn(move || last_lines(stderr)));
        Ok(Running { child, last_words })
    }
}

/// A running ffmpeg. Dropping it kills the process, so that none is left behind.
pub(super) struct Running {
    child: Child,
    last_words: Option<JoinHandle<String>>,
}

impl Running {
    /// Its standard input; `None` the second time.
    pub fn take_input(&mut self) -> Option<std::process::ChildStdin> {
        self.child.stdin.take()
    }

    /// Closes its input, if that is still here, and waits until it ends.
    pub fn wait(&mut self) -> (std::io::Result<ExitStatus>, String) {
        let status = self.child.wait();
        let said = self.last_words.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        (status, if said.is_empty() { "it said nothing".to_owned() } else { said })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when the process is gone already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps Ctrl-C in the terminal from reaching the child: the recorder ends it in order, after the last frame.
fn away_from_the_terminal(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    {
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
        const CREATE_NO_WINDOW: u32 = 0x0800_0000;
        std::os::windows::process::CommandExt::creation_flags(
            command,
            CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW,
        );
    }
}

fn output_of(program: &Path, argument: &str) -> Result<String, RecorderError> {
    let mut command = Command::new(program);
    command.args(["-hide_banner", argument]).stdin(Stdio::null());
    away_from_the_terminal(&mut command);
    let output = command
        .output()
        .map_err(|source| RecorderError::NoFfmpeg { program: program.to_path_buf(), source })?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Reads everything (a full pipe would stop ffmpeg) and keeps the end.
fn last_lines(stderr: ChildStderr) -> String {
    const LONGEST_LINE: u64 = 400;
    let mut lines = VecDeque::new();
    let mut reader = BufReader::new(stderr);
    loop {
        let mut line = Vec::new();
        match reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => {
                let line = String::from_utf8_lossy(&line).trim().to_owned();
                if !line.is_empty() {
                    lines.push_back(line);
                }
                if lines.len() > LAST_LINES {
                    lines.pop_front();
                }
            }
        }
    }
    lines.into_iter().collect::<Vec<_>>().join(" / ")
}
