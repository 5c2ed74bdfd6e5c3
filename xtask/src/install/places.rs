//! Where a user's own plugins lie, by system. No administrator's rights are needed for any of these.
//!
//! From CLAP's `entry.h` and from "Plug-in Locations" in the VST3 documentation.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folders that hosts look into.
#[derive(Debug, PartialEq)]
pub struct Places {
    pub clap: PathBuf,
    pub vst3: PathBuf,
}

impl Places {
    /// Both formats' folders under one.
    pub fn under(folder: &Path) -> Places {
        Places { clap: folder.join("CLAP"), vst3: folder.join("VST3") }
    }

    /// This user's, told by the environment.
    pub fn of_user(os: &str, variable: impl Fn(&str) -> Option<OsString>) -> Result<Places> {
        let folder = |name: &str| {
            let value = variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
            value.with_context(|| {
                format!(
                    "{name} does not say where this user's folder is: say where to install with `--to FOLDER`"
                )
            })
        };
        Ok(match os {
            "windows" => Places::under(&folder("LOCALAPPDATA")?.join("Programs").join("Common")),
            "macos" => Places::under(&folder("HOME")?.join("Library/Audio/Plug-Ins")),
            _ => {
                let home = folder("HOME")?;
                Places { clap: home.join(".clap"), vst3: home.join(".vst3") }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An absolute path on the system that runs the tests.
    const HOME: &str = if cfg!(windows) { r"C:\me" } else { "/me" };

    fn of_user(os: &str) -> Places {
        Places::of_user(os, |_| Some(OsString::from(HOME))).unwrap()
    }

    #[test]
    fn each_system_has_its_folders() {
        let home = Path::new(HOME);
        assert_eq!(of_user("linux"), Places { clap: home.join(".clap"), vst3: home.join(".vst3") });
        assert_eq!(of_user("macos"), Places::under(&home.join("Library/Audio/Plug-Ins")));
        assert_eq!(of_user("windows"), Places::under(&home.join("Programs").join("Common")));
    }

    #[test]
    fn without_a_home_the_error_says_what_to_do() {
        for value in [None, Some(OsString::from("relative"))] {
            let error = Places::of_user("linux", |_| value.clone()).unwrap_err().to_string();
            assert!(error.starts_with("HOME") && error.contains("`--to FOLDER`"), "{error}");
        }
    }
}
