//! The ffmpeg program: finding it, knowing what it can do, and running it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::RecorderError;
use super::child::{End, Running};
use super::pipe::Pipe;

/// Names the ffmpeg to use instead of the one in the search path.
pub const PROGRAM_VARIABLE: &str = "KLANGBILD_FFMPEG";

/// How long it may take to say what it can do.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

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
    /// [`RecorderError::NoFfmpeg`] when it cannot be run, [`RecorderError::BrokenFfmpeg`] when it is something else, or does
    /// not answer.
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
        let broken =
            |said: &str| RecorderError::BrokenFfmpeg { program: program.into(), said: said.to_owned() };
        let about = answer(program, "-version")?;
        let first_line = about.lines().next().unwrap_or_default();
        let version = first_line
            .strip_prefix("ffmpeg version ")
            .and_then(|rest| rest.split_whitespace().next())
            .ok_or_else(|| broken(if first_line.is_empty() { "it says nothing" } else { first_line }))?;
        // Lines such as " V....D libx264              libx264 H.264 / AVC ...", below a legend that ends in dashes.
        let encoders = answer(program, "-encoders")?
            .lines()
            .skip_while(|line| !line.trim().starts_with("---"))
            .filter_map(|line| line.split_whitespace().nth(1).map(str::to_owned))
            .collect();
        Ok(Self { program: program.into(), version: version.to_owned(), encoders })
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

    /// Starts it with a pipe to its standard input. It is given up when it stands still for `patience`.
    pub(super) fn start<S: AsRef<OsStr>>(
        &self,
        arguments: &[S],
        patience: Duration,
    ) -> Result<(Running, Pipe), RecorderError> {
        Running::start(&self.program, arguments, patience).map_err(|source| no_ffmpeg(&self.program, source))
    }
}

fn no_ffmpeg(program: &Path, source: std::io::Error) -> RecorderError {
    RecorderError::NoFfmpeg { program: program.into(), source }
}

fn answer(program: &Path, question: &str) -> Result<String, RecorderError> {
    let started = Running::start(program, &["-hide_banner", question], ANSWER_WITHIN);
    let (mut running, input) = started.map_err(|source| no_ffmpeg(program, source))?;
    drop(input);
    match running.wait(|| 0) {
        (End::Hung(_), _) => Err(RecorderError::BrokenFfmpeg {
            program: program.into(),
            said: format!("it does not answer for {} s", ANSWER_WITHIN.as_secs()),
        }),
        _ => Ok(running.written()),
    }
}
