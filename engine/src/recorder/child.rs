//! A child process that may die, stand still, or leave grandchildren behind, without anybody here noticing more than an error.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{Error, Read, Result};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::patience::Patience;
use super::pipe::Pipe;
use crate::threads::join_within;

/// Lines of its last words that an error repeats.
const LAST_LINES: usize = 3;
const LONGEST_LINE: usize = 400;

/// Bytes that are kept of what it says.
const MOST_WORDS: usize = 1 << 16;

/// How long a killed process may take to go, and its words to arrive.
const LAST_MOMENTS: Duration = Duration::from_secs(2);

/// A running program. Dropping it kills the process, so that none is left behind.
pub(super) struct Running {
    child: Child,
    said: Option<Words>,
    written: Option<Words>,
    patience: Duration,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    Well,
    /// With this status.
    Ill(String),
    /// It did nothing any more, and was killed.
    Hung(Duration),
}

impl Running {
    /// Starts a program. It is given up when it stands still for `patience`.
    pub fn start<S: AsRef<OsStr>>(
        program: &Path,
        arguments: &[S],
        patience: Duration,
    ) -> Result<(Self, Pipe)> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        away_from_the_terminal(&mut command);
        let child = command.spawn()?;
        let mut running = Self { child, said: None, written: None, patience };
        running.said = running.child.stderr.take().map(Words::listen).transpose()?;
        running.written = running.child.stdout.take().map(Words::listen).transpose()?;
        let input = running.child.stdin.take().ok_or_else(|| Error::other("it has no standard input"))?;
        let input = Pipe::new(input, patience)?;
        Ok((running, input))
    }

    /// Waits until it ends; its input has to be closed before. It is killed when it stands still: `sign` is any number that
    /// changes while it works.
    pub fn wait(&mut self, mut sign: impl FnMut() -> u64) -> (End, String) {
        let mut patience = Patience::new(self.patience);
        let mut pause = Duration::from_millis(1);
        let end = loop {
            match self.child.try_wait() {
                Ok(Some(status)) if status.success() => break End::Well,
                Ok(Some(status)) => break End::Ill(status.to_string()),
                Ok(None) if patience.is_over(sign()) => {
                    self.kill();
                    break End::Hung(self.patience);
                }
                Ok(None) => {
                    std::thread::sleep(pause);
                    pause = (2 * pause).min(Duration::from_millis(20));
                }
                // A host that cares for all children of its process has taken the answer.
                Err(_) => break End::Well,
            }
        };
        let said = self.said.take().map(|words| last_lines(&words.all())).unwrap_or_default();
        match said.is_empty() {
            true => (end, "it said nothing".to_owned()),
            false => (end, said),
        }
    }

    /// All that it has written to its standard output; after [`wait`](Self::wait).
    pub fn written(&mut self) -> String {
        self.written.take().map(Words::all).unwrap_or_default()
    }

    /// Ends it, and what it has started: a wrapper's ffmpeg too would keep our pipe.
    pub fn kill(&mut self) {
        #[cfg(unix)]
        if let (Ok(None), Ok(group)) = (self.child.try_wait(), i32::try_from(self.child.id())) {
            // SAFETY: plain numbers in and out. The process has not been waited for, so its number, which is that of its group,
            // is nobody else's.
            unsafe { libc::kill(-group, libc::SIGKILL) };
        }
        // Fails only when it is gone already, which is what is wanted.
        let _ = self.child.kill();
        let mut patience = Patience::new(LAST_MOMENTS);
        while matches!(self.child.try_wait(), Ok(None)) && !patience.is_over(0) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
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

/// What a child says, read on a thread of its own: a full pipe would stop it.
struct Words {
    over: Arc<AtomicBool>,
    words: Receiver<VecDeque<u8>>,
    thread: Option<JoinHandle<()>>,
}

#[cfg(unix)]
trait Source: Read + Send + std::os::fd::AsRawFd + 'static {}
#[cfg(unix)]
impl<T: Read + Send + std::os::fd::AsRawFd + 'static> Source for T {}
#[cfg(not(unix))]
trait Source: Read + Send + 'static {}
#[cfg(not(unix))]
impl<T: Read + Send + 'static> Source for T {}

impl Words {
    fn listen(source: impl Source) -> Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let (tell, words) = channel();
        let told = Arc::clone(&over);
        let thread = Builder::new().name("klangbild-words".to_owned()).spawn(move || {
            // Nobody listens any more where the child was given up.
            let _ = tell.send(read_all(source, &told));
        })?;
        Ok(Self { over, words, thread: Some(thread) })
    }

    /// Everything, or the end of it; the child has ended.
    fn all(self) -> String {
        self.over.store(true, Ordering::Relaxed);
        let bytes: Vec<u8> = self.words.recv_timeout(LAST_MOMENTS).unwrap_or_default().into();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Words {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // Waited for, since the host may unload this code next.
        if let Some(thread) = self.thread.take() {
            join_within(thread, LAST_MOMENTS);
        }
    }
}

/// Reads to the end, or until nobody speaks although it is over: a grandchild may hold the pipe for ever.
fn read_all(mut source: impl Source, over: &AtomicBool) -> VecDeque<u8> {
    let mut words = VecDeque::new();
    let mut some = vec![0; 4096];
    loop {
        #[cfg(unix)]
        match super::pipe::unix::wait_for(&source, libc::POLLIN, Duration::from_millis(100)) {
            Ok(true) => {}
            Ok(false) if !over.load(Ordering::Relaxed) => continue,
            _ => return words,
        }
        #[cfg(not(unix))]
        let _ = over;
        match source.read(&mut some) {
            Ok(0) => return words,
            Ok(count) => words.extend(&some[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return words,
        }
        words.drain(..words.len().saturating_sub(MOST_WORDS));
    }
}

fn last_lines(words: &str) -> String {
    let mut lines: Vec<String> = words
        .lines()
        .map(|line| line.trim().chars().take(LONGEST_LINE).collect::<String>())
        .filter(|line| !line.is_empty())
        .collect();
    lines.drain(..lines.len().saturating_sub(LAST_LINES));
    lines.join(" / ")
}
