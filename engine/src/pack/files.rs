//! The files of a pack: compiled in, in a folder, or in a .zip. Nothing outside of it is ever opened.

mod archive;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use zip::result::ZipError;

use self::archive::{check_archive, corrupt, open_archive};
use super::built_in::BuiltIn;
use super::error::PackError;

/// The files of one pack.
#[derive(Clone, Debug)]
pub enum PackFiles {
    /// Compiled into the program.
    BuiltIn(&'static BuiltIn),
    /// A folder.
    Folder(PathBuf),
    /// A .zip, checked as a whole when it was opened.
    Zip {
        /// The archive.
        path: PathBuf,
        /// The folder inside it that holds `pack.toml`, with its slash; often empty.
        prefix: String,
    },
}

impl PackFiles {
    /// Opens a folder or a .zip.
    ///
    /// # Errors
    /// A path that is neither, or an archive that breaks a bound: every entry is looked at before one is unpacked.
    pub fn open(path: &Path) -> Result<Self, PackError> {
        if path.is_dir() {
            return Ok(Self::Folder(path.to_path_buf()));
        }
        let prefix = check_archive(path)?;
        Ok(Self::Zip { path: path.to_path_buf(), prefix })
    }

    /// How messages name `file`.
    pub fn display(&self, file: &str) -> String {
        match self {
            Self::BuiltIn(pack) => format!("(built in) {}/{file}", pack.name),
            Self::Folder(folder) => folder.join(file).display().to_string(),
            Self::Zip { path, prefix } => format!("{}/{prefix}{file}", path.display()),
        }
    }

    /// Reads `file`, of at most `limit` bytes.
    ///
    /// # Errors
    /// Names that leave the pack, links that do, files that are missing, too large or no plain files.
    pub fn read(&self, file: &str, limit: u64) -> Result<Vec<u8>, PackError> {
        check_name(&self.display(file), file)?;
        match self {
            Self::BuiltIn(pack) => {
                let found = pack.files.iter().find(|(name, _)| *name == file);
                found.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| self.missing(file))
            }
            Self::Folder(folder) => self.read_from_folder(folder, file, limit),
            Self::Zip { path, prefix } => self.read_from_zip(path, &format!("{prefix}{file}"), file, limit),
        }
    }

    /// Looks whether `file` is there and of at most `limit` bytes, without reading it.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn look_at(&self, file: &str, limit: u64) -> Result<(), PackError> {
        let shown = self.display(file);
        check_name(&shown, file)?;
        let size = match self {
            Self::BuiltIn(pack) => {
                let found = pack.files.iter().find(|(name, _)| *name == file);
                found.map(|(_, bytes)| bytes.len() as u64).ok_or_else(|| self.missing(file))?
            }
            Self::Folder(folder) => self.find_in_folder(folder, file)?.1,
            Self::Zip { path, prefix } => match open_archive(path)?.by_name(&format!("{prefix}{file}")) {
                Ok(entry) => entry.size(),
                Err(ZipError::FileNotFound) => return Err(self.missing(file)),
                Err(error) => return Err(corrupt(&shown, error)),
            },
        };
        check_size(&shown, size, limit)
    }

    fn missing(&self, file: &str) -> PackError {
        let cure = if file == "pack.toml" {
            "a pack needs one: `klangbild pack new ENCODER.onnx GENERATOR.onnx -o DIR` writes it".to_owned()
        } else {
            format!("put {file:?} there or correct its name in pack.toml")
        };
        PackError::Missing { file: self.display(file), cure }
    }

    fn read_from_folder(&self, folder: &Path, file: &str, limit: u64) -> Result<Vec<u8>, PackError> {
        let shown = self.display(file);
        let io = |action| {
            let file = shown.clone();
            move |source| PackError::Io { file, action, source }
        };
        let (path, size) = self.find_in_folder(folder, file)?;
        let mut opened = File::open(&path).map_err(io("opening it"))?;
        read_bounded(&mut opened, &shown, size, limit)
    }

    /// Where a file of the folder really is, and its size.
    fn find_in_folder(&self, folder: &Path, file: &str) -> Result<(PathBuf, u64), PackError> {
        let shown = self.display(file);
        let io = |action| {
            let file = shown.clone();
            move |source| PackError::Io { file, action, source }
        };
        let root = folder.canonicalize().map_err(io("opening the pack's folder"))?;
        let path = match root.join(file).canonicalize() {
            Ok(path) => path,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(self.missing(file)),
            Err(error) => return Err(io("opening it")(error)),
        };
        if !path.starts_with(&root) {
            return Err(PackError::Refused {
                file: shown,
                found: "a link that leaves the pack's folder".to_owned(),
                cure: "copy the file itself into the folder".to_owned(),
            });
        }
        let metadata = fs::metadata(&path).map_err(io("opening it"))?;
        if !metadata.is_file() {
            return Err(PackError::Refused {
                file: shown,
                found: "something that is not a plain file".to_owned(),
                cure: "a pack holds plain files only".to_owned(),
            });
        }
        Ok((path, metadata.len()))
    }

    fn read_from_zip(&self, path: &Path, entry: &str, file: &str, limit: u64) -> Result<Vec<u8>, PackError> {
        let mut archive = open_archive(path)?;
        let shown = self.display(file);
        let mut entry = match archive.by_name(entry) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Err(self.missing(file)),
            Err(error) => return Err(corrupt(&shown, error)),
        };
        let size = entry.size();
        read_bounded(&mut entry, &shown, size, limit)
    }
}

