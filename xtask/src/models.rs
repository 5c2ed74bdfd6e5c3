//! `cargo xtask models`: the Python that makes the packs, in an environment of its own.

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::environment::Environment;
use crate::process;

/// What the command says about its arguments.
pub const HELP: &str = "\
Works in an environment of its own, models/.venv:

  setup               make models/.venv and install models/requirements.txt into it, where that is not done
  test [ARGUMENTS]    the same, then run the tests of models/; pytest takes the arguments (its help: test -- --help)
";

pub fn run(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        bail!("`cargo xtask models` needs to be told what to do:\n\n{HELP}");
    };
    match (command.as_str(), rest) {
        ("setup", []) => set_up().map(|environment| println!("{} is ready", environment.folder().display())),
        ("setup", [extra, ..]) => bail!("`cargo xtask models setup` takes no arguments, found `{extra}`"),
        ("test", _) => test(rest),
        (unknown, _) => bail!("no command `models {unknown}`\n\n{HELP}"),
    }
}

fn test(arguments: &[String]) -> Result<()> {
    let environment = set_up()?;
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
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
    let environment = Environment::at(models.join(".venv"));
    let note = "installing models/requirements.txt: PyTorch is large, 6 GB and some minutes the first time";
    environment.provide(&models.join("requirements.txt"), note)?;
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_does_not_know_it_names() {
        let error = |line: &[&str]| {
            run(&line.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).unwrap_err().to_string()
        };
        assert!(error(&["tset"]).starts_with("no command `models tset`\n\nWorks in"));
        assert!(error(&[]).contains("needs to be told"));
        assert!(error(&["setup", "now"]).contains("takes no arguments, found `now`"));
    }
}
