//! Where a pack's files come from: compiled in, a folder, or a .zip. Nothing outside of it is ever opened.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Component, Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::built_in::BuiltIn;
use super::error::PackError;
use super::limits;

/// The files of one pack.
#[derive(Clone, Debug)]
pub enum Source {
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

impl Source {
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
        let mut opened = File::open(&path).map_err(io("opening it"))?;
        read_bounded(&mut opened, &shown, metadata.len(), limit)
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

/// Reads the `declared` bytes if they are within `limit`, and never more than that.
fn read_bounded(
    reader: &mut impl Read,
    shown: &str,
    declared: u64,
    limit: u64,
) -> Result<Vec<u8>, PackError> {
    if declared > limit {
        return Err(PackError::TooLarge {
            file: shown.to_owned(),
            what: "its size".to_owned(),
            found: format!("{declared} bytes"),
            limit: format!("{limit} bytes"),
        });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(declared).unwrap_or(0));
    let read = reader.take(declared + 1).read_to_end(&mut bytes);
    read.map_err(|source| PackError::Io { file: shown.to_owned(), action: "reading it", source })?;
    if bytes.len() as u64 == declared {
        return Ok(bytes);
    }
    let message = format!("it should have {declared} bytes and has {}", bytes.len());
    Err(PackError::Corrupt { file: shown.to_owned(), kind: "file", message })
}

/// Only plain relative names, the same on every system: no `..`, no drive, no backslash.
fn check_name(shown: &str, name: &str) -> Result<(), PackError> {
    let plain = !name.is_empty()
        && name.len() <= 255
        && !name.contains(['\\', ':', '\0'])
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
        && !name.ends_with('/');
    if plain {
        return Ok(());
    }
    Err(PackError::Refused {
        file: shown.to_owned(),
        found: format!("the file name {name:?}"),
        cure: "it may not leave the pack: name a file inside its folder".to_owned(),
    })
}

fn open_archive(path: &Path) -> Result<ZipArchive<BufReader<File>>, PackError> {
    let shown = path.display().to_string();
    let opened = File::open(path).map_err(|source| PackError::Io {
        file: shown.clone(),
        action: "opening it",
        source,
    })?;
    ZipArchive::new(BufReader::new(opened)).map_err(|error| corrupt(&shown, error))
}

fn corrupt(shown: &str, error: impl std::fmt::Display) -> PackError {
    PackError::Corrupt { file: shown.to_owned(), kind: ".zip", message: error.to_string() }
}

/// Looks at every entry of the archive and finds the folder that `pack.toml` is in.
fn check_archive(path: &Path) -> Result<String, PackError> {
    let shown = path.display().to_string();
    let mut archive = open_archive(path)?;
    let too_large = |what: String, found: String, limit: String| {
        Err(PackError::TooLarge { file: shown.clone(), what, found, limit })
    };
    if archive.len() > limits::ZIP_ENTRIES {
        let (found, limit) = (archive.len().to_string(), limits::ZIP_ENTRIES.to_string());
        return too_large("the number of its entries".to_owned(), found, limit);
    }
    if archive.has_duplicate_names() {
        return Err(corrupt(&shown, "two of its entries have the same name"));
    }
    let (mut total, mut prefixes) = (0u64, Vec::new());
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| corrupt(&shown, error))?;
        let name = entry.name().map_err(|error| corrupt(&shown, error))?.into_owned();
        check_name(&shown, name.strip_suffix('/').unwrap_or(&name))?;
        let odd = if entry.is_symlink() {
            Some("a link")
        } else if entry.encrypted() {
            Some("an encrypted file")
        } else {
            None
        };
        if let Some(odd) = odd {
            return Err(PackError::Refused {
                file: shown,
                found: format!("{odd}, {name:?},"),
                cure: "a pack holds plain files only".to_owned(),
            });
        }
        let (size, packed) = (entry.size(), entry.compressed_size());
        total = total.saturating_add(size);
        if size > limits::FILE_BYTES || total > limits::PACK_BYTES {
            return too_large(
                format!("what {name:?} unpacks to"),
                format!("{total} bytes"),
                "4 GiB".to_owned(),
            );
        }
        if size > limits::ZIP_BOMB_BYTES && size / packed.max(1) > limits::ZIP_RATIO {
            let found = format!("{} times its packed size", size / packed.max(1));
            return too_large(format!("what {name:?} unpacks to"), found, limits::ZIP_RATIO.to_string());
        }
        if let Some(prefix) = name.strip_suffix("pack.toml")
            && (prefix.is_empty() || (prefix.ends_with('/') && prefix.matches('/').count() == 1))
        {
            prefixes.push(prefix.to_owned());
        }
    }
    prefixes.sort_by_key(String::len);
    prefixes.into_iter().next().ok_or_else(|| PackError::Missing {
        file: format!("{shown}/pack.toml"),
        cure: "it must be at the top of the archive or in its only folder".to_owned(),
    })
}
