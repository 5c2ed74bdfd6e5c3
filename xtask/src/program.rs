//! The program `klangbild`, built in the profile `fast` with ONNX Runtime beside it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::{process, setup};

/// Installs what is missing and builds the program; returns its path.
pub fn build() -> Result<PathBuf> {
    setup::run(setup::Purpose::Run)?;
    println!("building klangbild (some minutes the first time)");
    process::run(process::cargo("build")?.args([
        "--profile",
        process::PROFILE,
        "--locked",
        "--package",
        "klangbild",
    ]))?;
    Ok(process::build_folder(process::PROFILE)?.join(format!("klangbild{}", std::env::consts::EXE_SUFFIX)))
}

/// The program as a user has it: ONNX Runtime is found beside it, not through our own environment.
pub fn command(program: &PathBuf) -> Command {
    let mut command = Command::new(program);
    command.env_remove("KLANGBILD_ONNXRUNTIME_DIR");
    command
}

/// Measures this machine.
pub fn bench(arguments: &[String]) -> Result<()> {
    let program = build()?;
    // Two dashes part our own arguments from the program's: it has no need of them.
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    process::run(command(&program).arg("bench").args(arguments))
}
