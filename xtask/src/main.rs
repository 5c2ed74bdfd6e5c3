//! The project's own commands: `cargo xtask demo`, `cargo xtask install`, `cargo xtask test` and their kin.

mod arguments;
mod bundle;
mod clip;
mod commands;
mod demo;
mod digest;
mod disk;
mod environment;
mod gallery;
mod install;
mod licences;
mod models;
mod process;
mod program;
mod setup;
mod test;
mod thumbnails;
mod vst3;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match commands::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
