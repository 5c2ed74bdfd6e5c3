//! Where a recording grows and what becomes of it.
//!
//! A recording grows under a hidden name beside its goal, on the same file system, and takes its name in one step
//! when it is complete. Whatever was there before is there until then.

use std::fs;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::{RecorderError, SOUND_FILE};

/// The files of a PNG folder that a later recording may replace, and no others.
pub(super) fn is_ours(name: &str) -> bool {
    let number = name.strip_prefix("frame-").and_then(|rest| rest.strip_suffix(".png"));
    name == SOUND_FILE || number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// A claimed place for one recording.
pub(super) struct Output {
    target: PathBuf,
    part: PathBuf,
    force: bool,
}

impl Output {
    /// Looks at what is there: errors that need no attempt to write.
    pub fn check(target: &Path, force: bool, is_folder: bool) -> Result<(), RecorderError> {
        let path = || target.to_path_buf();
        let folder = parent_of(target);
        if !folder.is_dir() {
            return Err(RecorderError::NoFolder { path: folder });
        }
        let Ok(found) = fs::symlink_metadata(target) else { return Ok(()) };
        match (is_folder, target.is_dir()) {
            (false, true) => Err(RecorderError::IsFolder { path: path() }),
            (true, false) if !found.is_dir() => Err(RecorderError::IsFile { path: path() }),
            (true, true) if fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none()) => Ok(()),
            _ if force => Ok(()),
            _ => Err(RecorderError::Exists { path: path() }),
        }
    }

    /// Claims the place of a file, by making the hidden one, which proves that the folder can be written to.
    pub fn claim_file(target: &Path, force: bool) -> Result<Self, RecorderError> {
        Self::check(target, force, false)?;
        Self::claim(target, force, |part| fs::File::create_new(part).map(drop))
    }

    /// Claims the place of a folder.
    pub fn claim_folder(target: &Path, force: bool) -> Result<Self, RecorderError> {
        Self::check(target, force, true)?;
        Self::claim(target, force, |part| fs::create_dir(part))
    }

    fn claim(
        target: &Path,
        force: bool,
        make: impl Fn(&Path) -> std::io::Result<()>,
    ) -> Result<Self, RecorderError> {
        let process = std::process::id();
        for attempt in 0_u32.. {
            let part = sibling(target, ".", &format!(".{process}-{attempt}.part"));
            match make(&part) {
                Ok(()) => return Ok(Self { target: target.to_path_buf(), part, force }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(source) => return Err(RecorderError::Unwritable { path: parent_of(target), source }),
            }
        }
        Err(RecorderError::Exists { path: target.to_path_buf() })
    }

    /// What the user asked for.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where to write.
    pub fn part(&self) -> &Path {
        &self.part
    }

    /// A second hidden name, for a file that is made from the first.
    pub fn second_part(&self) -> PathBuf {
        sibling(&self.part, "", "2")
    }

    /// Gives the complete `file` its name, and returns its size in bytes.
    pub fn complete_file(&self, file: &Path) -> std::io::Result<u64> {
        if !self.force && self.target.exists() {
            return Err(Error::new(ErrorKind::AlreadyExists, "it has appeared while this was recorded"));
        }
        let bytes = fs::metadata(file)?.len();
        fs::rename(file, &self.target)?;
        Ok(bytes)
    }

    /// Gives the complete folder its name, and returns the size of what is in it. In a folder that exists, only files
    /// of an earlier recording are replaced.
    pub fn complete_folder(&self) -> std::io::Result<u64> {
        let mut bytes = 0;
        let new: Vec<_> = fs::read_dir(&self.part)?.collect::<Result<_, _>>()?;
        for entry in &new {
            bytes += entry.metadata()?.len();
        }
        if self.target.exists() {
            for old in fs::read_dir(&self.target)? {
                let old = old?;
                if old.file_name().to_str().is_some_and(is_ours) {
                    fs::remove_file(old.path())?;
                }
            }
            for entry in &new {
                fs::rename(entry.path(), self.target.join(entry.file_name()))?;
            }
            fs::remove_dir(&self.part)?;
        } else {
            fs::rename(&self.part, &self.target)?;
        }
        Ok(bytes)
    }

    /// Keeps what was written, as `NAME.partial.EXT` (numbered where that is taken), or removes it.
    pub fn abandon(&self, is_playable: bool) -> Option<PathBuf> {
        if !is_playable {
            // If it cannot be removed either, there is nothing left to do but leave it hidden.
            let _ =
                if self.part.is_dir() { fs::remove_dir_all(&self.part) } else { fs::remove_file(&self.part) };
            return None;
        }
        let name = |n: u32| match n {
            1 => sibling(&self.target, "", ".partial"),
            n => sibling(&self.target, "", &format!(".partial-{n}")),
        };
        let free = (1..).map(name).find(|path| !path.exists())?;
        match fs::rename(&self.part, &free) {
            Ok(()) => Some(free),
            Err(_) => Some(self.part.clone()),
        }
    }
}

/// Whether a file holds at least one stretch of media: a fragment in MP4 and MOV, a cluster in WebM.
pub(super) fn holds_media(file: &Path) -> bool {
    const FRAGMENT: &[u8] = b"moof";
    const CLUSTER: &[u8] = &[0x1F, 0x43, 0xB6, 0x75];
    const HEADERS: u64 = 1 << 20;
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(HEADERS).read_to_end(&mut start));
    read.is_ok() && start.windows(4).any(|window| window == FRAGMENT || window == CLUSTER)
}

/// The folder that `path` is in, which is "." for a bare name.
fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// `path` with something before its name and between its stem and its extension.
fn sibling(path: &Path, before: &str, after: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(before);
    name.push(path.file_stem().unwrap_or_default());
    name.push(after);
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}
