//! Klangbild: turns music into art while it plays.

mod bench;
mod check_flashes;
mod doctor;
mod dream;
mod flags;
mod graphs;
mod hear;
mod pack;
mod render;
mod runtime;
mod scene;
mod score;
mod standalone;
mod terminal;
mod wording;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use terminal::NobodyReads;

/// Turns music into art while it plays.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open a window, and play: a song, or what a sound input hears.
    Live(standalone::LiveArgs),
    /// Turn a song into a video, or into numbered pictures.
    Render(render::RenderArgs),
    /// Measure how a video looks, or a render of a song: sharpness, doubled edges, flicker, motion, colour.
    Score(score::ScoreArgs),
    /// Print what the engine hears, hop by hop.
    Hear(hear::HearArgs),
    /// List packs of models, check one, or make one from two ONNX files.
    #[command(subcommand)]
    Pack(pack::PackCommand),
    /// List scenes, check one, or begin one of your own.
    #[command(subcommand)]
    Scene(scene::SceneCommand),
    /// List, install or remove what ONNX Runtime needs for further cards: NVIDIA's, Intel's, DirectML.
    #[command(subcommand)]
    Runtime(runtime::RuntimeCommand),
    /// Check this machine: GPU, ONNX Runtime, ffmpeg, packs, folders; each problem with its cure.
    Doctor {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Look for light in a video that can cause seizures: flashes and stripes, by WCAG 2.3.1 and ITU-R BT.1702.
    CheckFlashes(check_flashes::CheckFlashesArgs),
    /// Run models for other programs, which start it.
    #[command(hide = true)]
    Dream(dream::DreamArgs),
    /// Measure this machine: models, stage, hearing, and how fast a song renders.
    Bench(bench::BenchArgs),
}

fn main() -> ExitCode {
    hush_mesa();
    let filter = tracing_subscriber::EnvFilter::try_from_env("KLANGBILD_LOG")
        .unwrap_or_else(|_| "klangbild=warn,klangbild_engine=warn".into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .without_time()
        .log_internal_errors(false) // it would say that nobody reads, with a panic
        .init();
    let result = match Cli::parse().command {
        Command::Live(args) => standalone::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Score(args) => score::run(&args),
        Command::Hear(args) => hear::run(&args),
        Command::Pack(command) => pack::run(command),
        Command::Scene(command) => scene::run(command),
        Command::Runtime(command) => runtime::run(command),
        Command::Doctor { json } => doctor::run(json),
        Command::CheckFlashes(args) => check_flashes::run(&args),
        Command::Dream(args) => dream::run(args),
        Command::Bench(args) => bench::run(&args),
    };
    result.unwrap_or_else(|error| {
        if error.is::<NobodyReads>() {
            return ExitCode::SUCCESS;
        }
        terminal::tell(format_args!("error: {}", one_line(&error)));
        ExitCode::FAILURE
    })
}

/// The error and its causes on one line, each reason once: many messages of the engine hold their cause already.
fn one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(|cause| cause.to_string().replace('\n', " ")) {
        if line.is_empty() {
            line = cause;
        } else if !line.contains(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line
}

/// Where there is no session, Mesa's layer that asks the desktop for its GPU complains on standard error, once a Vulkan
/// instance. The stage ranks the adapters itself, so the layer is not needed.
fn hush_mesa() {
    if cfg!(target_os = "linux") && std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: the first thing that `main` does; no other thread is there to read the environment.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}
