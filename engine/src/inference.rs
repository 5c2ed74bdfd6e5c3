//! Runs the graphs of a pack on ONNX Runtime.
//!
//! [`Runtime`] finds and loads the library, once a process. [`Encoder`] and [`Generator`] each own one session, with
//! the providers tried in order and the truth about which one runs. They belong on threads of the engine's own, at
//! [low priority](spawn_low_priority), never on an audio thread. Where they are not trusted, or the user wishes so, the sessions are
//! in [a process of their own](afar).

pub mod afar;
mod assignment;
mod beats;
mod colour;
pub mod devices;
mod encoder;
mod generator;
mod network;
mod picture_eye;
mod precision;
mod priority;
mod provider;
mod runtime;
#[cfg(test)]
mod tests;
mod watchdog;
pub mod wish;

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use afar::Terms;
pub use beats::{BeatNetwork, beat_sense};
pub use encoder::{Embedding, Encoder};
pub use generator::Generator;
pub use network::{Fallback, Network};
pub use picture_eye::PictureEye;
pub use precision::Precision;
pub use priority::spawn_low_priority;
pub use provider::{Probe, Provider, probe};
pub use runtime::parts::{folder_of as installed_part, is_whole as is_whole_runtime};
pub use runtime::plugins::has_vulkan;
pub use runtime::{DIR_VARIABLE, Runtime, RuntimeError, find_library, library_folders};

/// How a graph is run.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Threads of one run on the CPU. The same number gives the same bytes.
    pub threads: usize,
    /// Providers in the order to try; the CPU comes last whether it is named or not.
    pub providers: Vec<Provider>,
    /// Whether the quickest of those that work runs the graph. Otherwise the first does.
    pub quickest: bool,
    /// The card that it runs on, by number or a part of its name; empty for the strongest that a provider drives.
    pub device: String,
    /// A run that takes longer is given up. A graph is only interrupted between two of its nodes.
    pub time_budget: Duration,
    /// Whether it runs in a process of its own.
    pub apart: Terms,
}

impl Default for Options {
    /// Two threads, ten seconds; the providers that somebody [chose](wish::chosen), or the quickest of
    /// [this system's](Provider::of_this_system), on the card that somebody [chose](wish::device::chosen).
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let chosen = wish::chosen();
        Self {
            threads: cores.min(2),
            quickest: chosen.is_none(),
            providers: chosen.unwrap_or_else(Provider::of_this_system),
            device: wish::device::chosen(),
            time_budget: Duration::from_secs(10),
            apart: Terms::default(),
        }
    }
}

/// How long the runs of a graph took, without the first, which warms up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timings {
    /// Number of runs.
    pub runs: u64,
    /// The latest, in milliseconds.
    pub last_ms: f64,
    /// All of them on average, in milliseconds.
    pub mean_ms: f64,
    /// The longest, in milliseconds.
    pub max_ms: f64,
    /// How many of them gave values that are not finite numbers, and so were left out.
    pub not_finite: u64,
}

impl Timings {
    fn add(&mut self, taken: Duration) {
        let ms = taken.as_secs_f64() * 1e3;
        self.runs += 1;
        self.last_ms = ms;
        self.mean_ms += (ms - self.mean_ms) / self.runs as f64;
        self.max_ms = self.max_ms.max(ms);
    }
}

/// Why a graph does not run. Each message is one line.
#[derive(Debug, Error)]
pub enum InferenceError {
    /// No provider could load the graph and run it once.
    #[error("{file}: ONNX Runtime cannot run it: {message}; check the pack with `klangbild pack check`")]
    Load {
        /// The ONNX file.
        file: String,
        /// ONNX Runtime's reason, for the last provider tried.
        message: String,
    },
    /// Loading took too long.
    #[error("{file}: loading was given up after {seconds} s; the graph does too much work in advance")]
    LoadTimedOut {
        /// The ONNX file.
        file: String,
        /// The limit.
        seconds: u64,
    },
    /// One run failed.
    #[error("{file}: a run failed: {message}")]
    Run {
        /// The ONNX file.
        file: String,
        /// ONNX Runtime's reason.
        message: String,
    },
    /// One run took too long.
    #[error("{file}: a run was given up after {seconds} s; use a smaller model or a faster provider")]
    TimedOut {
        /// The ONNX file.
        file: String,
        /// The limit.
        seconds: f64,
    },
    /// An output holds values that are not finite numbers. The next run may be right again:
    /// [`is_passing`](Self::is_passing).
    #[error(
        "{file}: output {output:?} holds values that are not finite numbers; the model or its input is broken"
    )]
    NotFinite {
        /// The ONNX file.
        file: String,
        /// The output.
        output: String,
    },
    /// The same in many runs in a row.
    #[error(
        "{file}: output {output:?} held values that are not finite numbers {runs} times in a row; the model is broken, or \
         does not work on the provider that runs it"
    )]
    NeverFinite {
        /// The ONNX file.
        file: String,
        /// The output.
        output: String,
        /// How many runs.
        runs: u32,
    },
    /// The caller gave an input of the wrong length.
    #[error("{file}: the {input} has {found} entries, expected {expected}")]
    Length {
        /// The ONNX file.
        file: String,
        /// The input.
        input: &'static str,
        /// What the graph takes.
        expected: usize,
        /// What it was given.
        found: usize,
    },
    /// It took more memory than a pack from outside may have.
    #[error(
        "{file}: it needs more than {mib} MiB of memory, which is all that a pack from outside gets; use a smaller model"
    )]
    Memory {
        /// The ONNX file.
        file: String,
        /// The limit.
        mib: u64,
    },
    /// The process that runs it has died in the middle of a run. Another is started: [`is_passing`](Self::is_passing).
    #[error("{file}: the process that runs it {how}; it is started again")]
    Died {
        /// The ONNX file.
        file: String,
        /// How that was noticed.
        how: &'static str,
    },
    /// The process died again and again.
    #[error(
        "{file}: the process that runs it{limit} ended {deaths} times within a minute; choose another pack, or see {}",
        log.display()
    )]
    GaveUp {
        /// The ONNX file.
        file: String,
        /// How often.
        deaths: u32,
        /// How much memory it may take, in words; empty if there is no limit.
        limit: String,
        /// What it has said.
        log: PathBuf,
    },
    /// There is no process to run it.
    #[error("{file}: the process that runs it cannot be started: {message}; install the program again")]
    NoProcess {
        /// The ONNX file.
        file: String,
        /// Why not.
        message: String,
    },
    /// The system gave no thread.
    #[error("cannot start a thread for inference: {0}")]
    Thread(#[from] std::io::Error),
}

impl InferenceError {
    /// Whether one run went wrong and the next may not: what came of it is left out, and what was before stays.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::NotFinite { .. } | Self::Died { .. })
    }
}
