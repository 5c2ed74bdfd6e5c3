//! Installs what is missing, and does nothing where nothing is.

mod apt;
mod needs;
mod onnxruntime;
mod python;
mod wheel;

use anyhow::{Result, bail};
use needs::Need;

/// Brings this machine to where the program can be built, run and tested.
pub fn run() -> Result<()> {
    let missing = needs::missing();
    if !missing.is_empty() {
        if apt::is_here() {
            apt::install(&missing)?;
        } else {
            ask_for(&missing)?;
        }
    }
    onnxruntime::install()
}

/// On a system whose packages we do not install: says what is missing, and what it is called there.
fn ask_for(missing: &[&Need]) -> Result<()> {
    println!("missing on this system; please install:");
    for need in missing {
        println!("  {:<14} {}", need.name, need.why);
        for (_, command) in need.elsewhere.iter().filter(|(system, _)| *system == std::env::consts::OS) {
            println!("  {:<14}   {command}", "");
        }
    }
    let vital: Vec<&str> = missing.iter().filter(|need| need.vital).map(|need| need.name).collect();
    if !vital.is_empty() {
        bail!(
            "cannot go on without {}: install it as shown above and run the same command again",
            vital.join(", ")
        );
    }
    // A driver may lie where we did not look; the program itself will tell.
    println!("going on without");
    Ok(())
}
