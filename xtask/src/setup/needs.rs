//! What the project needs from the system, and whether it is there.

use std::path::Path;

use super::python;
use crate::process;

/// One thing that comes from the system's packages.
pub struct Need {
    /// What it is.
    pub name: &'static str,
    /// What we want it for.
    pub why: &'static str,
    /// Its package in Debian and Ubuntu.
    pub debian: &'static str,
    /// How it is installed elsewhere: the system (as in `std::env::consts::OS`), and the command there.
    pub elsewhere: &'static [(&'static str, &'static str)],
    /// Whether nothing works without it.
    pub vital: bool,
    /// How to tell that it is there, however it was installed.
    probe: Probe,
}

enum Probe {
    /// This finds it.
    Search(fn() -> bool),
    /// These programs start and succeed with this argument.
    Programs(&'static [&'static str], &'static str),
    /// A file whose name starts so and ends so lies in one of these folders.
    File { starts: &'static str, ends: &'static str, folders: &'static [&'static str] },
}

const LINKER: Need = Need {
    name: "C compiler",
    why: "links Rust programs",
    debian: "build-essential",
    elsewhere: &[
        ("linux", "dnf install gcc"),
        ("linux", "pacman -S base-devel"),
        ("macos", "xcode-select --install"),
    ],
    vital: true,
    probe: Probe::Programs(&["cc"], "--version"),
};

const FFMPEG: Need = Need {
    name: "ffmpeg",
    why: "writes the videos",
    debian: "ffmpeg",
    elsewhere: &[
        ("linux", "dnf install ffmpeg (from RPM Fusion: Fedora's own writes no H.264)"),
        ("linux", "pacman -S ffmpeg"),
        ("macos", "brew install ffmpeg"),
        ("windows", "winget install Gyan.FFmpeg"),
    ],
    vital: true,
    probe: Probe::Programs(&["ffmpeg", "ffprobe"], "-version"),
};

const VULKAN_LOADER: Need = Need {
    name: "Vulkan loader",
    why: "connects the program to the graphics driver",
    debian: "libvulkan1",
    elsewhere: &[("linux", "dnf install vulkan-loader"), ("linux", "pacman -S vulkan-icd-loader")],
    vital: false,
    probe: Probe::File {
        starts: "libvulkan.so.1",
        ends: "",
        folders: &[
            "/usr/lib",
            "/usr/lib64",
            "/usr/local/lib",
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
        ],
    },
};

const SOFTWARE_VULKAN: Need = Need {
    name: "Mesa's Vulkan",
    why: "draws without a graphics card, and the tests' reference pictures are made with it",
    debian: "mesa-vulkan-drivers",
    elsewhere: &[("linux", "dnf install mesa-vulkan-drivers"), ("linux", "pacman -S vulkan-swrast")],
    vital: false,
    probe: Probe::File {
        starts: "lvp_icd",
        ends: ".json",
        folders: &["/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d", "/etc/vulkan/icd.d"],
    },
};

const PYTHON_WITH_VENV: Need = Need {
    name: "Python with venv",
    why: "makes the packs and tests that, in an environment of its own",
    debian: "python3-venv",
    elsewhere: &[
        ("linux", "dnf install python3"),
        ("linux", "pacman -S python"),
        ("macos", "brew install python"),
        ("windows", "winget install Python.Python.3.12"),
    ],
    vital: true,
    probe: Probe::Search(|| python::with_venv().is_ok()),
};

/// What this kind of system has to provide. macOS draws with Metal and Windows with Direct3D: both are built in.
fn all() -> &'static [Need] {
    match std::env::consts::OS {
        "linux" => &[LINKER, FFMPEG, VULKAN_LOADER, SOFTWARE_VULKAN],
        "macos" => &[LINKER, FFMPEG],
        _ => &[FFMPEG],
    }
}

/// What is not there.
pub fn missing() -> Vec<&'static Need> {
    missing_of(all(), |need| need.probe.succeeds())
}

/// What is not there of what only `models/` needs.
pub fn missing_for_models() -> Vec<&'static Need> {
    missing_of(&[PYTHON_WITH_VENV], |need| need.probe.succeeds())
}

fn missing_of(needs: &[Need], is_there: impl Fn(&Need) -> bool) -> Vec<&Need> {
    needs.iter().filter(|need| !is_there(need)).collect()
}

impl Probe {
    fn succeeds(&self) -> bool {
        match self {
            Probe::Search(search) => search(),
            Probe::Programs(programs, argument) => {
                programs.iter().all(|program| process::succeeds(program, &[argument]))
            }
            Probe::File { starts, ends, folders } => {
                folders.iter().any(|folder| holds(Path::new(folder), starts, ends))
            }
        }
    }
}

fn holds(folder: &Path, starts: &str, ends: &str) -> bool {
    // A folder that is not there or not ours to read holds nothing for us.
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(starts) && name.ends_with(ends)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_missing() {
        let needs = [LINKER, FFMPEG, VULKAN_LOADER, SOFTWARE_VULKAN];
        let missing = missing_of(&needs, |need| need.name == "C compiler" || need.name == "Vulkan loader");
        let packages: Vec<&str> = missing.iter().map(|need| need.debian).collect();
        assert_eq!(packages, ["ffmpeg", "mesa-vulkan-drivers"]);
        assert!(missing_of(&needs, |_| true).is_empty());
    }

    #[test]
    fn a_driver_is_found_by_its_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("intel_icd.x86_64.json"), b"{}").unwrap();
        assert!(!holds(folder.path(), "lvp_icd", ".json"));
        std::fs::write(folder.path().join("lvp_icd.x86_64.json"), b"{}").unwrap();
        assert!(holds(folder.path(), "lvp_icd", ".json"));
        assert!(!holds(&folder.path().join("nowhere"), "lvp_icd", ".json"));
    }

    #[test]
    fn one_missing_program_of_two_is_missing() {
        assert!(Probe::Programs(&["rustc"], "--version").succeeds());
        assert!(!Probe::Programs(&["rustc", "no-such-program-anywhere"], "--version").succeeds());
    }
}
