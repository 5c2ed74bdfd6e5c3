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
    /// Its package in Debian and Ubuntu; several are separated by spaces.
    pub debian: &'static str,
    /// How it is installed elsewhere: the system (as in `std::env::consts::OS`), and the command there.
    pub elsewhere: &'static [(&'static str, &'static str)],
    /// Whether nothing works without it.
    pub vital: bool,
    /// How to tell that it is there, however it was installed.
    probe: Probe,
}

/// What set-up is for. Each purpose needs what the ones before it need.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Purpose {
    /// To build the plugin and the program, as for a bundle.
    Build,
    /// To run the program.
    Run,
    /// To run the tests, windows included.
    Test,
}

enum Probe {
    /// This finds it.
    Search(fn() -> bool),
    /// These programs start and succeed with this argument.
    Programs(&'static [&'static str], &'static str),
    /// Shared libraries whose names start so all lie where systems keep them.
    Libraries(&'static [&'static str]),
    /// A file whose name starts so and ends so lies in one of these folders.
    File { starts: &'static str, ends: &'static str, folders: &'static [&'static str] },
}

/// Where systems keep their shared libraries.
const LIBRARY_FOLDERS: &[&str] =
    &["/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];

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

const PKG_CONFIG: Need = Need {
    name: "pkg-config",
    why: "tells the build where ALSA is",
    debian: "pkg-config",
    elsewhere: &[("linux", "dnf install pkgconf-pkg-config"), ("linux", "pacman -S pkgconf")],
    vital: true,
    probe: Probe::Programs(&["pkg-config"], "--version"),
};

const ALSA: Need = Need {
    name: "ALSA headers",
    why: "sound in and out of the stand-alone program",
    debian: "libasound2-dev",
    elsewhere: &[("linux", "dnf install alsa-lib-devel"), ("linux", "pacman -S alsa-lib")],
    vital: true,
    probe: Probe::Search(|| process::succeeds("pkg-config", &["--exists", "alsa"])),
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
    probe: Probe::Libraries(&["libvulkan.so.1"]),
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

const XVFB: Need = Need {
    name: "Xvfb",
    why: "a screen of the tests' own, to open windows on",
    debian: "xvfb",
    elsewhere: &[("linux", "dnf install xorg-x11-server-Xvfb"), ("linux", "pacman -S xorg-server-xvfb")],
    vital: false,
    probe: Probe::Programs(&["Xvfb"], "-help"),
};

const X11: Need = Need {
    name: "X11 libraries",
    why: "what a window loads while it opens: every desktop has them, a machine that only tests may not",
    debian: "libx11-xcb1 libxcursor1 libxi6 libxinerama1 libxkbcommon-x11-0 libxrandr2",
    elsewhere: &[
        ("linux", "dnf install libX11-xcb libXcursor libXi libXinerama libxkbcommon-x11 libXrandr"),
        ("linux", "pacman -S libx11 libxcursor libxi libxinerama libxkbcommon-x11 libxrandr"),
    ],
    vital: false,
    probe: Probe::Libraries(&[
        "libX11-xcb.so.1",
        "libXcursor.so.1",
        "libXi.so.6",
        "libXinerama.so.1",
        "libxkbcommon-x11.so.0",
        "libXrandr.so.2",
    ]),
};

const PYTHON_WITH_VENV: Need = Need {
    name: "Python with venv",
    why: "makes the packs, and is a VST3 host in the tests, in environments of its own",
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

/// What a kind of system has to provide, and for which purpose first. macOS draws with Metal and plays with Core
/// Audio, Windows has Direct3D and WASAPI: all are built in, and so are their windows.
fn all(os: &str) -> &'static [(Purpose, &'static [Need])] {
    match os {
        "linux" => &[
            (Purpose::Build, &[LINKER, PKG_CONFIG, ALSA]),
            (Purpose::Run, &[FFMPEG, VULKAN_LOADER, SOFTWARE_VULKAN]),
            (Purpose::Test, &[XVFB, X11]),
        ],
        "macos" => &[(Purpose::Build, &[LINKER]), (Purpose::Run, &[FFMPEG])],
        _ => &[(Purpose::Run, &[FFMPEG])],
    }
}

/// What a kind of system has to provide for a purpose.
pub fn needs_for(os: &str, purpose: Purpose) -> impl Iterator<Item = &'static Need> {
    all(os).iter().filter(move |(first, _)| *first <= purpose).flat_map(|(_, needs)| needs.iter())
}

/// What is not there of what a purpose needs.
pub fn missing(purpose: Purpose) -> Vec<&'static Need> {
    missing_of(needs_for(std::env::consts::OS, purpose), |need| need.probe.succeeds())
}

/// What is not there of what only Python environments need.
pub fn missing_for_environments() -> Vec<&'static Need> {
    missing_of([&PYTHON_WITH_VENV], |need| need.probe.succeeds())
}

fn missing_of<'a>(
    needs: impl IntoIterator<Item = &'a Need>,
    is_there: impl Fn(&Need) -> bool,
) -> Vec<&'a Need> {
    needs.into_iter().filter(|need| !is_there(need)).collect()
}

impl Probe {
    fn succeeds(&self) -> bool {
        match self {
            Probe::Search(search) => search(),
            Probe::Programs(programs, argument) => {
                programs.iter().all(|program| process::succeeds(program, &[argument]))
            }
            Probe::Libraries(names) => names
                .iter()
                .all(|name| LIBRARY_FOLDERS.iter().any(|folder| holds(Path::new(folder), name, ""))),
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
    fn tests_need_more_than_a_run_and_a_run_more_than_a_build() {
        let packages = |purpose| needs_for("linux", purpose).map(|need| need.debian).collect::<Vec<_>>();
        assert_eq!(packages(Purpose::Build), ["build-essential", "pkg-config", "libasound2-dev"]);
        assert!(packages(Purpose::Run).contains(&"ffmpeg") && !packages(Purpose::Run).contains(&"xvfb"));
        assert!(packages(Purpose::Test).contains(&"ffmpeg") && packages(Purpose::Test).contains(&"xvfb"));
        assert_eq!(needs_for("windows", Purpose::Build).count(), 0);
    }

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
