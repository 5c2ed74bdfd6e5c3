//! Where things lie, and how other programs are run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The profile that demo, tests and benchmarks are built in: fast to run and quick to build.
pub const PROFILE: &str = "fast";

/// The repository's root.
pub fn root() -> Result<PathBuf> {
    // Cargo sets the variable for `cargo run`; the compiled-in value serves a binary that is started by hand.
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| OsString::from(env!("CARGO_MANIFEST_DIR")));
    Path::new(&package).parent().map(Path::to_path_buf).context("xtask lies in no repository")
}

/// The folder that `cargo build --profile PROFILE` builds into.
///
/// Taken from where this very program was built, so that it holds for any target directory, however it is set.
pub fn build_folder(profile: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().context("cannot tell where xtask runs from")?;
    let target = this.parent().and_then(Path::parent).context("xtask runs outside a target directory")?;
    Ok(target.join(profile_folder(profile)))
}

/// Cargo names a profile's folder after it, but for the four that it brings itself.
fn profile_folder(profile: &str) -> &str {
    match profile {
        "dev" | "test" => "debug",
        "bench" => "release",
        named => named,
    }
}

/// The same cargo that started us, in the repository's root, with the locked versions.
pub fn cargo(subcommand: &str) -> Result<Command> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.arg(subcommand).current_dir(root()?);
    Ok(command)
}

/// Runs a command to its end, its output shown. An error names the program and how it ended.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status}); its own message stands above", shown(command));
    }
    Ok(())
}

/// Runs a command to its end without a word; where it fails, the error holds all that it wrote.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let wrote = [output.stdout, output.stderr].concat();
        let wrote = String::from_utf8_lossy(&wrote);
        bail!("{} failed ({}) and wrote:\n{}", shown(command), output.status, wrote.trim_end());
    }
    Ok(())
}

/// Runs a command to its end and returns what it wrote to its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed ({}); its own message stands above", shown(command), output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{} wrote something else than text", shown(command)))
}

/// Whether a command can be started and succeeds; it shows nothing.
pub fn succeeds(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The program and its first two arguments: enough to recognise a command by.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let mut text = format!("`{}", program.to_string_lossy());
    for argument in command.get_args().take(2) {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text.push('`');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_program_and_its_status() {
        let error = run(Command::new("rustc").arg("--no-such-option").stderr(Stdio::null())).unwrap_err();
        assert!(error.to_string().starts_with("`rustc --no-such-option` failed (exit"), "{error}");
    }

    #[test]
    fn a_quiet_command_is_heard_when_it_fails() {
        let error = run_quietly(Command::new("rustc").arg("--no-such-option")).unwrap_err().to_string();
        assert!(error.starts_with("`rustc --no-such-option` failed (exit"), "{error}");
        assert!(error.contains("Unrecognized option: 'no-such-option'"), "{error}");
        run_quietly(Command::new("rustc").arg("--version")).unwrap();
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = run(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(error.to_string().contains("cannot start `no-such-program-anywhere`"), "{error}");
        assert!(!succeeds("no-such-program-anywhere", &[]));
    }
}
