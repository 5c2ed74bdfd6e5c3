//! `klangbild pack`: the packs that there are, what is wrong with one, and a pack from two ONNX files.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use klangbild_engine::inference::Runtime;
use klangbild_engine::pack::{self, Draft, Pack, PackSummary, Report};

use crate::terminal::{print_line, print_with};

/// What to do with packs.
#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// List the built-in and installed packs.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say what is wrong with a pack, and run its models once.
    Check {
        /// Name of a pack, a folder, or a .zip.
        pack: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make a pack from two ONNX files, then check it.
    New {
        /// Raw mono audio in, embedding out.
        encoder: PathBuf,
        /// Latent and/or embedding in, image out.
        generator: PathBuf,
        /// Folder to write.
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
        /// Name of the pack: lower-case letters, digits and hyphens [default: the folder's].
        #[arg(long)]
        name: Option<String>,
        /// Sample rate that the encoder expects, in Hz.
        #[arg(long, value_name = "HZ")]
        sample_rate: Option<u32>,
        /// Length of the encoder's window in seconds, where its graph takes any length.
        #[arg(long, value_name = "SECONDS")]
        window: Option<f64>,
        /// Replace what is there already.
        #[arg(long)]
        force: bool,
    },
}

/// Does what the command says. The code is 1 if a pack that was checked cannot be used.
///
/// # Errors
/// Files that cannot be read or written.
pub fn run(command: PackCommand) -> Result<ExitCode> {
    match command {
        PackCommand::List { json } => list(json),
        PackCommand::Check { pack, json } => check(&pack, json),
        PackCommand::New { encoder, generator, output, name, sample_rate, window, force } => {
            let draft = Draft {
                encoder,
                generator,
                folder: output,
                name,
                sample_rate_hz: sample_rate,
                window_s: window,
                force,
            };
            new(&draft)
        }
    }
}

fn list(json: bool) -> Result<ExitCode> {
    let packs = Pack::list();
    if json {
        print_line(serde_json::to_string_pretty(&packs)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let folders = pack::Folders::of_user().pack_folders;
    let folders: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    print_with(|out| {
        for pack in &packs {
            writeln!(out, "{}", line(pack))?;
        }
        writeln!(out, "\nMore packs go into {} (a folder or a .zip each).", folders.join(" or "))
    })?;
    Ok(ExitCode::SUCCESS)
}

fn line(pack: &PackSummary) -> String {
    let place = match &pack.path {
        Some(path) => path.display().to_string(),
        None => "built in".to_owned(),
    };
    if let Some(error) = &pack.error {
        return format!("{:<20} BROKEN ({place})\n    {error}", pack.name);
    }
    let size: String = pack.sizes_px.iter().map(|(width, height)| format!(" {width}x{height},")).collect();
    let PackSummary { name, title, version, licence, description, .. } = pack;
    let first = format!("{name:<20} {title} {version},{size} {licence} ({place})");
    if description.is_empty() { first } else { format!("{first}\n    {description}") }
}

fn check(reference: &str, json: bool) -> Result<ExitCode> {
    let report = checked(reference);
    if json {
        print_line(serde_json::to_string_pretty(&report)?)?;
    } else {
        print_line(&report)?;
    }
    Ok(if report.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn checked(reference: &str) -> Report {
    let runtime = Runtime::load();
    pack::check(reference, runtime.as_ref())
}

fn new(draft: &Draft) -> Result<ExitCode> {
    let guesses = pack::new(draft)?;
    let folder = draft.folder.to_str().context("the folder's name is not text")?;
    print_with(|out| {
        writeln!(out, "Wrote {}. Guessed:", draft.folder.join("pack.toml").display())?;
        guesses.iter().try_for_each(|guess| writeln!(out, "    {guess}"))?;
        writeln!(out)
    })?;
    check(folder, false)
}
