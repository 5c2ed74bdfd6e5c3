//! `cargo xtask models`: the Python that makes the packs, in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{digest, process, setup};

pub const USAGE: &str = "\
Usage: cargo xtask models COMMAND

  setup               make models/.venv and install models/requirements.txt into it, where that is not done
  test [ARGUMENTS]    the same, then run the tests of models/; pytest takes the arguments
";

pub fn run(arguments: &[String]) -> Result<()> {
    let (command, rest) = match arguments {
        [] => ("help", &[] as &[String]),
        [command, rest @ ..] => (command.as_str(), rest),
    };
    match (command, rest) {
        ("setup", []) => set_up().map(|environment| println!("{} is ready", environment.folder.display())),
        ("setup", [extra, ..]) => bail!("`cargo xtask models setup` takes no arguments, found `{extra}`"),
        ("test", _) => test(rest),
        ("help" | "-h" | "--help", _) => {
            print!("{USAGE}");
            Ok(())
        }
        (unknown, _) => bail!("no command `models {unknown}`\n\n{USAGE}"),
    }
}

fn test(arguments: &[String]) -> Result<()> {
    let environment = set_up()?;
    let start = Instant::now();
    let mut pytest = Command::new(environment.python());
    pytest.args(["-m", "pytest", "models/tests", "-q"]).args(arguments).current_dir(process::root()?);
    process::run(&mut pytest)?;
    println!("the tests of models/ passed ({:.0} s)", start.elapsed().as_secs_f64());
    Ok(())
}

/// The environment, with all that the requirements list.
fn set_up() -> Result<Environment> {
    let models = process::root()?.join("models");
    let requirements = models.join("requirements.txt");
    let listed =
        fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let environment = Environment { folder: models.join(".venv") };

    // One whose Python was replaced by another has no pip any more.
    let works = environment.python().is_file()
        && process::succeeds(&environment.python().to_string_lossy(), &["-c", "import pip"]);
    if works && environment.has(&listed) {
        return Ok(environment);
    }
    if !works {
        environment.make()?;
    }
    environment.install(&requirements, &listed)?;
    Ok(environment)
}

/// A virtual environment, stamped with the requirements that were installed into it.
struct Environment {
    folder: PathBuf,
}

impl Environment {
    fn python(&self) -> PathBuf {
        let name = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        self.folder.join(name)
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("requirements.sha256")
    }

    /// Whether just these requirements are installed.
    fn has(&self, listed: &[u8]) -> bool {
        fs::read_to_string(self.stamp()).is_ok_and(|stamp| stamp == digest::sha256(listed))
    }

    fn make(&self) -> Result<()> {
        let python = setup::python_for_models()?;
        println!("making {}", self.folder.display());
        process::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&self.folder))
    }

    /// What pip has fetched before, for whichever environment, it takes from its own cache.
    fn install(&self, requirements: &Path, listed: &[u8]) -> Result<()> {
        println!(
            "installing models/requirements.txt: PyTorch is large, 6 GB and some minutes the first time"
        );
        let start = Instant::now();
        process::run(
            Command::new(self.python())
                .args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--requirement"])
                .arg(requirements),
        )
        .context(
            "check the network and the space on the disk, then run again: it goes on from where it was",
        )?;
        // Last, so that a stamp means that all of it is there.
        fs::write(self.stamp(), digest::sha256(listed))
            .with_context(|| format!("cannot write {}", self.stamp().display()))?;
        println!("installed ({:.0} s)", start.elapsed().as_secs_f64());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_requirements_are_installed_anew() {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment { folder: folder.path().to_owned() };
        assert!(!environment.has(b"torch==1"));
        fs::write(environment.stamp(), digest::sha256(b"torch==1")).unwrap();
        assert!(environment.has(b"torch==1"));
        assert!(!environment.has(b"torch==2"));
    }

    #[test]
    fn what_it_does_not_know_it_names() {
        let error = |line: &[&str]| {
            run(&line.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap_err().to_string()
        };
        assert!(error(&["tset"]).starts_with("no command `models tset`\n\nUsage: cargo xtask models"));
        assert!(error(&["setup", "now"]).contains("takes no arguments, found `now`"));
    }
}