/// Memory that is taken for a file before any of it is read.
const FIRST_BYTES: u64 = 1 << 20;

/// Reads the `declared` bytes if they are within `limit`, and never more than that.
fn read_bounded(
    reader: &mut impl Read,
    shown: &str,
    declared: u64,
    limit: u64,
) -> Result<Vec<u8>, PackError> {
    check_size(shown, declared, limit)?;
    // An archive may declare more than is there.
    let mut bytes = Vec::with_capacity(usize::try_from(declared.min(FIRST_BYTES)).unwrap_or(0));
    let read = reader.take(declared + 1).read_to_end(&mut bytes);
    read.map_err(|source| PackError::Io { file: shown.to_owned(), action: "reading it", source })?;
    if bytes.len() as u64 == declared {
        return Ok(bytes);
    }
    let message = format!("it should have {declared} bytes and has {}", bytes.len());
    Err(PackError::Corrupt { file: shown.to_owned(), kind: "file", message })
}

fn check_size(shown: &str, size: u64, limit: u64) -> Result<(), PackError> {
    if size <= limit {
        return Ok(());
    }
    Err(PackError::TooLarge {
        file: shown.to_owned(),
        what: "its size".to_owned(),
        found: format!("{size} bytes"),
        limit: format!("{limit} bytes"),
    })
}

/// Names that mean a device on Windows, with any ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Only plain relative names, the same on every system: no `..`, no drive, no backslash, nothing that Windows takes for
/// something else or cuts off. So a name that was checked means one file, to us and to ONNX Runtime.
fn check_name(shown: &str, name: &str) -> Result<(), PackError> {
    if is_plain(name) {
        return Ok(());
    }
    Err(PackError::Refused {
        file: shown.to_owned(),
        found: format!("the file name {name:?}"),
        cure: "it may not leave the pack: name a file inside its folder, as every system allows it"
            .to_owned(),
    })
}

/// Whether a file of a pack may have that name.
pub(super) fn is_plain(name: &str) -> bool {
    let device = |part: &str| {
        let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_lowercase();
        let numbered = ["com", "lpt"].iter().any(|port| {
            stem.strip_prefix(port)
                .is_some_and(|rest| rest.chars().count() == 1 && !rest.starts_with(char::is_alphabetic))
        });
        numbered || DEVICES.contains(&stem.as_str())
    };
    let plain = |part: &str| {
        let odd = |letter: char| letter.is_control() || "\\:<>\"|?*".contains(letter);
        !part.is_empty() && !part.ends_with(['.', ' ']) && !part.contains(odd) && !device(part)
    };
    name.len() <= 255 && name.split('/').all(plain)
}
