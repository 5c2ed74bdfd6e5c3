//! Debian's and Ubuntu's packages.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::needs::Need;
use crate::process;

/// Whether this system installs its packages with apt.
pub fn is_here() -> bool {
    cfg!(target_os = "linux")
        && Path::new("/etc/debian_version").is_file()
        && process::succeeds("apt-get", &["--version"])
}

/// Installs packages, saying before which. What apt says is shown where it fails.
pub fn install(missing: &[&Need]) -> Result<()> {
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.debian.split(' ')).collect();
    let rights = Rights::find(&packages)?;

    println!("{}", announcement(missing, &rights));
    let start = Instant::now();
    // Old lists may still do (or be another apt's, just now): the installation itself will tell.
    let updated = run(&rights.command(&["update"]));
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(&packages);
    let installed = run(&rights.command(&arguments));
    if let (true, Err(error)) = (installed.is_err(), updated) {
        println!("before that, the package lists could not be brought up to date: {error:#}");
    }
    installed.with_context(|| {
        format!(
            "the packages {} could not be installed: install them by hand and run again",
            packages.join(" ")
        )
    })?;
    println!("installed ({:.0} s)", start.elapsed().as_secs_f64());
    Ok(())
}

/// One line that says what comes onto this machine, and how.
fn announcement(missing: &[&Need], rights: &Rights) -> String {
    let names: Vec<&str> = missing.iter().map(|need| need.name).collect();
    let through = match rights {
        Rights::Root => "apt",
        Rights::Sudo => "sudo and apt",
    };
    format!("installing through {through} (a minute or so): {}", names.join(", "))
}

/// How this user may install packages.
#[derive(Debug, PartialEq)]
enum Rights {
    Root,
    Sudo,
}

impl Rights {
    fn find(packages: &[&str]) -> Result<Rights> {
        let is_root = process::output(Command::new("id").arg("-u"))?.trim() == "0";
        Rights::choose(is_root, process::succeeds("sudo", &["--version"]), packages)
    }

    fn choose(is_root: bool, has_sudo: bool, packages: &[&str]) -> Result<Rights> {
        match (is_root, has_sudo) {
            (true, _) => Ok(Rights::Root),
            (false, true) => Ok(Rights::Sudo),
            (false, false) => bail!(
                "this user may not install packages and there is no sudo: run `apt-get install {}` as root, then run again",
                packages.join(" ")
            ),
        }
    }

    /// The whole command line of one run of apt-get.
    fn command<'a>(&self, arguments: &[&'a str]) -> Vec<&'a str> {
        let mut line = match self {
            Rights::Root => vec![],
            // sudo asks on the terminal itself, so it works without our standard input.
            Rights::Sudo => vec!["sudo"],
        };
        // sudo drops most of the environment, so the variable is set behind it.
        line.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]);
        // Fresh machines often run an update of their own just after they start.
        line.extend(["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]);
        line.extend(arguments);
        line
    }
}

fn run(line: &[&str]) -> Result<()> {
    let (program, arguments) = line.split_first().context("an empty command line")?;
    process::run_quietly(Command::new(program).args(arguments))
}

#[cfg(test)]
mod tests {
    use super::super::needs::{Purpose, needs_for};
    use super::*;

    #[test]
    fn one_line_says_what_is_installed() {
        let missing: Vec<&Need> = needs_for("linux", Purpose::Run).collect();
        let line = announcement(&missing, &Rights::Sudo);
        assert_eq!(line.lines().count(), 1);
        assert!(line.contains("sudo and apt") && line.contains("ffmpeg, Vulkan loader"), "{line}");
    }

    #[test]
    fn root_needs_no_sudo() {
        let rights = Rights::choose(true, true, &[]).unwrap();
        let line = rights.command(&["install", "--yes", "ffmpeg"]).join(" ");
        assert!(line.starts_with("env DEBIAN_FRONTEND=noninteractive apt-get"), "{line}");
        assert!(line.ends_with("install --yes ffmpeg"), "{line}");
    }

    #[test]
    fn others_go_through_sudo() {
        let rights = Rights::choose(false, true, &[]).unwrap();
        assert_eq!(rights.command(&["update"])[..2], ["sudo", "env"]);
    }

    #[test]
    fn without_sudo_the_error_says_what_to_run_as_root() {
        let error = Rights::choose(false, false, &["ffmpeg", "libvulkan1"]).unwrap_err().to_string();
        assert!(error.contains("`apt-get install ffmpeg libvulkan1` as root"), "{error}");
    }
}
