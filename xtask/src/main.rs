//! The project's own commands: `cargo xtask demo`, `cargo xtask install`, `cargo xtask test` and their kin.

mod arguments;
mod bundle;
mod demo;
mod digest;
mod disk;
mod environment;
mod install;
mod licences;
mod models;
mod process;
mod program;
mod setup;
mod test;
mod vst3;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo           install what is missing, build, and turn the bundled song into demo.mp4 and demo.png
  install        bundle, and put the CLAP and VST3 plugins where this user's DAWs look for them
                 [--profile NAME] as for bundle; [--to FOLDER] into CLAP/ and VST3/ in FOLDER instead
  uninstall      remove what install put [--to FOLDER]
  bundle         install what is missing, build plugins and program, and put them together in target/bundled
                 [--profile NAME] cargo's profile: release if not said, fast builds quicker
                 [--zip] also as one archive with its SHA-256 beside it
  test           install what is missing, and run every check and test
  bench [ARGS]   install what is missing, build, and measure this machine with `klangbild bench ARGS`
  setup          only install what is missing
  models ...     the Python that makes the packs: `models setup`, `models test`
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let (command, rest) = match arguments {
        [] => ("help", &[] as &[String]),
        [command, rest @ ..] => (command.as_str(), rest),
    };
    if let (Some(extra), "demo" | "test" | "setup") = (rest.first(), command) {
        bail!("`cargo xtask {command}` takes no arguments, found `{extra}`");
    }
    match command {
        "demo" => demo::run(),
        "test" => test::run(),
        "bench" => program::bench(rest),
        "models" => models::run(rest),
        "bundle" => bundle::run(rest),
        "install" => install::install(rest),
        "uninstall" => install::uninstall(rest),
        "setup" => setup::run(setup::Purpose::Run),
        "help" | "-h" | "--help" => {
            print!("{USAGE}");
            Ok(())
        }
        unknown => bail!("no command `{unknown}`\n\n{USAGE}"),
    }
}
