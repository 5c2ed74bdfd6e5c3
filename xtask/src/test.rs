//! `cargo xtask test`: every check and every test. One that fails does not hide the others.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{licences, process, setup, vst3};

/// Every step builds the same packages in the same profile with the same features, so that cargo builds each crate but once.
/// With `checked` the framework aborts where anything is allocated in `process`: in all the tests, and not in a build of its own.
///
/// Only clippy and rustdoc go over our own crates again. Clippy's driver could build what the tests run, but says of itself that
/// what it builds is not for that.
const EVERYTHING: [&str; 6] =
    ["--workspace", "--profile", "fast", "--locked", "--features", "klangbild/checked"];

/// The checks' names, in the order in which they run: what is quick to tell comes first.
const CHECKS: [(&str, Check); 7] = [
    ("formatting", formatting),
    ("licences", licences::check),
    ("build", build),
    ("clippy", clippy),
    ("documentation", documentation),
    ("tests", tests),
    ("VST3", vst3::test),
];
type Check = fn() -> Result<()>;

pub fn run() -> Result<()> {
    setup::run(setup::Purpose::Test)?;
    add_rust_components()?;

    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        println!("\n== {name}");
        let start = Instant::now();
        match check() {
            Ok(()) => println!("== {name}: good ({:.0} s)", start.elapsed().as_secs_f64()),
            Err(error) => {
                println!("== {name}: FAILED: {error:#}");
                failed.push(name);
            }
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    println!("\nall checks and tests passed");
    Ok(())
}

/// rustup's minimal profile brings neither rustfmt nor clippy.
fn add_rust_components() -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let version = process::cargo(subcommand)?.arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            println!("installing {component}, which checks the code");
            process::run(Command::new("rustup").args(["component", "add", component])).with_context(
                || format!("install {component} the way this Rust was installed, then run again"),
            )?;
        }
    }
    Ok(())
}

fn formatting() -> Result<()> {
    process::run(process::cargo("fmt")?.args(["--all", "--check"]))
}

/// Comes before the tests, since those that go end to end start the program itself or load the plugin. The tests are among its
/// targets, so that cargo chooses the dependencies' features as it does for them, and builds each but once.
fn build() -> Result<()> {
    process::run(process::cargo("build")?.args(EVERYTHING).args(["--lib", "--bins", "--tests"]))
}

fn clippy() -> Result<()> {
    process::run(process::cargo("clippy")?.args(EVERYTHING).args(["--all-targets", "--", "-D", "warnings"]))
}

fn documentation() -> Result<()> {
    let mut doc = process::cargo("doc")?;
    process::run(doc.args(EVERYTHING).arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings"))
}

fn tests() -> Result<()> {
    process::run(process::cargo("test")?.args(EVERYTHING).arg("--no-fail-fast"))
}
