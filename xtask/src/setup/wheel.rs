//! The wheel that ONNX Runtime comes in: pinned, fetched once a user, and checked before each use.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::python;
use crate::{digest, process};

/// The release that every platform uses.
pub const VERSION: &str = "1.31.1";

/// One platform's wheel on PyPI.
///
/// The native library in it does not depend on the Python version, so one Python's wheel is pinned for all.
#[derive(Debug)]
pub struct Wheel {
    /// `std::env::consts::OS` and `ARCH`.
    platform: (&'static str, &'static str),
    /// The platform's name in the file name, as pip wants it.
    tag: &'static str,
    /// SHA-256 of the whole file, in hexadecimal.
    pub sha256: &'static str,
    /// The native libraries inside, the runtime itself first.
    pub libraries: &'static [&'static str],
}

const WHEELS: [Wheel; 5] = [
    Wheel {
        platform: ("linux", "x86_64"),
        tag: "manylinux_2_28_x86_64",
        sha256: "1f3dea47f2f0e5117c2404cea7d21fd253ae7836a3bf167a501cdfbb2600d536",
        libraries: &["libonnxruntime.so.1.31.1", "libonnxruntime_providers_shared.so"],
    },
    Wheel {
        platform: ("linux", "aarch64"),
        tag: "manylinux_2_28_aarch64",
        sha256: "0b9a492176886992e0e875f06bc0367e333f5fff11711a2d642e18b02f3009cc",
        libraries: &["libonnxruntime.so.1.31.1", "libonnxruntime_providers_shared.so"],
    },
    Wheel {
        platform: ("macos", "aarch64"),
        tag: "macosx_14_0_arm64",
        sha256: "96dd2564b10ea7153ad9c207e7cd8e5917cb3ba521e0e0a62ac03486fdc8d56c",
        libraries: &["libonnxruntime.1.31.1.dylib"],
    },
    Wheel {
        platform: ("windows", "x86_64"),
        tag: "win_amd64",
        sha256: "ae8a9a351efda685cc59a66226cdefaa37a126c1d66872ca23a2de9425326130",
        libraries: &["onnxruntime.dll", "onnxruntime_providers_shared.dll"],
    },
    Wheel {
        platform: ("windows", "aarch64"),
        tag: "win_arm64",
        sha256: "fe8b9ac1ae8e894e12c47ee82e4f6dfc1835768133687257866469fda80d0bf1",
        libraries: &["onnxruntime.dll", "onnxruntime_providers_shared.dll"],
    },
];

impl Wheel {
    /// The wheel for a platform, named as in `std::env::consts`; none where this release has none.
    pub fn of(os: &str, arch: &str) -> Option<&'static Wheel> {
        WHEELS.iter().find(|wheel| wheel.platform == (os, arch))
    }

    fn file_name(&self) -> String {
        format!("onnxruntime-{VERSION}-cp312-cp312-{}.whl", self.tag)
    }

    /// The wheel's file, from the user's cache or else from PyPI. What it returns was checked just now.
    pub fn fetch(&self) -> Result<PathBuf> {
        let cache = cache_folder(std::env::consts::OS, |name| std::env::var_os(name))
            .unwrap_or(process::root()?.join("target/cache"));
        let file = cache.join(self.file_name());
        if !file.is_file() {
            self.download(&cache)?;
        }
        check(&file, self.sha256)?;
        Ok(file)
    }

    fn download(&self, cache: &Path) -> Result<()> {
        let python = python::with_pip()?;
        println!("fetching ONNX Runtime {VERSION} from PyPI into {}", cache.display());
        // A folder of our own, and a rename at the end: a download that is broken off leaves nothing behind that
        // looks like a wheel.
        let part = cache.join(format!("part-{}", std::process::id()));
        fs::create_dir_all(&part)
            .with_context(|| format!("cannot make the folder {}: check its rights", part.display()))?;
        let outcome = self.download_into(python, &part).and_then(|()| {
            let (from, to) = (part.join(self.file_name()), cache.join(self.file_name()));
            fs::rename(&from, &to).with_context(|| format!("pip made no {}", from.display()))
        });
        fs::remove_dir_all(&part).with_context(|| format!("cannot remove {}", part.display()))?;
        outcome.with_context(|| {
            format!(
                "ONNX Runtime could not be fetched: check the network and run again, or put {} from \
                 pypi.org/project/onnxruntime/{VERSION} into {}",
                self.file_name(),
                cache.display()
            )
        })
    }

    fn download_into(&self, python: &str, folder: &Path) -> Result<()> {
        // pip takes hashes from a requirements file only.
        let requirements = folder.join("requirements.txt");
        fs::write(&requirements, format!("onnxruntime=={VERSION} --hash=sha256:{}\n", self.sha256))
            .with_context(|| format!("cannot write {}", requirements.display()))?;
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"])
            .args(["--no-cache-dir", "--disable-pip-version-check", "--no-input"])
            .args([
                "--platform",
                self.tag,
                "--implementation",
                "cp",
                "--python-version",
                "3.12",
                "--abi",
                "cp312",
            ])
            .arg("--dest")
            .arg(folder)
            .arg("--requirement")
            .arg(&requirements)
            .stdin(Stdio::null());
        process::run(&mut pip)
    }
}

/// Where a user's programs keep what can be fetched again; none where no variable tells.
fn cache_folder(os: &str, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // The XDG rules: a relative path is as good as none.
    let path = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = match os {
        "windows" => path("LOCALAPPDATA"),
        "macos" => path("HOME").map(|home| home.join("Library/Caches")),
        _ => path("XDG_CACHE_HOME").or_else(|| path("HOME").map(|home| home.join(".cache"))),
    };
    caches.map(|folder| folder.join("klangbild"))
}

/// Checks a file's SHA-256. A wrong file is moved aside, so that the next run fetches it afresh.
fn check(file: &Path, expected: &str) -> Result<()> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let found = digest::sha256(&bytes);
    if found == expected {
        return Ok(());
    }
    let mut aside = file.as_os_str().to_owned();
    aside.push(".wrong");
    fs::rename(file, &aside)
        .with_context(|| format!("{} has a wrong SHA-256: remove it and run again", file.display()))?;
    bail!(
        "{} has a wrong SHA-256: expected {expected}, found {found}; it was renamed to end in .wrong: \
         run again to fetch it afresh",
        file.display()
    );
}

#[cfg(test)]
mod tests;
