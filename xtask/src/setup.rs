//! Installs what is missing, and does nothing where nothing is.

mod apt;
mod needs;
mod onnxruntime;
mod python;
mod wheel;

use anyhow::{Result, bail};
use needs::Need;

pub use needs::Purpose;
pub use onnxruntime::files as onnxruntime;
pub use python::with_pip as python;
pub use wheel::brings as onnxruntime_brings;

/// Brings this machine to where the plugin and the program can serve a purpose.
pub fn run(purpose: Purpose) -> Result<()> {
    provide(&needs::missing(purpose))?;
    onnxruntime::install()
}

/// The name of a Python that can make environments; installs it where there is none.
pub fn python_with_venv() -> Result<&'static str> {
    provide(&needs::missing_for_environments())?;
    python::with_venv()
}

/// Sees to what is missing.
fn provide(missing: &[&Need]) -> Result<()> {
    match missing {
        [] => Ok(()),
        _ if apt::is_here() => apt::install(missing),
        _ => ask_for(missing),
    }
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
