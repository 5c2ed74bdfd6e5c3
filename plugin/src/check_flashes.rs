//! `klangbild check-flashes`: whether a video's light can cause seizures.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::ProgressBar;
use klangbild_engine::flash::{Check, Failure, Rule, check_video};

use crate::terminal::print;

/// What the program ends with when a video is not safe: 1 is an error, and 2 an argument that is none.
const NOT_SAFE: u8 = 3;

#[derive(Args)]
#[command(
    after_help = "Exit status: 0 if the video is safe, 3 if it is not, 1 if it cannot be read. Warnings are no failures."
)]
pub struct CheckFlashesArgs {
    /// Any video that ffmpeg reads.
    video: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &CheckFlashesArgs) -> anyhow::Result<ExitCode> {
    let bar = std::io::stderr().is_terminal().then(ProgressBar::new_spinner);
    let mut told_s = 0;
    let checked = check_video(&args.video, &mut |time_s| {
        if let Some(bar) = bar.as_ref().filter(|_| time_s as u64 > told_s) {
            told_s = time_s as u64;
            bar.set_message(format!("{} looked at", clock(time_s)));
            bar.tick();
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let checked = checked?;
    if args.json { print(json(&checked)?) } else { print(words(&checked)) }?;
    Ok(if checked.report.is_safe() { ExitCode::SUCCESS } else { ExitCode::from(NOT_SAFE) })
}

fn json(checked: &Check) -> anyhow::Result<String> {
    let Check { report, frames_per_s } = checked;
    let mut value = serde_json::to_value(report)?;
    value["safe"] = report.is_safe().into();
    value["frames_per_s"] = (*frames_per_s).into();
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn words(checked: &Check) -> String {
    let Check { report, frames_per_s } = checked;
    let mut text = String::new();
    for (level, list) in [("FAILS", &report.failures), ("warning", &report.warnings)] {
        for failure in list {
            let _ = writeln!(text, "{level:<8} {}", line(failure));
        }
    }
    let verdict = if report.is_safe() { "safe" } else { "NOT SAFE" };
    let length = clock(report.duration_s);
    text + &format!("{verdict}: {length} in {} frames, {frames_per_s:.3} a second\n", report.frames)
}

fn line(failure: &Failure) -> String {
    let Failure { rule, start_s, end_s, count, area } = failure;
    let (start, end, name, of) = (clock(*start_s), clock(*end_s), rule.name(), rule.area_of());
    let what = if *rule == Rule::Stripes { "pairs" } else { "flashes" };
    format!("{start} to {end}  {name:<31} {count:>4.0} {what:<7} {:>3.0} % {of}", 100.0 * area)
}

/// Minutes and seconds.
fn clock(time_s: f64) -> String {
    let tenths = (time_s * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}
