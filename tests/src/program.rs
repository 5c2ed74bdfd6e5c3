//! Starts the program as a user does, and says what came of it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any of these runs may take on a busy machine; it turns a hang into a failure.
const PATIENCE: Duration = Duration::from_secs(180);

/// How the program ended.
#[derive(Debug)]
pub struct Outcome {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
    /// The most memory that it held, in bytes; 0 where the system does not tell.
    pub peak_memory_bytes: u64,
}

impl Outcome {
    /// The run went well.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// It went well, and warned of something that mentions `what`.
    #[track_caller]
    pub fn warns(self, what: &str) -> Self {
        let this = self.succeeds();
        let lower = this.stderr.to_lowercase();
        let found = lower.lines().any(|line| line.contains("warn") && line.contains(&what.to_lowercase()));
        assert!(found, "no warning with {what:?} in:\n{}", this.stderr);
        this
    }

    /// It failed with this exit code and exactly one line that begins with `error: `, which mentions each of `hints`
    /// (letter case aside), and it did not panic.
    #[track_caller]
    pub fn fails(self, code: i32, hints: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        let errors: Vec<&str> = self.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        let [error] = errors[..] else { panic!("not one line with `error: `:\n{}", self.stderr) };
        for hint in hints {
            assert!(error.to_lowercase().contains(&hint.to_lowercase()), "no {hint:?} in {error:?}");
        }
        assert!(!self.stderr.contains("panicked at"), "{}", self.stderr);
        let reason = error.rsplit(": ").next().unwrap_or(error);
        assert_eq!(error.matches(reason).count(), 1, "{reason:?} is said twice in {error:?}");
        if code == 1 {
            let last = self.stderr.trim_end().lines().last();
            assert_eq!(last, Some(error), "the error is not the last word:\n{}", self.stderr);
        }
        self
    }
}

/// One run of the program, as it is being put together.
pub struct Program {
    command: Command,
    /// Nobody reads what it writes on standard output.
    unread: bool,
}

impl Program {
    /// A run of the program at this path.
    pub fn at(path: impl AsRef<Path>) -> Self {
        let mut command = Command::new(path.as_ref());
        // Logging set by whoever runs the tests must not change what the program says.
        command.env_remove("RUST_LOG");
        command.stdin(Stdio::null());
        Self { command, unread: false }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments, split at white space.
    #[must_use]
    pub fn args(mut self, line: &str) -> Self {
        self.command.args(line.split_whitespace());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// What it reads on standard input: this file.
    #[must_use]
    pub fn reads(mut self, file: &Path) -> Self {
        self.command.stdin(fs::File::open(file).expect("opens the input"));
        self
    }

    /// Its standard output is a pipe that is closed at the other end.
    #[must_use]
    pub fn without_a_reader(mut self) -> Self {
        self.unread = true;
        self
    }

    /// Waits for the end.
    #[track_caller]
    pub fn run(self) -> Outcome {
        self.start().wait()
    }

    /// Starts it in the background.
    #[track_caller]
    pub fn start(mut self) -> Running {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            self.command.spawn().unwrap_or_else(|e| panic!("cannot start {:?}: {e}", self.command));
        let stdout = listen(child.stdout.take().filter(|_| !self.unread));
        let stderr = listen(child.stderr.take());
        Running { child, stdout, stderr, started: Instant::now() }
    }
}

/// A run in the background.
pub struct Running {
    child: Child,
    stdout: thread::JoinHandle<String>,
    stderr: thread::JoinHandle<String>,
    started: Instant,
}

impl Running {
    /// Sends Ctrl-C.
    #[track_caller]
    pub fn interrupt(&self) {
        let sent = Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status();
        assert!(sent.is_ok_and(|status| status.success()), "cannot send SIGINT");
    }

    /// Looks up the names of its threads, where there is a `/proc`; a name is cut off after 15 bytes.
    pub fn threads(&self) -> impl Fn() -> Vec<String> + use<> {
        let folder = PathBuf::from(format!("/proc/{}/task", self.child.id()));
        move || {
            let tasks = fs::read_dir(&folder).into_iter().flatten().flatten();
            let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
            names.map(|name| name.trim_end().to_owned()).collect()
        }
    }

    /// Waits until `ready` is true; the program must still be running then.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, mut ready: impl FnMut() -> bool) {
        while !ready() {
            let ended = self.child.try_wait().ok().flatten();
            assert!(ended.is_none(), "it ended ({ended:?}) before {what}");
            assert!(self.started.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end.
    #[track_caller]
    pub fn wait(mut self) -> Outcome {
        let mut peak_memory_bytes = 0;
        let status = loop {
            peak_memory_bytes = peak_memory(self.child.id()).unwrap_or(peak_memory_bytes);
            if let Some(status) = self.child.try_wait().expect("waits for the program") {
                break status;
            }
            if self.started.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let _ = self.child.wait();
                panic!("it was still running after {PATIENCE:?}");
            }
            thread::sleep(Duration::from_millis(10));
        };
        let text = |reader: thread::JoinHandle<String>| reader.join().expect("reads what the program wrote");
        Outcome {
            code: status.code(),
            stdout: text(self.stdout),
            stderr: text(self.stderr),
            peak_memory_bytes,
        }
    }
}

/// Reads on its own thread, so that a full pipe never stops the program.
fn listen(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The high-water mark of a process's resident memory, where there is a `/proc`.
fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// A folder that goes away with this value.
pub struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    /// An empty one.
    #[expect(clippy::new_without_default, reason = "it makes a folder; `default()` would hide that")]
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("makes a temporary folder") }
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Names of all that is complete in it, sorted.
    pub fn complete(&self) -> Vec<String> {
        self.names().into_iter().filter(|name| !name.contains(".part-")).collect()
    }

    /// Names of everything in it, sorted: what a failed run has left behind shows here.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.folder())
            .expect("lists the temporary folder")
            .map(|entry| {
                entry.expect("lists the temporary folder").file_name().to_string_lossy().into_owned()
            })
            .collect();
        names.sort();
        names
    }
}
