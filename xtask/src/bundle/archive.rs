//! A bundle as one zip file with its SHA-256 beside it. The same files give the same bytes, whenever they are packed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::layout::Layout;
use crate::{digest, disk, process, setup};

/// Packs the named files of a folder into a zip file, under a top folder. Python does it, which set-up needs anyway,
/// because Rust's zip crate would take longer to build than everything else in xtask together.
///
/// Each file gets the first time that a zip file can tell, and rights that do not depend on who packs.
const PACK: &str = "\
import os, sys, zipfile
target, folder, top, *files = sys.argv[1:]
with zipfile.ZipFile(target, 'w') as archive:
    for file in files:
        path = os.path.join(folder, file)
        member = zipfile.ZipInfo(top + '/' + file, (1980, 1, 1, 0, 0, 0))
        member.create_system = 3  # Unix, whose rights follow
        member.external_attr = (0o100755 if os.stat(path).st_mode & 0o100 else 0o100644) << 16
        member.compress_type = zipfile.ZIP_DEFLATED
        with open(path, 'rb') as source:
            archive.writestr(member, source.read(), compresslevel=9)
";

/// Packs a bundle into `NAME.zip`, under one folder of that name. Returns its path.
pub fn write(folder: &Path, layout: &Layout, name: &str) -> Result<PathBuf> {
    println!("packing {name}.zip");
    let zip = folder.join(format!("{name}.zip"));
    pack(&zip, folder, &members(folder, layout)?, name)?;
    let bytes = fs::read(&zip).with_context(|| format!("cannot read {}", zip.display()))?;
    disk::write(&folder.join(format!("{name}.zip.sha256")), sum_line(&bytes, name).as_bytes())?;
    Ok(zip)
}

/// All files of a bundle, in order, but for earlier archives. Signing adds files, so the layout alone does not tell.
fn members(folder: &Path, layout: &Layout) -> Result<Vec<PathBuf>> {
    let tops: Vec<&str> = layout.files.iter().filter_map(|file| file.to.split('/').next()).collect();
    let belongs = |file: &PathBuf| tops.iter().any(|top| file.starts_with(top));
    Ok(disk::files(folder)?.into_iter().filter(belongs).collect())
}

fn pack(zip: &Path, folder: &Path, files: &[PathBuf], name: &str) -> Result<()> {
    let with_slashes = files.iter().map(|file| {
        let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    });
    process::run(
        Command::new(setup::python()?)
            .args(["-c", PACK])
            .args([zip, folder])
            .arg(name)
            .args(with_slashes)
            .stdin(Stdio::null()),
    )
    .with_context(|| format!("cannot pack {}", zip.display()))
}

/// What `sha256sum` writes, so that `sha256sum --check` reads it.
fn sum_line(bytes: &[u8], name: &str) -> String {
    format!("{}  {name}.zip\n", digest::sha256(bytes))
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::{Duration, SystemTime};

    use zip::ZipArchive;

    use super::*;

    /// All files of a folder, packed.
    fn packed(folder: &Path) -> Vec<u8> {
        let elsewhere = tempfile::tempdir().unwrap();
        let zip = elsewhere.path().join("K.zip");
        pack(&zip, folder, &disk::files(folder).unwrap(), "K").unwrap();
        fs::read(&zip).unwrap()
    }

    #[test]
    fn the_same_files_give_the_same_archive_later_and_elsewhere() {
        let archive = |order: [&str; 2], age_s: u64| {
            let folder = tempfile::tempdir().unwrap();
            for name in order {
                let file = folder.path().join(name);
                disk::write(&file, name.as_bytes()).unwrap();
                let time = SystemTime::now() - Duration::from_secs(age_s);
                fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
            }
            packed(folder.path())
        };
        let bytes = archive(["clap/a", "INSTALL.txt"], 0);
        assert_eq!(bytes, archive(["INSTALL.txt", "clap/a"], 100_000));

        let mut zip = ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["K/INSTALL.txt", "K/clap/a"]);
        let mut text = String::new();
        zip.by_name("K/clap/a").unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "clap/a");
    }

    #[test]
    #[cfg(unix)]
    fn a_program_stays_a_program_and_rights_are_made_alike() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let modes = |program: u32, text: u32| {
            for (name, mode) in [("program", program), ("text", text)] {
                let file = folder.path().join(name);
                disk::write(&file, b"x").unwrap();
                fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            }
            let mut zip = ZipArchive::new(std::io::Cursor::new(packed(folder.path()))).unwrap();
            ["K/program", "K/text"].map(|name| zip.by_name(name).unwrap().unix_mode().unwrap() & 0o777)
        };
        assert_eq!(modes(0o700, 0o600), [0o755, 0o644]);
        assert_eq!(modes(0o775, 0o664), [0o755, 0o644]);
    }

    #[test]
    fn the_sum_is_written_as_sha256sum_does() {
        // From `printf '' | sha256sum`, the dash for standard input replaced by a file's name.
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  K.zip\n";
        assert_eq!(sum_line(b"", "K"), expected);
    }
}
