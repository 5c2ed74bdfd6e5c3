//! `klangbild dream`: the process that runs models for others. Whoever needs it starts it; nobody types it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;
use klangbild_engine::inference::afar::{Seat, serve, stay};

/// Where it is found, and how much it may take.
#[derive(Debug, Args)]
pub struct DreamArgs {
    /// The folder of its socket.
    #[arg(long)]
    folder: PathBuf,
    /// What its socket is called.
    #[arg(long)]
    name: String,
    /// How much memory it may take, in MiB.
    #[arg(long)]
    memory_mib: Option<u64>,
    /// Serve, instead of starting the one that does.
    #[arg(long)]
    stay: bool,
}

/// Starts the process that serves, or is it.
///
/// # Errors
/// It cannot be started, or nobody can reach it.
pub fn run(args: DreamArgs) -> Result<ExitCode> {
    let DreamArgs { folder, name, memory_mib, stay: stays } = args;
    let seat = Seat { folder, name, memory_mib };
    let folder = || format!("cannot run models for others in {}", seat.folder.display());
    if stays { serve(&seat) } else { stay(&seat) }.with_context(folder)?;
    Ok(ExitCode::SUCCESS)
}
