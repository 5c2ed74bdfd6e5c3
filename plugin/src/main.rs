//! Klangbild: turns music into art while it plays.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program talks to its terminal")]

mod bench;
mod doctor;
mod hear;
mod pack;
mod render;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Turns music into art while it plays.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Turn a song into a video, or into numbered pictures.
    Render(render::RenderArgs),
    /// Print what the engine hears, hop by hop.
    Hear(hear::HearArgs),
    /// List packs of models, check one, or make one from two ONNX files.
    #[command(subcommand)]
    Pack(pack::PackCommand),
    /// Check this machine: GPU, ONNX Runtime, ffmpeg, packs, folders; each problem with its cure.
    Doctor(doctor::DoctorArgs),
    /// Measure this machine: models, stage, hearing, and how fast a song renders.
    Bench(bench::BenchArgs),
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KLANGBILD_LOG")
        .unwrap_or_else(|_| "error,klangbild=warn,klangbild_engine=warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().init();
    let result = match Cli::parse().command {
        Command::Render(args) => render::run(&args),
        Command::Hear(args) => hear::run(&args),
        Command::Pack(command) => pack::run(&command),
        Command::Doctor(args) => doctor::run(&args),
        Command::Bench(args) => bench::run(&args),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {}", format!("{error:#}").replace('\n', " "));
        ExitCode::FAILURE
    })
}
