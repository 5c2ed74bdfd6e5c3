//! A pack in a .zip.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::rc::Rc;

use zip::ZipArchive;

use super::check_name;
use crate::pack::error::PackError;
use crate::pack::limits;

/// A file of which only so many bytes may be read: an archive's table of contents takes many times its own size in memory,
/// and is not bounded by what it says about itself.
pub(super) struct Rationed {
    file: BufReader<File>,
    left: Rc<Cell<u64>>,
}

impl Read for Rationed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64);
        self.left.set(left.ok_or_else(|| io::Error::other("its table of contents is too long"))?);
        Ok(read)
    }
}

impl Seek for Rationed {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

pub(super) fn open_archive(path: &Path) -> Result<ZipArchive<Rationed>, PackError> {
    let shown = path.display().to_string();
    let opened = File::open(path).map_err(|source| PackError::Io {
        file: shown.clone(),
        action: "opening it",
        source,
    })?;
    let left = Rc::new(Cell::new(limits::ZIP_TABLE_BYTES));
    let rationed = Rationed { file: BufReader::new(opened), left: Rc::clone(&left) };
    let archive = ZipArchive::new(rationed).map_err(|error| corrupt(&shown, error))?;
    left.set(u64::MAX);
    Ok(archive)
}

pub(super) fn corrupt(shown: &str, error: impl std::fmt::Display) -> PackError {
    PackError::Corrupt { file: shown.to_owned(), kind: ".zip", message: error.to_string() }
}

/// Looks at every entry of the archive and finds the folder that `pack.toml` is in.
pub(super) fn check_archive(path: &Path) -> Result<String, PackError> {
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
