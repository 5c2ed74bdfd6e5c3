//! `klangbild bench`: what this machine can do.

mod live;
mod parts;
mod providers;
mod report;
mod scenes;
mod song;

use std::fmt::Display;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use klangbild_engine::pack;
use serde::Serialize;

use parts::Parts;

use crate::terminal::{self, print_line};

/// Measure this machine: hearing, encoder, generator, stage, and a whole render.
#[derive(Args, Debug)]
pub struct BenchArgs {
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Measure for a shorter time each: good enough to see what fails.
    #[arg(long)]
    pub quick: bool,
    /// Measure the live path instead: from a click in the sound to the frame that shows it.
    #[arg(long)]
    pub live: bool,
    /// Measure every built-in scene instead, at 640x360 and 1280x720.
    #[arg(long, conflicts_with = "live")]
    pub scenes: bool,
    /// The pack whose models run: a name, a folder or a .zip.
    #[arg(long, default_value = pack::DEFAULT)]
    pub pack: String,
}

/// How long each part is measured.
#[derive(Clone, Copy, Debug)]
struct Effort {
    /// For each figure of a model or of the stage.
    each: Duration,
    /// Length of the synthetic song, which is heard and rendered, in seconds.
    song_s: f64,
}

/// Measures, and prints the table or the JSON.
///
/// # Errors
/// A part that could not be measured; what could be is printed all the same.
pub fn run(args: &BenchArgs) -> Result<ExitCode> {
    let effort = if args.quick {
        Effort { each: Duration::from_millis(500), song_s: 3.0 }
    } else {
        Effort { each: Duration::from_secs(2), song_s: 10.0 }
    };
    if args.live {
        let each = if args.quick { Duration::from_secs(4) } else { Duration::from_secs(15) };
        let report = live::measure(each, &args.pack)?;
        return print(&report, args.json).map(|()| ExitCode::SUCCESS);
    }
    let begin = |part: &str| {
        if std::io::stderr().is_terminal() {
            // Only a sign of life: a terminal that cannot show it changes no figure.
            terminal::tell(format_args!("measuring {part}"));
        }
    };
    let parts = Parts::open(effort, &args.pack);
    let failed = if args.scenes {
        let report = scenes::measure(&parts, begin);
        print(&report, args.json)?;
        report.failed()
    } else {
        let report = parts.measure(begin);
        print(&report, args.json)?;
        report.failed()
    };
    if !failed.is_empty() {
        bail!("could not measure {}; `klangbild doctor` tells why", failed.join(", "));
    }
    Ok(ExitCode::SUCCESS)
}

fn print<R: Serialize + Display>(report: &R, json: bool) -> Result<()> {
    if json { print_line(serde_json::to_string_pretty(report)?) } else { terminal::print(report) }
}

/// Repeats `step` for a while, at least three times; returns the seconds of each run.
///
/// A first run goes unmeasured: it pays for what every run after it finds ready.
fn repeat<E>(
    at_least: Duration,
    mut step: impl FnMut() -> std::result::Result<(), E>,
) -> std::result::Result<Vec<f64>, E> {
    step()?;
    let mut runs_s = Vec::new();
    let start = Instant::now();
    while runs_s.len() < 3 || start.elapsed() < at_least {
        let begin = Instant::now();
        step()?;
        runs_s.push(begin.elapsed().as_secs_f64());
    }
    Ok(runs_s)
}

/// The value at `part` (0 to 1) of the sorted runs: 0.5 is the median.
fn quantile(runs_s: &[f64], part: f64) -> f64 {
    let mut sorted = runs_s.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((part * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
}

/// Runs per second, all of them counted.
fn per_second(runs_s: &[f64]) -> f64 {
    runs_s.len() as f64 / runs_s.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_sorted_runs() {
        let runs_s = [0.3, 0.1, 0.5, 0.2, 0.4];
        assert_eq!(quantile(&runs_s, 0.5), 0.3);
        assert_eq!(quantile(&runs_s, 1.0), 0.5);
        assert!((per_second(&runs_s) - 5.0 / 1.5).abs() < 1e-9);
    }

    #[test]
    fn the_first_run_goes_unmeasured_and_an_error_ends_it() {
        let mut runs = 0;
        let runs_s = repeat(Duration::ZERO, || {
            runs += 1;
            Ok::<(), ()>(())
        });
        assert_eq!((runs_s.map(|runs_s| runs_s.len()), runs), (Ok(3), 4));
        assert_eq!(repeat(Duration::from_secs(60), || Err("broken")), Err("broken"));
    }
}
